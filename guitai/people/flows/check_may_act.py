"""May this person come in, and may they choose a new secret? What a sign-in proves is used at once."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from guitai.base.actor import Actor
from guitai.people.errors import Frozen, StandingChanged
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.failed_sign_ins import forget_failures
from guitai.people.flows.standing import lift
from guitai.people.rules.standing import remaining, told
from guitai.people.standing_reads import standing
from guitai.people.types import Standing, StepCode


def check_may_sign_in(person: UUID, proved: Collection[StepCode]) -> None:
    """Let somebody in who has just proved something, or refuse frozen.

    takes    whose, and what this sign-in has proved (password, sms_code, passkey, recovery_code)
    gives    nothing; a lock that these proofs are enough for is lifted, and one whose time is over ends
    refuses  frozen
    """
    if "password" in proved:
        forget_failures(person)
    current = standing(person)
    if current.state == "active":
        return
    expire_due(person)
    for cause in standing(person).causes:
        if cause.state == "locked" and cause.release and not remaining(cause, frozenset(proved)):
            _unlock(person, cause.id, proved)
    current = standing(person)
    if current.stops("sign_in"):
        raise Frozen(since=since_of(current))


def check_may_choose(person: UUID) -> None:
    """Refuse frozen while a new password or PIN could be used to get around what stands."""
    current = told(standing(person))
    # Somebody who is locked out for wrong passwords is asked for a new one; a wallet that sleeps is no danger.
    if any(cause.state in ("frozen", "closed") or cause.reason == "wrong_pin" for cause in current.causes):
        raise Frozen(since=since_of(current))


def since_of(current: Standing) -> str:
    """Since when, as far as the person may know."""
    since = told(current).since
    return since.isoformat() if since else ""


def _unlock(person: UUID, cause: UUID, proved: Collection[StepCode]) -> None:
    actor, evidence = Actor("customer", str(person)), {"proofs": ",".join(sorted(proved))}
    try:
        with transaction.atomic():
            lift(person, cause, actor, evidence=evidence)
    except StandingChanged:
        return
