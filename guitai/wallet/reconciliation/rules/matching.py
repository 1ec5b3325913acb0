"""Which movement in the books a line of a statement is: the rules, in their order, each explained."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

Rule = Literal[
    "reference",
    "end_to_end",
    "out_and_back",
    "batch",
    "standing",
    "account",
    "name",
    "written",
    "held",
    "reversal",
    "dispute",
    "by_hand",
]
# match: it is this movement · settle: it pays this top-up · wait: its movement is not booked yet
# receive: it is a customer's, by their standing reference · write: interest or charges
# reverse: the bank takes back what stands in suspense
# hold: a credit for suspense · park: a credit for suspense that names a top-up, whose bill says so
# undo: the rail books back what it took, for a disputed payment or for a payment out that did not come about
# open: a debit for a person
Outcome = Literal["match", "settle", "receive", "wait", "write", "reverse", "undo", "hold", "park", "open"]
_MISFITS = frozenset({"wrong_amount", "wrong_currency", "already_paid"})
# Waits for the decision about a disputed payment, for as long as that takes.
DISPUTED = "dispute_open"
# Waits for what becomes of a payment out for which a gateway has taken the money already.
PAYOUT_OPEN = "payout_open"
# What a line waits for: its movement, which is not booked yet; it has waited for longer than it may.
MISSING, OVERDUE = "movement_missing", "movement_overdue"
_BANK = "bank"
PAYABLE = frozenset({"awaiting_payment", "processing", "unknown", "expired", "failed"})


class Line(Struct, frozen=True):
    """What the rules look at in a line."""

    id: int
    rail: str
    amount: int
    currency: str
    credit: bool
    reversal: bool = False
    reference: str = ""
    end_to_end_id: str = ""
    payment_reference: str = ""
    bank_code: str = ""
    charges: int = 0
    batch_part: int = 0
    batch_reference: str = ""
    # The bank says that it is a payment of ours that came back.
    came_back: bool = False
    # The rail's own number of the payment or of the dispute.
    payment: str = ""

    @property
    def number(self) -> str:
        """What its rail calls the payment: a gateway's bill numbers payments, a bank's statement bookings."""
        return self.reference if self.rail == _BANK else self.payment or self.reference

    def may_be(self, movement: "Movement") -> bool:
        """Whether a movement of its amount can be this line. A gateway calls one payment by one number everywhere; what
        a bank's notice calls it need not be what its statement does."""
        sure = self.credit and self.rail != _BANK and self.payment and movement.told
        return not sure or movement.told == self.payment

    @property
    def names(self) -> tuple[str, ...]:
        """The operations that it may be about, the surest first."""
        first, second = self.payment_reference, self.end_to_end_id
        if not self.credit:
            first, second = second, first
        if second and first != second:
            return (first, second) if first else (second,)
        return (first,) if first else ()


class Op(Struct, frozen=True):
    """An operation that a line names."""

    id: UUID
    reference: str
    kind: str
    state: str
    amount: int
    currency: str


class Movement(Struct, frozen=True):
    """A movement on the account of a rail that no line has proved yet."""

    id: UUID
    operation: UUID
    amount: int
    money_in: bool
    rail: str
    # What came in another currency than its order asked for has a movement too, where it was set aside.
    currency: str
    # The rail's own number of the payment in that it was booked for.
    told: str = ""


class Filed(Struct, frozen=True):
    """What left in one file of payouts."""

    total: int
    currency: str
    references: tuple[str, ...]


class Disputed(Struct, frozen=True):
    """A top-up that its payer disputes, as far as lines of the acquirer are about it."""

    operation: Op
    state: str
    amount: int
    currency: str
    # The movement by which the whole has left, of a lost one.
    left: Op | None = None
    # Whether a line that took it waits for the decision.
    taken: bool = False


