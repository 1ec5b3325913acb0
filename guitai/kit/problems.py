"""Refusals on their way out: `application/problem+json` for programs, a field's error for forms (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from guitai.base.refusal import Fact, Facts, Refusal
from guitai.kit import explain

CONTENT_TYPE = "application/problem+json"
_CODE_OF_STATUS = {
    400: "request_malformed",
    401: "not_signed_in",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    429: "too_many_attempts",
    500: "internal_error",
}


def problem(code: str, facts: Facts | None = None, *, status: int | None = None) -> dict[str, Any]:
    """The body that says why, with the facts and the remedy."""
    said = explain.explain(code, facts or {})
    status = status or explain.status(code)
    return {
        "type": f"urn:guitai:problem:{code}",
        "title": said.title,
        "status": status,
        "detail": said.reason,
        "code": code,
        "facts": dict(facts or {}),
        "remedy": {"text": said.remedy, "url": said.remedy_url},
    }


def problem_response(
    code: str,
    facts: Facts | None = None,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """`problem` as a response."""
    body = problem(code, facts, status=status)
    # Facts may repeat what a caller sent, half a surrogate pair included, which UTF-8 has no form for.
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    response = HttpResponse(text, status=body["status"], content_type=CONTENT_TYPE)
    for name, value in {**retry_after(body["status"]), **(headers or {})}.items():
        response[name] = value
    return response


def retry_after(status: int) -> dict[str, str]:
    """When to come again, for an answer that only says "not now"."""
    return {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}


def response_of_status(status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem that a bare HTTP status stands for."""
    code = _CODE_OF_STATUS.get(
        status, "refused" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "internal_error"
    )
    return problem_response(code, status=status, headers=headers)


def install(api: NinjaAPI) -> None:
    """Make every error of an API a problem: refusals, invalid fields, malformed JSON, missing sign-in."""
    api.add_exception_handler(Refusal, lambda request, error: problem_response(error.code, error.facts))
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, lambda request, error: response_of_status(401))
    api.add_exception_handler(AuthorizationError, lambda request, error: response_of_status(403))
    api.add_exception_handler(HttpError, lambda request, error: response_of_status(error.status_code))
    api.add_exception_handler(Http404, lambda request, error: response_of_status(404))


def refusal_for_form(form: BaseForm, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about, or above the form, there with the way to its remedy."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, explain.sentences(refusal.code, refusal.facts))
    said = explain.explain(refusal.code, refusal.facts)
    if field is None and said.remedy_url:
        form.way_on = said


def _invalid(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, ValidationError)
    fields: list[str] = sorted({".".join(str(part) for part in item["loc"]) for item in error.errors})
    facts: dict[str, Fact] = {"fields": fields}
    return problem_response("request_invalid", facts)
