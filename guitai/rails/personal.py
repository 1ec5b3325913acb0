"""What rails hold about somebody: what they were told to pay, what banks said, where money was sent.

Rails know no persons. They know the references that the wallet gave them, and ask for those of the person.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guitai.base.money import EXPONENTS, Money
from guitai.kit.crypto import seal_bytes, unseal_bytes
from guitai.kit.personal import Erasure, Kept, Section, references, register
from guitai.kit.transactions import required
from guitai.people.api import still_kept
from guitai.rails import lines
from guitai.rails.flows import receive_notice
from guitai.rails.flows.pay_back import paid_with
from guitai.rails.flows.start_payout import PURPOSE as PAYEE
from guitai.rails.flows.start_payout import Payee
from guitai.rails.models import InboxMessage, Order, PayoutRow, StatementEntry, StatementMatch

TABLES = (
    "rails_order", "rails_inbox", "rails_payout", "rails_payout_file", "rails_statement_entry",
    "rails_statement_match", "rails_statement_piece",
)  # fmt: skip


def export(person: UUID) -> list[Section]:
    """Everything that went to and came from banks and gateways about a person's movements."""
    known = references(person)
    if not known:
        return []
    sections = [_orders(known), _notices(known), _payouts(known), _entries(known)]
    return [section for section in sections if section.records]


def erase(person: UUID) -> Erasure:
    """Names, accounts and words go when the law lets them; files of banks stay whole, with the books they prove."""
    required()
    known = references(person)
    if not known:
        return Erasure()
    kept = still_kept(person, gettext_lazy("What banks and gateways said of your payments"))
    if kept is not None:
        return Erasure(0, (kept,))
    erased = _erase_cards(known) + _erase_notices(known) + _erase_payouts(known) + _erase_entries(known)
    return Erasure(erased, _files_kept(known))


def _orders(known: Sequence[str]) -> Section:
    records = [
        {
            "reference": row.order_reference,
            "rail": row.rail,
            "payment_reference": row.payment_reference,
            "amount": str(Money(row.amount_minor, row.currency)),
            "state": row.state,
            "asked_at": row.created_at,
            "paid_at": row.paid_at,
            "bank_reference": row.bank_reference,
            "paid_with": f"{told.brand} {told.last4}" if (told := paid_with(row)) else "",
        }
        for row in _orders_of(known).order_by("created_at")
    ]
    return Section("payment_orders", _("Payments in that you asked for"), records, _labels())


def _notices(known: Sequence[str]) -> Section:
    records = [
        {
            "rail": row.rail,
            "at": row.received_at,
            "payment_reference": row.payment_reference,
            "state": row.state,
            "said": unseal_bytes(row.body_sealed, purpose=receive_notice.PURPOSE, row=row.id).decode(
                "utf-8", "replace"
            ),
        }
        for row in _notices_of(known).order_by("id")
    ]
    return Section("bank_notices", _("What banks and gateways told us about them"), records, _labels())


def _payouts(known: Sequence[str]) -> Section:
    records: list[Mapping[str, Any]] = []
    for row in PayoutRow.objects.filter(order_reference__in=known).order_by("queued_at"):
        payee = _payee(row)
        records.append({
            "reference": row.order_reference,
            "rail": row.rail,
            "amount": str(Money(row.amount_minor, row.currency)),
            "name": payee.name,
            "account": payee.account,
            "remittance": payee.remittance,
            "state": row.state,
            "asked_at": row.queued_at,
            "paid_at": row.settled_at,
        })  # fmt: skip
    return Section("payments_out", _("Payments out to your accounts"), records, _labels())


def _entries(known: Sequence[str]) -> Section:
    records: list[Mapping[str, Any]] = []
    for row in _entries_of(known).order_by("id"):
        said = lines.person(bytes(row.person_sealed), row.statement_id)
        records.append({
            "payment_reference": row.payment_reference or row.end_to_end_id,
            "on": row.booked_on,
            "amount": _amount(row),
            "name": said.counterparty,
            "account": said.account,
            "remittance": said.remittance,
            "returned": said.returned,
        })  # fmt: skip
    return Section("bank_statement_lines", _("Lines of our bank's statements"), records, _labels())


