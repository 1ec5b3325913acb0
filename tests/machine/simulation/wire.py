"""Between the process and its database: the place where it dies.

Every exchange with the server passes `psycopg.Connection.wait`, whatever it is: a statement, a copy, a commit. A fault
strikes at the n-th of them, before it is sent or after it was answered. `die` ends the process there: nothing of it
touches the database any more. `cut` only takes its connection away: it is alive, and sees an error. `deadlock` is the
server's choice of a victim: the transaction is over, and everything else goes on.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from threading import get_ident
from typing import Any, Literal

import psycopg
from django.db import connections
from psycopg.errors import DeadlockDetected
from psycopg.pq import TransactionStatus

_WAIT_S = 10
_FIRST_GUESS = 40
_VICTIM = b"DO $$ BEGIN RAISE EXCEPTION 'chosen' USING ERRCODE = '40P01'; END $$"


class Died(BaseException):
    """The process is gone. Nothing may catch it: it is no `Exception`."""


@dataclass(slots=True)
class Fault:
    """What happens, at which exchange (or at which commit), and on which side of it."""

    kind: Literal["die", "cut", "deadlock"]
    at: Literal["exchange", "commit"]
    side: Literal["before", "after"]
    number: int

    def __str__(self) -> str:
        return f"{self.kind} {self.side} {self.at} {self.number}"


class Wire:
    """Counts what passes, and strikes where it was told to."""

    def __init__(self) -> None:
        self._watching = False
        self._owner = 0
        self._fault: Fault | None = None
        self._dead = False
        self._committing: set[int] = set()
        self._going_back: set[int] = set()
        self.exchanges = self.commits = 0
        self.struck: Fault | None = None
        self._killer: psycopg.Connection[Any] | None = None
        # How many exchanges a kind of work needed lately: where its faults are to fall.
        self._lengths: dict[str, int] = {}

    def draw(self, work: str, chance: Random) -> Fault:
        """A fault for a kind of work, anywhere in it."""
        kind: Literal["die", "cut"] = chance.choice(("die", "cut"))
        side: Literal["before", "after"] = chance.choice(("before", "after"))
        number = chance.randint(1, self._lengths.get(work, _FIRST_GUESS))
        if chance.random() < 0.2:
            return Fault("deadlock", "exchange", "before", number)
        if chance.random() < 0.4:
            return Fault(kind, "commit", side, chance.randint(1, 3))
        return Fault(kind, "exchange", side, number)

    @contextmanager
    def watching(self, work: str, fault: Fault | None) -> Iterator[None]:
        """One piece of work of one process, which ends when the work does or when the fault strikes."""
        self._owner, self._fault, self._dead, self.struck = get_ident(), fault, False, None
        self.exchanges = self.commits = 0
        self._watching = True
        try:
            yield
        finally:
            self._watching = False
            if self.struck is None:
                self._lengths[work] = max(1, self.exchanges)
            elif self.struck.kind != "deadlock":
                self._bury()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Every connection of this process passes here, but the one that kills the others."""
        wait, commit, rollback, connect = (
            psycopg.Connection.wait,
            psycopg.Connection.commit,
            psycopg.Connection.rollback,
            psycopg.Connection.connect,
        )
        parameters = _parameters()

        def passing(connection: psycopg.Connection[Any], gen: Any, *rest: Any, **more: Any) -> Any:
            if not self._watching or connection is self._killer:
                return wait(connection, gen, *rest, **more)
            return self._pass(connection, lambda: wait(connection, gen, *rest, **more))

        def committing(connection: psycopg.Connection[Any]) -> None:
            self._committing.add(id(connection))
            try:
                commit(connection)
            finally:
                self._committing.discard(id(connection))

        def going_back(connection: psycopg.Connection[Any]) -> None:
            self._going_back.add(id(connection))
            try:
                rollback(connection)
            finally:
                self._going_back.discard(id(connection))

        def connecting(*rest: Any, **more: Any) -> psycopg.Connection[Any]:
            if self._watching and self._dead:
                raise self._end()
            return connect(*rest, **more)

        self._killer = psycopg.connect(**parameters, autocommit=True)
        patches: dict[str, Any] = {
            "wait": passing, "commit": committing, "rollback": going_back, "connect": staticmethod(connecting),
        }  # fmt: skip
        before = {name: psycopg.Connection.__dict__[name] for name in patches}
        for name, patch in patches.items():
            setattr(psycopg.Connection, name, patch)
        try:
            yield
        finally:
            for name, original in before.items():
                setattr(psycopg.Connection, name, original)
            self._killer.close()
            self._killer = None

    def _pass(self, connection: psycopg.Connection[Any], send: Callable[[], Any]) -> Any:
        if self._dead:
            raise self._end()
        is_commit = id(connection) in self._committing
        self.exchanges += 1
        self.commits += is_commit
        fault = self._fault
        count = self.commits if is_commit else 0
        due = fault is not None and fault.number == (self.exchanges if fault.at == "exchange" else count)
        if fault is not None and fault.kind == "deadlock":
            return self._choose(connection, fault, send)
        if fault is None or not due:
            return send()
        self._fault = None
        if fault.side == "after":
            send()
        self.struck = fault
        self._kill(connection)
        self._dead = fault.kind == "die"
        if fault.kind == "cut" and fault.side == "before":
            return send()  # the server's own words
        raise self._end()

    def _choose(self, connection: psycopg.Connection[Any], fault: Fault, send: Callable[[], Any]) -> Any:
        """Make the server end this transaction, as it ends one of two that wait for each other."""
        ending = id(connection) in self._committing | self._going_back
        in_work = connection.pgconn.transaction_status == TransactionStatus.INTRANS and not ending
        # The first exchange from there on that can be a victim: a statement in a transaction that has begun.
        if self.exchanges < fault.number or not in_work or connection.pgconn.pipeline_status:
            return send()
        self._fault, self.struck = None, fault
        connection.pgconn.exec_(_VICTIM)
        raise DeadlockDetected("deadlock detected")

    def _end(self) -> BaseException:
        """What the code sees: nothing when it is dead, an error of the connection otherwise."""
        if self._dead and get_ident() == self._owner:
            return Died()
        return psycopg.OperationalError("the server closed the connection unexpectedly")

    def _kill(self, connection: psycopg.Connection[Any]) -> None:
        """End the server's side and wait until its locks are gone; what it had not committed is lost."""
        killer = self._killer
        assert killer is not None
        pid = connection.info.backend_pid
        killer.execute("SELECT pg_terminate_backend(%s)", [pid])
        deadline = time.monotonic() + _WAIT_S
        while killer.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            if time.monotonic() > deadline:
                raise RuntimeError(f"backend {pid} does not end")
            time.sleep(0.0005)
        if self.struck is not None and (self.struck.side == "after" or self.struck.kind == "die"):
            connection.pgconn.finish()

    def _bury(self) -> None:
        """The next piece of work is another process: nothing of this one's connection is left to it."""
        dead = connections["default"]
        if dead.connection is not None:
            dead.connection.close()
        del connections["default"]


def _parameters() -> dict[str, Any]:
    """The same database, by a connection that Django does not know."""
    parameters = connections["default"].get_connection_params()
    for of_django in ("cursor_factory", "context", "prepare_threshold", "pool"):
        parameters.pop(of_django, None)
    return dict(parameters)
