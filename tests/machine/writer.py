"""What a process does that posts without a pause, and writes down what it asked for before it asks and what it was
told afterwards. The plan says who there is. The notes are lines of JSON: an `ask` for each wish, a `told` for each
answer.
"""

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO
from uuid import UUID, uuid5

import psycopg
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, transaction

from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.ledger import poster
from guitai.ledger.types import AccountFlag, NewAccount, NewTransfer
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import submit, submit_all

PIN = "271828"
CURRENCY = "CNY"
_PAUSE_S = 0.02
_THREADS, _BATCH = 4, 25
# What an app asks again for, under the same key.
_AGAIN = {"till_busy", "idempotency_key_in_flight"}
_NAMESPACE = UUID("6f1f2a54-5d6c-5b0e-9d0c-2f4a8b1c7e31")
LEDGER_ACCOUNTS = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """One transfer that somebody wants, under the key that stands for it."""

    key: str
    owner: str
    phone: str
    minor: int

    def intent(self) -> Any:
        return intents.send_transfer(
            UUID(self.owner), self.phone, Money(self.minor, CURRENCY), "", PIN, self.key
        )


class Notes:
    """A line is written before anything is asked, and one after anything was told."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._lock = file, threading.Lock()

    def write(self, **line: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def ask(self, wish: Wish) -> None:
        self.write(what="ask", key=wish.key, owner=wish.owner, phone=wish.phone, minor=wish.minor)

    def told(self, key: str, answer: Any) -> None:
        if isinstance(answer, Refusal):
            self.write(what="refused", key=key, code=answer.code)
        else:
            self.write(
                what="told", key=key, reference=answer.reference, outcome=answer.outcome, state=answer.state,
                code=answer.code, replayed=answer.replayed,
            )  # fmt: skip


def patiently(over: threading.Event, ask: Callable[[], Any]) -> Any:
    """Ask until there is an answer, as an app does whose connection is lost; None when the time is over."""
    while not over.is_set():
        try:
            return ask()
        except Refusal as refusal:
            if refusal.code not in _AGAIN:
                return refusal
        except (DatabaseTrouble, psycopg.Error):
            pass
        finally:
            close_old_connections()
        time.sleep(_PAUSE_S)
    return None


def single(plan: dict[str, Any], notes: Notes, number: int, over: threading.Event) -> None:
    """Threads that each submit one intent after the other."""

    def work(thread: int) -> None:
        chance, count = random.Random(f"{number}/{thread}"), 0
        while not over.is_set():
            count += 1
            wish = _wish(plan, chance, f"w{number}.{thread}.{count}")
            notes.ask(wish)
            intent = wish.intent()
            if (answer := patiently(over, lambda intent=intent: submit(intent))) is not None:
                notes.told(wish.key, answer)

    _threads(work, _THREADS)


def batch(plan: dict[str, Any], notes: Notes, number: int, over: threading.Event) -> None:
    """Batches, one after the other."""
    chance, count = random.Random(f"{number}"), 0
    while not over.is_set():
        count += 1
        wishes = [_wish(plan, chance, f"b{number}.{count}.{position}") for position in range(_BATCH)]
        for wish in wishes:
            notes.ask(wish)
        asked = [wish.intent() for wish in wishes]
        answers = patiently(over, lambda asked=asked: submit_all(asked))
        for wish, answer in zip(wishes, answers or (), strict=False):
            if not (isinstance(answer, Refusal) and answer.code in _AGAIN):
                notes.told(wish.key, answer)


def listed(plan: dict[str, Any], notes: Notes, number: int, over: threading.Event) -> None:
    """The wishes of the plan, each until it is answered, in an order of this process's own; then it ends."""
    wishes = [Wish(**wish) for wish in plan["wishes"][number % len(plan["wishes"])]]
    random.Random(number).shuffle(wishes)

    def work(thread: int) -> None:
        for wish in wishes[thread::_THREADS]:
            intent = wish.intent()
            answer = patiently(over, lambda intent=intent: submit(intent))
            notes.told(wish.key, answer)

    _threads(work, _THREADS)


def raw(plan: dict[str, Any], notes: Notes, number: int, over: threading.Event) -> None:
    """Transfers straight into the ledger, in batches, on accounts of their own."""
    chance, count = random.Random(f"{number}"), 0
    while not over.is_set():
        count += 1
        transfers = ledger_batch(number, count, chance)
        ids = [str(transfer.id) for transfer in transfers]
        notes.write(what="ask", batch=count, amounts=[t.amount for t in transfers], ids=ids)
        results = patiently(over, lambda transfers=transfers: post(transfers))
        if results is not None:
            notes.write(what="told", batch=count, results=[result.result for result in results])


def post(transfers: Sequence[NewTransfer]) -> Any:
    """A batch in a durable transaction of its own."""
    with transaction.atomic(durable=True):
        return poster.post(transfers)


def ledger_accounts() -> list[NewAccount]:
    return [
        NewAccount(uuid5(_NAMESPACE, f"account {number}"), _NAMESPACE, 9000, CURRENCY, AccountFlag.NONE)
        for number in range(LEDGER_ACCOUNTS)
    ]  # fmt: skip


def ledger_batch(number: int, count: int, chance: random.Random) -> list[NewTransfer]:
    accounts = [account.id for account in ledger_accounts()]
    found = []
    for position in range(_BATCH):
        debit, credit = chance.sample(accounts, 2)
        name = uuid5(_NAMESPACE, f"transfer {number} {count} {position}")
        found.append(NewTransfer(name, debit, credit, chance.randint(1, 500), CURRENCY, "test"))
    return found


def _wish(plan: dict[str, Any], chance: random.Random, key: str) -> Wish:
    payer, payee = chance.sample(plan["people"], 2)
    return Wish(key, payer[0], payee[1], chance.randint(1, 99))


def _threads(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


MODES: dict[str, Callable[[dict[str, Any], Notes, int, threading.Event], None]] = {
    "single": single, "batch": batch, "listed": listed, "raw": raw,
}  # fmt: skip
