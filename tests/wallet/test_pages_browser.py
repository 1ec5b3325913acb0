"""A browser without JavaScript, for the tests of the wallet's pages. Holds no test of its own."""

import re
from html import unescape
from itertools import count
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.test import Client

_numbers = count(10_000_000)


def stranger() -> str:
    """A number that nobody has registered."""
    return f"+86136{next(_numbers)}"


def browser(person: UUID, language: str = "en") -> Client:
    """A browser in which somebody is signed in."""
    client = Client(headers={"accept-language": language})
    client.force_login(get_user_model().objects.get(id=person))
    return client


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden field {name}"
    return unescape(found[1])


def step(client: Client, before: Any, name: str, **typed: str) -> Any:
    """Fill in and send one screen of a transfer."""
    return client.post("/transfer/", {"draft": hidden(before, "draft"), "step": name, **typed})


def up_to_review(client: Client, phone: str, amount: str, note: str = "") -> Any:
    page = step(client, client.get("/transfer/"), "payee", phone=phone)
    return step(client, page, "amount", amount=amount, note=note)


def up_to_pin(client: Client, phone: str, amount: str, note: str = "") -> Any:
    return step(client, up_to_review(client, phone, amount, note), "review")
