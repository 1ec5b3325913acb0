"""TigerBeetle through its own Python client, for those who have one running: an engine made for nothing else."""

import importlib
import importlib.util
import os
import random
import statistics
import time
from typing import Any

from guitai.site.bench.memory import peak_mib

BATCH = 8189
_LEDGER, _CODE = 1, 1


def address() -> str:
    """Where it answers; nothing when nobody said so or the client is not installed."""
    named = os.environ.get("GUITAI_BENCH_TIGERBEETLE", "")
    return named if importlib.util.find_spec("tigerbeetle") else ""


class Worker:
    """Accounts of its own, and transfers between any two of them."""

    def connect(self, where: str, accounts: int) -> None:
        # Installed only where somebody wants the comparison.
        self._module: Any = importlib.import_module("tigerbeetle")
        self._client: Any = self._module.ClientSync(cluster_id=0, replica_addresses=where)
        self._accounts = [self._module.id() for _ in range(accounts)]
        made = [self._module.Account(id=i, ledger=_LEDGER, code=_CODE) for i in self._accounts]
        for start in range(0, accounts, BATCH):
            self._check(self._client.create_accounts(made[start : start + BATCH]))

    def measure(self, seconds: float, warm: float) -> dict[str, Any]:
        """Batches for so long; gives what the poster's `measure` gives. The memory is that of the client."""
        self._spend(warm)
        times = self._spend(seconds)
        return {
            "count": BATCH * len(times), "seconds": sum(times), "ms": statistics.median(times) * 1000,
            "mib": peak_mib(),
        }  # fmt: skip

    def _spend(self, seconds: float) -> list[float]:
        times: list[float] = []
        while not times or sum(times) < seconds:
            batch = [self._made_up() for _ in range(BATCH)]
            began = time.perf_counter()
            results = self._client.create_transfers(batch)
            times.append(time.perf_counter() - began)
            self._check(results)
        return times

    def _made_up(self) -> Any:
        debit, credit = random.sample(self._accounts, 2)
        return self._module.Transfer(
            id=self._module.id(),
            debit_account_id=debit,
            credit_account_id=credit,
            amount=1,
            ledger=_LEDGER,
            code=_CODE,
        )

    def _check(self, results: list[Any]) -> None:
        wrong = [result for result in results if result.status.name != "CREATED"]
        if wrong:
            raise RuntimeError(f"TigerBeetle refused: {wrong[0]}")
