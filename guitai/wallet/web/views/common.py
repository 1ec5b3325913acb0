"""What the views share."""

from typing import Any, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guitai.base.refusal import Facts
from guitai.kit.explain import explain


def owner_of(request: HttpRequest) -> UUID:
    return UUID(str(request.user.pk))


def on_phone(request: HttpRequest) -> bool:
    """Whether the reader most likely holds a phone: a rail then opens its app instead of a page with a code."""
    return "mobi" in request.headers.get("User-Agent", "").lower()


class Payer(TypedDict):
    """What a rail may want to know of whoever pays."""

    on_phone: bool
    payer_ip: str


def payer_of(request: HttpRequest) -> Payer:
    return Payer(on_phone=on_phone(request), payer_ip=str(request.META.get("REMOTE_ADDR", "")))


def problem_page(
    request: HttpRequest, code: str, facts: Facts, *, title: str, back: str, status: int = 200, **more: Any
) -> HttpResponse:
    """A flow that cannot go on: why, and what to do instead."""
    said = explain(code, facts)
    context = {"explanation": said, "page_title": title, "back": back, **more}
    return render(request, "wallet/problem.html", context, status=status)
