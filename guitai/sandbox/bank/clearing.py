"""Payments out at the bank: files are taken, answered, paid, and now and then the money comes back."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from guitai.base.clock import now
from guitai.sandbox.bank import books, days
from guitai.sandbox.bank.mailbox import post
from guitai.sandbox.bank.outcomes import Outcome, outcome_of, take
from guitai.sandbox.bank.pain001 import File, FileRefused, Payment, read_file
from guitai.sandbox.bank.pain002 import Told, status_report
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_file (
    message_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    payments INTEGER NOT NULL, control TEXT NOT NULL, state TEXT NOT NULL, problem TEXT NOT NULL,
    taken_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS bank_payout (
    id INTEGER PRIMARY KEY, message_id TEXT NOT NULL, version TEXT NOT NULL, order_id TEXT NOT NULL,
    instruction TEXT, end_to_end TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,
    payee_name TEXT NOT NULL, payee_account TEXT NOT NULL, remittance TEXT NOT NULL, debtor_account TEXT NOT NULL,
    execution_on TEXT NOT NULL, batch INTEGER NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL,
    days INTEGER NOT NULL, minor INTEGER NOT NULL, state TEXT NOT NULL, due_at REAL, return_on TEXT,
    booking TEXT, taken_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bank_payout_due ON bank_payout (due_at) WHERE state = 'accepted';
CREATE INDEX IF NOT EXISTS bank_payout_back ON bank_payout (return_on) WHERE state = 'paid';
CREATE INDEX IF NOT EXISTS bank_payout_name ON bank_payout (end_to_end);
"""
# Between "we have it" and "it is paid": so short that nobody waits, so long that both are seen.
_PAUSE_S: Final = 1.0
_DAYS_BACK_MAX, _DAYS_AHEAD_MAX = 10, 30
_log = logging.getLogger(__name__)
WORDS: Final = {
    "AC01": "account number is not known", "AC04": "account is closed", "AC06": "account is blocked",
    "AM02": "amount is above the limit", "AM04": "not enough money", "BE01": "name and account do not belong together",
}  # fmt: skip


def take_file(world: World, name: str, content: bytes) -> str:
    """Take a file of payments in one transaction: checked, answered, queued. The same file again is the same.

    takes    its name, its bytes
    gives    its message id; what is said about it is in the mailbox
    """
    try:
        file = read_file(content)
    except FileRefused as refusal:
        with world.store.transaction():
            _refuse(world, refusal.message_id, "09", refusal.reason, refusal.words)
        return refusal.message_id
    with world.store.transaction():
        known = world.store.row(
            "SELECT sha256 FROM bank_file WHERE message_id = ? AND state = 'taken'", file.message_id
        )
        if known is not None and known["sha256"] == file.sha256:
            return file.message_id
        if known is not None:
            _refuse(world, file.message_id, file.version, "DU01", "another file had this message id")
            return file.message_id
        _accept(world, name, file)
    return file.message_id


def run_due(world: World) -> int:
    """Pay what is due and bring back what comes back; gives how many bookings that made."""
    with world.store.transaction():
        day = books.bank_day(world)
        due = world.store.rows(
            "SELECT * FROM bank_payout WHERE state = 'accepted' AND due_at <= ? AND execution_on <= ? "
            "ORDER BY message_id, id LIMIT 5000",
            now().timestamp(),
            day.isoformat(),
        )
        lines = []
        for message_id, group in groupby(due, key=lambda row: row["message_id"]):
            lines += _execute(world, message_id, list(group))
        returns = world.store.rows(
            "SELECT * FROM bank_payout WHERE state = 'paid' AND return_on <= ? ORDER BY id LIMIT 5000",
            day.isoformat(),
        )
        lines += [_bring_back(world, row, row["code"], row["minor"]) for row in returns]
        days.notify(world, lines)
    return len(lines)


def release_waiting(world: World) -> None:
    """What was to wait for the end of the day goes on."""
    world.store.execute(
        "UPDATE bank_payout SET due_at = ?, outcome = 'pay' WHERE state = 'accepted' AND outcome = 'wait'",
        now().timestamp(),
    )


def return_now(world: World, end_to_end: str, code: str, kept: int) -> bool:
    """Bring a paid payment back at once, less what the other bank keeps; gives whether there is one."""
    with world.store.transaction():
        row = world.store.row(
            "SELECT * FROM bank_payout WHERE end_to_end = ? AND state = 'paid' ORDER BY id DESC", end_to_end
        )
        if row is None or not 0 <= kept < row["amount"]:
            return False
        days.notify(world, [_bring_back(world, row, code, kept)])
    return True