class HouseLines(Struct, frozen=True):
    """Which of a bank's own words mean interest and charges, and up to what amount nobody need be asked."""

    charges: tuple[str, ...] = ()
    interest: tuple[str, ...] = ()
    automatic_up_to: Mapping[str, int] = {}

    def kind(self, line: Line) -> Literal["charges", "interest"] | None:
        """What a line without a payment is."""
        code = line.bank_code.upper()
        if not code or line.reversal:
            return None
        if not line.credit and _ends(code, self.charges):
            return "charges"
        return "interest" if _ends(code, self.interest) and line.credit else None

    def automatic(self, line: Line) -> bool:
        """Whether it is written without asking anybody."""
        return self.kind(line) is not None and line.amount <= self.automatic_up_to.get(line.currency, 0)


class Verdict(Struct, frozen=True):
    """What a line is, by which rule, and what the rule looked at."""

    outcome: Outcome
    rule: Rule
    code: str = ""
    operation: Op | None = None
    movements: tuple[Movement, ...] = ()
    # Of the line's amount, what the bank has taken for itself.
    charges: int = 0
    facts: Mapping[str, str | int] = {}
    # Whose money it is where no operation says so.
    owner: UUID | None = None


class Known:
    """What is known about a batch of lines; what one line takes, the next does not find any more."""

    def __init__(
        self,
        operations: Iterable[Op],
        movements: Iterable[Movement],
        filed: Mapping[str, Filed] | None = None,
        house: HouseLines | None = None,
        held: Iterable[tuple[str, str, int]] = (),
        standing: Mapping[str, UUID | None] | None = None,
        disputes: Mapping[tuple[str, str], Disputed] | None = None,
        taken: Iterable[tuple[str, str, int, int]] = (),
    ) -> None:
        """`held`: (rail, bank reference, amount) of what stands in suspense and may be taken back; `standing`: whose
        a standing reference or a virtual account is, None of somebody who may not be given anything now; `disputes`: by
        rail and its number of the payment; `taken`: (rail, reference, amount, line) of payments out that a gateway has
        taken and that wait for what becomes of them"""
        self.operations = {one.reference: one for one in operations}
        self.filed = filed or {}
        self.house = house or HouseLines()
        self.held = set(held)
        self.standing = standing or {}
        self.disputes = disputes or {}
        self._movements: dict[UUID, list[Movement]] = defaultdict(list)
        self._settling: set[str] = set()
        self._taken: dict[tuple[str, str, int], set[int]] = defaultdict(set)
        self._undone: set[int] = set()
        for rail, reference, amount, line in taken:
            self._taken[rail, reference, amount].add(line)
        for movement in movements:
            self._movements[movement.operation].append(movement)

    def take(self, line: Line, operation: Op) -> tuple[Movement, int] | None:
        """The movement of an operation that a line is, with what the bank kept of it; it is gone then."""
        left = self._movements.get(operation.id, [])
        # Of two payments alike, the one that the rail calls by the same number.
        for movement in sorted(left, key=lambda one: not one.told or one.told != line.number):
            way = (movement.money_in, movement.rail, movement.currency)
            if way != (line.credit, line.rail, line.currency) or not line.may_be(movement):
                continue
            kept = line.charges if movement.amount != line.amount else 0
            whole = line.amount + kept if line.credit else line.amount - kept
            if movement.amount == whole:
                left.remove(movement)
                return movement, kept
        return None

    def take_file(self, line: Line) -> tuple[Movement, ...] | None:
        """Every movement of a file of payouts that a bank booked as one sum: all of them, or none."""
        filed = self.filed[line.batch_reference]
        found: list[Movement] = []
        for reference in filed.references:
            operation = self.operations.get(reference)
            own = self._movements.get(operation.id, []) if operation else []
            way = (False, line.rail, line.currency)
            movement = next((m for m in own if (m.money_in, m.rail, m.currency) == way), None)
            if movement is None:
                return None
            found.append(movement)
        if sum(m.amount for m in found) != line.amount:
            return None
        for movement in found:
            self._movements[movement.operation].remove(movement)
        return tuple(found)

    def wait_out(self, line: Line) -> None:
        """A line by which a gateway took a payment out waits, unless another has undone it just now."""
        if line.id not in self._undone:
            self._taken[line.rail, line.end_to_end_id, line.amount].add(line.id)

    def undo(self, line: Line) -> bool:
        """Whether a line gives back what one that waits has taken; it is gone then."""
        waiting = self._taken[line.rail, line.end_to_end_id, line.amount]
        if not waiting:
            return False
        first = min(waiting)
        waiting.remove(first)
        self._undone.add(first)
        return True

    def may_settle(self, line: Line, operation: Op) -> bool:
        """Whether a line pays a top-up that still waits for it; once."""
        if (
            operation.kind != "top_up"
            or operation.state not in PAYABLE
            or operation.reference in self._settling
        ):
            return False
        if (operation.amount, operation.currency) not in ((line.amount, line.currency), _gross(line)):
            return False
        self._settling.add(operation.reference)
        return True


