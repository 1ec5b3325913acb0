"""Ask for a payment out, or take the wish back while it has not left."""

import hashlib
from dataclasses import replace

import msgspec

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit.crypto import seal_bytes, unseal_bytes
from guitai.kit.transactions import required
from guitai.rails.adapters import rail_named, supports
from guitai.rails.errors import (
    OrderConflict,
    PayoutCurrencyNotTaken,
    PayoutUnderWay,
    PayoutUnknown,
    PayoutUnwritable,
    RailUnsupported,
)
from guitai.rails.flows import pay_back
from guitai.rails.flows.drop_file import drop, is_here
from guitai.rails.models import PayoutFile, PayoutRow
from guitai.rails.policies import payout_settings
from guitai.rails.queue import nudge_errands
from guitai.rails.rules.names import NotWritable, written_name
from guitai.rails.settings import terms_of
from guitai.rails.types import PayeeBank, Payout, Rail

PURPOSE = "rails.payout"


class Payee(msgspec.Struct, frozen=True):
    """Who is paid, sealed as one."""

    name: str
    account: str
    bank: PayeeBank | None
    remittance: str


def start_payout(payout: Payout, rail: str, priority: int) -> None:
    """Queue a payment in the caller's transaction: it commits with the movement that it carries out."""
    required()
    adapter = rail_named(rail)
    if adapter.payouts_by == "file":
        _check_file(payout)
    else:
        _check_call(payout, adapter)
    payment = pay_back.room_for(payout, rail) if adapter.pays_to == "payment" else None
    if payment is not None:
        payout = replace(payout, payee_account=str(payment.bank_reference))
    payee = msgspec.json.encode(
        Payee(payout.payee_name, payout.payee_account, payout.payee_bank, payout.remittance)
    )
    asked = hashlib.sha256(f"{payout.amount.minor} {payout.amount.currency} ".encode() + payee).digest()
    row_id = new_id()
    row, created = PayoutRow.objects.get_or_create(
        rail=rail,
        order_reference=payout.order_reference,
        defaults={
            "id": row_id,
            "amount_minor": payout.amount.minor,
            "currency": payout.amount.currency,
            "payee_sealed": seal_bytes(payee, purpose=PURPOSE, row=row_id),
            "asked_sha256": asked,
            "priority": priority,
            "back_to": payment.order_reference if payment else None,
        },
    )
    if bytes(row.asked_sha256) != asked:
        raise OrderConflict(order_reference=payout.order_reference)
    if created and adapter.payouts_by == "call":
        nudge_errands(rail)


def _check_file(payout: Payout) -> None:
    settings = payout_settings()
    if settings.account_of(payout.amount.currency) is None:
        raise PayoutCurrencyNotTaken(currency=payout.amount.currency)
    try:
        written_name(payout.payee_name, settings.charset)
    except NotWritable as error:
        raise PayoutUnwritable() from error


def _check_call(payout: Payout, adapter: Rail) -> None:
    if not supports(adapter, "pay_out"):
        raise RailUnsupported(rail=adapter.code, verb="pay_out")
    if not terms_of(adapter.code).takes(payout.amount.currency):
        raise PayoutCurrencyNotTaken(currency=payout.amount.currency)


def cancel_payout(order_reference: str, rail: str, actor: Actor) -> None:
    """Take a payment out of the queue, or out of a file that nobody has seen, in the caller's transaction."""
    required()
    found = PayoutRow.objects.filter(rail=rail, order_reference=order_reference)
    # The file first, as whoever hands it over does.
    for file_id in found.filter(state="filed", file_id__isnull=False).values_list("file_id", flat=True):
        file = PayoutFile.objects.select_for_update().get(id=file_id)
        if is_here(file):
            drop(file, "taken_back")
    row = found.select_for_update().first()
    if row is None:
        raise PayoutUnknown(order_reference=order_reference)
    if row.state == "cancelled":
        return
    if row.state != "queued":
        raise PayoutUnderWay(order_reference=order_reference, state=row.state)
    row.state, row.ended_at = "cancelled", now()
    row.save(update_fields=["state", "ended_at"])
    record(actor, "rails.payout_cancelled", ("rails.payout", str(row.id)))


def payee_of(row: PayoutRow) -> Payee:
    """Who a stored payout is for."""
    return msgspec.json.decode(unseal_bytes(row.payee_sealed, purpose=PURPOSE, row=row.id), type=Payee)
