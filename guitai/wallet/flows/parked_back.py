"""Payments that did not fit, at a rail that takes no refunds: back by a payout to the account that paid.

Which account that is, the bank's statement says. Where it does not, the owner of the top-up is asked, and may name one
of the accounts bound to their own wallet: nobody can have it sent to somebody else's.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost, required
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.types import Payout, StatementLine
from guitai.wallet import errors
from guitai.wallet.flows import top_up_intents
from guitai.wallet.kinds.payouts import bank_of
from guitai.wallet.models import LineMatch, Operation, ParkedPayment
from guitai.wallet.reconciliation import intents
from guitai.wallet.rules.parked import Step
from guitai.wallet.rules.withdrawals import ways_of
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent, Outcome


def line_of(row: ParkedPayment) -> StatementLine | None:
    """The line of a statement that is a parked payment; None while no statement, or more than one line, tells of it."""
    own = row.inbox_id.removeprefix("line:")
    if own != row.inbox_id:
        ids = [int(own)]
    else:
        proved = LineMatch.objects.filter(operation_id=row.operation_id).order_by("line_id")
        ids = list(proved.values_list("line_id", flat=True)[:20])
    lines = [
        line
        for line in (rails.statement_lines(ids) if ids else [])
        if line.credit and (line.amount, line.currency) == (row.amount_minor, row.currency)
    ]
    told = [line for line in lines if line.reference and line.reference == row.bank_reference]
    found = told or lines
    return found[0] if len(found) == 1 else None


def pays_from(line: StatementLine | None) -> bool:
    """Whether a statement names who paid, and from which account."""
    return line is not None and bool(line.counterparty and line.counterparty_account)


def pay_back(row: ParkedPayment, operation: Operation, actor: Actor, purpose: Purpose) -> str:
    """Queue a payout of a parked payment in the caller's transaction with its row locked; gives its reference.

    refuses  parked_payer_unknown, the rail's own codes for a payout
    """
    required()
    if row.amount_minor is None:
        raise errors.ParkedUncountable()
    amount, line = Money(row.amount_minor, row.currency), line_of(row)
    if line is not None and line.counterparty and line.counterparty_account:
        name, account, bank = line.counterparty, line.counterparty_account, None
    elif row.return_account is not None:
        # One that was taken away meanwhile refuses not_found.
        people.binding(operation.owner, row.return_account)
        about = Purpose("reconciliation", str(row.id))
        details = people.account_details(row.return_account, purpose=about, reader=actor)
        name, account, bank = details.holder, details.number, bank_of(details)
    else:
        raise errors.ParkedPayerUnknown()
    outcome = run(intents.send_back_parked(row, actor, purpose))
    words = row.bank_reference or spoken(operation.reference)
    rails.start_payout(Payout(outcome.reference, amount, name, account, bank, words), rail=row.rail)
    return outcome.reference


def note_payout(what: str, payload: Mapping[str, Any]) -> None:
    """A bank has said what became of such a payout, in the caller's transaction; a payout of others is left alone."""
    required()
    if what not in ("settled", "rejected", "returned"):
        return
    reference = str(payload["order_reference"])
    row = (
        ParkedPayment.objects.select_for_update()
        .filter(refund_reference=reference, state="returning")
        .first()
    )
    if row is None:
        return
    # What comes back later is a line of its own, and stands in suspense anew.
    left, code = what != "rejected", str(payload.get("code") or "return_rejected")
    operation = Operation.objects.get(reference=reference, kind="receipt")
    run(intents.end_parked_return(row, UUID(str(operation.id)), left=left, code=code))
    actor = Actor("rail", row.rail)
    if left:
        row.state = "returned"
        run(top_up_intents.follow_parked(row, "returned", actor, paid_out=True))
    else:
        row.state, row.refused_code = "open", code
        run(top_up_intents.follow_parked(row, "refused", actor, paid_out=True))
        # An account that does not take it is not tried a second time without asking.
        row.return_account = None
        forget_proposal(row)
    row.changed_at = now()
    row.save()


def ask_payer(parked_id: UUID, actor: Actor, purpose: Purpose) -> None:
    """See `wallet.api.ask_parked_payer`."""
    with outermost():
        row = locked(parked_id)
        if row.state != "open":
            raise errors.ParkedNotOpen()
        if row.amount_minor is None:
            raise errors.ParkedUncountable()
        if pays_from(line_of(row)):
            raise errors.ParkedPayerKnown()
        row.asked_at, row.return_account, row.changed_at = now(), None, now()
        row.save()
        _follow(row, "asked", actor, purpose)
        record(actor, "top_up.parked_payer_asked", ("operation", str(row.operation_id)), purpose=purpose,
               details={"parked": str(row.id)})  # fmt: skip


def wanted(owner: UUID, reference: str) -> ParkedPayment | None:
    """The payment of a top-up for which its owner is asked to name an account."""
    named = Operation.objects.filter(owner=owner, reference=reference, kind="top_up").values("id")
    rows = ParkedPayment.objects.filter(operation_id__in=named, state="open", asked_at__isnull=False)
    return rows.filter(return_account=None).order_by("asked_at").first()


def name_account(owner: UUID, reference: str, account: UUID) -> None:
    """See `wallet.api.name_return_account`."""
    with outermost():
        found = wanted(owner, reference)
        row = locked(found.id) if found is not None else None
        if row is None or row.state != "open" or row.return_account is not None:
            raise errors.ParkedNotAsked()
        bound = people.binding(owner, account)
        if not bound.usable or row.rail not in ways_of(bound.kind):
            raise errors.ReturnAccountNotUsable(account=bound.masked)
        row.return_account, row.changed_at = bound.id, now()
        row.save()
        actor = Actor("customer", str(owner))
        _follow(row, "named", actor)
        record(actor, "top_up.return_account_named", ("operation", str(row.operation_id)),
               details={"parked": str(row.id), "account": str(bound.id)})  # fmt: skip


def locked(parked_id: UUID) -> ParkedPayment:
    """A parked payment under lock; refuses not_found."""
    row = ParkedPayment.objects.select_for_update().filter(id=parked_id).first()
    if row is None:
        raise errors.ParkedNotFound()
    return row


def forget_proposal(row: ParkedPayment) -> None:
    """Open, as if nobody had proposed anything."""
    row.proposed_action = row.proposed_by = row.proposed_reason = row.decided_by = ""
    row.proposed_at, row.changed_at = None, now()


def run(intent: Intent) -> Outcome:
    """One intent in the caller's transaction; whatever it is refused with undoes all of it."""
    answer = pipeline.run([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    if answer.code == "rail_account_short":
        raise errors.RailAccountShort()
    if answer.outcome != "approved":
        raise RuntimeError(f"{intent.kind} of operation {intent.operation_id} was refused: {answer.code}")
    return answer


def _follow(row: ParkedPayment, step: Step, actor: Actor, purpose: Purpose | None = None) -> None:
    run(top_up_intents.follow_parked(row, step, actor, purpose))