def judge(line: Line, known: Known) -> Verdict:
    """What a line is.

    takes    a line, and what is known; the rules take from it
    gives    Verdict: reference, end-to-end id, batch, standing reference, reversal, dispute, house rules, suspense or a
             person
    """
    return (
        _by_name(line, known)
        or _by_file(line, known)
        or _standing(line, known)
        or _reversed(line, known)
        or _disputed(line, known)
        or _written(line, known)
        or _parked(line, known)
        or Verdict("hold" if line.credit else "open", "held", _why(line, known), facts=_said(line))
    )


def in_order(lines: Sequence[Line], movements: Iterable[Movement]) -> list[Line]:
    """Lines in the order in which they are judged: of two that name one operation, first the one whose number the bank
    told with the notice that has booked a movement."""
    told = {movement.told for movement in movements if movement.told}
    return sorted(lines, key=lambda line: line.number not in told)


def _by_name(line: Line, known: Known) -> Verdict | None:
    for name in line.names:
        operation = known.operations.get(name)
        if operation is None:
            continue
        rule: Rule = "reference" if name == line.payment_reference and line.credit else "end_to_end"
        facts = {**_said(line), "names": name}
        if (found := known.take(line, operation)) is not None:
            movement, kept = found
            return Verdict("match", rule, "", operation, (movement,), kept, facts)
        if line.credit and known.may_settle(line, operation):
            kept = line.charges if operation.amount != line.amount else 0
            return Verdict("settle", rule, "", operation, (), kept, facts)
        if (back := _out_and_back(line, name, operation, known, facts)) is not None:
            return back
        # What a gateway keeps of a payment carries its reference too, and nobody will book it as anything else.
        if known.house.kind(line) is None and _is_awaited(line, name, operation):
            return Verdict("wait", rule, MISSING, operation, facts=facts)
    return None


def _out_and_back(
    line: Line, name: str, operation: Op, known: Known, facts: Mapping[str, str | int]
) -> Verdict | None:
    """A gateway takes the money when it takes a payment out on, and books it back where nothing comes of it: these two
    lines undo each other, whatever their days, for in the books nothing had left."""
    if line.rail == _BANK or operation.kind != "withdrawal" or name != line.end_to_end_id or line.reversal:
        return None
    if (operation.amount, operation.currency) != (line.amount, line.currency):
        return None
    if operation.state != "failed" and (line.credit or operation.state not in ("processing", "unknown")):
        return None
    if line.credit and known.undo(line):
        return Verdict("undo", "out_and_back", PAYOUT_OPEN, operation, facts=facts)
    if not line.credit:
        known.wait_out(line)
    return Verdict("wait", "out_and_back", PAYOUT_OPEN, operation, facts=facts)


def _is_awaited(line: Line, name: str, operation: Op) -> bool:
    """Whether the movement of a line is still to be booked by whoever sent the money out. Words of a payer prove no
    return: anybody may write a reference."""
    if not line.credit:
        # Of a top-up: its rail has sent a payment back, and has not told us yet.
        return operation.kind in ("withdrawal", "receipt", "top_up") and not line.reversal
    return operation.kind == "withdrawal" and (name == line.end_to_end_id or line.came_back)


