"""Statement lines that are about our payouts: proof that one left, or that one came back."""

from collections.abc import Sequence

from guitai.kit.transactions import required
from guitai.rails.adapters import RAILS, supports
from guitai.rails.flows.tell_payout import Told, tell
from guitai.rails.lines import Line
from guitai.rails.models import PayoutFile, PayoutRow
from guitai.rails.rules.lines import is_return, payment_reference
from guitai.rails.rules.payout_reasons import NOT_CONFIRMED, UNSPECIFIED
from guitai.rails.statements.shape import Entry

# Where nobody had it yet, or was to have it.
_NOT_OUT = ("filed", "sent", "accepted", "rejected")


def note_payout_lines(stored: Sequence[tuple[int, Line]]) -> int:
    """Move payouts that new lines speak of, in the transaction that stored them; gives how many moved.

    takes    (line id, line) of lines that no earlier statement had told
    """
    required()
    named = {name for _, line in stored for name in _names(line.entry)}
    if not named:
        return 0
    rows = PayoutRow.objects.select_for_update().filter(order_reference__in=named)
    rows = rows.exclude(state__in=("queued", "cancelled"))
    found = {row.order_reference: row for row in rows.order_by("id")}
    told = []
    for line_id, line in stored:
        row = next((found[name] for name in _names(line.entry) if name in found), None)
        one = _told(row, line_id, line) if row is not None else None
        if one is not None:
            told.append(one)
    return tell(told) + _whole_files(stored)


def _names(entry: Entry) -> list[str]:
    names = [name for name in (entry.end_to_end_id, entry.transaction_id) if name]
    if came_back(entry):
        # Words of a return repeat the reference; words of any other payment may be anybody's.
        own = payment_reference(entry)
        names += [own] if own else []
    elif entry.batch_reference and not entry.credit:
        names.append(entry.batch_reference)
    return names


def came_back(entry: Entry) -> bool:
    """Whether the bank says that a credit is a return."""
    return is_return(entry.bank_code, entry.return_reason, credit=entry.credit, reversal=entry.reversal)


def _told(row: PayoutRow, line_id: int, line: Line) -> Told | None:
    entry = line.entry
    if line.head.currency != row.currency:
        return None
    if supports(RAILS[row.rail], "confirmation_page") and row.state in _NOT_OUT:
        exact = entry.amount == row.amount_minor and not entry.reversal
        return _of_asked_payee(row, line_id, credit=entry.credit) if exact else None
    if entry.credit:
        # A credit with our own end-to-end reference is that money on its way back, whatever it is called; a bank
        # may have kept a part of it.
        if entry.amount > row.amount_minor:
            return None
        return Told(row, "returned", entry.return_reason, entry.amount, line_id)
    if entry.reversal or entry.amount - entry.charges != row.amount_minor:
        return None
    return Told(row, "settled", None, None, line_id)


def _of_asked_payee(row: PayoutRow, line_id: int, *, credit: bool) -> Told | None:
    """Where the payee is asked first, the rail takes the money at once: that proves no more than that it took it on.
    What it gives back before anybody had it, never left."""
    if not credit:
        return Told(row, "accepted")
    if row.state == "rejected":
        return None
    code = NOT_CONFIRMED if row.confirm_until is not None else UNSPECIFIED
    return Told(row, "rejected", statement_entry=line_id, code=code)


def _whole_files(stored: Sequence[tuple[int, Line]]) -> int:
    """A bank that books a whole file as one sum all the same."""
    sums = {
        line.entry.batch_reference: (line_id, line)
        for line_id, line in stored
        if line.entry.batch_reference and not line.entry.batch_part and not line.entry.credit
    }
    if not sums:
        return 0
    told = []
    for file in PayoutFile.objects.filter(message_id__in=sums.keys()):
        line_id, line = sums[file.message_id]
        if (line.entry.amount, line.head.currency) == (file.control_minor, file.currency):
            rows = PayoutRow.objects.select_for_update().filter(file_id=file.id).order_by("id")
            told += [Told(row, "settled", None, None, line_id) for row in rows]
    return tell(told)
