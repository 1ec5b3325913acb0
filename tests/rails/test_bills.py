"""The bills of gateways come by themselves, the day after, and are read by whoever knows their format."""

from datetime import date, timedelta

import pytest

from guitai.base.clock import stopped
from guitai.rails import api
from guitai.rails.errors import RailUnavailable
from guitai.rails.flows import fetch_statements as fetching
from guitai.rails.flows.fetch_statements import fetch_statements
from guitai.rails.models import RailSetting, RailState, StatementDay, StatementFile
from tests.rails.scripted import AMOUNT, CODE, MERCHANT, NOON, REFERENCE, ScriptedRail
from tests.rails.statements.samples import stored

pytestmark = pytest.mark.django_db
NOT_READY = RailUnavailable(rail=CODE, problem="statement_not_ready")


@pytest.fixture(autouse=True)
def since_two_days(scripted: ScriptedRail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "fetching_rails", lambda: [CODE])
    RailSetting.objects.create(
        rail=CODE,
        version=1,
        secrets_sealed=b"",
        published_by="system:guitai",
        published_at=NOON - timedelta(days=2),
    )


def fetch(after: timedelta = timedelta()) -> list[str]:
    with stopped(NOON + after):
        return fetch_statements()


def test_each_day_that_is_over_is_fetched_once(scripted: ScriptedRail) -> None:
    assert fetch() == [f"{CODE} 2026-11-21", f"{CODE} 2026-11-22"]
    assert fetch(timedelta(hours=1)) == []
    assert fetch(timedelta(days=1)) == [f"{CODE} 2026-11-23"]
    assert len(scripted.asked("download_statement")) == 3


def test_a_bill_that_is_not_ready_is_asked_for_again(scripted: ScriptedRail) -> None:
    scripted.will("download_statement", NOT_READY, NOT_READY)
    assert fetch() == []
    day = StatementDay.objects.get(day=date(2026, 11, 22))
    assert (day.attempts, day.problem, day.fetched_at) == (1, "statement_not_ready", None)
    assert len(fetch(timedelta(hours=1))) == 2
    day.refresh_from_db()
    assert (day.attempts, day.problem) == (2, None)


def test_a_bill_that_was_refused_is_asked_for_again(scripted: ScriptedRail) -> None:
    scripted.will("download_statement", b"no bill at all", b"2026-11-22 bill")
    assert len(fetch()) == 2
    refused = StatementFile.objects.get(name=f"{CODE}-2026-11-21.bill")
    StatementFile.objects.filter(id=refused.id).update(state="refused", code="statement_unbalanced")
    assert fetch(timedelta(hours=1)) == [f"{CODE} 2026-11-21"]
    assert StatementDay.objects.get(day=date(2026, 11, 21)).file_id != refused.id
    assert fetch(timedelta(hours=2)) == []


def test_it_is_kept_like_an_upload_and_read_by_its_own_rail(scripted: ScriptedRail) -> None:
    fetch()
    file = StatementFile.objects.get(name=f"{CODE}-2026-11-22.bill")
    assert (file.rail, file.source, file.state) == (CODE, "download", "received")
    record = api.import_statement(file.id)
    assert (record.state, record.format, record.rail) == ("imported", CODE, CODE)
    (line,) = stored()
    assert (line.account, line.amount, line.end_to_end_id) == (MERCHANT, AMOUNT.minor, REFERENCE)
    fetch(timedelta(hours=3))
    assert StatementFile.objects.count() == 2


def test_a_day_that_does_not_come_is_asked_for_less_and_less_often(scripted: ScriptedRail) -> None:
    first = NOON - timedelta(hours=6)
    scripted.will("download_statement", *[NOT_READY] * 4)
    asked: list[int] = []
    with stopped(first):
        StatementDay.objects.create(rail=CODE, day=date(2026, 11, 21), fetched_at=first)
    for hour in range(12):
        before = (
            StatementDay.objects.filter(day=date(2026, 11, 22)).values_list("attempts", flat=True).first()
        )
        fetch(timedelta(hours=hour))
        row = StatementDay.objects.get(day=date(2026, 11, 22))
        if row.attempts != before:
            asked.append(hour)
    assert asked == [0, 1, 3, 6, 10], "and then it came"
    assert not RailState.objects.filter(last_failure_at__isnull=False).exists(), (
        "a bill that is not written yet is no outage"
    )