def _by_file(line: Line, known: Known) -> Verdict | None:
    if line.credit or line.batch_part or line.batch_reference not in known.filed:
        return None
    filed = known.filed[line.batch_reference]
    facts = {**_said(line), "batch": line.batch_reference, "payments": len(filed.references)}
    if (filed.total, filed.currency) != (line.amount, line.currency):
        return None
    movements = known.take_file(line)
    if movements is None:
        return Verdict("wait", "batch", MISSING, facts=facts)
    return Verdict("match", "batch", "", None, movements, 0, facts)


def _standing(line: Line, known: Known) -> Verdict | None:
    """A credit to a customer's own reference; a return of ours is never one, whatever its words say."""
    owner = known.standing.get(line.payment_reference)
    if owner is None or not line.credit or line.reversal or line.came_back:
        return None
    facts = {**_said(line), "names": line.payment_reference}
    return Verdict("receive", "standing", "", facts=facts, owner=owner)


def _reversed(line: Line, known: Known) -> Verdict | None:
    """A credit that the bank takes back before anybody was given it."""
    key = (line.rail, line.reference, line.amount)
    if line.credit or not line.reversal or not line.reference or key not in known.held:
        return None
    known.held.discard(key)
    return Verdict("reverse", "reversal", "reversal", facts=_said(line))


def _disputed(line: Line, known: Known) -> Verdict | None:
    """What an acquirer takes for a dispute names its own payment alone; it waits for the decision.

    Lost, it is the movement by which the whole left; won, what comes back undoes it.
    """
    about = known.disputes.get((line.rail, line.payment))
    if about is None or known.house.kind(line) is not None:
        return None
    if (about.amount, about.currency) != (line.amount, line.currency):
        return None
    facts = {**_said(line), "names": about.operation.reference, "payment": line.payment}
    if about.state == "lost" and not line.credit:
        if about.left is None or (found := known.take(line, about.left)) is None:
            return None
        return Verdict("match", "dispute", "", about.operation, (found[0],), found[1], facts)
    if about.state in ("won", "lapsed") and line.credit and about.taken:
        return Verdict("undo", "dispute", DISPUTED, about.operation, facts=facts)
    if about.state == "lost":
        return None
    return Verdict("wait", "dispute", DISPUTED, about.operation, facts=facts)


def _written(line: Line, known: Known) -> Verdict | None:
    kind = known.house.kind(line)
    if kind is None or not known.house.automatic(line):
        return None
    return Verdict("write", "written", kind, facts={**_said(line), "bank_code": line.bank_code})


def _parked(line: Line, known: Known) -> Verdict | None:
    """A credit that names a top-up and is not as it was ordered: whoever ordered it is told."""
    operation = next((known.operations[name] for name in line.names if name in known.operations), None)
    if operation is None or operation.kind != "top_up" or operation.state == "refused":
        return None
    if not line.credit or line.reversal or (why := _why(line, known)) not in _MISFITS:
        return None
    return Verdict("park", "held", why, operation, facts={**_said(line), "names": operation.reference})


def _why(line: Line, known: Known) -> str:
    """Why a line is nobody's yet."""
    if (kind := known.house.kind(line)) is not None:
        return kind
    if line.reversal:
        return "reversal"
    named = [known.operations[name] for name in line.names if name in known.operations]
    if not named:
        if not line.credit:
            return "unknown_debit"
        if known.standing.get(line.payment_reference, line) is None:
            return "owner_stopped"
        return "unknown_reference" if line.payment_reference else "no_reference"
    operation = named[0]
    if operation.currency != line.currency:
        return "wrong_currency"
    if operation.amount != line.amount:
        return "wrong_amount"
    return "already_paid" if line.credit else "unknown_debit"


def _said(line: Line) -> dict[str, str | int]:
    said: dict[str, str | int] = {"amount": line.amount, "currency": line.currency}
    if line.number:
        said["bank_reference"] = line.number
    return said


def _gross(line: Line) -> tuple[int, str]:
    return (line.amount + line.charges, line.currency)


def _ends(code: str, words: tuple[str, ...]) -> bool:
    return any(code == word or code.endswith(f"/{word}") for word in words)
