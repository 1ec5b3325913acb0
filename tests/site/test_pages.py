"""Django behind the front: metrics by route, the answer to a body that is too large, readiness."""

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from guitai.site import health, metrics
from guitai.site.bodies import TOO_LARGE
from guitai.site.handler import Handler

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def handler():
    return Handler()


def ask(handler, path, *, language="en", too_large=False, method="GET"):
    environ = RequestFactory().generic(method, path, HTTP_ACCEPT_LANGUAGE=language).environ
    environ |= {"asgi.scope": {TOO_LARGE: True} if too_large else {}, "wsgi.input": io.BytesIO()}
    return handler.get_response(WSGIRequest(environ))


def test_too_large_is_a_problem_for_programs(handler):
    response = ask(handler, "/api/v1/cases", too_large=True, method="POST")
    assert response.status_code == 413
    assert response["Content-Type"] == "application/problem+json"
    assert b'"request_too_large"' in response.content


@pytest.mark.parametrize(("language", "words"), [("en", "Too large"), ("zh-CN", "过大")])
def test_too_large_is_a_page_for_people(handler, language, words):
    response = ask(handler, "/cases/new/", too_large=True, method="POST", language=language)
    assert response.status_code == 413
    assert response["Content-Type"].startswith("text/html")
    assert "Content-Security-Policy" in response
    assert words in response.content.decode()
    assert response["Content-Language"] == ("en" if language == "en" else "zh-hans")


def test_requests_are_counted_by_route_and_never_by_path(handler):
    ask(handler, "/no/such/page/4711/")
    ask(handler, "/no/such/page/4712/", method="PURGE")
    names = {
        tuple(sample.labels.values())
        for metric in metrics.REQUESTS.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    }
    assert any(labels[:2] == ("GET", "unmatched") for labels in names)
    assert any(labels[0] == "other" for labels in names)
    assert not any("4711" in label for labels in names for label in labels)


def test_ready_means_migrated(monkeypatch, django_db_setup):
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    assert health._problem() is None
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])
    assert "guitai migrate" in health._problem()
