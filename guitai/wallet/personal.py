"""What the wallet holds about somebody: money, movements, who they dealt with; and the ledger's lines behind it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guitai.base.money import Money
from guitai.kit import files
from guitai.kit.crypto import unseal
from guitai.kit.personal import Erasure, Section, register
from guitai.kit.transactions import required
from guitai.ledger.api import accounts, entries
from guitai.ledger.types import Entry
from guitai.people.api import masked, still_kept
from guitai.wallet import reads
from guitai.wallet.detail import visible
from guitai.wallet.models import (
    Dealing,
    LimitUsed,
    Operation,
    OperationEvent,
    PaceRow,
    Party,
    Slip,
    StandingReference,
    Withdrawal,
)
from guitai.wallet.reconciliation import standing
from guitai.wallet.rules.chart import customer_account
from guitai.wallet.types import OperationView
from guitai.wallet.web.words import event_words, kind_of

_PAGE = 100
TABLES = (
    "wallet_claim", "wallet_operation", "wallet_party", "wallet_operation_event", "wallet_limit_used", "wallet_pace",
    "wallet_dealing", "wallet_adjustment", "wallet_disputed_payment", "wallet_chargeback",
    "wallet_slip", "wallet_standing_reference", "wallet_limit_override", "wallet_top_up", "wallet_small_amounts",
    "wallet_withdrawal", "wallet_recall", "ledger_account", "ledger_entry",
)  # fmt: skip


def export(person: UUID) -> list[Section]:
    """Everything that the wallet knows of a person, in the active language."""
    movements, moments = _movements(person)
    sections = [
        _balances(person), movements, moments, _lines(person), _limits(person), _dealings(person), _slips(person),
        _standing(person),
    ]  # fmt: skip
    return [section for section in sections if section.records]


def references(person: UUID) -> Sequence[str]:
    """By which references rails know what belongs to a person."""
    own = Operation.objects.filter(owner=person).values_list("reference", flat=True)
    return [*own, *standing.names_of(person)]


def erase(person: UUID) -> Erasure:
    """How often and with whom somebody dealt goes at once; numbers and notes of the bills when the law lets them.

    What remains are movements of an id that leads to nobody any more: the books stay whole.
    """
    required()
    erased = PaceRow.objects.filter(person=person).delete()[0]
    erased += Dealing.objects.filter(Q(owner=person) | Q(other=person)).delete()[0]
    # A slip is only there to find a payment by.
    slips = Slip.objects.filter(owner=person)
    erased += files.erase(slips.values_list("file_id", flat=True)) + slips.delete()[0]
    if not Party.objects.filter(owner=person).exists():
        return Erasure(erased)
    kept = still_kept(person, gettext_lazy("Your bills, with the numbers and the notes in them"))
    if kept is not None:
        return Erasure(erased, (kept,))
    return Erasure(erased + _erase_bills(person))


def _erase_bills(person: UUID) -> int:
    own, bills = Operation.objects.filter(owner=person), Party.objects.filter(owner=person)
    erased = own.exclude(note=None, payee_phone=None).update(note=None, payee_phone=None, payee_index=None)
    erased += bills.exclude(counterparty_phone=None).update(counterparty_phone=None)
    accounts = Withdrawal.objects.filter(operation_id__in=own.filter(kind="withdrawal").values("id"))
    erased += accounts.exclude(account_sealed=None).update(account_sealed=None)
    # Their number stands in the bills of whoever paid them too, and may be another person's by now.
    paid = Operation.objects.filter(payee=person).exclude(payee_phone=None)
    with_number = Party.objects.filter(operation_id__in=paid.values("id")).exclude(counterparty_phone=None)
    erased += with_number.update(counterparty_phone=None)
    return erased + paid.update(payee_phone=None, payee_index=None)


def _balances(person: UUID) -> Section:
    records = [
        {"available": str(one.available), "reserved": str(one.reserved)}
        for one in reads.balances(person)
        if one.available or one.reserved
    ]
    labels = {"available": pgettext("balance", "Available"), "reserved": _("On its way out")}
    return Section("balances", _("Your money"), records, labels)


def _pages(person: UUID) -> Iterator[Sequence[OperationView]]:
    cursor = None
    while True:
        page = reads.operations(person, cursor, _PAGE)
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _movements(person: UUID) -> tuple[Section, Section]:
    """Every bill, and what its person may see of the moments of its life."""
    bills: list[Mapping[str, Any]] = []
    moments: list[Mapping[str, Any]] = []
    for views in _pages(person):
        rows = Operation.objects.in_bulk([view.id for view in views])
        told = _moments(person, rows)
        for view in views:
            bills.append(_bill(view, _phone(rows[view.id], person)))
            moments += [
                {"reference": view.reference, "at": at, "what": event_words(view.kind, view.direction, event)}
                for at, event in told[view.id]
            ]
    labels = {
        "reference": _("Reference"), "what": pgettext("personal data", "What"), "direction": _("Direction"),
        "state": _("State"), "amount": _("Amount"), "fee": _("Fee"), "counterparty": _("Other side"),
        "phone": _("Phone number"), "note": _("Note"), "at": _("When"), "code": pgettext("personal data", "Why"),
    }  # fmt: skip
    return (
        Section("movements", _("Your bills"), bills, labels),
        Section("moments", _("What happened to them, and when"), moments, labels),
    )


def _bill(view: OperationView, phone: str) -> Mapping[str, Any]:
    return {
        "reference": view.reference,
        "what": kind_of(view),
        "direction": view.direction,
        "state": view.state,
        "amount": str(view.amount),
        "fee": str(view.fee),
        "counterparty": view.counterparty,
        "phone": phone,
        "note": view.note,
        "at": view.created_at,
        "code": view.code,
    }


def _phone(row: Operation, person: UUID) -> str:
    """The number as the person typed it."""
    if row.owner != person or not row.payee_phone:
        return ""
    return unseal(row.payee_phone, purpose="operation.payee_phone", row=row.id)


def _moments(person: UUID, rows: Mapping[UUID, Operation]) -> dict[UUID, list[tuple[datetime, str]]]:
    """What the person may see of each operation's life, in order."""
    happened: dict[UUID, list[OperationEvent]] = defaultdict(list)
    events = OperationEvent.objects.filter(operation_id__in=list(rows)).exclude(event="")
    for event in events.order_by("at", "id"):
        happened[event.operation_id].append(event)
    own = Party.objects.filter(owner=person, operation_id__in=list(rows))
    return {
        party.operation_id: [
            (event.at, event.event)
            for event in visible(happened[party.operation_id], party, rows[party.operation_id])
        ]
        for party in own
    }


