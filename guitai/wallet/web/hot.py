"""The hot money verbs without Django's request: many callers, one batch, the same till and the same answers.

Only what is whole and well-formed is answered here. Anything else (no session, a field that does not fit, a number that
cannot be one) gives None, and the ordinary endpoint answers it: there is one place for each error.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.cookies import CookieError, SimpleCookie
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone, translation

from guitai.base.money import checked_amount
from guitai.base.refusal import Refusal
from guitai.kit.gather import Full, Gatherer
from guitai.kit.operator import time_zone
from guitai.kit.problems import CONTENT_TYPE, problem, retry_after
from guitai.people.api import customers_by_token
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import submit_all_soon
from guitai.wallet.till.types import Intent, Outcome
from guitai.wallet.web.answers import REPLAYED, batch_answer, said
from guitai.wallet.web.batches import ITEMS_MAX, batch_intents

_TOKEN, _KEY = "x-session-token", "idempotency-key"
_WISHES_MAX = 4_096
_JSON = "application/json; charset=utf-8"

Headers = Mapping[str, str]
T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True):
    """A whole response."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class _Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    amount: int
    currency: str


class _Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phone: str
    amount: _Amount
    pin: str
    note: str = ""


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phone: str
    amount: _Amount
    note: str = ""


class _Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: list[_Item]
    pin: str
    atomic: bool = False


class _Wish(msgspec.Struct, frozen=True):
    headers: Headers
    body: bytes


_transfers = msgspec.json.Decoder(_Transfer)
_batches = msgspec.json.Decoder(_Batch)


async def send_transfer(headers: Headers, body: bytes) -> Answer | None:
    """`POST /api/v1/transfers`; None: let the ordinary endpoint answer."""
    try:
        intent = await _wishes.ask_soon(_Wish(headers, body))
        if intent is None:
            return None
        outcome = (await submit_all_soon([intent]))[0]
    except (Full, DatabaseError):
        # Nothing was asked of the till yet, or it refused to take more: the ordinary way says so, or gets through.
        return None
    except Refusal as refusal:
        outcome = refusal
    if isinstance(outcome, Outcome) and outcome.outcome != "refused":
        status, answer = said(outcome)
        return Answer(status, _JSON, msgspec.json.encode(answer), _replayed(outcome.replayed))
    return await _aside(_refused, headers, outcome)


async def send_batch(headers: Headers, body: bytes) -> Answer | None:
    """`POST /api/v1/transfers/batch`; None: let the ordinary endpoint answer."""
    prepared = await _aside(_batch_of, headers, body)
    if prepared is None:
        return None
    wishes, atomic = prepared
    try:
        outcomes = await submit_all_soon(wishes, together=atomic)
    except Refusal as refusal:
        return await _aside(_refused, headers, refusal)
    return await _aside(_batch_said, headers, outcomes, atomic)


async def _aside(work: Callable[..., T], *given: Any) -> T:
    """Do what asks the database on a thread, and give its connection back."""

    def carry() -> T:
        try:
            return work(*given)
        finally:
            connection.close()

    return await asyncio.to_thread(carry)


def _intents_of(wishes: list[_Wish]) -> list[Intent | BaseException | None]:
    """Whose wishes they are, all at once, and what each of them wants."""
    persons = customers_by_token([wish.headers.get(_TOKEN, "") for wish in wishes])
    return [_intent_of(wish, person) for wish, person in zip(wishes, persons, strict=True)]


def _intent_of(wish: _Wish, person: UUID | None) -> Intent | None:
    if person is None or len(wish.body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return None
    try:
        asked = _transfers.decode(wish.body)
        if len(asked.phone) > 40 or len(asked.note) > 1000 or len(asked.pin) > 24:
            return None
        amount = checked_amount(asked.amount.amount, asked.amount.currency)
        key = intents.checked_key(wish.headers.get(_KEY))
        return intents.send_transfer(person, asked.phone, amount, asked.note, asked.pin, key)
    except (Refusal, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _batch_of(headers: Headers, body: bytes) -> tuple[list[Intent], bool] | None:
    person = customers_by_token([headers.get(_TOKEN, "")])[0]
    if person is None:
        return None
    try:
        asked = _batches.decode(body)
        if not 0 < len(asked.items) <= ITEMS_MAX or len(asked.pin) > 24:
            return None
        items = [(item.phone, item.amount.amount, item.amount.currency, item.note) for item in asked.items]
        return batch_intents(person, items, asked.pin, headers.get(_KEY), asked.atomic), asked.atomic
    except (Refusal, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _batch_said(headers: Headers, outcomes: Sequence[Outcome | Refusal], atomic: bool) -> Answer:
    return _in_words(headers, partial(_batch_answer, outcomes, atomic))


def _batch_answer(outcomes: Sequence[Outcome | Refusal], atomic: bool) -> Answer:
    status, answer, replayed = batch_answer(outcomes, atomic)
    content_type = CONTENT_TYPE if "code" in answer else _JSON
    return Answer(status, content_type, msgspec.json.encode(answer), _replayed(replayed))


def _refused(headers: Headers, outcome: Outcome | Refusal) -> Answer:
    return _in_words(headers, partial(_problem, outcome))


def _problem(outcome: Outcome | Refusal) -> Answer:
    if isinstance(outcome, Refusal):
        answer, replayed = problem(outcome.code, outcome.facts), False
    else:
        answer, replayed = said(outcome)[1], outcome.replayed
    extra = (*_replayed(replayed), *retry_after(answer["status"]).items())
    return Answer(answer["status"], CONTENT_TYPE, msgspec.json.encode(answer), extra)


def _in_words(headers: Headers, work: Any) -> Answer:
    """Do it in the caller's language, with times in the operator's zone, as Django's middleware would."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    request: Any = SimpleNamespace(
        COOKIES={name: morsel.value for name, morsel in cookies.items()},
        META={"HTTP_ACCEPT_LANGUAGE": headers.get("accept-language", "")},
    )
    with translation.override(translation.get_language_from_request(request)), timezone.override(time_zone()):
        answer: Answer = work()
    return answer


def _replayed(yes: bool) -> tuple[tuple[str, str], ...]:
    return ((REPLAYED, "true"),) if yes else ()


_wishes: Gatherer[_Wish, Intent | None] = Gatherer(
    "wishes", _intents_of, batch_max=512, waiting_max=_WISHES_MAX
)