def _amount(row: StatementEntry) -> str:
    # A bank may book in a currency that no wallet holds.
    minor = row.amount_minor if row.credit else -row.amount_minor
    return str(Money(minor, row.currency)) if row.currency in EXPONENTS else f"{minor} {row.currency}"


def _payee(row: PayoutRow) -> Payee:
    return msgspec.json.decode(unseal_bytes(row.payee_sealed, purpose=PAYEE, row=row.id), type=Payee)


def _orders_of(known: Sequence[str]) -> QuerySet[Order]:
    return Order.objects.filter(order_reference__in=known)


def _notices_of(known: Sequence[str]) -> QuerySet[InboxMessage]:
    orders = _orders_of(known)
    named = Q(payment_reference__in=[*known, *orders.values_list("payment_reference", flat=True)])
    return InboxMessage.objects.filter(Q(order_id__in=orders.values("id")) | named | Q(named__in=known))


def _entries_of(known: Sequence[str]) -> QuerySet[StatementEntry]:
    given = _orders_of(known).values_list("payment_reference", flat=True)
    matched = StatementMatch.objects.filter(matched_to__in=known).values_list("entry_id", flat=True)
    named = Q(payment_reference__in=[*known, *given]) | Q(end_to_end_id__in=known) | Q(id__in=list(matched))
    return StatementEntry.objects.filter(named)


def _erase_notices(known: Sequence[str]) -> int:
    rows = list(_notices_of(known).select_for_update())
    for row in rows:
        row.body_sealed = seal_bytes(b"", purpose=receive_notice.PURPOSE, row=row.id)
    return InboxMessage.objects.bulk_update(rows, ["body_sealed"], batch_size=500)


def _erase_cards(known: Sequence[str]) -> int:
    return _orders_of(known).exclude(paid_with_sealed=None).update(paid_with_sealed=None)


def _erase_payouts(known: Sequence[str]) -> int:
    rows = list(PayoutRow.objects.select_for_update().filter(order_reference__in=known))
    nobody = msgspec.json.encode(Payee("", "", None, ""))
    for row in rows:
        row.payee_sealed = seal_bytes(nobody, purpose=PAYEE, row=row.id)
    return PayoutRow.objects.bulk_update(rows, ["payee_sealed"], batch_size=500)


def _erase_entries(known: Sequence[str]) -> int:
    rows = list(_entries_of(known).select_for_update())
    nobody = msgspec.json.encode(lines.Person())
    for row in rows:
        row.person_sealed = seal_bytes(nobody, purpose=lines.PURPOSE, row=row.statement_id)
    return StatementEntry.objects.bulk_update(rows, ["person_sealed"], batch_size=500)


def _files_kept(known: Sequence[str]) -> tuple[Kept, ...]:
    in_files = PayoutRow.objects.filter(order_reference__in=known, file_id__isnull=False).exists()
    if not in_files and not _entries_of(known).exists():
        return ()
    return (Kept(gettext_lazy("Files of banks, sealed"), gettext_lazy("They prove the books.")),)


def _labels() -> dict[str, str]:
    return {
        "reference": _("Reference"), "rail": _("Way"), "payment_reference": _("Payment reference"),
        "amount": _("Amount"), "state": _("State"), "asked_at": _("Asked"), "paid_at": pgettext("when", "Paid"),
        "bank_reference": _("Bank's reference"), "at": _("When"), "said": _("Words"), "name": _("Name"),
        "account": _("Account"), "remittance": _("Remittance"), "returned": _("Why it came back"),
        "on": pgettext("personal data", "Booked"), "paid_with": _("Paid with"),
    }  # fmt: skip


register("rails", export=export, erase=erase, tables=TABLES)
