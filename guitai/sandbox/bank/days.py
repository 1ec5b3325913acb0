"""The end of a bank day, and what the bank says about the days: statements, reports, notices."""

from datetime import date

from guitai.sandbox.bank import books
from guitai.sandbox.bank.camt import Kind, Sheet, message
from guitai.sandbox.bank.mailbox import post
from guitai.sandbox.bank.outcomes import take
from guitai.sandbox.bank.plain_statements import csv_file, mt940
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_statement (
    account TEXT NOT NULL, currency TEXT NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL,
    opening INTEGER NOT NULL, closing INTEGER NOT NULL, lines INTEGER NOT NULL, made_at INTEGER NOT NULL,
    PRIMARY KEY (account, currency, day)
) STRICT;
"""
FORMATS = ("xml", "sta", "csv")


def close_day(world: World) -> date:
    """Close the bank day in one transaction: every account's statement in one file; gives the day that begins.

    What a clerk arranged for the statement happens to it: a line forgotten until tomorrow, a line that is missing or
    wrong while the balances are right.
    """
    with world.store.transaction():
        day = books.bank_day(world)
        _forget_a_line(world, day)
        sheets = [_closed(world, account, day) for account in books.accounts(world)]
        sheets = [sheet for sheet in sheets if sheet.lines or sheet.account["number"] == books.CLIENT_ACCOUNT]
        post(world, "statement", f"camt053-{day}.xml", message("camt.053", _with_faults(world, sheets)))
        return books.next_day(world)


def report(world: World) -> None:
    """Say how the day stands so far (camt.052)."""
    with world.store.transaction():
        day = books.bank_day(world)
        sheets = [sheet_of(world, account, day) for account in books.accounts(world)]
        found = [sheet for sheet in sheets if sheet.lines]
        if found:
            post(world, "report", f"camt052-{day}.xml", message("camt.052", found), plainly=True)


def notify(world: World, lines: list[Row]) -> None:
    """Tell of single bookings (camt.054), in the caller's transaction."""
    accounts = {(row["number"], row["currency"]): row for row in books.accounts(world)}
    sheets = [
        Sheet(account, date.fromisoformat(of_account[0]["day"]), of_account)
        for key, account in accounts.items()
        if (of_account := [line for line in lines if (line["account"], line["currency"]) == key])
    ]
    if sheets:
        kind: Kind = "camt.054"
        post(world, "notice", f"camt054-{sheets[0].day}.xml", message(kind, sheets))


def sheet_of(world: World, account: Row, day: date) -> Sheet:
    """One account's day as the books have it."""
    number, currency = account["number"], account["currency"]
    lines = books.bookings_of(world, number, currency, day)
    opening = books.balance_before(world, number, currency, day)
    kept = world.store.row(
        "SELECT number FROM bank_statement WHERE account = ? AND currency = ? AND day = ?",
        number,
        currency,
        day.isoformat(),
    )
    return Sheet(
        account,
        day,
        lines,
        opening,
        opening + sum(line["amount"] for line in lines),
        f"{day:%y%m%d}{number[-6:]}{currency}",
        kept["number"] if kept else 0,
    )


def statements(world: World, limit: int = 30) -> list[Row]:
    return world.store.rows(
        "SELECT * FROM bank_statement ORDER BY day DESC, account, currency LIMIT ?", limit
    )


def written(world: World, account: str, currency: str, day: date, suffix: str) -> bytes | None:
    """A day of an account in a format (xml, sta, csv); None when there is no such account."""
    found = next(
        (a for a in books.accounts(world) if (a["number"], a["currency"]) == (account, currency)), None
    )
    if found is None:
        return None
    sheet = sheet_of(world, found, day)
    if suffix == "sta":
        return mt940(sheet)
    if suffix == "csv":
        return csv_file(sheet)
    return message("camt.053", [sheet])


def _closed(world: World, account: Row, day: date) -> Sheet:
    number, currency = account["number"], account["currency"]
    before = world.store.row(
        "SELECT coalesce(max(number), 0) AS number FROM bank_statement WHERE account = ? AND currency = ?",
        number,
        currency,
    )
    sheet = sheet_of(world, account, day)
    world.store.insert("bank_statement", {
        "account": number, "currency": currency, "day": day.isoformat(),
        "number": (before["number"] if before else 0) + 1, "opening": sheet.opening, "closing": sheet.closing,
        "lines": len(sheet.lines), "made_at": seconds(),
    })  # fmt: skip
    return sheet_of(world, account, day)


def _forget_a_line(world: World, day: date) -> None:
    if take(world, ("forgotten_line",)) is None:
        return
    world.store.execute(
        "UPDATE bank_booking SET day = ? WHERE id = (SELECT max(id) FROM bank_booking WHERE day = ?)",
        date.fromordinal(day.toordinal() + 1).isoformat(),
        day.isoformat(),
    )


def _with_faults(world: World, sheets: list[Sheet]) -> list[Sheet]:
    missing, wrong = take(world, ("missing_line",)), take(world, ("wrong_line",))
    if missing is None and wrong is None:
        return sheets
    told = []
    for sheet in sheets:
        lines = list(sheet.lines)
        if missing is not None and lines:
            lines, missing = lines[:-1], None
        elif wrong is not None and lines:
            lines[-1], wrong = {**lines[-1], "amount": lines[-1]["amount"] + 1}, None
        told.append(
            Sheet(
                sheet.account, sheet.day, lines, sheet.opening, sheet.closing, sheet.reference, sheet.number
            )
        )
    return told
