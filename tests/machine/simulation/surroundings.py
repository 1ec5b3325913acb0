"""What the simulation puts in the place of the machine: its home, its clock, its chance, its text messages."""

import os
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any
from unittest import mock

from django.core.management import call_command
from django.db import connection

from guitai.base import ids, reference
from guitai.kit import environment, keyring, policies
from guitai.kit.environment import environment as current_environment
from guitai.notify import senders
from guitai.notify.errors import DeliveryFailed
from guitai.rails import breaker, settings
from guitai.rails.adapters import bank
from guitai.rails.flows import errands, query_orders
from guitai.wallet import limit_overrides
from guitai.wallet.till import submit


class Hidden:
    """A module with some of its functions replaced."""

    def __init__(self, module: ModuleType, **replaced: Any) -> None:
        self._module, self._replaced = module, replaced

    def __getattr__(self, name: str) -> Any:
        return self._replaced.get(name) or getattr(self._module, name)


class Machine:
    """One source of chance, and one clock, for everything that the product asks its machine for."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.chance = Random()
        self._ids = 0
        self.sms_fails = False

    def nanoseconds(self) -> int:
        return int(self.moment.timestamp() * 1_000_000) * 1_000

    def seconds(self) -> float:
        return self.moment.timestamp()

    def send(self, *said: Any) -> None:
        """The way out of text messages."""
        if self.sms_fails and self.chance.random() < 0.5:
            raise DeliveryFailed(trouble="nobody answers")

    @contextmanager
    def installed(self) -> Iterator[Path]:
        """Gives the home that everything lies in."""
        with ExitStack() as stack:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guitai-simulation-")))
            for module, name, stand_in in (
                (ids, "os", Hidden(ids.os, urandom=self.chance.randbytes)),
                (ids, "time", Hidden(ids.time, time_ns=self.nanoseconds)),
                (reference, "secrets", Hidden(reference.secrets, randbelow=self.chance.randrange)),
                (policies, "time", Hidden(policies.time, monotonic=self.seconds)),
                (senders, "send", self.send),
                (bank, "time", Hidden(bank.time, sleep=_at_once)),
                # A slow machine is no slow rail, and ends no turn early.
                (breaker, "time", Hidden(breaker.time, monotonic_ns=self.nanoseconds)),
                (settings, "time", Hidden(settings.time, monotonic_ns=self.nanoseconds)),
                (limit_overrides, "time", Hidden(limit_overrides.time, monotonic_ns=self.nanoseconds)),
                (keyring, "time", Hidden(keyring.time, monotonic=self.seconds)),
                (query_orders, "time", Hidden(query_orders.time, monotonic=self.seconds)),
                (errands, "time", Hidden(errands.time, monotonic=self.seconds)),
                (submit, "time", Hidden(submit.time, sleep=_at_once)),
                # One thread, so that a seed is one story; threads meet in the tests of two processes.
                (submit, "_COALESCE", False),
            ):
                stack.enter_context(mock.patch.object(module, name, stand_in))
            stack.enter_context(_environment(home))
            _forget()
            stack.callback(_forget)
            yield home


@contextmanager
def _environment(home: Path) -> Iterator[None]:
    """As in earnest: durable transactions, never one inside another. Keys stay, so that nothing is left unreadable."""
    now = current_environment()
    keys = ",".join(f"{name}:{b64encode(key).decode()}" for name, key in now.data_keys)
    ours = {
        "GUITAI_MODE": "development",
        "GUITAI_HOME": str(home),
        "GUITAI_SECRET_KEY": now.secret_key,
        "GUITAI_DATA_KEYS": keys,
        "GUITAI_BANK_URL": "http://bank.example/bank",
        "GUITAI_PUBLIC_URL": "http://localhost:8000",
    }
    with mock.patch.dict(os.environ, ours):
        environment.environment.cache_clear()
        try:
            yield
        finally:
            environment.environment.cache_clear()


def _at_once(_seconds: float) -> None:
    """No pause: the simulation's clock stands still within a step."""


def clean_slate() -> None:
    """Nothing has ever happened."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    _forget()


def _forget() -> None:
    """What a process remembers would make the next story shorter by a statement, or outlive this one's clock."""
    policies.forget()
    keyring.forget()
    limit_overrides.forget()
    settings.forget()
    ids.forget()
