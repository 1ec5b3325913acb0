"""Who is reading a page, and in which language."""

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from guitai.base.actor import Actor
from guitai.care.errors import TooFast
from guitai.kit import throttle

_WRITES_A_MINUTE = 20


def language() -> str:
    """The reader's language, as the rooms name it."""
    return "zh-hans" if (get_language() or "").startswith("zh") else "en"


def customer_of(request: HttpRequest) -> UUID | None:
    """The signed-in customer, or None for everybody else."""
    user: Any = request.user
    if not user.is_authenticated or getattr(user, "kind", "") != "customer":
        return None
    return UUID(str(user.pk))


def the_customer(request: HttpRequest) -> UUID:
    """The signed-in customer of a page that asked for one."""
    return UUID(str(request.user.pk))


READER_COOKIE = "guitai_reader"


def reader_of(request: HttpRequest) -> str:
    """Whose answer about an article it is: the customer, or a browser that carries a random cookie."""
    customer = customer_of(request)
    return (
        f"person:{customer}"
        if customer
        else f"browser:{request.COOKIES.get(READER_COOKIE) or secrets.token_hex(16)}"
    )


def remember_reader(response: HttpResponse, reader: str) -> None:
    """Let a browser that answered once be known again; the cookie says nothing about anybody."""
    kind, _, code = reader.partition(":")
    if kind == "browser":
        response.set_cookie(
            READER_COOKIE,
            code,
            max_age=180 * 86_400,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def as_actor(customer: UUID) -> Actor:
    """A customer as the one who acts."""
    return Actor("customer", str(customer))


def slow_down(customer: UUID) -> None:
    """Nobody writes faster than this by hand; refuses too_many_attempts."""
    if not throttle.allow("care.write", str(customer), limit=_WRITES_A_MINUTE, window_s=60):
        raise TooFast()
