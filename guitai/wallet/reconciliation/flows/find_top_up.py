""" "My top-up has not arrived": found and credited at once when there is no doubt, otherwise its cause is named.

What belongs to somebody else changes nothing in the answer: a line that is not surely the asker's is treated as if it
were not there.
"""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.refusal import Fact, Refusal
from guitai.kit import files
from guitai.kit.operator import time_zone
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.types import StatementLine
from guitai.wallet.models import OpenItem, Operation, ParkedPayment
from guitai.wallet.reconciliation import errors, slips, store
from guitai.wallet.reconciliation.flows import settle_items
from guitai.wallet.reconciliation.naming import full_name
from guitai.wallet.reconciliation.policy import settings
from guitai.wallet.reconciliation.rules.likeness import names_agree, reference_likeness, tail_agrees
from guitai.wallet.reconciliation.rules.matching import PAYABLE
from guitai.wallet.reconciliation.slips import EARLIER, LATER
from guitai.wallet.reconciliation.types import Cause, TopUpAnswer

_AN_HOUR, _A_DAY = (6, 3_600), (20, 86_400)
_FOUND = frozenset({"solved", "arrived"})
_OWN_WITHIN = timedelta(days=7)
_MENTIONED = 75


def find_top_up(
    owner: UUID,
    amount: Money,
    paid_from: str,
    paid_on: date,
    slip: str = "",
    picture: files.Upload | None = None,
) -> TopUpAnswer:
    """See `wallet.api.find_top_up`."""
    _slow_down(owner)
    # Judged before anything is looked for: what is refused is said at its field.
    stored = files.store(picture, owner=owner) if picture is not None else None
    try:
        answer = _found(owner, amount, paid_from, paid_on, slip)
    except BaseException:
        if stored is not None:
            slips.drop(stored)
        raise
    if stored is not None:
        if answer.cause in _FOUND:
            slips.drop(stored)
        else:
            slips.keep(stored, owner, amount, paid_on, answer)
    return answer


def _found(owner: UUID, amount: Money, paid_from: str, paid_on: date, slip: str) -> TopUpAnswer:
    own = _own(owner, amount, paid_on)
    arrived = next((row for row in own if row.state == "succeeded"), None)
    waiting = [row for row in own if row.state in PAYABLE]
    exact = [row for row in waiting if row.amount_minor == amount.minor]
    if exact and (answer := _known_to_the_rail(exact[0])) is not None:
        return answer
    solved = _solved(owner, amount, paid_from, paid_on, slip, exact)
    if solved is not None:
        return solved
    if arrived is not None and arrived.amount_minor == amount.minor and not exact:
        return TopUpAnswer("arrived", arrived.reference, {"at": arrived.changed_at.isoformat()})
    return _named(owner, amount, waiting, exact) or _not_here(
        amount, paid_on, next(iter(exact or waiting), None)
    )


def _slow_down(owner: UUID) -> None:
    for bucket, (limit, window_s) in (("hour", _AN_HOUR), ("day", _A_DAY)):
        if not allow(f"wallet.find_top_up.{bucket}", str(owner), limit=limit, window_s=window_s):
            raise errors.AskedTooOften()


def _own(owner: UUID, amount: Money, paid_on: date) -> list[Operation]:
    middle = datetime.combine(paid_on, time(12), ZoneInfo(time_zone())).astimezone(UTC)
    rows = Operation.objects.filter(
        owner=owner, kind="top_up", currency=amount.currency,
        created_at__range=(middle - _OWN_WITHIN, middle + _OWN_WITHIN),
    )  # fmt: skip
    return list(rows.exclude(state="refused").order_by("-created_at")[:50])


def _known_to_the_rail(row: Operation) -> TopUpAnswer | None:
    """Ask the rail about the order itself: paid there and not here is our own fault, and is made good at once."""
    told = rails.rail_record(row.reference)
    if told is None:
        return None
    if any(notice.state in ("received", "settled") for notice in told.notices):
        return TopUpAnswer("being_checked", row.reference, {})
    try:
        answer = rails.query(row.reference, rail=told.rail)
    except Refusal:
        return None
    if answer.state != "paid" or Money(row.amount_minor, row.currency) not in answer.paid:
        return None
    # What a rail says when it is asked settles like a notice: it is asked once more, by whoever does that.
    rails.came_back(told.rail, row.reference)
    return TopUpAnswer("platform_fault", row.reference, {})


def _solved(
    owner: UUID, amount: Money, paid_from: str, paid_on: date, slip: str, exact: list[Operation]
) -> TopUpAnswer | None:
    """Credit what stands in suspense when there is one such payment only, and its payer is the asker."""
    if people.identity(owner).tier < 1:
        return None
    items = store.items_like(amount.minor, amount.currency, paid_on - EARLIER, paid_on + LATER)
    if not items:
        return None
    lines = {line.id: line for line in rails.statement_lines([item.line_id for item in items])}
    fit = [item for item in items if _fits(lines[item.line_id], paid_from, slip)]
    if len(fit) != 1 or fit[0].state != "open":
        return None
    line = lines[fit[0].line_id]
    if not line.counterparty or not names_agree(line.counterparty, full_name(owner, str(fit[0].id))):
        return None
    if _is_anothers(fit[0], owner):
        return None
    return _credit(owner, fit[0].id, exact[0] if len(exact) == 1 else None)


