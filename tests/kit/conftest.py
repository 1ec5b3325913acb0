"""A home of this test's own, keys that can be rotated, and policies that leave no trace."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guitai.kit import crypto, environment, keyring, policies


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    policies.forget()
    yield
    policies.forget()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Change the environment of this process: `own(data_keys=...)`."""
    before = environment.environment()

    def change(**values: Any) -> None:
        changed = replace(before, home=tmp_path, **values)
        for module in ("keyring", "files"):
            monkeypatch.setattr(f"guitai.kit.{module}.environment", lambda: changed)
        forget_keys()

    change()
    yield change
    forget_keys()


def forget_keys() -> None:
    """What a process that has just started knows of the keys: nothing."""
    crypto._key.cache_clear()
    keyring._unwrap.cache_clear()
    keyring.settle()


def at_once(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run the same work in several threads, each on a connection of its own."""
    gate = threading.Barrier(count)

    def one() -> Any:
        try:
            gate.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [future.result(60) for future in [pool.submit(one) for _ in range(count)]]
