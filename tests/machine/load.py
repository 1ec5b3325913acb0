"""People who keep paying while the machine is pulled from under them, and who write down what they were told."""

import concurrent.futures
import os
import re
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg

from guitai.site.postgres.settings import SUPERUSER
from tests.journeys.client import Customer, new_key
from tests.live import Live


@dataclass
class Told:
    """What one payer asked for, by key, and what was acknowledged."""

    customer: Customer
    asked: dict[str, tuple[str, int]] = field(default_factory=dict)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)


class Load:
    """Transfers without a pause, each under a key of its own. An answer that never came is not an answer."""

    def __init__(self, payers: list[Customer], payee: Customer) -> None:
        self.told = [Told(payer) for payer in payers]
        self._payee = payee
        self._over = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(len(payers))

    def __enter__(self) -> "Load":
        self._running = [self._pool.submit(self._pay, told) for told in self.told]
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._pool.shutdown(wait=True)
        if exception[0] is None:
            for done in self._running:
                done.result()

    @property
    def count(self) -> int:
        return sum(len(told.acknowledged) for told in self.told)

    def _pay(self, told: Told) -> None:
        while not self._over.is_set():
            key, minor = new_key(), 1 + len(told.asked) % 97
            told.asked[key] = (self._payee.phone, minor)
            try:
                answer = told.customer.transfer(self._payee.phone, minor, key=key)
            except httpx.HTTPError:
                time.sleep(0.1)
                continue
            if answer.status_code == 201:
                told.acknowledged[key] = answer.json()
            elif answer.status_code < 500:
                raise AssertionError(f"{answer.status_code} {answer.text[:300]}")
            # As many as a crash needs to fall upon, few enough to be asked for again.
            time.sleep(0.1)

    def ask_again(self) -> None:
        """Each key once more, as an app does that never got its answer: the same outcome, nothing twice."""
        for told in self.told:
            for key, (phone, minor) in told.asked.items():
                answer = told.customer.transfer(phone, minor, key=key)
                assert answer.status_code == 201, answer.text
                if before := told.acknowledged.get(key):
                    assert answer.headers.get("Idempotency-Replayed") == "true", (
                        "an acknowledged transfer was lost"
                    )
                    assert answer.json() == before
                told.acknowledged[key] = answer.json()


def pid_of(live: Live, name: str) -> int | None:
    """A child's id; None while the supervisor is just writing it down."""
    note = live.home / "run" / f"{name}.pid"
    words = note.read_text().split() if note.exists() else []
    return int(words[0]) if words else None


def kill(live: Live, name: str) -> int:
    """End a child without a word; gives its id."""
    pid = pid_of(live, name)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def replaced(live: Live, name: str, dead: int) -> bool:
    """Whether another runs in the place of one that was killed."""
    return pid_of(live, name) not in (None, dead)


def kill_database(live: Live) -> int:
    """The postmaster; its children follow."""
    note = live.home / "postgres" / "data" / "postmaster.pid"
    pid = int(note.read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def verified(live: Live) -> str:
    """The words of `guitai verify`, which must find nothing."""
    done = live.run("verify")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def database_url(live: Live) -> str:
    """Where the embedded database is reached, by its owner."""
    done = live.run("shell", "-c", "import os; print(os.environ['GUITAI_DATABASE_URL'])")
    found = re.search(r"postgresql://\S+", done.stdout)
    assert found, done.stdout + done.stderr
    return found[0]


def owner(url: str) -> psycopg.Connection[Any]:
    """A connection whose changes no trigger sees: what only whoever holds the database itself can do."""
    connection = psycopg.connect(url, user=SUPERUSER, autocommit=True)
    connection.execute("SET session_replication_role = 'replica'")
    return connection
