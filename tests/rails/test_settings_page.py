"""The operator's pages about rails: for supervisors, in both languages; a secret goes in and never comes out."""

import re
import time
from html import unescape
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from guitai.audit.api import entries_about
from guitai.base.actor import SYSTEM
from guitai.people import api as people
from guitai.rails import api
from guitai.rails.adapters import RAILS
from guitai.rails.models import RailSetting
from tests.rails.scripted import CODE, DOWN, ScriptedRail

pytestmark = pytest.mark.django_db
PASSWORD, TOTP = "counter-2026-tea", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECRET = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
PAGE = "/desk/rails/alipay/"


def signed_in(role: str, language: str = "en") -> Client:
    cache.clear()
    people.create_staff(f"{role}@guitai.example", role.title(), role, PASSWORD, totp_secret=TOTP)
    client = Client(headers={"accept-language": language})
    client.post("/staff/sign-in/", {"email": f"{role}@guitai.example", "password": PASSWORD})
    code = format_hotp_value(hotp_value(TOTP, int(time.time()) // 30))
    assert client.post("/staff/code/", {"code": code}).status_code == 302
    return client


def filled(page: str, **changes: Any) -> dict[str, str]:
    """What the form would send as it stands, with changes."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page):
        said = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        checkbox = said.get("type") == "checkbox"
        if not checkbox or " checked" in tag:
            sent[said.get("name", "")] = said.get("value", "on" if checkbox else "")
    for name, options in re.findall(r'<select[^>]*name="([a-z_]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen.group(1) if chosen else ""
    for name, text in re.findall(r'<textarea[^>]*name="([a-z_0-9]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent[name] = unescape(text).strip()
    return {**sent, "note": "a new contract", **changes}


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_supervisor_changes_the_terms_and_everybody_sees_who_did() -> None:
    rao = signed_in("supervisor")
    sent = filled(
        text(rao), terms_maximum="50000.50", terms_fee_per_10000="0.6", terms_top_up_arrival_s="5",
        terms_currencies="cny",
    )  # fmt: skip
    assert rao.post(PAGE, sent).status_code == 302
    terms = api.rail_terms("alipay")
    assert (terms.maximum, terms.fee_per_10000, terms.top_up_arrival_s, terms.currencies) == (
        5_000_050,
        60,
        300,
        ("CNY",),
    )
    after = text(rao)
    assert "Supervisor" in after and "a new contract" in after and "50000.50" in after
    action = entries_about(("rail", "alipay"))[0].entry
    assert action.action == "rails.settings_published" and action.actor.kind == "staff"


def test_a_secret_is_never_shown_and_stays_when_it_is_left_empty() -> None:
    rao = signed_in("supervisor")
    api.publish_settings("alipay", {"app_private_key": SECRET}, SYSTEM)
    shown = text(rao)
    assert SECRET not in shown and "Leave it empty to keep it." in shown
    first = RailSetting.objects.get()
    rao.post(PAGE, filled(shown, app_id="2021000000000001"))
    kept = RailSetting.objects.get(version=2)
    assert kept.secrets_set == first.secrets_set and kept.changed == ["app_id"]
    refused = rao.post(PAGE, filled(text(rao), app_private_key=SECRET, note=""))
    assert refused.status_code == 422 and SECRET not in refused.content.decode()


def test_what_somebody_else_changed_meanwhile_is_shown_first() -> None:
    rao = signed_in("supervisor")
    sent = filled(text(rao))
    api.publish_settings("alipay", {"app_id": "1"}, SYSTEM)
    answer = rao.post(PAGE, sent)
    assert answer.status_code == 422 and "Somebody else changed these settings" in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"terms_minimum": "100", "terms_maximum": "1"},
        {"terms_currencies": "CNY, XXX"},
        {"terms_maximum": "1.001"},
        {"terms_calls_a_minute": "0"},
        {"pay_minutes": "soon"},
        {"desk": "television"},
    ],
)
def test_what_cannot_be_is_refused_and_kept_in_the_form(changes: dict[str, str]) -> None:
    rao = signed_in("supervisor")
    answer = rao.post(PAGE, filled(text(rao), app_id="typed", **changes))
    assert answer.status_code == 422 and "typed" in answer.content.decode()
    assert not RailSetting.objects.exists()


@pytest.mark.parametrize("rail", [*RAILS])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_rail_has_its_page_in_both_languages(rail: str, language: str) -> None:
    rao = signed_in("supervisor", language)
    assert ("Connection" in text(rao, f"/desk/rails/{rail}/")) is (language == "en")
    assert ("Ways in and out" in text(rao, "/desk/rails/")) is (language == "en")


def test_only_who_may_change_the_operators_settings_comes_here() -> None:
    agent = signed_in("agent")
    for address in ("/desk/rails/", PAGE):
        assert agent.get(address).status_code == 403
    assert agent.post(PAGE, {}).status_code == 403
    assert agent.post(f"{PAGE}check/").status_code == 403
    assert Client().get(PAGE).status_code == 302
    rao = signed_in("supervisor")
    assert rao.get("/desk/rails/nowhere/").status_code == 404
    assert rao.get(f"{PAGE}check/").status_code == 405


def test_a_connection_is_tried_and_the_try_is_recorded(
    scripted: ScriptedRail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RAILS, "alipay", scripted)
    rao = signed_in("supervisor")
    scripted.will("query", DOWN)
    tried = rao.post(f"{PAGE}check/", follow=True).content.decode()
    assert "Alipay does not answer: no answer in time." in tried
    assert "Alipay answers" in rao.post(f"{PAGE}check/", follow=True).content.decode()
    actions = [entry.entry.action for entry in entries_about(("rail", "alipay"))]
    assert actions.count("rails.connection_tried") == 2
    assert len(scripted.asked("query")) == 2 and scripted.code == CODE
