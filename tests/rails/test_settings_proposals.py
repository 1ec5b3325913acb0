"""Addresses, keys and accounts take two: one proposes, another puts them in force, both proved lately."""

import re
import time
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from guitai.audit.api import entries_about
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.people import access
from guitai.people import api as people
from guitai.rails import api
from guitai.rails.errors import (
    RailProposalOver,
    RailProposalOwn,
    RailProposalWaits,
    RailSettingsChanged,
    RailSettingsNeedTwo,
)
from guitai.rails.models import RailSetting
from guitai.rails.terms import RailTerms
from guitai.rails.types import SettingsProposal
from tests.rails.test_settings_page import PAGE, PASSWORD, SECRET, TOTP, filled, text
from tests.threads import at_once

pytestmark = pytest.mark.django_db
RAO, WEN = Actor("staff", str(new_id())), Actor("staff", str(new_id()))
NEW = {"app_id": "2021000000000001", "app_private_key": SECRET}


def proposed(actor: Actor = RAO, **values: Any) -> SettingsProposal:
    api.propose_settings("alipay", values or NEW, actor, note="a new contract")
    found = api.settings_proposal("alipay")
    assert found is not None
    return found


def in_force() -> Any:
    return api.rail_settings("alipay")


def test_an_address_or_a_key_is_in_force_when_another_has_approved_it() -> None:
    found = proposed()
    assert in_force().version == 0 and found.changed == ("app_id", "app_private_key")
    assert SECRET not in str(found), "of a secret only the name is shown"
    assert api.approve_settings(found.id, WEN) == 1
    now = in_force()
    assert (now.version, now.values["app_id"], now.secrets["app_private_key"] is not None) == (
        1,
        NEW["app_id"],
        True,
    )
    assert (now.history[0].published_by, now.history[0].approved_by) == (str(RAO), str(WEN))
    said = [(e.entry.action, str(e.entry.actor)) for e in entries_about(("rail", "alipay"))]
    assert sorted(said) == sorted([
        ("rails.settings_proposed", str(RAO)), ("rails.settings_published", str(WEN)),
    ])  # fmt: skip


def test_whoever_proposes_does_not_approve() -> None:
    found = proposed()
    with pytest.raises(RailProposalOwn):
        api.approve_settings(found.id, RAO)
    assert in_force().version == 0
    row = RailSetting.objects.get(id=found.id)
    row.state, row.decided_by = "in_force", str(RAO)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("by", [RAO, WEN])
def test_a_proposal_is_declined_or_withdrawn_once(by: Actor) -> None:
    found = proposed()
    with pytest.raises(RailProposalWaits):
        proposed(WEN, app_id="7")
    api.decline_settings(found.id, by)
    assert api.settings_proposal("alipay") is None and in_force().version == 0
    for again in (api.approve_settings, api.decline_settings):
        with pytest.raises(RailProposalOver):
            again(found.id, WEN)
    with pytest.raises(NotFound):
        api.approve_settings(new_id(), WEN)
    assert proposed(WEN, app_id="7").values == {"app_id": "7"}


def test_terms_are_changed_by_one_and_make_a_proposal_outdated() -> None:
    found = proposed()
    assert api.propose_settings("alipay", {"pay_minutes": 20}, WEN, terms=RailTerms(maximum=5_000)) is None
    assert in_force().version == 1
    waits = api.settings_proposal("alipay")
    assert waits is not None and waits.outdated
    with pytest.raises(RailSettingsChanged):
        api.approve_settings(found.id, WEN)


def test_staff_do_not_publish_alone_and_the_set_up_does() -> None:
    with pytest.raises(RailSettingsNeedTwo):
        api.publish_settings("alipay", NEW, RAO)
    assert api.publish_settings("alipay", NEW, SYSTEM) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_put_it_in_force_once() -> None:
    found = proposed()
    others = [Actor("staff", str(new_id())) for _ in range(3)]
    said = at_once([lambda other=other: _approved(found.id, other) for other in others])
    assert sorted(said) == ["over", "over", "version 1"]
    assert RailSetting.objects.filter(state="in_force").count() == 1


def _approved(proposal: UUID, actor: Actor) -> str:
    try:
        return f"version {api.approve_settings(proposal, actor)}"
    except RailProposalOver:
        return "over"


def supervisor(name: str, language: str = "en") -> Client:
    cache.clear()
    people.create_staff(f"{name}@guitai.example", name.title(), "supervisor", PASSWORD, totp_secret=TOTP)
    client = Client(headers={"accept-language": language})
    client.post("/staff/sign-in/", {"email": f"{name}@guitai.example", "password": PASSWORD})
    assert client.post("/staff/code/", {"code": _code()}).status_code == 302
    return client


def _code() -> str:
    return str(format_hotp_value(hotp_value(TOTP, int(time.time()) // 30)))


@pytest.mark.parametrize(
    ("language", "waits", "own"),
    [
        ("en", "A change waits for a second person", "It is your own"),
        ("zh-hans", "有一项更改待第二人确认", "由您本人提出"),
    ],
)
def test_the_page_shows_a_proposal_and_another_puts_it_in_force(language: str, waits: str, own: str) -> None:
    rao, wen = supervisor("rao", language), supervisor("wen", language)
    assert rao.post(PAGE, filled(text(rao), **NEW)).status_code == 302
    mine, theirs = text(rao), text(wen)
    assert waits in mine and own in mine and 'value="approve"' not in mine
    assert waits in theirs and NEW["app_id"] in theirs and SECRET not in theirs
    address = re.search(r'action="([^"]*/proposals/[^"]*)"', theirs)
    assert address is not None
    rao.post(address[1], {"action": "approve"})
    assert in_force().version == 0, "not even by hand"
    assert wen.post(address[1], {"action": "approve"}).status_code == 302
    assert in_force().version == 1 and waits not in text(rao)
    assert ("put in force by Wen" if language == "en" else "由 Wen 启用") in text(rao)


def test_who_has_not_proved_themselves_lately_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    rao, wen = supervisor("rao"), supervisor("wen")
    found = proposed(Actor("staff", str(new_id())))
    sent = filled(text(rao), terms_maximum="700")
    monkeypatch.setattr(access, "PROVED_FOR_S", -1)
    refused = rao.post(PAGE, sent)
    assert refused.status_code == 422 and "Show once more that it is you" in refused.content.decode()
    asked = wen.post(f"{PAGE}proposals/{found.id}/", {"action": "approve"})
    assert asked.status_code == 302 and asked["Location"].startswith("/staff/confirm/?next=")
    assert in_force().version == 0
    # Another code of theirs, and they go on to where they were going.
    Authenticator.objects.all().update(last_used_at=None)
    cache.clear()
    page = rao.get(f"/staff/confirm/?next={PAGE}")
    assert page.status_code == 200
    assert rao.post("/staff/confirm/", {"code": "000000"}).status_code == 200
    on = rao.post("/staff/confirm/", {"code": _code()})
    assert (on.status_code, on["Location"]) == (302, PAGE)
    monkeypatch.undo()
    assert rao.post(PAGE, sent).status_code == 302 and in_force().version == 1


def test_customers_and_strangers_are_not_asked_here(client: Client) -> None:
    assert client.get("/staff/confirm/")["Location"].startswith("/staff/sign-in/")
