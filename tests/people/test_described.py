"""The description of the endpoints for signing in says what answers here, neither more nor less."""

import json

import pytest
from django.test import Client

from guitai.people.web import headless
from guitai.people.web.headless_described import PREFIX, described

METHODS = ("get", "post", "put", "patch", "delete")


def mounted() -> set[tuple[str, str]]:
    """Every address with the methods that its view answers."""
    found = set()
    for one in headless.urlpatterns:
        view = one.callback.view_class
        methods = [method for method in METHODS if hasattr(view, method) and method in view.http_method_names]
        found |= {(PREFIX + str(one.pattern), method) for method in methods}
    return found


def test_every_address_and_method_is_described_and_no_other() -> None:
    told = {(address, method) for address, methods in described().items() for method in methods}
    assert told == mounted()


@pytest.mark.django_db
def test_the_api_describes_them_beside_our_own() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert described().keys() <= paths.keys() and "/api/v1/me" in paths
    names = [
        one["operationId"] for methods in paths.values() for one in methods.values() if "operationId" in one
    ]
    assert len(names) == len(set(names))


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "methods"), sorted(described().items()))
def test_whatever_answers_an_empty_request_is_described(
    address: str, methods: dict[str, dict[str, object]]
) -> None:
    for method, told in methods.items():
        answer = Client().generic(method.upper(), address, json.dumps({}), content_type="application/json")
        assert str(answer.status_code) in told["responses"], f"{method} {address}: {answer.status_code}"
