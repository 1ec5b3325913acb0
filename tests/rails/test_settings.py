"""Settings of rails: versions whole, secrets sealed and never shown, seen by whoever needs them."""

from datetime import timedelta
from typing import Any, ClassVar

import msgspec
import pytest
from django.db import transaction

from guitai.audit.api import entries_about
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import stopped
from guitai.base.ids import new_id
from guitai.rails import api, settings
from guitai.rails.adapters.bank_settings import BankSettings
from guitai.rails.errors import RailSettingsChanged, RailSettingsInvalid, RailUnavailable, RailUnknown
from guitai.rails.models import RailSetting
from guitai.rails.settings import settings_of
from guitai.rails.terms import RailTerms
from tests.rails.scripted import CODE, NOON, ScriptedRail

pytestmark = pytest.mark.django_db
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"


class Probe(msgspec.Struct, frozen=True):
    SECRET: ClassVar[frozenset[str]] = frozenset({"private_key", "second_key"})

    gateway_url: str = ""
    private_key: str = ""
    second_key: str = ""
    minutes: int = 15

    def problems(self) -> tuple[str, ...]:
        return tuple(name for name in ("gateway_url", "private_key") if not getattr(self, name))


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch, scripted: ScriptedRail) -> None:
    monkeypatch.setattr(settings, "_types", dict(settings._types))
    settings.configured(CODE, Probe)


def publish(actor: Actor = SYSTEM, **values: Any) -> int:
    return api.publish_settings(CODE, values, actor)


def test_a_rail_is_not_available_until_nothing_is_missing() -> None:
    with pytest.raises(RailUnavailable) as refused:
        settings_of(CODE, Probe)
    assert refused.value.facts["problem"] == "not_configured"
    publish(gateway_url="https://gateway.example")
    assert api.rail_problems(CODE) == ("private_key",)
    publish(private_key=KEY)
    assert settings_of(CODE, Probe) == Probe("https://gateway.example", KEY)
    assert api.rail_problems(CODE) == ()


def test_an_empty_secret_stays_as_it_is_and_none_removes_it() -> None:
    with stopped(NOON):
        publish(gateway_url="https://gateway.example", private_key=KEY, second_key="two")
    with stopped(NOON + timedelta(days=1)):
        publish(gateway_url="https://other.example", private_key="", second_key="three")
    view = api.rail_settings(CODE)
    assert view.secrets == {"private_key": NOON, "second_key": NOON + timedelta(days=1)}
    assert settings_of(CODE, Probe) == Probe("https://other.example", KEY, "three")
    publish(second_key=None)
    assert settings_of(CODE, Probe).second_key == ""
    assert api.rail_settings(CODE).secrets["second_key"] is None


def test_secrets_are_sealed_and_shown_to_nobody() -> None:
    publish(gateway_url="https://gateway.example", private_key=KEY)
    row = RailSetting.objects.get()
    assert "MIIEvQ" not in str(row.values) and b"MIIEvQ" not in bytes(row.secrets_sealed)
    assert "MIIEvQ" not in str(api.rail_settings(CODE))
    assert "MIIEvQ" not in str(entries_about(("rail", CODE)))


def test_each_publication_is_a_version_with_who_and_what() -> None:
    rao = Actor("staff", str(new_id()))
    publish(gateway_url="https://gateway.example", private_key=KEY)
    second = api.publish_settings(
        CODE, {"minutes": 30}, rao, terms=RailTerms(payouts=False), note="quiet season", based_on=1
    )
    assert second == 2
    newest, first = api.rail_settings(CODE).history
    assert (newest.changed, newest.note, newest.published_by) == (
        ("minutes", "terms.payouts"),
        "quiet season",
        str(rao),
    )
    assert first.changed == ("gateway_url", "private_key")
    last = entries_about(("rail", CODE))[0].entry
    assert (last.action, last.actor, last.details) == (
        "rails.settings_published",
        rao,
        {"version": 2, "changed": ["minutes", "terms.payouts"]},
    )
    assert last.purpose is not None and (last.purpose.kind, last.purpose.reason) == ("rail", "quiet season")
    assert not api.rail_terms(CODE).payouts


