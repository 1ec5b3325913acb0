"""What becomes of a payment out: by the payee's account number, or by what a clerk arranged for it."""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from guitai.sandbox.asgi import Problem
from guitai.sandbox.bank.pain001 import Payment
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_fault (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, account TEXT, end_to_end TEXT, times INTEGER NOT NULL,
    facts TEXT NOT NULL, arranged_at INTEGER NOT NULL
) STRICT;
"""
# pay: it is paid · reject: refused at once · reject_late: taken, then refused · return: paid, and back days later
# silent: paid, and nobody says so before the day's statement · swallow: nothing happens, and nobody says anything
# wait: under way until the bank day is closed · wrong_amount: another amount leaves
PayoutFault = Literal[
    "reject", "reject_late", "return", "silent", "swallow", "wait", "wrong_amount", "charge"
]
PAYOUT_FAULTS: Final[tuple[PayoutFault, ...]] = (
    "reject", "reject_late", "return", "silent", "swallow", "wait", "wrong_amount", "charge",
)  # fmt: skip
# What may happen to a file on its way to the wallet: statement (camt.053), report (camt.052), notice (camt.054),
# status (pain.002).
FILE_FAULTS: Final = tuple(
    f"{what}_{how}"
    for what in ("statement", "notice", "status")
    for how in ("lost", "late", "twice", "reordered")
)
# The day's statement itself is wrong: its sums do not hold, or the bank has forgotten one line until tomorrow.
BOOK_FAULTS: Final = ("missing_line", "wrong_line", "forgotten_line", "batch_booking")
KINDS: Final = (*PAYOUT_FAULTS, *FILE_FAULTS, *BOOK_FAULTS)
_TIMES_MAX, _MINOR_MAX, _DAYS_MAX = 1_000, 10**9, 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bank does with one payment."""

    kind: PayoutFault | Literal["pay"] = "pay"
    code: str = ""
    days: int = 0
    minor: int = 0


# The end of an account number decides, so that a script, a demonstration and a tired tester agree on what happens.
SUFFIXES: Final[dict[str, Outcome]] = {
    "0001": Outcome("reject", "AC01"),
    "0002": Outcome("reject", "AM02"),
    "0003": Outcome("swallow"),
    "0004": Outcome("reject", "AC04"),
    "0005": Outcome("wrong_amount", minor=-100),
    "0006": Outcome("reject", "AC06"),
    "0007": Outcome("silent"),
    "0008": Outcome("reject", "BE01"),
    "0009": Outcome("wait"),
    "0012": Outcome("charge", minor=200),
    "0018": Outcome("reject_late", "BE01"),
    "0044": Outcome("return", "AC04", days=1),
    "0045": Outcome("return", "AC04", days=1, minor=500),
    "0048": Outcome("return", "BE01", days=2),
}


def outcome_of(world: World, payment: Payment) -> Outcome:
    """What becomes of a payment, in the caller's transaction: an arrangement is used up by it."""
    fault = take(world, PAYOUT_FAULTS, account=payment.payee_account, end_to_end=payment.end_to_end)
    if fault is not None:
        facts = json.loads(fault["facts"])
        return Outcome(
            fault["kind"],
            facts.get("code") or "AC01",
            int(facts.get("days", 1)),
            int(facts.get("minor", 100)),
        )
    return SUFFIXES.get(payment.payee_account[-4:], Outcome())


def take(
    world: World, kinds: tuple[str, ...], *, account: str | None = None, end_to_end: str | None = None
) -> Row | None:
    """Use up one arrangement of these kinds that fits; the one that names most is meant first."""
    marks = ", ".join("?" for _ in kinds)
    fault = world.store.row(
        f"SELECT * FROM bank_fault WHERE kind IN ({marks}) AND (account IS NULL OR account = ?) "
        "AND (end_to_end IS NULL OR end_to_end = ?) ORDER BY end_to_end IS NULL, account IS NULL, id LIMIT 1",
        *kinds,
        account,
        end_to_end,
    )
    if fault is None:
        return None
    if fault["times"] > 1:
        world.store.execute("UPDATE bank_fault SET times = times - 1 WHERE id = ?", fault["id"])
    else:
        world.store.execute("DELETE FROM bank_fault WHERE id = ?", fault["id"])
    return fault


def arrange(world: World, fields: dict[str, Any]) -> int:
    """Write an arrangement down; gives its number.

    takes    kind, and as it likes: account, end_to_end, times, code (an ISO reason), days, minor
    refuses  Problem fault_invalid
    """
    kind = fields.get("kind")
    if kind not in KINDS:
        raise Problem(422, "fault_invalid", f"kind is one of {', '.join(KINDS)}.")
    facts = {
        "days": _whole(fields.get("days", 1), 0, _DAYS_MAX),
        "minor": _whole(fields.get("minor", 100), -_MINOR_MAX, _MINOR_MAX),
        "code": _word(fields.get("code")) or "AC01",
    }
    with world.store.transaction():
        world.store.insert("bank_fault", {
            "kind": kind, "account": _word(fields.get("account")), "end_to_end": _word(fields.get("end_to_end")),
            "times": _whole(fields.get("times", 1), 1, _TIMES_MAX), "facts": json.dumps(facts),
            "arranged_at": seconds(),
        })  # fmt: skip
        row = world.store.row("SELECT max(id) AS id FROM bank_fault")
    return int(row["id"]) if row else 0


def arranged(world: World) -> list[Row]:
    """What is still to go wrong."""
    rows = world.store.rows("SELECT * FROM bank_fault ORDER BY id")
    return [{**row, "facts": json.loads(row["facts"])} for row in rows]


def cancel(world: World, number: str) -> bool:
    return bool(
        number.isascii()
        and number.isdigit()
        and world.store.execute("DELETE FROM bank_fault WHERE id = ?", int(number))
    )


def _word(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > 40 or not value.isprintable():
        raise Problem(422, "fault_invalid", "account, end_to_end and code are short words.")
    return "".join(value.split())


def _whole(value: object, least: int, most: int) -> int:
    try:
        number = int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
    except ValueError:
        number = None
    if type(number) is not int or not least <= number <= most:
        raise Problem(422, "fault_invalid", f"A number from {least} to {most} is expected.")
    return number