def tell_again(world: World, end_to_end: str) -> bool:
    """Say once more what became of a payment: as a bank's hotline would; gives whether there is one."""
    with world.store.transaction():
        row = world.store.row("SELECT * FROM bank_payout WHERE end_to_end = ? ORDER BY id DESC", end_to_end)
        status = {"rejected": "RJCT", "paid": "ACSC", "accepted": "ACSP"}.get(row["state"]) if row else None
        if row is None or status is None:
            return False
        told = _told(row, status, row["code"] if status == "RJCT" else "")
        _say(world, row["message_id"], row["version"], [told], plainly=True)
    return True


def files(world: World, limit: int = 20) -> list[Row]:
    return world.store.rows("SELECT * FROM bank_file ORDER BY taken_at DESC, rowid DESC LIMIT ?", limit)


def payouts(world: World, limit: int = 60) -> list[Row]:
    return world.store.rows("SELECT * FROM bank_payout ORDER BY id DESC LIMIT ?", limit)


def _accept(world: World, name: str, file: File) -> None:
    world.store.execute(
        "DELETE FROM bank_file WHERE message_id = ?", file.message_id
    )  # if it was refused before
    world.store.insert("bank_file", {
        "message_id": file.message_id, "sha256": file.sha256, "name": name[:120], "version": file.version,
        "payments": len(file.payments), "control": file.control, "state": "taken", "problem": "",
        "taken_at": seconds(),
    })  # fmt: skip
    day, told, silent, rejected = books.bank_day(world), [], 0, 0
    for payment in file.payments:
        outcome = _outcome(world, payment, day)
        refused = outcome.kind == "reject"
        rejected += refused
        silent += outcome.kind in ("silent", "swallow")
        _keep(world, file, payment, outcome)
        if refused:
            told.append(Told(payment.order_id, payment.instruction, payment.end_to_end, "RJCT", outcome.code))
    if silent == len(file.payments):
        return
    group = "RJCT" if rejected == len(file.payments) else "PART" if rejected or silent else "ACCP"
    if group == "PART":
        told += [
            Told(one.order_id, one.instruction, one.end_to_end, "ACCP")
            for one in _taken(world, file.message_id)
        ]
    _say(world, file.message_id, file.version, sorted(told, key=lambda one: one.order_id), group=group)


def _outcome(world: World, payment: Payment, day: date) -> Outcome:
    if books.account_of(world, payment.debtor_account, payment.currency) is None:
        return Outcome("reject", "AC02")
    ahead = payment.execution_on - day
    if not timedelta(days=-_DAYS_BACK_MAX) <= ahead <= timedelta(days=_DAYS_AHEAD_MAX):
        return Outcome("reject", "DT01")
    return outcome_of(world, payment)


def _keep(world: World, file: File, payment: Payment, outcome: Outcome) -> None:
    state = {"reject": "rejected", "swallow": "swallowed"}.get(outcome.kind, "accepted")
    world.store.insert("bank_payout", {
        "message_id": file.message_id, "version": file.version, "order_id": payment.order_id,
        "instruction": payment.instruction, "end_to_end": payment.end_to_end, "amount": payment.amount,
        "currency": payment.currency, "payee_name": payment.payee_name, "payee_account": payment.payee_account,
        "remittance": payment.remittance, "debtor_account": payment.debtor_account,
        "execution_on": payment.execution_on.isoformat(), "batch": int(payment.batch_booking),
        "outcome": outcome.kind, "code": outcome.code, "days": outcome.days, "minor": outcome.minor, "state": state,
        "due_at": None if outcome.kind == "wait" else now().timestamp() + _PAUSE_S, "taken_at": seconds(),
    })  # fmt: skip


def _taken(world: World, message_id: str) -> list[Payment]:
    rows = world.store.rows(
        "SELECT * FROM bank_payout WHERE message_id = ? AND state = 'accepted' AND outcome <> 'silent' ORDER BY id",
        message_id,
    )
    return [
        Payment(
            row["order_id"], row["instruction"], row["end_to_end"], row["amount"], row["currency"],
            row["payee_name"], row["payee_account"], row["remittance"], row["debtor_account"],
            date.fromisoformat(row["execution_on"]), bool(row["batch"]),
        )
        for row in rows
    ]  # fmt: skip


