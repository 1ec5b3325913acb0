"""Ours: batches through the ledger's own way to post, each in one durable transaction."""

import random
import statistics
import time
from typing import Any
from uuid import UUID

from django.db import connection

from guitai.base.ids import new_id
from guitai.kit.transactions import outermost
from guitai.ledger import api as ledger
from guitai.ledger.poster import post
from guitai.ledger.types import AccountFlag, NewAccount, NewTransfer
from guitai.site.bench.memory import peak_mib
from guitai.site.bench.sampler import Sampler

CURRENCY, KIND = "CNY", "bench"
_FUNDS = 10**12
_CUSTOMER, _SOURCE = 2010, 1010


class Worker:
    """One poster process, as each web process and worker has one."""

    def __init__(self) -> None:
        self._accounts: list[UUID] = []
        self._random = random.Random(1)

    def open_books(self, accounts: int) -> None:
        """Accounts that may not be overdrawn, each with money that came through the same way to post."""
        source = NewAccount(new_id(), new_id(), _SOURCE, CURRENCY)
        ids = [new_id() for _ in range(accounts)]
        flags = AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS
        with outermost():
            ledger.create_accounts(
                [source, *(NewAccount(i, new_id(), _CUSTOMER, CURRENCY, flags) for i in ids)]
            )
            _posted([NewTransfer(new_id(), source.id, i, _FUNDS, CURRENCY, KIND) for i in ids])

    def know_books(self) -> int:
        """Find the accounts that are there; gives how many."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM ledger_account WHERE code = %s ORDER BY id", [_CUSTOMER])
            self._accounts = [row[0] for row in cursor.fetchall()]
        return len(self._accounts)

    def measure(self, batch: int, hot: bool, seconds: float, warm: float) -> dict[str, Any]:
        """Post batches for so long.

        gives    transfers, the seconds that posting and committing them took, the median batch in ms, peak MiB.
                 Making up the transfers is not counted: it is not the ledger's work
        """
        self._spend(batch, hot, warm)
        times = self._spend(batch, hot, seconds)
        return {
            "count": batch * len(times), "seconds": sum(times), "ms": statistics.median(times) * 1000,
            "mib": peak_mib(),
        }  # fmt: skip

    def profile(self, batch: int, hot: bool, seconds: float) -> dict[str, Any]:
        """Where the time of such batches goes."""
        self._spend(batch, hot, 0)
        with Sampler() as sampler:
            times = self._spend(batch, hot, seconds)
        return sampler.told(batch * len(times), sum(times))

    def verify(self, whole: bool) -> list[str]:
        """What contradicts itself in the books; in brief only whether they sum to zero."""
        if whole:
            return ledger.verify()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(credits_posted::numeric) - sum(debits_posted::numeric), (SELECT sum(amount) FROM"
                " ledger_entry) FROM ledger_account"
            )
            sums = [int(value or 0) for value in cursor.fetchone()]
        return [] if sums == [0, 0] else [f"the books do not sum to zero: {sums}"]

    def _spend(self, batch: int, hot: bool, seconds: float) -> list[float]:
        times: list[float] = []
        while not times or sum(times) < seconds:
            transfers = self._made_up(batch, hot)
            began = time.perf_counter()
            with outermost():
                _posted(transfers)
            times.append(time.perf_counter() - began)
        return times

    def _made_up(self, count: int, hot: bool) -> list[NewTransfer]:
        made = []
        for _ in range(count):
            debit, credit = self._random.sample(range(1, len(self._accounts)), 2)
            pair = self._accounts[debit], self._accounts[0 if hot else credit]
            made.append(NewTransfer(new_id(), *pair, self._random.randrange(1, 100), CURRENCY, KIND))
        return made


def _posted(transfers: list[NewTransfer]) -> None:
    wrong = [result.result for result in post(transfers) if result.result != "created"]
    if wrong:
        raise RuntimeError(f"a transfer was not posted: {wrong[:3]}")
