"""Everything around a case in one order, a page at a time, in as many statements however much it is."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.care import api as care
from guitai.desk import timeline as timelines
from guitai.desk.emergency import verbs
from guitai.desk.timeline import FILTERS, timeline
from guitai.kit import topics
from guitai.kit.cursors import CursorInvalid
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.models import SignIn
from guitai.wallet import api as wallet
from tests.desk.conftest import MING, PIN
from tests.desk.test_actions import do

pytestmark = pytest.mark.django_db


def relay() -> None:
    while topics.relay():
        pass


def pages(case: str, staff, show: str = "all") -> list:
    """Every moment, oldest first, read page by page."""
    found, cursor = [], None
    view = care.case_for_staff(case, staff, latest=0)
    while True:
        page = timeline(view, staff, show, cursor)
        found = [*page.moments, *found]
        if page.earlier is None:
            return found
        cursor = page.earlier


def words(moments) -> list[str]:
    return [one.event.message.words if one.event and one.event.message else one.title for one in moments]


def references(moments) -> set[str]:
    """The operations that lines about money name."""
    return {"".join(c for c in one.detail.split(" · ")[0] if c.isalnum()) for one in moments}


def sign_in(person: UUID, at: datetime, **more) -> None:
    SignIn.objects.create(
        person_id=person, session_key="x", generation=1, at=at, seen_at=at, methods="password", place="Shanghai",
        **more,
    )  # fmt: skip


@pytest.fixture
def case(yue, ming, wen) -> str:
    """A disputed payment with all that may happen around it."""
    paid = wallet.send_transfer(yue, phone=MING, amount=Money(40_000, "CNY"), pin=PIN, key="paid").reference
    relay()
    sign_in(yue, now() - timedelta(days=30))
    sign_in(yue, now() - timedelta(hours=1), unusual=True)
    reference = care.open_case(yue, "not_me", "I did not send this.", [], operation=paid, key="n")
    people.freeze(yue, SYSTEM, "by_risk")
    verbs.hold(reference, paid, wen[1], "reported at once", limited=False)
    care.take(reference, wen[1])
    care.give_proof_pin(yue, care.ask_proof(reference, "app", wen[1]), PIN)
    do(reference, wen[1], "goodwill", amount="10", currency="CNY")
    care.reply(reference, wen[1], "We look at it.", next_turn="customer", key="a")
    relay()
    return reference


def test_everything_around_a_case_stands_in_one_order(case, wen) -> None:
    found = pages(case, wen[1])
    assert [one.at for one in found] == sorted(one.at for one in found)
    said = "\n".join(words(found))
    for part in (
        "Signed in from an unusual place", "I did not send this.", "Account frozen", "An agent has taken the case",
        "Unspent part held at the receiving wallet", "Identity shown: approval in the app (level 2, until ", "Credit",
        "We look at it.", "Clock First answer: met", "Promise kept", "Promised: an answer",
    ):  # fmt: skip
        assert part in said, part
    assert "Signed in\n" not in said, "a sign-in of a month ago is no part of it"
    sorts = {one.sort for one in found}
    assert sorts == set(FILTERS) - {"all"}


def test_every_operation_involved_is_there_by_its_reference(case, yue, ming, wen) -> None:
    linked = care.case_for_staff(case, wen[1]).links[0]
    about = references(pages(case, wen[1], "money"))
    claim = wallet.claims_about([linked.id])[linked.id]
    credit = next(e.facts["bill"] for e in care.case_for_staff(case, wen[1]).events if "bill" in e.facts)
    assert {linked.reference, claim.hold_reference, credit} <= about


def test_what_was_given_back_is_involved_too(yue, ming, wen) -> None:
    paid = wallet.send_transfer(yue, phone=MING, amount=Money(5_000, "CNY"), pin=PIN, key="paid").reference
    relay()
    back = wallet.give_back(ming, paid, pin=PIN, key="back").reference
    relay()
    reference = care.open_case(yue, None, "Did it come back?", [], operation=paid, key="n")
    assert {paid, back} <= references(pages(reference, wen[1], "money"))


def test_each_filter_shows_its_own_and_together_they_are_everything(case, wen) -> None:
    whole = pages(case, wen[1])
    parts = []
    for show in FILTERS:
        if show in ("all", "account"):
            continue
        found = pages(case, wen[1], show)
        assert {one.sort for one in found} == {show}
        parts += found
    assert len(parts) == len([one for one in whole if one.sort != "account"])
    account = pages(case, wen[1], "account")
    assert len(account) > len([one for one in whole if one.sort == "account"]), "all sign-ins, old ones too"


@pytest.mark.parametrize("size", [1, 2, 7])
def test_pages_leave_nothing_out_and_show_nothing_twice(case, wen, yue, monkeypatch, size: int) -> None:
    # Everything of one moment: the keys alone put it in order.
    with stopped(now()):
        for number in range(5):
            care.note(case, wen[1], f"note {number}")
            sign_in(yue, now())
    whole = pages(case, wen[1])
    monkeypatch.setattr(timelines, "PAGE", size)
    paged = pages(case, wen[1])
    keys = [(one.at, one.sort, one.key) for one in paged]
    assert keys == [(one.at, one.sort, one.key) for one in whole]
    assert len(set(keys)) == len(keys)
    notes = [word for word in words(paged) if word.startswith("note ")]
    assert notes == [f"note {number}" for number in range(5)]


def test_as_many_statements_however_much_has_happened(case, yue, wen, rao) -> None:
    def statements() -> int:
        view = care.case_for_staff(case, wen[1], latest=0)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            timeline(view, wen[1], "all", None)
        # A policy is read again once a second, whoever looks.
        return sum("kit_policy_version" not in one["sql"] for one in seen.captured_queries)

    timeline(care.case_for_staff(case, wen[1], latest=0), wen[1], "all", None)
    few = statements()
    for number in range(12):
        care.note(case, rao[1], f"note {number}")
        sign_in(yue, now())
        do(case, wen[1], "goodwill", amount="1", currency="CNY")
        people.freeze(yue, SYSTEM, "by_law", basis=str(number))
    relay()
    assert statements() == few <= 40


def test_the_whole_page_is_read_in_as_many_statements_however_long_the_case_is(case, wen) -> None:
    client = wen[0]

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/cases/{case}/").status_code == 200
        return len(seen)

    statements()
    few = statements()
    for number in range(80):
        care.note(case, wen[1], f"note {number}")
    # The page is full now, and asks for the names of whoever wrote on it.
    assert statements() <= few + 2
    page = client.get(f"/desk/cases/{case}/").content.decode()
    assert "note 79" in page and "I did not send this." not in page
    earlier = re.search(r'\?(show=all&(?:amp;)?before=[^"]+)"', page)[1].replace("&amp;", "&")
    before = client.get(f"/desk/cases/{case}/?{earlier}").content.decode()
    assert "I did not send this." in before and "note 79" not in before


def test_a_made_up_cursor_is_refused(case, wen) -> None:
    view = care.case_for_staff(case, wen[1], latest=0)
    for cursor in ("x", "1:2:3"):
        with pytest.raises(CursorInvalid):
            timeline(view, wen[1], "all", cursor)
    assert wen[0].get(f"/desk/cases/{case}/?before=nonsense").status_code in (400, 404, 422)


def test_promises_about_its_operations_stand_in_the_case(yue, wen) -> None:
    started = wallet.start_top_up(yue, amount=Money(7_000, "CNY"), key=new_id().hex).reference
    with outermost():
        wallet.note_top_up_processing(started, rail="bank")
    relay()
    reference = care.open_case(yue, None, "Where is it?", [], operation=started, key="where")
    assert any("Promised: the money" in word for word in words(pages(reference, wen[1], "clock")))


def test_looks_are_recorded_for_the_case(case, yue, wen) -> None:
    from guitai.audit import api as audit

    before = datetime(2020, 1, 1, tzinfo=UTC)
    pages(case, wen[1])
    looks = [one.entry for one in audit.entries_about(("person", str(yue))) if one.at > before]
    read = ("person.sign_ins_read", "person.standing_read")
    mine = [one for one in looks if one.actor == wen[1] and one.action in read]
    assert mine and all(one.purpose.kind == "case" and one.purpose.reason == "case.timeline" for one in mine)
