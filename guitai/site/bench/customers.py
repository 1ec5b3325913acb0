"""Customers with money who know each other, made through the doors that real ones come through."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import get_hashers
from django.contrib.sessions.backends.base import SessionBase
from django.utils.module_loading import import_string

from guitai.base.actor import SYSTEM
from guitai.base.ids import new_id
from guitai.base.money import MINOR_MAX, Money
from guitai.base.refusal import Refusal
from guitai.kit import policies, topics
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.models import User
from guitai.site import verify
from guitai.site.bench.fixture import CURRENCY, PASSWORD, PIN
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import submit_all
from guitai.wallet.till.types import Intent, Outcome

_PHONES = 13_810_000_000
_FUNDS = Money(10**11, CURRENCY)
_CHUNK = 256
_PLENTY = {CURRENCY: {"once": MINOR_MAX, "day": MINOR_MAX, "month": MINOR_MAX}}
_POLICIES: dict[str, Any] = {
    "limits": {"tiers": [{"transfer": _PLENTY, "top_up": _PLENTY}]},
    "fees": {"transfer": {CURRENCY: {"fixed_minor": 1, "basis_points": 10}}},
    "velocity": {
        "amount_a_day": [{"minor": MINOR_MAX, "currency": CURRENCY}],
        "count_an_hour": 10**9,
        "new_payee_above": [{"minor": MINOR_MAX, "currency": CURRENCY}],
    },
}
Person = tuple[UUID, str]


class Worker:
    """Fills a scratch database before anything is measured, and proves it afterwards."""

    def seed(self, count: int, known: int) -> list[Person]:
        """Register, fund and acquaint.

        takes    how many customers, and how many payees each of them knows: those that follow in the list
        gives    (id, phone) of each
        """
        # What a password's hash costs is not measured here, and nobody signs in with one.
        settings.PASSWORD_HASHERS = ["guitai.people.passwords.QuickHasher"]
        get_hashers.cache_clear()
        for name, value in _POLICIES.items():
            policies.publish(name, value, SYSTEM)
        persons = [p for chunk in _chunks(range(count)) for p in _register(chunk)]
        _fund([person for person, _ in persons])
        for distance in range(1, known + 1):
            # Who was paid by somebody knows them: each is paid once by those they will pay.
            _all_approved([
                intents.send_transfer(
                    persons[(i + distance) % count][0], phone, Money(1, CURRENCY), "", PIN, str(new_id())
                )
                for i, (_, phone) in enumerate(persons)
            ])  # fmt: skip
        return persons

    def sign_in(self, persons: Sequence[UUID]) -> list[str]:
        """A session for each, in the store that signing in uses; gives their keys in the same order."""
        users = User.objects.in_bulk(persons)
        with outermost():
            return [_session(users[person]) for person in persons]

    def verify(self) -> list[str]:
        """What `guitai verify` finds."""
        return verify.run()[0]


def _register(numbers: Iterable[int]) -> list[Person]:
    made = []
    with outermost():
        for number in numbers:
            phone = f"+86{_PHONES + number}"
            made.append((people.register_customer(phone, f"Customer {number}", PASSWORD, PIN), phone))
        # What the worker does for each: the wallet is opened.
        while topics.relay():
            pass
    return made


def _fund(persons: Sequence[UUID]) -> None:
    started = _all_approved([intents.start_top_up(person, _FUNDS, str(new_id())) for person in persons])
    _all_approved([intents.settle_top_up(o.operation_id, _FUNDS, "bench", str(new_id())) for o in started])


def _all_approved(wanted: Sequence[Intent]) -> list[Outcome]:
    outcomes = [outcome for chunk in _chunks(wanted) for outcome in submit_all(chunk)]
    return approved(outcomes)


def approved(answers: Sequence[Outcome | Refusal]) -> list[Outcome]:
    """The outcomes, when every one is approved; a benchmark of refusals would be another one."""
    wrong = [a for a in answers if isinstance(a, Refusal) or a.outcome != "approved" or a.replayed]
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(answers)} were not approved: {wrong[0]}")
    return [answer for answer in answers if not isinstance(answer, Refusal)]


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def _session(user: User) -> str:
    store: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)
