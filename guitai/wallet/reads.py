"""What the wallet shows: balances, bills, one operation in full. Set-based; no query in a loop."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, Sum

from guitai.base.money import Money
from guitai.base.reference import parse_reference
from guitai.kit.crypto import unseal
from guitai.kit.cursors import CursorInvalid, Page, decode, encode
from guitai.kit.operator import operator
from guitai.ledger.api import accounts
from guitai.people.api import masked, masked_phone
from guitai.people.types import MaskedProfile
from guitai.wallet.errors import OperationNotFound
from guitai.wallet.models import Operation, OperationEvent, Party
from guitai.wallet.rail_words import rail_name
from guitai.wallet.rules.chart import customer_account
from guitai.wallet.types import Balance, HeldOperation, OperationView, Repeat
from guitai.wallet.withdrawal_reads import account_labels

_LIMIT_MAX = 100
# What the reader may want to look at again, and for how long a refusal is one of these.
_REVIEWED = ("held", "parked", "returning", "return_refused")
_ATTENTION = ("awaiting_payment", "held", "unknown", "processing")


def balances(owner: UUID) -> list[Balance]:
    currencies = operator().currencies
    wanted = {customer_account(owner, currency).id: currency for currency in currencies}
    found = {wanted[account.id]: account for account in accounts(list(wanted))}
    reserved = dict(
        Operation.objects.filter(owner=owner)
        .filter(
            Q(kind="transfer", state__in=("held", "sent"))
            | Q(kind="withdrawal", state__in=("held", "processing", "unknown"))
            | Q(kind__in=("claim", "chargeback"), state="processing")
        )
        .values_list("currency")
        .annotate(total=Sum("amount_minor") + Sum("fee_minor"))
    )
    return [
        Balance(
            currency,
            Money(found[currency].available_credit if currency in found else 0, currency),
            Money(int(reserved.get(currency) or 0), currency),
        )
        for currency in currencies
    ]


def operations(
    owner: UUID, cursor: str | None, limit: int, direction: str | None = None
) -> Page[OperationView]:
    parties = Party.objects.filter(owner=owner).order_by("-since", "-operation_id")
    if direction in ("in", "out"):
        parties = parties.filter(direction=direction)
    if cursor:
        since, operation_id = before(cursor)
        parties = parties.filter(since__lte=since).exclude(since=since, operation_id__gte=operation_id)
    size = max(1, min(limit, _LIMIT_MAX))
    rows = list(parties[: size + 1])
    more = rows[size - 1] if len(rows) > size else None
    return Page(
        views_of(rows[:size]), encode(more.since.isoformat(), str(more.operation_id)) if more else None
    )


def needs_attention(owner: UUID) -> list[OperationView]:
    rows = Party.objects.filter(owner=owner, state__in=_ATTENTION).order_by("-since")[:5]
    return views_of(list(rows))


def find(reference: str) -> Operation | None:
    parsed = parse_reference(reference)
    return Operation.objects.filter(reference=parsed).first() if parsed else None


def party_of(owner: UUID, reference: str) -> tuple[Operation, Party]:
    """An operation as one of its parties; not_found for everybody else."""
    row = find(reference)
    party = Party.objects.filter(operation_id=row.id, owner=owner).first() if row else None
    if row is None or party is None:
        raise OperationNotFound()
    return row, party


def repeat(owner: UUID, reference: str) -> Repeat | None:
    row = find(reference)
    if row is None or row.owner != owner:
        return None
    phone = unseal(row.payee_phone, purpose="operation.payee_phone", row=row.id) if row.payee_phone else ""
    return Repeat(phone, Money(row.amount_minor, row.currency), note_of(row))


def note_of(row: Operation) -> str:
    """What the sender wrote with it."""
    return unseal(row.note, purpose="operation.note", row=row.id) if row.note else ""


def was_reviewed(text: str) -> bool:
    """Whether staff had to look at an operation of this id: it was held, or money came for it that did not fit."""
    try:
        return OperationEvent.objects.filter(operation_id=UUID(text), event__in=_REVIEWED).exists()
    except ValueError:
        return False


def held(cursor: str | None, limit: int) -> Page[HeldOperation]:
    rows_wanted = Operation.objects.filter(state="held").order_by("id")
    if cursor:
        rows_wanted = rows_wanted.filter(id__gt=_after(cursor))
    size = max(1, min(limit, _LIMIT_MAX))
    rows = list(rows_wanted[: size + 1])
    more = rows[size - 1].id if len(rows) > size else None
    items = [
        HeldOperation(
            row.id, row.reference, row.owner, Money(row.amount_minor, row.currency), row.code or "", row.facts,
            row.created_at, row.resolves_by,
        )
        for row in rows[:size]
    ]  # fmt: skip
    return Page(items, encode(str(more)) if more else None)


def before(cursor: str) -> tuple[datetime, UUID]:
    """Where the bills continue: what came before this moment, or in it with a smaller id."""
    parts = decode(cursor)
    try:
        return datetime.fromisoformat(str(parts[0])), UUID(str(parts[1]))
    except (ValueError, IndexError) as error:
        raise CursorInvalid() from error


def _after(cursor: str) -> UUID:
    """Where to continue; a cursor of another list is ours and is still none of this one."""
    parts = decode(cursor)
    try:
        return UUID(str(parts[0]))
    except (ValueError, IndexError) as error:
        raise CursorInvalid() from error


def views_of(parties: Sequence[Party]) -> list[OperationView]:
    rows = {row.id: row for row in Operation.objects.filter(id__in=[p.operation_id for p in parties])}
    names = masked([p.counterparty for p in parties if p.counterparty])
    accounts = account_labels(row.id for row in rows.values() if row.kind == "withdrawal")
    return [_view(rows[p.operation_id], p, names, accounts) for p in parties]


def _view(
    row: Operation, party: Party, names: Mapping[UUID, MaskedProfile], accounts: Mapping[UUID, str]
) -> OperationView:
    is_owner = party.owner == row.owner
    return OperationView(
        id=row.id,
        reference=row.reference,
        kind=row.kind,
        direction=party.direction,
        state=party.state,
        amount=Money(row.amount_minor, row.currency),
        fee=Money(row.fee_minor if is_owner else 0, row.currency),
        counterparty=accounts.get(row.id) or _counterparty(row, party, names),
        note=note_of(row),
        created_at=party.since,
        resolves_by=row.resolves_by if is_owner else None,
        code=party.code,
        facts=row.facts if is_owner else {},
        rail=party.label or ("bank" if row.kind == "top_up" else ""),
    )


def _counterparty(row: Operation, party: Party, names: Mapping[UUID, MaskedProfile]) -> str:
    if party.counterparty and party.counterparty in names:
        known = names[party.counterparty]
        return f"{known.name} {known.phone}"
    if party.counterparty_phone:
        return masked_phone(unseal(party.counterparty_phone, purpose="party.counterparty_phone", row=row.id))
    return rail_name(party.label or "bank") if row.kind == "top_up" else ""
