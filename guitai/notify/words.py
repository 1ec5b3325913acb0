"""A message in words: facts are rendered for one reader at the moment of reading or sending."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone, translation

from guitai.kit import crypto
from guitai.kit.explain import render_fact
from guitai.kit.operator import operator, word
from guitai.notify.types import Facts, MessageKind

FACTS, ADDRESS, TITLE, BODY = "notify.facts", "notify.address", "notify.title", "notify.body"


class _Rendered(dict[str, str]):
    """A fact that was not given shows as a dash: a message must go out all the same."""

    def __missing__(self, key: str) -> str:
        return "–"


def seal_facts(facts: Facts, row: UUID) -> bytes:
    return crypto.seal(json.dumps(dict(facts), ensure_ascii=False), purpose=FACTS, row=row)


def address_index(address: str) -> bytes:
    return crypto.blind(address.strip().lower(), purpose=ADDRESS)


def open_facts(blob: bytes, row: UUID) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(crypto.unseal(bytes(blob), purpose=FACTS, row=row))
    return opened


def rendered(kind: MessageKind, facts: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Title, body and address of the page, in the active language and time zone."""
    values = _Rendered({name: render_fact(value) for name, value in facts.items()})
    url = kind.url % _Rendered({name: str(value) for name, value in facts.items()}) if kind.url else None
    return str(kind.title) % values, str(kind.body) % values, url


def signed_by_brand(body: str) -> str:
    """An SMS begins with who sends it, in the form each language expects."""
    language = translation.get_language() or "en"
    brand = word(operator().brand, language)
    return f"【{brand}】{body}" if language.startswith("zh") else f"{brand}: {body}"


@contextmanager
def reader(language: str, time_zone: str) -> Iterator[None]:
    """Speak one person's language and clock for a while."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    with translation.override(language or None), timezone.override(zone):
        yield
