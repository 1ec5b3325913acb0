"""Announcements, their updates and messages; the state of the services and its history."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from guitai.audit.models import AuditRow
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.care import api
from guitai.care.announcement_types import AnnouncementDraft
from guitai.care.errors import AnnouncementInvalid, MoveRefused, NotFound
from guitai.care.models import ServiceSpell
from guitai.notify import api as notify
from guitai.notify.models import Delivery, Message
from guitai.people import api as people

pytestmark = pytest.mark.django_db
EN, ZH = {"accept-language": "en"}, {"accept-language": "zh-hans"}
BOTH = {"en": "Transfers are slow", "zh-hans": "转账变慢"}


@pytest.fixture
def staff() -> Actor:
    return Actor(
        "staff", str(people.create_staff("rao@guitai.example", "Rao", "supervisor", "counter-2026-tea"))
    )


def _draft(**changes: object) -> AnnouncementDraft:
    given: dict[str, object] = {
        "kind": "outage",
        "title": BOTH,
        "words": BOTH,
        "service": "rail.bank",
        **changes,
    }
    return AnnouncementDraft(**given)  # type: ignore[arg-type]


def _published(staff: Actor, **changes: object) -> UUID:
    found = api.draft_announcement(_draft(**changes), staff)
    api.publish_announcement(found, staff)
    return found


def test_a_draft_is_seen_by_nobody_and_what_is_published_by_everybody(staff: Actor, client: Client) -> None:
    draft = api.draft_announcement(_draft(), staff)
    assert client.get(f"/announcements/{draft}/").status_code == 404
    api.publish_announcement(draft, staff)
    assert "Transfers are slow" in client.get("/announcements/", headers=EN).content.decode()
    assert "转账变慢" in client.get(f"/announcements/{draft}/", headers=ZH).content.decode()
    assert AuditRow.objects.filter(action="care.announcement_published").count() == 1


def test_what_was_published_is_not_changed_but_followed(staff: Actor) -> None:
    found = _published(staff)
    with pytest.raises(MoveRefused):
        api.draft_announcement(_draft(title={"en": "Other", "zh-hans": "别的"}), staff, found)
    assert [row.id for row in api.current_announcements("en")] == [found]
    api.update_announcement(found, {"en": "Repaired.", "zh-hans": "已修复。"}, staff, ended=True)
    shown = api.announcement(found, "en")
    assert shown.over and "Repaired." in shown.updates[0].html
    assert api.current_announcements("en") == []
    api.withdraw_announcement(found, staff)
    with pytest.raises(NotFound):
        api.announcement(found, "en")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {"en": "Only English", "zh-hans": " "}}, "title"),
        ({"words": {"en": "x" * 5_001, "zh-hans": "x"}}, "words"),
        ({"kind": "rumour"}, "kind"),
        ({"kind": "fees"}, "effective_at"),
        ({"effective_at": clock.now(), "ends_at": clock.now() - timedelta(days=1)}, "ends_at"),
    ],
)
def test_what_nobody_could_read_is_refused(staff: Actor, changes: dict[str, object], field: str) -> None:
    with pytest.raises(AnnouncementInvalid) as refused:
        api.draft_announcement(_draft(**changes), staff)
    assert refused.value.facts["field"] == field


def test_scripts_in_an_announcement_stay_words(staff: Actor) -> None:
    found = _published(staff, words={"en": "<script>x</script> [a](javascript:x)", "zh-hans": "x"})
    html = api.announcement(found, "en").html
    assert "<script" not in html and 'href="javascript' not in html


def test_everybody_is_told_once_and_nobody_twice(staff: Actor, yue: UUID, ming: UUID) -> None:
    _published(staff, kind="fees", effective_at=clock.now() + timedelta(days=30), tell_everybody=True)
    assert api.tell_announcements() == 2
    assert api.tell_announcements() == 0
    assert Message.objects.filter(kind="care.announcement").count() == 2


def test_a_service_is_watched_and_its_worst_hour_colours_the_day(staff: Actor, client: Client) -> None:
    assert api.watch_services() >= 2
    assert api.watch_services() == 0
    spell = ServiceSpell.objects.get(service="wallet")
    ServiceSpell.objects.filter(id=spell.id).update(began_at=clock.now() - timedelta(days=3))
    ServiceSpell.objects.create(
        service="wallet", state="down", began_at=clock.now() - timedelta(days=1, minutes=30),
        ended_at=clock.now() - timedelta(days=1),
    )  # fmt: skip
    wallet = next(service for service in api.services() if service.service == "wallet")
    assert wallet.state == "ok" and len(wallet.days) == 90
    assert [day.state for day in wallet.days[-4:]].count("down") >= 1
    assert sum(day.minutes_down for day in wallet.days) == 30
    page = client.get("/status/", headers=EN).content.decode()
    assert "Wallet and payments" in page and "working" in page


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (10, "slow"), (90, "down")])
def test_messages_that_wait_make_their_service_slow(yue: UUID, minutes: int, state: str) -> None:
    notify.send(yue, "care.answered", {"case": "7KMR-3AX-WH4"}, key="once")
    Delivery.objects.update(state="queued", next_at=clock.now() - timedelta(minutes=minutes))
    found = {service.service: service.state for service in api.services()}
    assert found["messages"] == state
