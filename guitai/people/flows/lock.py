"""Locks that nobody orders: after failures, from an unusual place, for a check."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.refusal import NotFound
from guitai.people.flows.standing import hold, impose
from guitai.people.rules.standing import order_of
from guitai.people.standing_policy import policy_pin, standing_policy
from guitai.people.types import Reason, Scope, Standing

LOCKS: frozenset[Reason] = frozenset({"wrong_password", "wrong_pin", "unusual_place", "security_check"})


def lock_after_failures(
    person: UUID,
    reason: Reason,
    *,
    until: datetime | None = None,
    scope: frozenset[Scope] | None = None,
    evidence: Mapping[str, str] | None = None,
    actor: Actor = SYSTEM,
    purpose: Purpose | None = None,
) -> Standing:
    """Lock, unless the same lock stands: a second failure neither prolongs it nor makes its proofs worthless."""
    if reason not in LOCKS:
        raise ValueError(f"{reason} is no lock")
    with transaction.atomic():
        held = hold(person)
        if any(cause.reason == reason for cause in held.causes):
            return held.standing
        order = replace(order_of(reason), until=until, evidence=dict(evidence or {}))
        if scope is not None:
            order = replace(order, scope=scope)
        return impose(person, actor, order, purpose=purpose)


def pin_locked(person: UUID, locks: int) -> None:
    """Handler of `people.pin_locked`, in the relay's transaction: a PIN that is locked again and again is attacked."""
    if locks < standing_policy().pin_locks_before_lock:
        return
    evidence = {"locks": str(locks), "policy": policy_pin()}
    try:
        lock_after_failures(person, "wrong_pin", evidence=evidence)
    except NotFound:
        return
