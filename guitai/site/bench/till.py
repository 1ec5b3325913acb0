"""Ours: transfers between customers through the whole till, from the claim to the commit."""

import random
import statistics
import time
from typing import Any
from uuid import UUID

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.site.bench.customers import approved
from guitai.site.bench.fixture import CURRENCY, PIN
from guitai.site.bench.memory import peak_mib
from guitai.site.bench.sampler import Sampler
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import submit_all
from guitai.wallet.till.types import Intent


class Worker:
    """One process that takes intents by the batch."""

    def __init__(self) -> None:
        self._persons: list[tuple[UUID, str]] = []
        self._known, self._random = 1, random.Random(2)

    def know(self, persons: list[tuple[UUID, str]], known: int) -> None:
        self._persons, self._known = persons, known

    def measure(self, batch: int, seconds: float, warm: float) -> dict[str, Any]:
        """Submit batches for so long; gives what the poster's `measure` gives. Every transfer must be approved."""
        self._spend(batch, warm)
        times = self._spend(batch, seconds)
        return {
            "count": batch * len(times), "seconds": sum(times), "ms": statistics.median(times) * 1000,
            "mib": peak_mib(),
        }  # fmt: skip

    def profile(self, batch: int, seconds: float) -> dict[str, Any]:
        """Where the time of such batches goes."""
        self._spend(batch, 0)
        with Sampler() as sampler:
            times = self._spend(batch, seconds)
        return sampler.told(batch * len(times), sum(times))

    def _spend(self, batch: int, seconds: float) -> list[float]:
        times: list[float] = []
        while not times or sum(times) < seconds:
            wanted = [self._made_up() for _ in range(batch)]
            began = time.perf_counter()
            answers = submit_all(wanted)
            times.append(time.perf_counter() - began)
            approved(answers)
        return times

    def _made_up(self) -> Intent:
        sender = self._random.randrange(len(self._persons))
        payee = (sender + self._random.randint(1, self._known)) % len(self._persons)
        amount = Money(self._random.randrange(100, 10_000), CURRENCY)
        return intents.send_transfer(
            self._persons[sender][0], self._persons[payee][1], amount, "", PIN, str(new_id())
        )
