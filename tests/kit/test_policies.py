"""The operator's settings: versioned, validated, never served before they are committed; and opening hours."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import transaction

from guitai.base.actor import Actor
from guitai.base.openhours import Hours, open_hours
from guitai.kit import policies
from guitai.kit.models import PolicyVersion
from guitai.kit.operator import DEFAULT, Operator, Region, operator, word

RAO = Actor("staff", "rao")


class Probe(msgspec.Struct, frozen=True):
    limit: int
    note: str = "default"


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setattr(policies, "_declared", dict(policies._declared))
    policies.declare("probe", Probe, Probe(5))


@pytest.mark.django_db
def test_the_default_is_version_zero_and_each_publication_counts_on():
    assert policies.current(Probe) == policies.Versioned("probe", 0, Probe(5))
    assert policies.current(Probe).pin == "probe@0"
    assert policies.publish("probe", Probe(6), RAO) == 1
    assert policies.publish("probe", {"limit": 7}, RAO) == 2
    assert policies.current(Probe) == policies.Versioned("probe", 2, Probe(7))
    row = PolicyVersion.objects.get(version=2)
    assert row.value == {"limit": 7, "note": "default"} and row.published_by == "staff:rao"
    assert PolicyVersion.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unknown", {"limit": 1}),
        ("probe", {"limit": "1"}),
        ("probe", {"limit": 1.5}),
        ("probe", {}),
        ("probe", None),
        ("probe", [1]),
        ("operator", {"brand": {}, "legal_name": {}, "licence": "", "regions": [], "currencies": ["XXX"]}),
        ("operator", {"brand": {}, "legal_name": {}, "licence": "", "regions": [], "currencies": []}),
    ],
)
def test_refuses_what_does_not_fit(name, value):
    with pytest.raises(policies.PolicyInvalid) as refusal:
        policies.publish(name, value, RAO)
    assert refusal.value.facts["problem"]
    assert not PolicyVersion.objects.exists()


@pytest.mark.django_db
def test_two_publishers_at_once(monkeypatch):
    policies.publish("probe", {"limit": 6}, RAO)

    class Stale:
        """The read of somebody who looked before the other one published."""

        def __getattr__(self, name):
            found = getattr(PolicyVersion.objects, name)
            return (lambda **_: PolicyVersion.objects.none()) if name == "filter" else found

    monkeypatch.setattr(policies, "_versions", Stale)
    with pytest.raises(policies.PolicyChangedMeanwhile):
        policies.publish("probe", {"limit": 7}, RAO)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_served_afterwards():
    with transaction.atomic():
        policies.publish("probe", {"limit": 9}, RAO)
        assert policies.current(Probe).value == Probe(9)
        transaction.set_rollback(True)
    assert policies.current(Probe) == policies.Versioned("probe", 0, Probe(5))
    with transaction.atomic():
        policies.publish("probe", {"limit": 9}, RAO)
    assert policies.current(Probe).pin == "probe@1"


@pytest.mark.django_db
def test_reads_the_database_at_most_once_a_second(django_assert_num_queries, monkeypatch):
    moment = [100.0]
    monkeypatch.setattr(policies.time, "monotonic", lambda: moment[0])
    with django_assert_num_queries(1):
        policies.current(Probe), policies.current(Probe)
    moment[0] += 1.0
    with django_assert_num_queries(1):
        policies.current(Probe)


@pytest.mark.django_db
def test_an_installation_that_is_not_set_up_shows_no_channel():
    assert operator() == DEFAULT and DEFAULT.regions == ()
    policies.publish("operator", Operator({"en": "B"}, {"en": "L"}, "1", (region(),)), RAO)
    assert operator().regions[0].code == "cn"


@pytest.mark.parametrize(
    ("words", "language", "text"),
    [
        ({"en": "A", "zh-hans": "甲"}, "zh-hans", "甲"),
        ({"en": "A"}, "zh-hans", "A"),
        ({"zh-hans": "甲"}, "fr", "甲"),
        ({}, "en", ""),
    ],
)
def test_names_fall_back_to_a_language_they_have(words, language, text):
    assert word(words, language) == text


WEEK, ALL = (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7)
LUNCH = (Hours(WEEK, "09:00", "12:00"), Hours(WEEK, "13:30", "18:00"))


def region(*hours: Hours, zone: str = "Asia/Shanghai") -> Region:
    return Region("cn", {"en": "China"}, zone, hours)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# 2026-11-23 is a Monday.
OPENING = [
    ("before opening", region(*LUNCH), "2026-11-23T08:59:59+08:00", False, "2026-11-23T09:00+08:00"),
    ("opening", region(*LUNCH), "2026-11-23T09:00+08:00", True, "2026-11-23T12:00+08:00"),
    ("lunch begins", region(*LUNCH), "2026-11-23T12:00+08:00", False, "2026-11-23T13:30+08:00"),
    ("after lunch", region(*LUNCH), "2026-11-23T13:30+08:00", True, "2026-11-23T18:00+08:00"),
    ("asked in another zone", region(*LUNCH), "2026-11-23T02:00+00:00", True, "2026-11-23T12:00+08:00"),
    ("Friday evening", region(*LUNCH), "2026-11-27T18:00+08:00", False, "2026-11-30T09:00+08:00"),
    ("Sunday", region(*LUNCH), "2026-11-29T10:00+08:00", False, "2026-11-30T09:00+08:00"),
    ("no hours", region(), "2026-11-23T10:00+08:00", False, None),
    ("no days", region(Hours((), "09:00", "18:00")), "2026-11-23T10:00+08:00", False, None),
    ("to midnight", region(Hours((1,), "18:00", "24:00")), "2026-11-23T23:59+08:00", True, "2026-11-24T00:00+08:00"),
    ("at midnight", region(Hours((1,), "18:00", "24:00")), "2026-11-24T00:00+08:00", False, "2026-11-30T18:00+08:00"),
    ("midnight does not close what opens there",
     region(Hours((1,), "18:00", "24:00"), Hours((2,), "00:00", "02:00")),
     "2026-11-23T20:00+08:00", True, "2026-11-24T02:00+08:00"),
    ("overnight", region(Hours((1,), "22:00", "06:00")), "2026-11-24T05:00+08:00", True, "2026-11-24T06:00+08:00"),
    ("overlapping", region(Hours(ALL, "09:00", "18:00"), Hours((1,), "09:00", "20:00")),
     "2026-11-23T10:00+08:00", True, "2026-11-23T20:00+08:00"),
    ("always", region(Hours(ALL, "00:00", "24:00")), "2026-11-23T10:00+08:00", True, None),
    ("clocks go forward", region(Hours(ALL, "01:00", "09:00"), zone="Europe/London"),
     "2026-03-29T00:30+00:00", False, "2026-03-29T01:00+00:00"),
    ("summer time has begun", region(Hours(ALL, "09:00", "17:00"), zone="Europe/London"),
     "2026-03-29T08:00+00:00", True, "2026-03-29T16:00+00:00"),
    ("the hour that comes twice, first", region(Hours(ALL, "00:00", "01:30"), zone="Europe/London"),
     "2026-10-25T00:15+00:00", True, "2026-10-25T00:30+00:00"),
    ("the hour that comes twice, second", region(Hours(ALL, "00:00", "01:30"), zone="Europe/London"),
     "2026-10-25T01:15+00:00", False, "2026-10-26T00:00+00:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "moment", "is_open", "change"), [o[1:] for o in OPENING], ids=[o[0] for o in OPENING]
)
def test_opening(place, moment, is_open, change):
    hours = open_hours(place.hours, place.time_zone)
    found = hours.change(at(moment))
    assert found == (is_open, at(change) if change else None)
    assert found[1] is None or found[1].utcoffset() == timedelta(0)
    assert hours.change(at(moment).astimezone(UTC)) == found
    # The change it names is one: just before it all is as now, at it no longer.
    if found[1] is not None:
        assert hours.is_open(found[1] - timedelta(seconds=1)) is is_open
        assert hours.is_open(found[1]) is not is_open


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        (Hours, {"days": [0], "opens": "09:00", "closes": "18:00"}),
        (Hours, {"days": [8], "opens": "09:00", "closes": "18:00"}),
        (Hours, {"days": [1], "opens": "9:00", "closes": "18:00"}),
        (Hours, {"days": [1], "opens": "24:00", "closes": "18:00"}),
        (Hours, {"days": [1], "opens": "09:00", "closes": "25:00"}),
        (Hours, {"days": [1], "opens": "09:60", "closes": "18:00"}),
        (Region, {"code": "x", "name": {}, "time_zone": "Mars/Olympus"}),
        (Region, {"code": "x", "name": {}, "time_zone": "../etc/passwd"}),
        (Region, {"code": "x", "name": {}, "time_zone": ""}),
    ],
)
def test_hours_and_regions_that_make_no_sense_are_refused(type_, values):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(values, type_)
