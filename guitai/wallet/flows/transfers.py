"""Sending money to somebody."""

from typing import Any
from uuid import UUID

from guitai.base.money import Money
from guitai.kit.crypto import mac
from guitai.people.api import masked, masked_phone, payment_options
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import dry_run, submit
from guitai.wallet.till.types import Outcome
from guitai.wallet.types import DryRun, Proof, Terms


def send_transfer(
    owner: UUID,
    phone: str,
    amount: Money,
    note: str,
    proof: Proof,
    key: str | None,
    terms: Terms | None,
) -> Outcome:
    checked = intents.checked_key(key)
    return submit(intents.send_transfer(owner, phone, amount, note, proof.pin, checked, terms, proof.passkey))


def approval_options(owner: UUID, phone: str, amount: Money, note: str) -> dict[str, Any] | None:
    return payment_options(owner, intents.transfer_binding(phone, amount, note))


def record_refusal(owner: UUID, phone: str, amount: Money, note: str, code: str, key: str) -> Outcome:
    """Without a PIN the till refuses whatever it would have allowed: this can only leave a record."""
    # The same review looked at again is the same refusal; another amount or reason is another one.
    about = mac("wallet.refusal", key, phone, str(amount), note, code).hex()[:32]
    return submit(intents.send_transfer(owner, phone, amount, note, None, f"refused:{about}"))


def dry_run_transfer(owner: UUID, phone: str, amount: Money) -> DryRun:
    rehearsed = dry_run(intents.send_transfer(owner, phone, amount, "", None, "dry-run"))
    decision, draft = rehearsed.decision, rehearsed.draft
    if draft is None:
        raise RuntimeError("a transfer always drafts an operation")
    known = next((p.counterparty for p in decision.parties if p.owner == owner and p.counterparty), None)
    return DryRun(
        outcome=decision.outcome,
        code=decision.code,
        facts=decision.facts,
        amount=draft.amount,
        fee=draft.fee,
        total=draft.amount + draft.fee,
        remaining_today=decision.remaining,
        needs_pin=True,
        payee_phone=masked_phone(draft.payee_phone),
        payee_hint=masked([known])[known].name if known else "",
        first_time=known is None,
    )
