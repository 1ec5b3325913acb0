"""Show that an account is there and somebody's own: the house pays two small amounts to it, who reads them says so.

Both payments are movements of the house, so that no bill shows them: the amounts stand on the bank's statement alone.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.transactions import outermost, required
from guitai.people import api as people
from guitai.people.types import BoundAccount
from guitai.rails import api as rails
from guitai.rails.types import Payout
from guitai.wallet import small_amount_errors as errors
from guitai.wallet.kinds.payouts import bank_of
from guitai.wallet.kinds.small_amounts import BACK, SEND
from guitai.wallet.models import Operation
from guitai.wallet.models.small_amounts import SmallAmounts
from guitai.wallet.rules import chart
from guitai.wallet.rules.small_amounts import SmallAmountPolicy, agree, chances, drawn
from guitai.wallet.rules.withdrawals import is_at_bank, takes_currency
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent

_RAIL = "bank"
_HOUSE = Actor("system", "small_amounts")


def send_small_amounts(owner: UUID, account: UUID) -> None:
    """Pay two small amounts to an account of somebody's own, of the house's money."""
    policy = policies.current(SmallAmountPolicy).value
    if not policy.enabled:
        raise errors.SmallAmountsOff()
    bound = people.binding(owner, account)
    if bound.confirmed_at is not None:
        raise errors.AccountConfirmed(account=bound.masked)
    currency = _currency(bound)
    with outermost():
        # One at a time for one account; what is too old to be told makes room.
        rows = list(SmallAmounts.objects.select_for_update().filter(account=account).order_by("sent_at"))
        _end_old(rows)
        if any(row.state == "sent" for row in rows):
            return
        since = now() - timedelta(days=policy.pairs_days)
        if sum(row.sent_at > since for row in rows) >= policy.pairs:
            raise errors.SmallAmountsTooOften(days=policy.pairs_days)
        _send(owner, bound, currency, policy)


def confirm_small_amounts(owner: UUID, account: UUID, told: tuple[int, int]) -> None:
    """Compare what somebody read with what was sent; a wrong answer is counted and kept whatever happens."""
    policy = policies.current(SmallAmountPolicy).value
    people.binding(owner, account)
    refusal: Refusal | None = None
    with outermost():
        row = (
            SmallAmounts.objects.select_for_update()
            .filter(owner=owner, account=account)
            .order_by("-sent_at")
            .first()
        )
        if row is not None:
            _end_old([row])
        if row is None or row.state != "sent":
            raise errors.SmallAmountsNotSent()
        if agree((row.first_minor, row.second_minor), told):
            _end(row, "confirmed")
            people.confirm_account(account, f"small_amounts:{row.id}")
        else:
            row.wrong += 1
            left = policy.tries - row.wrong
            if left > 0:
                row.save(update_fields=["wrong"])
                refusal = errors.SmallAmountsWrong(left=left)
            else:
                _end(row, "spent")
                refusal = errors.SmallAmountsSpent()
        record(
            Actor("customer", str(owner)),
            f"wallet.small_amounts_{'told' if refusal is None else 'wrong'}",
            ("person", str(owner)),
            details={"account": str(account), "wrong": row.wrong},
        )
    if refusal is not None:
        raise refusal


def note_small_amount(what: str, said: Mapping[str, Any]) -> None:
    """A rail says what became of one of them, in the caller's transaction; a payout of others is left alone."""
    required()
    if what not in ("rejected", "returned"):
        return
    reference = str(said["order_reference"])
    row = (
        SmallAmounts.objects.select_for_update().filter(first_reference=reference).first()
        or SmallAmounts.objects.select_for_update().filter(second_reference=reference).first()
    )
    if row is None:
        return
    back = Money(int(said.get("returned") or said["amount"]), row.currency)
    body = _body(chart.RAILS[_RAIL], chart.GOODWILL, back, what)
    _run(Intent(BACK, _HOUSE, f"{BACK}:{reference}", body, new_id()))
    if row.state == "sent":
        row.code = str(said.get("code") or "payout_not_possible")
        _end(row, "failed")


def _send(owner: UUID, bound: BoundAccount, currency: str, policy: SmallAmountPolicy) -> None:
    first, second = chances(policy)
    amounts = drawn(policy, secrets.randbelow(first), secrets.randbelow(second))
    row_id, references = new_id(), []
    details = people.account_details(bound.id, purpose=Purpose("small_amounts", str(row_id)))
    for number, minor in enumerate(amounts):
        amount = Money(minor, currency)
        body = _body(chart.GOODWILL, chart.RAILS[_RAIL], amount, "small_amounts")
        operation = _run(Intent(SEND, _HOUSE, f"{SEND}:{row_id}:{number}", body, new_id()))
        reference = Operation.objects.values_list("reference", flat=True).get(id=operation)
        payout = Payout(
            reference, amount, details.holder, details.number, bank_of(details), spoken(reference)
        )
        rails.start_payout(payout, rail=_RAIL)
        references.append(reference)
    row = SmallAmounts(id=row_id, owner=owner, account=bound.id, currency=currency)
    row.first_minor, row.second_minor = amounts
    row.first_reference, row.second_reference = references
    row.sent_at = now()
    row.expires_at = row.sent_at + timedelta(days=policy.days)
    row.save(force_insert=True)
    subject = ("person", str(owner))
    record(SYSTEM, "wallet.small_amounts_sent", subject, details={"account": str(bound.id)})


def _run(intent: Intent) -> UUID:
    answer = pipeline.run([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    if answer.outcome != "approved":
        raise errors.SmallAmountsOff()
    return answer.operation_id


def _body(debit: int, credit: int, amount: Money, code: str) -> dict[str, str | int | bool | None]:
    return {
        "debit": debit, "credit": credit, "amount": amount.minor, "currency": amount.currency, "line": None,
        "code": code,
    }  # fmt: skip


def _currency(bound: BoundAccount) -> str:
    """What the account takes and we can send; a gateway refuses another name by itself and needs no proof."""
    if not is_at_bank(bound.kind):
        raise errors.SmallAmountsOff()
    found = sorted(one for one in rails.payout_currencies() if takes_currency(bound.kind, one))
    if not found or not rails.payout_name_fits(bound.holder):
        raise errors.SmallAmountsOff()
    return found[0]


def _end_old(rows: list[SmallAmounts]) -> None:
    for row in rows:
        if row.state == "sent" and row.expires_at <= now():
            _end(row, "expired")


def _end(row: SmallAmounts, state: str) -> None:
    row.state, row.ended_at = state, now()
    row.save(update_fields=["state", "ended_at", "wrong", "code"])
