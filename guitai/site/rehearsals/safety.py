"""Troubles about who is in a wallet."""

from uuid import UUID

from guitai.base.reference import spoken
from guitai.care import api as care
from guitai.people import api as people
from guitai.site.rehearsals.stage import Player, Scene, Stage, bill
from guitai.site.seed_calls import SeedFailed

_AGENT = "staff: wen@guitai.example (agent), password as above, at /staff/sign-in/"
_SUPERVISOR = "staff: rao@guitai.example (supervisor), password as above, at /staff/sign-in/"
_WRONG_TRIES, _LOCKED = 5, 423


def locked(stage: Stage) -> Scene:
    """Somebody tries passwords until the sign-in is locked."""
    who = stage.player("秦朗", 200_00)
    for _ in range(_WRONG_TRIES):
        body = {"phone": who.phone, "password": "not-the-password-at-all"}
        answer = stage.client.post("/_allauth/app/v1/auth/login", json=body)
        if answer.status_code == _LOCKED:
            break
    else:
        raise SeedFailed("the sign-in was never locked: policy standing, failures_before_lock")
    return Scene(
        (who.line(),), ("/sign-in/", "/unlock/", "/solve/locked/"),
        ("The right password is refused as well, with the reason and until when; a code opens it at once.",),
        {"phone": who.phone},
    )  # fmt: skip


def not_me(stage: Stage) -> Scene:
    """A payment that its owner does not know."""
    who, other = stage.player("唐宁", 900_00), stage.player("冯川")
    reference = stage.send(who, other.phone, 188_00, "")
    return Scene(
        (who.line(), _AGENT), (bill(reference), f"/solve/not_me/{reference}/", f"/emergency/?bill={reference}"),
        ("One button freezes the wallet, signs out everywhere, asks for the money and holds what is unspent.",
         "The urgent case stands first in the queue of the desk."),
        {"reference": reference, "phone": who.phone},
    )  # fmt: skip


def stolen(stage: Stage) -> Scene:
    """Three payments in a row by somebody else; the owner has reported them."""
    who, thief = stage.player("顾言", 9_000_00), stage.player("钱四")
    taken = [
        stage.send(who, thief.phone, 300_00, ""),
        stage.send(who, thief.phone, 120_00, ""),
        stage.send(who, thief.phone, 5_500_00, ""),
    ]
    reported = care.report_stolen(_id(who), taken, "我的手机在地铁上被偷了，这三笔不是我转的。", "zh-hans")
    return Scene(
        (who.line(), thief.line(), _AGENT, _SUPERVISOR),
        (f"/emergency/{reported.reference}/ ({spoken(reported.reference)})",
         f"/desk/emergency/{reported.reference}/"),
        ("The held payment is back; of the others what is unspent is held at the receiving wallet.",
         "One proposes to give it back, a supervisor approves it; the police pack is made and verified offline:",
         "guitai evidence verify FILE --keys KEYS.json  (keys: /.well-known/evidence-keys.json)"),
        {"case": reported.reference, "phone": who.phone, "thief": thief.phone},
    )  # fmt: skip


def change_phone(stage: Stage) -> Scene:
    """A number that is about to change."""
    who = stage.player("罗迪", 100_00)
    return Scene(
        (who.line(),), ("/me/number/", "/solve/change_phone/"),
        ("With the old number two codes are enough; without it a stronger proof and some days are asked for.",
         "Codes are read at /dev/outbox/."),
        {"phone": who.phone},
    )  # fmt: skip


def _id(who: Player) -> UUID:
    return people.find_by_phone([who.phone])[who.phone]
