"""Who is asking over the API: the room that knows customers' tokens gives its check when it starts."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest

CustomerCheck = Callable[[HttpRequest], UUID | None]
_checks: list[CustomerCheck] = []


def set_customer_check(check: CustomerCheck) -> None:
    _checks[:] = [check]


def asking_customer(request: HttpRequest) -> UUID | None:
    """The customer who asks; None (401) when nobody is known."""
    return _checks[0](request) if _checks else None
