"""Troubles about money on its way."""

from guitai.base.money import Money
from guitai.site.cast import CHEN, FREE_A_MONTH, PIN
from guitai.site.rehearsals.stage import Scene, Stage, bill
from guitai.site.seed_calls import outside, wait

_SUPERVISOR = "staff: rao@guitai.example (supervisor), password as above, at /staff/sign-in/"
_AGENT = "staff: wen@guitai.example (agent), password as above, at /staff/sign-in/"


def refused(stage: Stage) -> Scene:
    """More than there is."""
    who = stage.player("许安", 50_00)
    reference = stage.send(who, CHEN.phone, 900_00, "房租")
    return Scene(
        (who.line(),), (bill(reference), "/solve/refused/"),
        ("The bill says which rule refused it and by how much; topping up is offered; no limit was used.",),
        {"reference": reference, "phone": who.phone},
    )  # fmt: skip


def top_up(stage: Stage) -> Scene:
    """Paid with another amount than was ordered: it stands aside until two people have settled it."""
    who = stage.player("何苗")
    started = stage.ask_top_up(who, 500_00)
    pay_url = started["instructions"]["pay_url"] or started["instructions"]["qr"]
    outside(pay_url, {"amount": Money(480_00, "CNY").fact()}, "the payment of another amount")
    reference = str(started["reference"])
    wait(lambda: stage.state(who, reference) != "awaiting_payment", "the payment to be set aside")
    return Scene(
        (who.line(), _AGENT), (bill(reference), "/solve/top_up/", "/top-up/not-arrived/"),
        ("The bill says what came and what was expected.",
         "At the desk the payment stands under Exceptions: one proposes, another approves."),
        {"reference": reference, "phone": who.phone},
    )  # fmt: skip


def withdrawal(stage: Stage) -> Scene:
    """To a card whose bank sends it back."""
    who = stage.player("林越", 500_00)
    stage.identify(who)
    body = {"account": stage.bind_card(who), "amount": Money(120_00, "CNY").fact(), "pin": PIN}
    reference = str(stage.post(who.token, "/api/v1/withdrawals", body, 201, moves=True)["reference"])
    return Scene(
        (who.line(), _AGENT), (bill(reference), "/solve/withdrawal/"),
        ("The bill shows its stage, by when it arrives and who has it now; while it is queued it can be taken back.",
         f"To send it back: POST {stage.sandbox_url}/bank/payouts/{reference}/return with code AC04."),
        {"reference": reference, "phone": who.phone},
    )  # fmt: skip


def wrong_person(stage: Stage) -> Scene:
    """A first payment to somebody who has a wallet and was not meant."""
    who, other = stage.player("周舟", 800_00), stage.player("吴桐", 10_00)
    reference = stage.send(who, other.phone, 66_00, "给妈妈")
    return Scene(
        (who.line(), other.line()), (bill(reference), "/solve/wrong_person/"),
        ("The sender asks for it back; the payee is told and gives it back from the bill with the PIN.",
         "Nothing on the sender's page tells whether the number has a wallet."),
        {"reference": reference, "phone": who.phone},
    )  # fmt: skip


def fees(stage: Stage) -> Scene:
    """What a fee was computed from."""
    who = stage.player("蒋南", 3_500_00)
    stage.identify(who)
    amount = FREE_A_MONTH + Money(1_200_00, "CNY")
    body = {"account": stage.bind_card(who), "amount": amount.fact(), "pin": PIN}
    reference = str(stage.post(who.token, "/api/v1/withdrawals", body, 201, moves=True)["reference"])
    return Scene(
        (who.line(), _AGENT), (bill(reference), "/solve/fees/", "/help/fees/"),
        (("The bill shows the fee and the version of the price list that it came from: the first part of the month is "
          "free, the rest costs a tenth of a per cent."),
         "Asked about in a case, an agent gives it back once: Give the fee back."),
        {"reference": reference, "phone": who.phone},
    )  # fmt: skip


def held(stage: Stage) -> Scene:
    """A large first payment."""
    who = stage.player("沈河", 8_000_00)
    reference = stage.send(who, CHEN.phone, 5_200_00, "押金")
    return Scene(
        (who.line(), _SUPERVISOR), (bill(reference), "/desk/held/"),
        ("The customer reads why and by when; a supervisor releases or declines it with a reason.",),
        {"reference": reference, "phone": who.phone},
    )  # fmt: skip
