"""Withdrawals as they are shown: to where, how far, what was promised. Set-based; no query in a loop."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from guitai.base.money import Money
from guitai.kit import policies
from guitai.rails import api as rails
from guitai.wallet.kinds.payouts import AccountName, account_name
from guitai.wallet.models import Operation, Withdrawal
from guitai.wallet.rail_words import rail_name
from guitai.wallet.rules.withdrawals import BANK, Withdrawals
from guitai.wallet.withdrawal_types import WithdrawalView

_COUNTED_MAX = 10_000


def view_of(operation_id: UUID) -> WithdrawalView | None:
    """One withdrawal; None for an operation that is none."""
    row = Withdrawal.objects.filter(operation_id=operation_id).first()
    if row is None:
        return None
    name = account_name(row) or AccountName("", "")
    return WithdrawalView(
        operation_id=row.operation_id,
        rail=row.rail,
        account=row.account,
        bank=_called(row, name),
        masked=name.masked,
        stage=row.stage,
        queued_at=row.queued_at,
        earliest_at=row.earliest_at,
        promised_at=row.promised_at,
        ended_at=row.ended_at,
        ahead=_ahead(row),
        confirm_by=_confirm_by(row),
        can_cancel=row.stage in ("held", "queued") and not _is_filed(row),
    )


def _confirm_by(row: Withdrawal) -> datetime | None:
    """Until when its owner has to confirm it where it arrives, while they have to."""
    if row.rail == BANK or row.stage not in ("sent", "accepted"):
        return None
    reference = Operation.objects.filter(id=row.operation_id).values_list("reference", flat=True).first()
    record = rails.payout_record(str(reference))
    return record.confirm_until if record is not None else None


def account_labels(operations: Iterable[UUID]) -> dict[UUID, str]:
    """Bank and masked number of withdrawals, for the bills."""
    wanted = list(operations)
    rows = Withdrawal.objects.filter(operation_id__in=wanted) if wanted else ()
    return {
        row.operation_id: f"{_called(row, name)} {name.masked}".strip()
        for row in rows
        if (name := account_name(row)) is not None
    }


def _called(row: Withdrawal, name: AccountName) -> str:
    """The bank as its owner calls it; what is at no bank is called as its rail is."""
    return name.bank or (rail_name(row.rail) if row.rail != BANK and name.masked else "")


def account_and_amount(owner: UUID, reference: str) -> tuple[UUID, Money] | None:
    """What a withdrawal takes to be made once more; None for one of others."""
    row = Operation.objects.filter(reference=reference, owner=owner, kind="withdrawal").first()
    withdrawal = Withdrawal.objects.filter(operation_id=row.id).only("account").first() if row else None
    if row is None or withdrawal is None:
        return None
    return withdrawal.account, Money(row.amount_minor, row.currency)


def last_rail(account: UUID) -> str | None:
    """By which way money left for an account the last time."""
    rows = Withdrawal.objects.filter(account=account, queued_at__isnull=False).order_by("-operation_id")
    return rows.values_list("rail", flat=True).first()


def waiting_to_leave(rail: str = BANK) -> int:
    """How many withdrawals are queued at a rail, up to ten thousand."""
    return Withdrawal.objects.filter(stage="queued", rail=rail)[:_COUNTED_MAX].count()


def is_busy(rail: str = BANK) -> bool:
    """Whether so many wait that the pages say so."""
    return waiting_to_leave(rail) >= policies.current(Withdrawals).value.busy_from


def cut_off(moment: datetime) -> datetime | None:
    """Until when a withdrawal leaves on the day of a moment."""
    return rails.payouts_cut_off(moment)


def _ahead(row: Withdrawal) -> int:
    if row.stage != "queued":
        return 0
    before = Q(priority__gt=row.priority) | Q(priority=row.priority, queued_at__lt=row.queued_at)
    return Withdrawal.objects.filter(before, stage="queued", rail=row.rail)[:_COUNTED_MAX].count()


def _is_filed(row: Withdrawal) -> bool:
    """Whether the rail has put it into a file already, though it has not said so yet."""
    if row.stage != "queued":
        return False
    reference = Operation.objects.filter(id=row.operation_id).values_list("reference", flat=True).get()
    record = rails.payout_record(reference)
    return record is not None and record.state != "queued"
