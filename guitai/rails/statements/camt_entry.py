"""One booking of a camt message, as one line or as the lines of its payments."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from guitai.rails.errors import StatementMalformed
from guitai.rails.statements.shape import Entry
from guitai.rails.statements.values import day_of, line_of, minor_of, plain

Fields = dict[str, Any]
_NOTHING: Fields = {}
_REMITTANCE_MAX = 16_384
_TRUTH = {"true": True, "1": True, "false": False, "0": False, None: False, "": False}
# What stands in an end-to-end reference when the payer gave none.
_NO_REFERENCE = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})


def is_booked(record: Fields) -> bool:
    """Whether an entry is on the books; pending and informational ones are announcements."""
    return (record.get("status") or "BOOK") == "BOOK"


def entries_of(record: Fields, currency: str, position: int, booking: int) -> Iterable[Entry]:
    """The lines of one booking.

    takes    its fields, the account's currency, how many lines and which booking there were before
    gives    one line; or one for each payment when the bank gave amounts for all of them that come to the booking's
    refuses  statement_amount_wrong, statement_malformed
    """
    amount = minor_of(record.get("amount", ""), currency)
    credit = _credit(record.get("direction"))
    details: list[Fields] = record.get("details", [])
    shares = _shares(details, currency, amount, credit) if len(details) > 1 else None
    if shares is None:
        detail = details[0] if len(details) == 1 else _NOTHING
        return (_entry(record, detail, currency, (position, booking), (amount, credit)),)
    batch = record.get("batch") or record.get("message") or record.get("reference")
    return [
        _entry(
            record,
            detail,
            currency,
            (position + part, booking),
            share,
            (len(details), part + 1, batch or None),
        )
        for part, (detail, share) in enumerate(zip(details, shares, strict=True))
    ]


def _entry(
    record: Fields,
    detail: Fields,
    currency: str,
    place: tuple[int, int],
    movement: tuple[int, bool],
    batch: tuple[int, int, str | None] | None = None,
) -> Entry:
    amount, credit = movement
    reversal = _reversal(record.get("reversal"))
    # The other side of the original payment: the one who paid us, or whom we paid.
    other = "debtor" if credit != reversal else "creditor"
    name = detail.get(other) or detail.get(f"ultimate_{other}")
    end_to_end = detail.get("end_to_end") or detail.get("instruction")
    first, second = (detail, record) if batch else (record, detail)
    bank_reference = first.get("reference") or second.get("reference")
    reference = bank_reference or record.get("own_reference") or detail.get("transaction")
    count, part, batch_reference = batch or _whole_batch(record)
    return Entry(
        place[0],
        place[1],
        amount,
        credit,
        _day(record.get("booked_on")),
        _day(record.get("value_on")),
        reversal,
        line_of(reference) if reference else None,
        line_of(end_to_end) if end_to_end and end_to_end not in _NO_REFERENCE else None,
        line_of(name) if name else None,
        line_of(detail[f"{other}_account"]) if f"{other}_account" in detail else None,
        _remittance(record, detail),
        _bank_code(record),
        detail.get("return_reason") or None,
        line_of(" ".join(detail["return_text"])) if "return_text" in detail else None,
        _charges((detail if batch else record).get("charges") or detail.get("charges"), currency),
        count,
        part,
        line_of(batch_reference) if batch_reference else None,
        line_of(detail["transaction"]) if detail.get("transaction") else None,
        line_of(bank_reference) if bank_reference else None,
        line_of(detail["creditor_account"])
        if credit and not reversal and "creditor_account" in detail
        else None,
    )


def _shares(details: list[Fields], currency: str, amount: int, credit: bool) -> list[tuple[int, bool]] | None:
    """What each payment of a booking moved, if the bank says so for all of them and they come to the whole."""
    shares, net = [], []
    for detail in details:
        share = _own_amount(detail, currency)
        if share is None:
            return None
        direction = _credit(detail["direction"]) if detail.get("direction") else credit
        shares.append((share, direction))
        charges = _charges(detail.get("charges"), currency)
        net.append((share - charges if direction else share + charges, direction))
    signed = amount if credit else -amount
    for candidate in (shares, net):
        if sum(a if c else -a for a, c in candidate) == signed and all(a >= 0 for a, _ in candidate):
            return candidate
    return None


def _own_amount(detail: Fields, currency: str) -> int | None:
    for slot in ("amount", "transaction_amount", "instructed_amount"):
        if slot in detail and detail.get(f"{slot}_currency") == currency:
            return minor_of(detail[slot], currency)
    return None


def _whole_batch(record: Fields) -> tuple[int, int, str | None]:
    """A booking of several payments that is one line: how many the bank counted, and under which name."""
    reference = record.get("batch") or record.get("message")
    count = record.get("count", "")
    told = int(count) if count.isascii() and count.isdigit() and len(count) <= 9 else 0
    return max(told, len(record.get("details", ()))) if reference or told else 0, 0, reference or None


def _charges(charges: list[Fields] | None, currency: str) -> int:
    """What the bank took within the amount, in the account's own currency."""
    total = 0
    for charge in charges or ():
        inner = charge.get("charges")
        if inner:
            total += _charges(inner, currency)
        elif "total_amount" in charge and charge.get("total_amount_currency") == currency:
            total += minor_of(charge["total_amount"], currency)
        elif charge.get("amount_currency") == currency and _TRUTH.get(charge.get("included", "true"), False):
            minor = minor_of(charge.get("amount", ""), currency)
            total += -minor if charge.get("direction") == "CRDT" else minor
    return total


def _remittance(record: Fields, detail: Fields) -> str | None:
    lines = detail.get("remittance")
    text = " ".join([line_of(line) for line in lines if line]) if lines else ""
    text = text or line_of(detail.get("additional") or record.get("additional") or "")
    if len(text) > _REMITTANCE_MAX:
        raise StatementMalformed(problem="text_too_long")
    return text or None


def _bank_code(record: Fields) -> str | None:
    domain = record.get("domain")
    if domain:
        return line_of("/".join(filter(None, (domain, record.get("family"), record.get("subfamily")))))
    return line_of(record["bank_code"]) if record.get("bank_code") else None


def _credit(direction: str | None) -> bool:
    if direction == "CRDT":
        return True
    if direction == "DBIT":
        return False
    raise StatementMalformed(problem="direction", value=plain(direction or "–", 8))


def _reversal(text: str | None) -> bool:
    if text not in _TRUTH:
        raise StatementMalformed(problem="reversal", value=plain(str(text), 8))
    return _TRUTH[text]


def _day(text: str | None) -> date | None:
    return day_of(text) if text else None
