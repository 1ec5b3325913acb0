"""The intents behind what reconciliation moves; a key names the line or the item, so that each is done once."""

from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.wallet.models import OpenItem, ParkedPayment
from guitai.wallet.reconciliation import kinds
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Intent, Json

RECONCILER = Actor("system", "reconciliation")


def hold(line: int, rail: str, amount: Money, code: str) -> Intent:
    """A credit that nobody can be given yet: the rail has it, suspense stands for it."""
    body = _house(chart.RAILS[rail], chart.SUSPENSE, amount, line=line, code=code)
    return Intent(kinds.HOLD, RECONCILER, f"hold:{line}", body, new_id())


def receive(line: int, rail: str, amount: Money, owner: UUID, bank_reference: str) -> Intent:
    """A credit that names a customer and no order."""
    body: dict[str, Json] = {
        "line": line, "rail": rail, "amount": amount.minor, "currency": amount.currency, "owner": str(owner),
        "bank_reference": bank_reference,
    }  # fmt: skip
    return Intent(kinds.RECEIVE, RECONCILER, f"receive:{line}", body, new_id())


def write(line: int, rail: str, amount: Money, *, credit: bool, part: str = "line") -> Intent:
    """Interest or charges that a rule knows: between the rail and the house's income or expense."""
    asset = chart.RAILS[rail]
    debit, other = (asset, chart.INTEREST) if credit else (chart.BANK_CHARGES, asset)
    body = _house(debit, other, amount, line=line, code=part)
    return Intent(kinds.WRITE, RECONCILER, f"write:{line}:{part}", body, new_id())


def reverse(line: int, rail: str, amount: Money) -> Intent:
    """The bank takes back what stands in suspense."""
    body = _house(chart.SUSPENSE, chart.RAILS[rail], amount, line=line, code="reversal")
    return Intent(kinds.REVERSE, RECONCILER, f"reverse:{line}", body, new_id())


def undo(line: int, rail: str, amount: Money, *, credit: bool) -> Intent:
    """What a rail took and booked back, while in the books nothing left: through suspense, both at once."""
    asset = chart.RAILS[rail]
    debit, other = (asset, chart.SUSPENSE) if credit else (chart.SUSPENSE, asset)
    body = _house(debit, other, amount, line=line, code="undone")
    return Intent(kinds.UNDO, RECONCILER, f"undo:{line}", body, new_id())


def write_item(item: OpenItem, actor: Actor, purpose: Purpose | None) -> Intent:
    """An item becomes the house's own income or expense, as two people have decided."""
    if item.held_by is not None:
        debit, credit = chart.SUSPENSE, chart.INTEREST
    elif item.credit:
        debit, credit = chart.RAILS[item.rail], chart.INTEREST
    else:
        debit, credit = chart.BANK_CHARGES, chart.RAILS[item.rail]
    body = _house(debit, credit, amount_of(item), line=item.line_id, code="item")
    return Intent(kinds.WRITE, actor, f"write-item:{item.id}", body, new_id(), purpose=purpose)


def assign(item: OpenItem, operation: UUID, actor: Actor, purpose: Purpose | None) -> Intent:
    """An item's money is what a top-up waits for."""
    body = {**_item(item), "operation": str(operation)}
    return Intent(kinds.ASSIGN, actor, _tried(kinds.ASSIGN, item), body, operation, purpose=purpose)


def credit(item: OpenItem, owner: UUID, actor: Actor, purpose: Purpose | None) -> Intent:
    """An item's money is a customer's."""
    body = {**_item(item), "owner": str(owner)}
    return Intent(kinds.CREDIT, actor, _tried(kinds.CREDIT, item), body, new_id(), purpose=purpose)


def send_back(item: OpenItem, actor: Actor, purpose: Purpose | None) -> Intent:
    """An item's money goes back to whoever paid it; a payout carries it out."""
    body = _house(chart.SUSPENSE, chart.RAILS[item.rail], amount_of(item), line=item.line_id, code="return")
    # A return that the bank rejected may be tried again.
    return Intent(kinds.RETURN, actor, _tried(kinds.RETURN, item), body, new_id(), purpose=purpose)


def send_back_parked(row: ParkedPayment, actor: Actor, purpose: Purpose | None) -> Intent:
    """A payment that did not fit its top-up goes back; a payout carries it out. A rejected one may be tried again."""
    amount = Money(row.amount_minor or 0, row.currency)
    body = _house(chart.SUSPENSE, chart.RAILS[row.rail], amount, line=0, code="return")
    key = f"{kinds.RETURN}:{row.id}:{new_id()}"
    return Intent(kinds.RETURN, actor, key, body, new_id(), purpose=purpose)


def end_parked_return(row: ParkedPayment, operation: UUID, *, left: bool, code: str) -> Intent:
    """What became of that."""
    return _end(row.rail, operation, left=left, code=code)


def end_return(item: OpenItem, operation: UUID, *, left: bool, code: str = "") -> Intent:
    """What became of a return."""
    return _end(item.rail, operation, left=left, code=code)


def _end(rail: str, operation: UUID, *, left: bool, code: str) -> Intent:
    body: dict[str, Json] = {"operation": str(operation), "rail": rail, "left": left, "code": code}
    return Intent(kinds.RETURN_END, Actor("rail", rail), f"{kinds.RETURN_END}:{operation}", body, operation)


def amount_of(item: OpenItem) -> Money:
    """The amount of an item."""
    return Money(item.amount_minor, item.currency)


def _tried(kind: str, item: OpenItem) -> str:
    """A key of its own each time: a refusal must not be the answer for ever, and the item's row is under lock."""
    return f"{kind}:{item.id}:{new_id()}"


def _item(item: OpenItem) -> dict[str, Json]:
    return {
        "item": str(item.id), "line": item.line_id, "rail": item.rail, "amount": item.amount_minor,
        "currency": item.currency, "bank_reference": item.bank_reference,
    }  # fmt: skip


def _house(debit: int, credit: int, amount: Money, *, line: int, code: str) -> dict[str, Json]:
    return {
        "debit": debit, "credit": credit, "amount": amount.minor, "currency": amount.currency, "line": line,
        "code": code,
    }  # fmt: skip
