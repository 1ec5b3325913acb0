"""Who is reading a page, and in which language."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
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


def as_actor(customer: UUID) -> Actor:
    """A customer as the one who acts."""
    return Actor("customer", str(customer))


def slow_down(customer: UUID) -> None:
    """Nobody writes faster than this by hand; refuses too_many_attempts."""
    if not throttle.allow("care.write", str(customer), limit=_WRITES_A_MINUTE, window_s=60):
        raise TooFast()