def _execute(world: World, message_id: str, rows: list[Row]) -> list[Row]:
    """Pay the payments of one file; gives the bookings that may be told of at once."""
    told, paid = [], []
    for row in rows:
        lacking = (
            books.balance(world, row["debtor_account"], row["currency"]) + books.OVERDRAFT_MINOR
            < row["amount"]
        )
        if row["outcome"] == "reject_late" or lacking:
            code = "AM04" if lacking else row["code"]
            _move(world, row, "rejected", code=code)
            told.append(_told(row, "RJCT", code))
            continue
        paid.append(row)
        if row["outcome"] != "silent":
            told.append(_told(row, "ACSC"))
    if told:
        _say(world, message_id, rows[0]["version"], told)
    whole = bool(paid) and (
        all(row["batch"] for row in paid) or (len(paid) > 1 and take(world, ("batch_booking",)) is not None)
    )
    if whole:
        return [_book_whole(world, message_id, paid)]
    lines = [(row, _book_one(world, row)) for row in paid]
    return [line for row, line in lines if row["outcome"] != "silent"]


def _book_one(world: World, row: Row) -> Row:
    charges = row["minor"] if row["outcome"] == "charge" else 0
    amount = row["amount"] + charges + (row["minor"] if row["outcome"] == "wrong_amount" else 0)
    line = books.book(world, _booking(row, -max(amount, 1), charges))
    back = books.bank_day(world) + timedelta(days=row["days"]) if row["outcome"] == "return" else None
    _move(world, row, "paid", booking=line["reference"], return_on=back.isoformat() if back else None)
    return line


def _book_whole(world: World, message_id: str, rows: Sequence[Row]) -> Row:
    """One sum for a whole file, although it asked for one line each."""
    first = rows[0]
    total = sum(row["amount"] for row in rows)
    whole = books.Booking(
        first["currency"], -total, books.DEBIT, account=first["debtor_account"], message_id=message_id,
        order_id=first["order_id"], count=len(rows),
    )  # fmt: skip
    line = books.book(world, whole)
    for row in rows:
        _move(world, row, "paid", booking=line["reference"])
    return line


def _bring_back(world: World, row: Row, code: str, kept: int) -> Row:
    booking = replace(
        _booking(row, row["amount"] - kept, 0),
        code=books.RETURNED,
        return_reason=code,
        return_text=WORDS.get(code, "returned"),
    )
    line = books.book(world, booking)
    _move(world, row, "returned", code=code)
    return line


def _booking(row: Row, amount: int, charges: int) -> books.Booking:
    return books.Booking(
        row["currency"], amount, books.DEBIT, account=row["debtor_account"], end_to_end=row["end_to_end"],
        instruction=row["instruction"], message_id=row["message_id"], order_id=row["order_id"],
        counterparty=row["payee_name"], counterparty_account=row["payee_account"], remittance=row["remittance"],
        charges=charges,
    )  # fmt: skip


def _move(world: World, row: Row, state: str, **changes: object) -> None:
    names = "".join(f", {name} = ?" for name in changes)
    world.store.execute(
        f"UPDATE bank_payout SET state = ?{names} WHERE id = ?", state, *changes.values(), row["id"]
    )


def _told(row: Row, status: str, code: str = "") -> Told:
    return Told(row["order_id"], row["instruction"], row["end_to_end"], status, code)


def _say(
    world: World,
    message_id: str,
    version: str,
    told: Sequence[Told],
    *,
    group: str = "",
    plainly: bool = False,
) -> None:
    content = status_report(message_id, version, told, group=group)
    post(world, "status", f"pain002-{message_id[:20]}.xml", content, plainly=plainly)


def _refuse(world: World, message_id: str, version: str, reason: str, words: str) -> None:
    _log.warning("a file of payments was refused (%s)", reason)
    content = status_report(message_id, version, group="RJCT", reason=reason, words=words)
    post(world, "status", "pain002-refused.xml", content)
    world.store.execute(
        "INSERT OR IGNORE INTO bank_file (message_id, sha256, name, version, payments, control, state, problem, "
        "taken_at) VALUES (?, '', '', ?, 0, '', 'refused', ?, ?)",
        message_id, version, f"{reason}: {words}"[:400], seconds(),
    )  # fmt: skip
