"""What several callers want at once is done in one go, on a thread of its own; a batch grows while the last one runs.

Callers wait: threads for a future, coroutines on their loop, which is woken once a batch and not once an answer.
Nothing is kept in memory beyond a bound: whoever comes then is refused at once.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import connection
from msgspec import Struct

from guitai.kit.environment import environment

T = TypeVar("T")
R = TypeVar("R")
Answer = R | BaseException


def _idle_s() -> float:
    """After how long without work the thread ends and gives its connection back; a test's database is left at once."""
    return 0 if environment().mode == "test" else 30


class Full(Exception):
    """So many are waiting that another one would wait too long."""


class _Ask(Struct, frozen=True, eq=False):
    item: object
    weight: int
    answered: Callable[[object], None]
    loop: asyncio.AbstractEventLoop | None


class Gatherer(Generic[T, R]):
    """One thread, and the callers that wait for it."""

    def __init__(
        self,
        name: str,
        work: Callable[[list[T]], list[Answer[R]]],
        *,
        batch_max: int,
        waiting_max: int,
    ) -> None:
        """takes the work (items in, one answer or error each), how much weight goes together, how much may wait"""
        self._name, self._work = name, work
        self._batch_max, self._waiting_max = batch_max, waiting_max
        self._asks: deque[_Ask] = deque()
        self._waiting = 0
        self._running = False
        self._changed = threading.Condition()

    def ask(self, item: T, weight: int = 1) -> R:
        """Wait for an answer, in a thread; refuses Full."""
        future: Future[R] = Future()
        self._put(_Ask(item, weight, lambda answer: _settle(future, answer), None))
        return future.result()

    async def ask_soon(self, item: T, weight: int = 1) -> R:
        """Wait for an answer, in a coroutine; refuses Full."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._put(_Ask(item, weight, lambda answer: _settle(future, answer), loop))
        return await future

    def _put(self, ask: _Ask) -> None:
        with self._changed:
            if self._waiting and self._waiting + ask.weight > self._waiting_max:
                raise Full
            self._asks.append(ask)
            self._waiting += ask.weight
            if self._running:
                self._changed.notify()
                return
            self._running = True
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def _run(self) -> None:
        try:
            while batch := self._take():
                self._answer(batch, self._answers(batch))
        finally:
            connection.close()

    def _take(self) -> list[_Ask]:
        """What goes together next, oldest first; nothing when it is time to rest."""
        with self._changed:
            if not self._asks and not self._changed.wait_for(lambda: self._asks, _idle_s()):
                self._running = False
                return []
            taken, weight = [], 0
            while self._asks and (not taken or weight + self._asks[0].weight <= self._batch_max):
                ask = self._asks.popleft()
                taken.append(ask)
                weight += ask.weight
            self._waiting -= weight
            return taken

    def _answers(self, batch: list[_Ask]) -> list[Answer[R]]:
        try:
            return self._work([ask.item for ask in batch])  # type: ignore[misc]
        except BaseException as error:  # noqa: BLE001  whoever waits must be told, whatever it was
            # The next batch must not meet a connection that has died.
            connection.close_if_unusable_or_obsolete()
            return [error] * len(batch)

    def _answer(self, batch: list[_Ask], answers: list[Answer[R]]) -> None:
        soon: dict[asyncio.AbstractEventLoop, list[tuple[_Ask, object]]] = {}
        for ask, answer in zip(batch, answers, strict=True):
            if ask.loop is None:
                ask.answered(answer)
            else:
                soon.setdefault(ask.loop, []).append((ask, answer))
        for loop, pairs in soon.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer_all, pairs)


def _answer_all(pairs: list[tuple[_Ask, object]]) -> None:
    for ask, answer in pairs:
        ask.answered(answer)


def _settle(future: "Future[R] | asyncio.Future[R]", answer: object) -> None:
    # A caller that went away has cancelled its future; what was done is done.
    if future.cancelled():
        return
    if isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)  # type: ignore[arg-type]