def _quiet_transfers(person: UUID) -> set[UUID]:
    """Of payments whose end nobody is told yet: their lines would say whether the number has a wallet."""
    sent = Operation.objects.filter(owner=person, state="sent").values("id")
    events = OperationEvent.objects.filter(operation_id__in=sent).values_list("transfers", flat=True)
    return {transfer for transfers in events for transfer in transfers}


def _lines(person: UUID) -> Section:
    """The lines of the person's accounts in the books, as a statement has them."""
    records: list[Mapping[str, Any]] = []
    quiet = _quiet_transfers(person)
    held = {customer_account(person, one.currency).id: one.currency for one in reads.balances(person)}
    for account in accounts(list(held)):
        after = 0
        while found := entries(account.id, after, _PAGE):
            after = found[-1].seq
            records += [_line(line, held[account.id]) for line in found if line.transfer_id not in quiet]
    labels = {
        "account": _("Account"), "at": _("When"), "amount": _("Amount"), "available": _("Available after it"),
    }  # fmt: skip
    return Section("account_lines", _("Lines of your accounts"), records, labels)


def _line(line: Entry, currency: str) -> Mapping[str, Any]:
    available = line.credits_posted - line.debits_posted - line.debits_pending
    return {
        "account": str(line.account_id),
        "at": line.recorded_at,
        "amount": str(Money(line.amount, currency)),
        "available": str(Money(available, currency)),
    }


def _limits(person: UUID) -> Section:
    records = [
        {
            "limit": row.name,
            "month": row.month,
            "used": str(Money(row.month_minor, row.currency)),
            "day": row.day,
            "used_that_day": str(Money(row.day_minor, row.currency)),
        }
        for row in LimitUsed.objects.filter(owner=person).order_by("month", "name", "currency")
    ]
    labels = {
        "limit": _("Limit"), "month": _("Month"), "used": _("Used"), "day": _("Last day"),
        "used_that_day": _("Used on that day"),
    }  # fmt: skip
    return Section("limits_used", _("What you have used of your limits"), records, labels)


def _dealings(person: UUID) -> Section:
    rows = list(Dealing.objects.filter(owner=person).order_by("since"))
    names = masked([row.other for row in rows])
    records = [
        {"who": f"{names[row.other].name} {names[row.other].phone}".strip(), "since": row.since}
        for row in rows
        if row.other in names
    ]
    return Section(
        "dealt_with",
        _("Whom you have dealt with"),
        records,
        {"who": pgettext("dealings", "Who"), "since": _("Since")},
    )


def _slips(person: UUID) -> Section:
    rows = list(Slip.objects.filter(owner=person).order_by("sent_at"))
    records = [
        {
            "at": row.sent_at,
            "amount": str(Money(row.amount_minor, row.currency)),
            "day": row.paid_on.isoformat(),
        }
        for row in rows
    ]
    labels = {"at": _("When"), "amount": _("Amount"), "day": _("Day on which you paid")}
    return Section(
        "slips", _("Slips of payments that you sent in"), records, labels, [row.file_id for row in rows]
    )


def _standing(person: UUID) -> Section:
    rows = StandingReference.objects.filter(customer=person)
    names = {"reference": _("Reference"), "since": _("Since")}
    records = [{"reference": row.reference, "since": row.made_at} for row in rows]
    return Section("standing_reference", _("Your reference for transfers at any time"), records, names)


register("wallet", export=export, erase=erase, tables=TABLES, references=references)
