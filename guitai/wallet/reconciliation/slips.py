"""Slips of payments that have not arrived: beside the line, the parked payment and the case that they may be about."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.kit import files
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet.models import Operation, Slip
from guitai.wallet.reconciliation import errors
from guitai.wallet.reconciliation.types import SlipView, TopUpAnswer

# A day's payment is booked that day or one of the next; weekends and holidays lie between.
EARLIER, LATER = timedelta(days=1), timedelta(days=4)
_SHOWN = 12


def keep(stored: files.StoredFile, owner: UUID, amount: Money, paid_on: date, answer: TopUpAnswer) -> None:
    """Keep a slip with what its sender said and was answered."""
    about = (
        Operation.objects.filter(reference=answer.reference, owner=owner).first()
        if answer.reference
        else None
    )
    Slip.objects.create(
        owner=owner, file_id=stored.id, amount_minor=amount.minor, currency=amount.currency, paid_on=paid_on,
        operation_id=about.id if about else None, cause=answer.cause,
    )  # fmt: skip


def drop(stored: files.StoredFile) -> None:
    """Nobody needs it: the payment was found."""
    with outermost():
        files.erase([stored.id])


def like(minor: int, currency: str, day: date, named: str = "") -> list[SlipView]:
    """Slips that may be of a line: of its amount and about its day, or of the top-up that it names."""
    rows = Slip.objects.filter(
        amount_minor=minor, currency=currency, paid_on__range=(day - LATER, day + EARLIER)
    ).order_by("-sent_at")
    found = list(rows[:_SHOWN])
    if named:
        known = {row.id for row in found}
        about = Operation.objects.filter(reference=named).values("id")
        found += [
            row
            for row in Slip.objects.filter(operation_id__in=about).order_by("-sent_at")[:_SHOWN]
            if row.id not in known
        ]
    return _views(found)


def of_customer(owner: UUID) -> list[SlipView]:
    """The latest slips of one customer: beside their cases."""
    return _views(Slip.objects.filter(owner=owner).order_by("-sent_at")[:_SHOWN])


def look_at(slip_id: UUID, actor: Actor) -> tuple[files.StoredFile, bytes]:
    """A slip's content, for a member of staff; the look is recorded first. Refuses not_found."""
    row = Slip.objects.filter(id=slip_id).first()
    if row is None:
        raise errors.ItemNotFound()
    with outermost():
        purpose = Purpose("reconciliation", str(row.id), "settling a payment")
        record(actor, "reconciliation.slip_read", ("person", str(row.owner)), purpose=purpose)
    return files.read(row.file_id)


def _views(rows: Iterable[Slip]) -> list[SlipView]:
    found = list(rows)
    masks = people.masked([row.owner for row in found])
    described = files.describe([row.file_id for row in found])
    return [
        SlipView(
            row.id, f"{masks[row.owner].name} {masks[row.owner].phone}" if row.owner in masks else "–",
            Money(row.amount_minor, row.currency), row.paid_on, row.sent_at,
            described[row.file_id].name if row.file_id in described else "–",
        )
        for row in found
    ]  # fmt: skip
