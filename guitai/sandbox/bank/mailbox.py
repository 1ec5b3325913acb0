"""Files on their way to the wallet: written down with what they tell of, then put into its folder under their name
once, whole. What the clerk arranged for them happens here: late, lost, twice, after the next one.
"""

import os
from typing import Literal

from guitai.base.clock import now
from guitai.sandbox.bank.outcomes import take
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_mail (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, what TEXT NOT NULL, content BLOB NOT NULL,
    state TEXT NOT NULL, due_at REAL NOT NULL, made_at INTEGER NOT NULL, written_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS bank_mail_due ON bank_mail (due_at) WHERE state = 'waiting';
"""
What = Literal["statement", "report", "notice", "status"]
_LATE_S, _BEHIND_S = 60, 2


def post(world: World, what: What, name: str, content: bytes, *, plainly: bool = False) -> None:
    """Write a file down for the wallet, in the caller's transaction.

    takes    what it is, its name without the number that makes it the only one, its content; whether nothing may
             happen to it on its way
    """
    fault = (
        None
        if plainly
        else take(world, tuple(f"{what}_{how}" for how in ("lost", "late", "twice", "reordered")))
    )
    how = fault["kind"].rpartition("_")[2] if fault else ""
    moment = now().timestamp()
    state = {"lost": "lost", "reordered": "held"}.get(how, "waiting")
    _insert(world, what, name, content, state, moment + (_LATE_S if how == "late" else 0))
    if how == "twice":
        # The same statement again: other bytes, as when a bank makes it anew, and the same bookings.
        _insert(world, what, name, content + b"\n", "waiting", moment + _BEHIND_S)
    if state == "waiting":
        # What was kept back follows behind.
        world.store.execute(
            "UPDATE bank_mail SET state = 'waiting', due_at = ? WHERE state = 'held' AND what = ?",
            moment + _BEHIND_S,
            what,
        )


def write_due(world: World) -> int:
    """Put what is due into the wallet's folder, oldest first; gives how many. Without a folder everything waits."""
    folder = world.settings.statements_folder
    if folder is None or not folder.is_dir():
        return 0
    rows = world.store.rows(
        "SELECT * FROM bank_mail WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT 50",
        now().timestamp(),
    )
    for row in rows:
        draft = folder / f".{row['name']}.part"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(row["content"])
            out.flush()
            os.fsync(out.fileno())
        draft.rename(folder / row["name"])
        # A crash in between puts the same file there again: to the wallet it is the same.
        world.store.execute(
            "UPDATE bank_mail SET state = 'written', written_at = ? WHERE id = ?", seconds(), row["id"]
        )
    return len(rows)


def send_again(world: World, name: str) -> bool:
    """Have a file written once more, whatever became of it; gives whether there is one."""
    return bool(
        world.store.execute(
            "UPDATE bank_mail SET state = 'waiting', due_at = ? WHERE name = ?", now().timestamp(), name
        )
    )


def mail(world: World, name: str) -> Row | None:
    return world.store.row("SELECT * FROM bank_mail WHERE name = ?", name)


def latest(world: World, limit: int = 40) -> list[Row]:
    """The latest files, without their content."""
    return world.store.rows(
        "SELECT name, what, state, due_at, made_at, written_at, length(content) AS size FROM bank_mail "
        "ORDER BY id DESC LIMIT ?",
        limit,
    )


def _insert(world: World, what: str, name: str, content: bytes, state: str, due_at: float) -> None:
    row = world.store.row("SELECT coalesce(max(id), 0) + 1 AS number FROM bank_mail")
    number = row["number"] if row else 1
    stem, _, suffix = name.rpartition(".")
    world.store.insert("bank_mail", {
        "name": f"{number:06d}-{stem}.{suffix}", "what": what, "content": content, "state": state, "due_at": due_at,
        "made_at": seconds(),
    })  # fmt: skip
