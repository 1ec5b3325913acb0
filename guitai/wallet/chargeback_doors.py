"""The part of the wallet's door for payments disputed at the payer's bank."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from guitai.base.money import EXPONENTS, Money
from guitai.wallet.flows import chargebacks
from guitai.wallet.models import Chargeback, Operation


@dataclass(frozen=True, slots=True)
class ChargebackView:
    """A dispute of a top-up, and the bill under which what is left of it is held."""

    id: UUID
    state: Literal["open", "won", "lost", "lapsed"]
    disputed: Money | None
    # None where nothing was left to hold, or the rule holds nothing.
    held: Money | None
    held_by: str | None
    reason: str
    opened_at: datetime
    decide_by: datetime


def note_dispute(payload: Mapping[str, Any]) -> None:
    """A payer disputes a payment at their bank, or their bank has decided; in the caller's transaction.

    takes    what `rails.payment_disputed` tells
    gives    nothing; what is unspent is held when the policy `chargebacks` says so, and leaves or is given back as the
             bank decides. A new one emits `wallet.payment_disputed {chargeback, owner, reference, rail, amount,
             currency, reason, case}`
    """
    chargebacks.note_dispute(payload)


def chargebacks_of(operation_id: UUID) -> list[ChargebackView]:
    """The disputes of a top-up, the oldest first."""
    rows = list(Chargeback.objects.filter(operation_id=operation_id).order_by("opened_at", "id"))
    holds = [row.hold_id for row in rows if row.hold_id is not None]
    references = dict(Operation.objects.filter(id__in=holds).values_list("id", "reference")) if holds else {}
    return [
        ChargebackView(
            row.id, row.state, _money(row.amount_minor, row.currency), _money(row.held_minor, row.currency),
            references.get(row.hold_id) if row.hold_id else None, row.reason, row.opened_at, row.decide_by,
        )
        for row in rows
    ]  # fmt: skip


def _money(minor: int, currency: str) -> Money | None:
    return Money(minor, currency) if minor and currency in EXPONENTS else None