def _fits(line: StatementLine, paid_from: str, slip: str) -> bool:
    """Whether a line is the payment that the asker describes: by its account's last digits where the bank told the
    account, else by the payer's name; the number on a slip is as good."""
    if slip and line.reference and slip.strip().upper() == line.reference.upper():
        return True
    if line.counterparty_account:
        return tail_agrees(line.counterparty_account, paid_from)
    return bool(line.counterparty) and names_agree(line.counterparty or "", paid_from)


def _is_anothers(item: OpenItem, owner: UUID) -> bool:
    """Whether a line names somebody else's operation: then it is not for a machine to decide."""
    if not item.names:
        return False
    return Operation.objects.filter(reference=item.names).exclude(owner=owner).exists()


def _credit(owner: UUID, item_id: UUID, operation: Operation | None) -> TopUpAnswer | None:
    actor = Actor("customer", str(owner))
    with outermost():
        item = settle_items.locked(item_id)
        if item.state != "open" or item.held_by is None:
            return None
        if operation is not None:
            item.proposed_target, action = operation.reference, "credit_operation"
        else:
            item.proposed_target, action = str(owner), "credit_customer"
        item.decided_by = str(actor)
        code = item.code
        outcome = settle_items.carry_out(
            item, "credit_operation" if action == "credit_operation" else "credit_customer", actor, None
        )
        record(actor, "reconciliation.solved_itself", ("open_item", str(item.id)), details={"code": code})
    if outcome is None:
        return None
    return TopUpAnswer("solved", outcome.reference, {"code": code})


def _named(
    owner: UUID, amount: Money, waiting: list[Operation], exact: list[Operation]
) -> TopUpAnswer | None:
    """What is known of the asker's own top-ups: payments that did not fit them, or that nearly name them."""
    ids = {row.id: row for row in waiting}
    for parked in ParkedPayment.objects.filter(operation_id__in=ids, state="open").order_by("-came_at"):
        row = ids[parked.operation_id]
        facts: dict[str, Fact] = {"expected": Money(row.amount_minor, row.currency).fact()}
        if parked.amount_minor is not None and parked.amount_minor != row.amount_minor:
            received = Money(parked.amount_minor, parked.currency).fact()
            return TopUpAnswer("different_amount", row.reference, {**facts, "received": received})
        return TopUpAnswer("being_checked", row.reference, facts)
    references = {row.reference: row for row in waiting}
    for item in OpenItem.objects.filter(names__in=references, state__in=("open", "proposed"), credit=True):
        row = references[item.names]
        if item.amount_minor != row.amount_minor:
            facts = {
                "expected": Money(row.amount_minor, row.currency).fact(),
                "received": Money(item.amount_minor, item.currency).fact(),
            }
            return TopUpAnswer("different_amount", row.reference, facts)
    return _nearly_named(owner, amount, exact)


def _nearly_named(owner: UUID, amount: Money, exact: list[Operation]) -> TopUpAnswer | None:
    """A payment of the amount whose words nearly are the reference of the asker's own top-up."""
    for row in exact:
        day = row.created_at.date()
        items = store.items_like(amount.minor, amount.currency, day - EARLIER, day + _OWN_WITHIN)
        lines = {line.id: line for line in rails.statement_lines([item.line_id for item in items])}
        for item in items:
            line = lines[item.line_id]
            words = " ".join(filter(None, (line.remittance, line.end_to_end_id)))
            if reference_likeness(row.reference, words) < _MENTIONED or _is_anothers(item, owner):
                continue
            own = bool(line.counterparty) and names_agree(
                line.counterparty or "", full_name(owner, str(item.id))
            )
            cause: Cause = "wrong_reference" if own else "paid_by_another"
            return TopUpAnswer(cause, row.reference, {"booked_on": str(item.booked_on)})
    return None


def _not_here(amount: Money, paid_on: date, row: Operation | None) -> TopUpAnswer:
    """Nothing of it is here: either the bank's statement of that day is not, or it was not paid to us."""
    reference = row.reference if row is not None else None
    told = [one.day for one in rails.statement_days(now().date()) if one.currency == amount.currency]
    latest = max(told, default=None)
    facts: dict[str, Fact] = {"paid_on": paid_on.isoformat()}
    if latest is None or latest <= paid_on:
        by = _statement_by(paid_on)
        if by > now():
            return TopUpAnswer("bank_delay", reference, {**facts, "by": by.isoformat()}, by)
    return TopUpAnswer("unpaid", reference, facts)


def _statement_by(paid_on: date) -> datetime:
    """When the statement of the next day that banks work is here: by then the payment is on one."""
    day = paid_on + timedelta(days=1)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    at = time.fromisoformat(settings().statement_by)
    return datetime.combine(day + timedelta(days=1), at, ZoneInfo(time_zone())).astimezone(UTC)