def test_what_was_changed_meanwhile_is_not_written_over() -> None:
    publish(gateway_url="https://gateway.example")
    with pytest.raises(RailSettingsChanged):
        api.publish_settings(CODE, {"minutes": 30}, SYSTEM, based_on=0)
    assert api.publish_settings(CODE, {"minutes": 30}, SYSTEM, based_on=1) == 2


@pytest.mark.parametrize(
    ("values", "terms"),
    [
        ({"minutes": "soon"}, None),
        ({"no_such_field": "x"}, None),
        ({}, RailTerms(minimum=0)),
        ({}, RailTerms(fee_per_10000=10_001)),
        ({}, RailTerms(calls_a_minute=0)),
    ],
)
def test_what_cannot_be_read_is_refused(values: dict[str, Any], terms: RailTerms | None) -> None:
    with pytest.raises(RailSettingsInvalid):
        api.publish_settings(CODE, values, SYSTEM, terms=terms)
    assert not RailSetting.objects.exists()


def test_a_rail_that_is_not_there_has_no_settings() -> None:
    with pytest.raises(RailUnknown):
        api.publish_settings("nowhere", {}, SYSTEM)
    with pytest.raises(RailUnknown):
        api.rail_settings("nowhere")


def test_nobody_is_served_what_was_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "environment", lambda: type("E", (), {"mode": "demo"}))
    publish(gateway_url="https://gateway.example", private_key=KEY)

    @transaction.atomic
    def publish_and_fail() -> None:
        publish(gateway_url="https://wrong.example")
        assert settings_of(CODE, Probe).gateway_url == "https://wrong.example"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_and_fail()
    assert settings_of(CODE, Probe).gateway_url == "https://gateway.example"


def test_the_banks_address_comes_from_the_environment_until_it_is_set(home: object) -> None:
    assert settings_of("bank", BankSettings).address == "http://127.0.0.1:9"
    api.publish_settings("bank", {"address": "https://bank.example"}, SYSTEM)
    assert settings_of("bank", BankSettings).address == "https://bank.example"


@pytest.mark.parametrize(
    ("terms", "direction", "currency", "offered"),
    [
        (RailTerms(), "in", "CNY", True),
        (RailTerms(), "out", "CNY", True),
        (RailTerms(top_ups=False), "in", "CNY", False),
        (RailTerms(top_ups=False), "out", "CNY", True),
        (RailTerms(payouts=False), "out", "CNY", False),
        (RailTerms(currencies=("USD",)), "in", "CNY", False),
        (RailTerms(currencies=("USD",)), "in", "USD", True),
    ],
)
def test_only_what_is_set_up_and_switched_on_is_offered(
    terms: RailTerms, direction: Any, currency: str, offered: bool
) -> None:
    api.publish_settings(CODE, {}, SYSTEM, terms=terms)
    assert CODE not in [one.rail for one in api.rails_for(direction, currency)], "not set up yet"
    publish(gateway_url="https://gateway.example", private_key=KEY)
    assert (CODE in [one.rail for one in api.rails_for(direction, currency)]) is offered


def test_an_offer_says_its_bounds_its_arrival_and_how_the_rail_is() -> None:
    publish(gateway_url="https://gateway.example", private_key=KEY)
    (plain,) = (one for one in api.rails_for("in", "CNY") if one.rail == CODE)
    assert (plain.minimum.minor, plain.maximum, plain.fee, plain.state) == (1, None, None, "ok")
    assert plain.usual_arrival == timedelta(seconds=20), "as the rail says"
    terms = RailTerms(minimum=100, maximum=5_000_000, fee_per_10000=60, top_up_arrival_s=300)
    api.publish_settings(CODE, {}, SYSTEM, terms=terms)
    (offer,) = (one for one in api.rails_for("in", "CNY") if one.rail == CODE)
    assert offer.maximum is not None and offer.fee is not None
    assert (offer.minimum.minor, offer.maximum.minor, offer.fee.per_10000) == (100, 5_000_000, 60)
    assert offer.usual_arrival == timedelta(minutes=5)
