"""Freeze now: low proof is enough to stop money going out, and the least proof is enough for some hours."""

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto
from guitai.kit.throttle import allow
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import FreezeWordWrong, TooManyAttempts
from guitai.people.flows.freeze_word import word_fits
from guitai.people.flows.send_code import check_code
from guitai.people.flows.standing import hold, impose
from guitai.people.identity_reads import card_end_matches, document_end_matches
from guitai.people.models import StandingCause, User
from guitai.people.reads import phone_index
from guitai.people.rules import standing as rules
from guitai.people.standing_policy import StandingPolicy, policy_pin, standing_policy
from guitai.people.types import Standing

TOPIC, CLAIMED = "person.provisionally_frozen", "people.freeze_claimed"
_HOUR, _DAY = 3600, 86_400
_TRIES_AN_HOUR, _TRIES_A_DAY = 4, 8
# Generous, for thousands may share an address; still far too few to find out the end of an ID number.
_ADDRESS_AN_HOUR = 30
_CLAIM, _END_MAX = "people.freeze_claim", 32
_NOBODY = UUID(int=0)


def freeze_by_phone(phone: str, code: str, sent: UUID) -> UUID:
    """Freeze the person who holds this number; refuses code_wrong."""
    person = check_code("freeze", phone, code, sent=sent)
    freeze_self(person, proof="sms_code")
    return person


def freeze_self(person: UUID, *, proof: str) -> Standing:
    """Freeze on the person's own word: spending and withdrawal stop, incoming money is kept."""
    with outermost():
        order = replace(rules.order_of("by_customer"), evidence={"proof": proof})
        return impose(person, Actor("customer", str(person)), order)


def freeze_by_word(phone: str, word: str, *, source: str) -> UUID:
    """Freeze with the word that the person chose for it.

    takes    a number in E.164, the word as typed, the network address that asks
    gives    the person
    refuses  freeze_word_wrong (also for a number of nobody, and for somebody without a word), too_many_attempts
    """
    _count("people.freeze_word", phone, source)
    person = _holder(phone)
    if not word_fits(person or _NOBODY, word) or person is None:
        raise FreezeWordWrong()
    freeze_self(person, proof="freeze_word")
    return person


def freeze_provisionally(phone: str, end: str, *, source: str) -> None:
    """Freeze for some hours, without the phone: the number and the end of an ID or card number.

    takes    a number in E.164, the last characters of the document's or a bound card's number, the address that asks
    gives    nothing at all: whoever asks learns neither whether the number is known nor whether the end fits
    refuses  too_many_attempts
    """
    _count("people.provisional", phone, source)
    claim = new_id()
    with outermost():
        # Judged by the worker a moment later: how long the answer takes tells nothing about the number either.
        sealed = crypto.seal(end[:_END_MAX], purpose=_CLAIM, row=claim)
        emit(CLAIMED, {
            "claim": str(claim),
            "phone_index": phone_index(phone).hex(),
            "end": base64.b64encode(sealed).decode(),
        })  # fmt: skip


def judge_claim(claim: UUID, index: bytes, end: str) -> bool:
    """Handler of `people.freeze_claimed`, in the relay's transaction; gives whether the wallet was frozen by it.

    takes    the claim, the number's index, the sealed end of a document's or card's number
    """
    person = User.objects.filter(phone_index=index, phone_verified=True).values_list("id", flat=True).first()
    typed = crypto.unseal(base64.b64decode(end), purpose=_CLAIM, row=claim)
    if person is None:
        return False
    if document_end_matches(person, typed):
        return _freeze_for_hours(person, "document_end")
    return card_end_matches(person, typed) and _freeze_for_hours(person, "card_end")


def _freeze_for_hours(person: UUID, proof: str) -> bool:
    policy, moment = standing_policy(), now()
    with transaction.atomic():
        held = hold(person)
        if any(cause.reason in ("by_customer", "provisional", "closed") for cause in held.causes):
            return False
        if not _may_again(person, policy):
            return False
        until = moment + timedelta(hours=policy.provisional_hours)
        evidence = {"proof": proof, "policy": policy_pin()}
        order = replace(rules.order_of("provisional"), until=until, evidence=evidence)
        # Whoever asks is not known to be the person: the system acts, on a claim.
        after = impose(person, SYSTEM, order)
        cause = next(cause for cause in after.causes if cause.reason == "provisional")
        emit(TOPIC, {"person": str(person), "cause": str(cause.id), "until": until.isoformat()})
        for place, reached in enumerate(policy.on_call):
            notify.send_to_address(
                reached.channel, reached.address, "people.on_call", {"until": until.isoformat()},
                language=reached.language, key=f"on-call:{cause.id}:{place}",
            )  # fmt: skip
    return True


def _may_again(person: UUID, policy: StandingPolicy) -> bool:
    """Whoever knows four digits must not keep somebody out of their wallet for good."""
    moment = now()
    earlier = StandingCause.objects.filter(person_id=person, reason="provisional")
    if earlier.filter(since__gt=moment - timedelta(days=1)).count() >= policy.provisional_a_day:
        return False
    rest = moment - timedelta(hours=policy.provisional_rest_hours)
    return not earlier.filter(ended_how="released", ended_at__gt=rest).exists()


def _count(bucket: str, phone: str, source: str) -> None:
    allowed = (
        allow(f"{bucket}.address", source, limit=_ADDRESS_AN_HOUR, window_s=_HOUR),
        allow(f"{bucket}.hour", phone, limit=_TRIES_AN_HOUR, window_s=_HOUR),
        allow(f"{bucket}.day", phone, limit=_TRIES_A_DAY, window_s=_DAY),
    )
    if not all(allowed):
        raise TooManyAttempts()


def _holder(phone: str) -> UUID | None:
    rows = User.objects.filter(phone_index=phone_index(phone), phone_verified=True)
    return rows.values_list("id", flat=True).first()
