"""A file that nobody has seen can be given up: who is stopped does not leave, the others leave later, and once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from guitai.audit.models import AuditRow
from guitai.base.actor import SYSTEM
from guitai.base.clock import stopped
from guitai.rails import api
from guitai.rails.errors import PayoutUnderWay
from guitai.rails.flows import file_payouts as filing
from guitai.rails.flows import leaving
from guitai.rails.models import PayoutFile, PayoutRow
from tests.rails.test_payouts import FIRST, NOON, SECOND, ask, file, folder, payout

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
Stop = Callable[..., None]


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Stop:
    """Whose payouts must not leave from now on."""
    names: set[str] = set()

    def check(references: Sequence[str]) -> frozenset[str]:
        return frozenset(names & set(references))

    monkeypatch.setattr(leaving, "_checks", [check])
    return names.add


def made(monkeypatch: pytest.MonkeyPatch, *, drafted: bool) -> PayoutFile:
    """Both payouts in a file that has not left: decided only, or lying beside the outbox when the power failed."""
    ask(payout(FIRST), payout(SECOND))
    with monkeypatch.context() as patched:
        if drafted:
            patched.setattr(filing.Path, "rename", _fails)
        else:
            patched.setattr(filing, "_write_draft", _fails)
        assert file() == []
    found = PayoutFile.objects.get()
    assert found.state == ("drafted" if drafted else "made")
    return found


def _fails(*anything: object) -> None:
    raise OSError("the folder is not there")


def outbox(folder: Path) -> list[str]:
    return [one.read_text() for one in folder.glob("*.xml")]


def drafts(folder: Path) -> int:
    return len(list((folder / ".drafts").glob("*")))


@pytest.mark.parametrize("drafted", [False, True])
def test_who_is_stopped_before_the_file_is_in_the_outbox_does_not_leave(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stop: Stop, drafted: bool
) -> None:
    first = made(monkeypatch, drafted=drafted)
    stop(FIRST)
    later = NOON + timedelta(minutes=5)
    file(later)
    file(later)
    assert file(later + timedelta(minutes=5)) == []
    sent = outbox(folder)
    assert len(sent) == 1 and SECOND in sent[0] and FIRST not in sent[0]
    assert dict(PayoutRow.objects.values_list("order_reference", "state")) == {
        FIRST: "queued",
        SECOND: "sent",
    }
    first.refresh_from_db()
    assert first.state == "dropped" and drafts(folder) == 0
    assert AuditRow.objects.get(action="rails.payouts_unfiled").details["why"] == "stopped"


@pytest.mark.parametrize("drafted", [False, True])
def test_one_that_is_taken_back_leaves_the_file_and_the_others_go_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, drafted: bool
) -> None:
    made(monkeypatch, drafted=drafted)
    with stopped(NOON), transaction.atomic():
        api.cancel_payout(FIRST, SYSTEM)
    for minutes in (5, 10, 15):
        file(NOON + timedelta(minutes=minutes))
    sent = outbox(folder)
    assert len(sent) == 1 and SECOND in sent[0] and FIRST not in sent[0] and drafts(folder) == 0
    states = dict(PayoutRow.objects.values_list("order_reference", "state"))
    assert states == {FIRST: "cancelled", SECOND: "sent"}


def test_a_crash_after_giving_it_up_leaves_nothing_in_the_outbox(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stop: Stop
) -> None:
    made(monkeypatch, drafted=True)
    stop(FIRST)
    with monkeypatch.context() as patched:
        patched.setattr(filing, "take_away", _fails)
        for minutes in (5, 10):
            file(NOON + timedelta(minutes=minutes))
        assert PayoutFile.objects.filter(state="dropping").exists() and drafts(folder) == 1
    file(NOON + timedelta(minutes=15))
    assert drafts(folder) == 0 and not PayoutFile.objects.exclude(state__in=("written", "dropped")).exists()
    assert [FIRST in one for one in outbox(folder)] == [False]


def test_what_may_have_been_fetched_is_never_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stop: Stop
) -> None:
    # Killed between the renaming and its record: the draft is gone, and the bank's client may have the file.
    found = made(monkeypatch, drafted=True)
    draft = folder / ".drafts" / f"{found.message_id}.xml"
    draft.rename(folder / draft.name)
    with stopped(NOON), transaction.atomic(), pytest.raises(PayoutUnderWay):
        api.cancel_payout(FIRST, SYSTEM)
    stop(FIRST)
    assert file(NOON + timedelta(minutes=5)) == [found.id]
    assert set(PayoutRow.objects.values_list("state", flat=True)) == {"sent"}
    with stopped(NOON), transaction.atomic(), pytest.raises(PayoutUnderWay):
        api.cancel_payout(SECOND, SYSTEM)
