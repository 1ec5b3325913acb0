"""Whole pages, the style sheet, the installable app, and the switches."""

import gzip
import json
import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from guitai.skin import context, navigation, styles
from guitai.skin.web import app, catalogue, errors, preferences

STATUSES = (400, 403, 404, 413, 429, 500, 503)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def _get(path="/", **cookies):
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.user = AnonymousUser()
    return request


def _post(path, **data):
    request = RequestFactory().post(path, data)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_exist_in_both_languages_and_offer_a_next_step(status, language):
    with translation.override(language):
        response = errors.error_page(_get(), status)
    page = response.content.decode()
    assert response.status_code == status
    assert 'class="button' in page
    assert bool(re.search("[\u4e00-\u9fff]", page)) == (language == "zh-hans")


@pytest.mark.parametrize("name", ["500.html", "404.html", "403_csrf.html"])
def test_error_pages_need_no_context(name):
    """Django renders some of them without a request, when everything else may be broken."""
    assert "<h1" in engines["django"].get_template(name).render()


def test_a_wait_is_said_and_sent():
    response = errors.error_page(_get(), 429, wait_s=90)
    assert "Try again in 1 minute." in response.content.decode()
    assert response["Retry-After"] == "90"


def test_a_body_too_large_is_not_called_unreadable():
    assert errors.bad_request(_get(), RequestDataTooBig()).status_code == 413
    assert errors.bad_request(_get(), SuspiciousOperation()).status_code == 400


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "view", [catalogue.components, catalogue.wallet, catalogue.question, catalogue.desk, catalogue.receipt]
)
def test_the_catalogue_renders(view, language):
    with translation.override(language):
        page = view(_get("/dev/skin")).content.decode()
    assert page.count("<h1") == 1
    assert f'<html lang="{language}"' in page


def test_the_style_sheet_is_flat_layered_and_small():
    sheet = styles.style_sheet()
    text = sheet.text.decode()
    assert text.startswith("@layer reset, tokens, base, components, rooms, utilities;")
    assert "@import" not in text
    assert text.count("{") == text.count("}")
    assert gzip.decompress(sheet.compressed) == sheet.text
    assert len(sheet.compressed) < 14_000


def test_every_css_file_is_imported_once():
    entry = (styles.FOLDER / "skin.css").read_text()
    for path in styles.FOLDER.glob("*.css"):
        assert path.name == "skin.css" or entry.count(f'"{path.name}"') == 1, path.name


def test_components_name_colours_by_role_only():
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\brgb|\bhsl")
    for path in styles.FOLDER.glob("*.css"):
        if path.name != "tokens.css":
            assert not colour.search(path.read_text()), path.name


def test_the_style_sheet_may_be_kept_for_ever_under_its_own_address_only():
    digest = styles.style_sheet().digest
    assert "immutable" in app.styles(_get(), digest)["Cache-Control"]
    assert app.styles(_get(), "0" * 12)["Cache-Control"] == "no-cache"


def test_the_manifest_carries_the_operators_brand():
    source = SimpleNamespace(brand={"en": "Jade Pay", "zh-hans": "玉付"}, legal_name={}, licence="")
    context.set_operator_provider(lambda: source)
    with translation.override("zh-hans"):
        manifest = json.loads(app.manifest(_get()).content)
    assert manifest["name"] == "玉付"
    assert manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}


def test_icons_are_drawn_in_the_sizes_asked_for_and_no_others():
    assert app.icon_png(_get(), 192).content.startswith(b"\x89PNG")
    assert app.icon_maskable(_get(), 512).content.startswith(b"\x89PNG")
    with pytest.raises(Http404):
        app.icon_png(_get(), 4096)


def test_the_worker_keeps_no_page():
    worker = app.worker(_get()).content.decode()
    kept = re.search(r"const KEPT = \[(.*?)\]", worker)[1]
    assert "/offline/" in kept and "/home/" not in kept
    assert 'mode === "navigate"' in worker


def test_the_offline_page_speaks_both_languages_and_knows_nobody():
    page = app.offline(_get()).content.decode()
    assert "没有网络" in page and "No connection" in page


def test_switching_language_is_remembered_and_announced():
    heard = []
    context.set_language_listener(lambda request, code: heard.append(code))
    response = preferences.language(_post("/language/", language="zh-hans", next="/bills/?q=1"))
    assert response["Location"] == "/bills/?q=1"
    assert response.cookies["guitai_language"].value == "zh-hans"
    assert heard == ["zh-hans"]


def test_a_switch_never_leads_to_another_site():
    assert preferences.theme(_post("/theme/", theme="dark", next="//evil.example/"))["Location"] == "/"


@pytest.mark.parametrize(
    ("view", "field"), [(preferences.language, "language"), (preferences.theme, "theme")]
)
def test_a_switch_to_nowhere_is_refused(view, field):
    assert view(_post("/", **{field: "<b>"})).status_code == 400


def test_the_theme_cookie_paints_the_page():
    assert context.page(_get(guitai_theme="dark"))["theme"] == "dark"
    assert context.page(_get(guitai_theme="purple"))["theme"] == "auto"


def test_the_bar_is_for_customers_and_the_doors_for_visitors(monkeypatch):
    monkeypatch.setattr(navigation, "_bar", [navigation.NavItem("skin:offline", "Here", "house")])
    monkeypatch.setattr(navigation, "_doors", [navigation.NavItem("skin:offline", "Enter", "house")])
    visitor = context.page(_get("/offline/"))
    assert not list(visitor["navigation"]) and [place.label for place in visitor["doors"]] == ["Enter"]
    request = _get("/offline/")
    request.user = SimpleNamespace(is_authenticated=True, kind="customer")
    customer = context.page(request)
    assert [(place.label, place.current) for place in customer["navigation"]] == [("Here", True)]
    assert not list(customer["doors"])
    request.user.kind = "staff"
    assert not list(context.page(request)["navigation"])


def test_a_place_that_does_not_exist_is_left_out(monkeypatch):
    monkeypatch.setattr(navigation, "_bar", [navigation.NavItem("nowhere:at_all", "Gone", "x")])
    assert navigation.bar(_get()) == []


@pytest.mark.parametrize(("language", "expected"), [("en", "A"), ("zh-hans", "甲")])
def test_words_come_in_the_readers_language(language, expected):
    with translation.override(language):
        assert context.words({"en": "A", "zh-hans": "甲"}) == expected


def test_words_in_another_language_are_better_than_none():
    assert context.words({"de": "Ä"}) == "Ä"
    assert context.words("plain") == "plain" and context.words(None) == ""
