"""What a statement line means before anybody matches it: our own reference in it, and which booking it is."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

from guitai.base.reference import DIGITS, LETTERS, parse_reference, reference_kind
from guitai.rails.rail_types import ReceivingAccount
from guitai.rails.statements.shape import Entry, StatementHead

# Ten symbols of our alphabet that may stand in groups, apart from other letters and figures; looked for at the start
# of every word, and only of these symbols: a million lines are asked.
_SYMBOL = f"[{DIGITS}{LETTERS}{LETTERS.lower()}]"
_CANDIDATE = re.compile(
    rf"(?<![0-9A-Za-z])(?=({_SYMBOL}(?:[-\s_.·\u2010-\u2015−]?{_SYMBOL}){{9}})(?![0-9A-Za-z]))", re.ASCII
)
# What may stand between the groups of a candidate.
_BETWEEN = {ord(mark): None for mark in "- \t\n\r\f\v_.·\u2010\u2011\u2012\u2013\u2014\u2015−"}
_IDENTITY_BYTES = 16
# How banks call what comes back, in ISO 20022 and in MT940.
_RETURN_CODES = ("RRTN", "RIMB", "RPCR", "NRTI")


def addressed_to(entry: Entry, receiving: Sequence[ReceivingAccount]) -> str | None:
    """What a payment is for, as far as its line says: our own reference, else the virtual account that it came to.

    takes    a line, the accounts that customers pay into
    gives    the reference in its canonical form or the account's number; None when it names neither
    """
    own = payment_reference(entry)
    if own is not None or entry.own_account is None:
        return own
    number = "".join(entry.own_account.split())
    return number if any(account.is_virtual(number) for account in receiving) else None


def payment_reference(entry: Entry) -> str | None:
    """Our own reference in what a payer wrote.

    takes    a line
    gives    its canonical form; None when there is none, or several
    """
    found: set[str] = set()
    for text in (entry.end_to_end_id, entry.remittance, entry.reference):
        if text:
            found |= references_in(text)
    return found.pop() if len(found) == 1 else None


def told_name(words: str, account: str, receiving: Sequence[ReceivingAccount]) -> str:
    """What a line of the payment that a notice tells of would name, by the same rules.

    takes    what the payer wrote, the account that was paid to, the accounts that customers pay into
    gives    as `addressed_to`; "" when it names neither
    """
    found = references_in(words)
    if len(found) == 1:
        return found.pop()
    number = "".join(account.split())
    return number if any(one.is_virtual(number) for one in receiving) else ""


def references_in(text: str) -> set[str]:
    """Every reference of an operation in a text, however it was typed."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    found = (parse_reference(match[1].translate(_BETWEEN)) for match in _CANDIDATE.finditer(plain))
    return {own for own in found if own is not None and reference_kind(own) == "operation"}


def identity(head: StatementHead, entry: Entry, file_id: UUID) -> bytes:
    """What makes a line the same booking in another statement.

    takes    the statement's head, the line, and the file that they stand in
    gives    16 bytes: of account, day, amount, direction and references where the bank names the booking; where it
             does not, only a second issue of the same statement is the same, for two alike may well be two
    """
    parts: list[object] = [
        head.account,
        head.currency,
        entry.amount,
        entry.credit,
        entry.reversal,
        entry.booked_on,
    ]
    if entry.bank_reference:
        parts += [entry.bank_reference, entry.end_to_end_id, entry.transaction_id, entry.batch_part > 0]
    else:
        # A list that does not even say which statement it is can only be itself.
        issue = [head.reference, head.number, head.opening] if head.reference else [file_id]
        parts += [head.kind, *issue, entry.position]
    digest = blake2b(digest_size=_IDENTITY_BYTES)
    for part in parts:
        text = str(part).encode("utf-8", "replace")
        digest.update(len(text).to_bytes(4, "big") + text)
    return digest.digest()


def is_return(bank_code: str | None, return_reason: str | None, *, credit: bool, reversal: bool) -> bool:
    """Whether the bank says that a credit is a payment that came back."""
    return credit and bool(return_reason or reversal or (bank_code and bank_code.endswith(_RETURN_CODES)))
