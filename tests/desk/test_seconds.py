"""Everything that waits for a second person is in one list; of two who agree at once one is first."""

from datetime import timedelta
from uuid import UUID

import pytest

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.care import api as care
from guitai.desk import api
from guitai.desk.emergency import verbs
from guitai.kit import topics
from guitai.kit.transactions import outermost
from guitai.wallet import api as wallet
from tests.desk.conftest import MING, PIN, staff_client
from tests.desk.test_actions import balance, do, refusal_of
from tests.threads import at_once
from tests.wallet.test_reserve import KEYS, SIGNERS, publish, signed, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def he() -> tuple:
    return staff_client("he@guitai.example", "He", "supervisor")


@pytest.fixture
def claim(yue, ming, wen) -> tuple[str, UUID]:
    """A disputed payment of 400 that is held at its payee: (case, claim)."""
    paid = wallet.send_transfer(yue, phone=MING, amount=Money(40_000, "CNY"), pin=PIN, key="paid").reference
    while topics.relay():
        pass
    case = care.open_case(yue, "not_me", "I did not send this.", [], operation=paid, key="n")
    verbs.hold(case, paid, wen[1], "reported at once", limited=False)
    found = wallet.claims_about([wallet.operation(yue, paid).view.id])
    return case, next(iter(found.values())).id


def steps(case: str, staff: Actor) -> list[tuple[str, str]]:
    return [
        (e.facts["action"], e.facts["step"])
        for e in care.case_for_staff(case, staff).events
        if e.kind == "action"
    ]


def verdict(client, case: str, claim: UUID, answer: str, **given: str):
    return client.post(
        f"/desk/approvals/claims/{case}/{claim}/", {"verdict": "return", "answer": answer, **given}
    )


def test_a_claim_waits_among_the_approvals_and_is_decided_there(claim, wen, rao, he, yue) -> None:
    case, one = claim
    assert api.seconds_elsewhere(rao[1]) == []
    verbs.propose(case, one, "return", rao[1], "device stolen")
    line = api.seconds_elsewhere(he[1])[0]
    assert (line.kind, line.id, line.case, line.maker) == ("claim", one, case, rao[1].id)
    before = balance(yue)
    own, other = (client.get("/desk/approvals/").content.decode() for client in (rao[0], he[0]))
    assert "¥400.00" in own and f"/desk/approvals/claims/{case}/{one}/" not in own
    assert f"/desk/approvals/claims/{case}/{one}/" in other and "device stolen" in other
    # Neither by pressing a button that is not shown, nor as somebody whose role does not decide.
    verdict(rao[0], case, one, "approve")
    assert verdict(wen[0], case, one, "approve").status_code == 403
    assert balance(yue) == before
    verdict(he[0], case, one, "approve")
    assert balance(yue) == before + 40_000
    assert api.seconds_elsewhere(he[1]) == []
    assert steps(case, he[1]) == [
        ("claim_hold", "done"),
        ("claim_return", "asked"),
        ("claim_return", "approved"),
    ]


def test_a_proposal_that_is_put_aside_is_open_for_another(claim, rao, he, ming) -> None:
    case, one = claim
    verbs.propose(case, one, "return", rao[1], "device stolen")
    verdict(he[0], case, one, "decline")
    assert api.seconds_elsewhere(he[1])[0].id == one, "no without a reason"
    verdict(he[0], case, one, "decline", reason="the story does not fit")
    assert api.seconds_elsewhere(he[1]) == []
    assert refusal_of(verbs.approve, case, one, "return", he[1], "").code == "claim_not_proposed"
    verbs.propose(case, one, "release", he[1], "it was theirs")
    verbs.approve(case, one, "release", rao[1], "")
    assert balance(ming) == 40_000


def test_what_staff_do_about_a_claim_is_no_business_of_its_customer(claim, rao, yue) -> None:
    case, one = claim
    verbs.propose(case, one, "return", rao[1], "device stolen")
    mine = care.case_for_customer(yue, case).events
    assert not [event for event in mine if event.kind == "action"]
    assert "device stolen" not in str([event.facts for event in mine])


def test_every_kind_of_proposal_is_in_the_list(yue, wen, rao) -> None:
    started = wallet.start_top_up(yue, amount=Money(7_000, "CNY"), key=new_id().hex).reference
    with outermost():
        amount = Money(6_999, "CNY")
        wallet.park_top_up(started, amount=amount, code="amount_differs", key="p", inbox_id=str(new_id()))
    case = care.open_case(yue, None, "Where is it?", [], operation=started, key="where")
    parked = wallet.parked_of(care.case_for_staff(case, wen[1]).links[0].id)[0].id
    do(case, wen[1], "parked", payment=str(parked), way="credit")
    line = api.seconds_elsewhere(rao[1])[0]
    assert (line.kind, line.about, line.action, line.maker) == ("parked", started, "credit", wen[1].id)
    assert f"/desk/reconciliation/parked/{parked}/" in rao[0].get("/desk/approvals/").content.decode()
    purpose = Purpose("review", str(care.case_for_staff(case, wen[1]).links[0].id), "x")
    own = refusal_of(wallet.approve_parked, parked, "credit", actor=wen[1], purpose=purpose)
    assert own.code in ("parked_own_proposal", "purpose_not_real")


def test_a_request_for_the_reserve_waits_in_the_list_and_is_decided_by_signatures_alone(
    yue, wen, rao, he
) -> None:
    publish()
    wallet.fill_reserve(Money(40_000, "CNY"), key="fill", actor=he[1])
    with stopped(now().replace(microsecond=0)):
        document = wallet.request_release(
            Money(15_000, "CNY"), destination="6228 …018", reason="payouts", actor=he[1]
        )
        line = api.seconds_elsewhere(rao[1])[0]
        assert (line.kind, line.about, line.amount) == ("reserve", "6228 …018", Money(15_000, "CNY"))
        assert (line.maker, line.maker_name[:1], line.signed, line.needed) == (he[1].id, "H", 0, 2)
        assert line.decide_by == now() + timedelta(hours=72)
    submit(document, *signed(document, KEYS[0]))
    page = rao[0].get("/desk/approvals/").content.decode()
    assert f"/desk/reserve/{line.id}/" in page and "¥150.00" in page and "1 of 2" in page
    assert "verdict" not in page, "nothing here approves it"
    assert api.seconds_elsewhere(wen[1]) == [], "only who may open the reserve"
    submit(document, *signed(document, KEYS[1]))
    assert api.seconds_elsewhere(rao[1]) == []


def test_a_request_for_the_reserve_by_the_command_names_the_command_and_leaves_past_its_time(
    yue, rao
) -> None:
    publish(valid_hours=1)
    wallet.fill_reserve(Money(40_000, "CNY"), key="fill", actor=SYSTEM)
    wallet.request_rehearsal(without=SIGNERS[0].id, reason="half-yearly", actor=SYSTEM)
    page = rao[0].get("/desk/approvals/").content.decode()
    assert "rehearse the loss of a key" in page and "a command on the server" in page
    with stopped(now() + timedelta(hours=2)):
        assert api.seconds_elsewhere(rao[1]) == []


def test_the_list_is_read_in_as_many_statements_however_long_it_is(
    yue, wen, rao, django_assert_max_num_queries
) -> None:
    def park(many: int) -> None:
        for _ in range(many):
            started = wallet.start_top_up(yue, amount=Money(7_000, "CNY"), key=new_id().hex).reference
            with outermost():
                amount = Money(6_999, "CNY")
                wallet.park_top_up(
                    started, amount=amount, code="amount_differs", key=new_id().hex, inbox_id=str(new_id())
                )
            case = care.open_case(yue, None, "Where is it?", [], operation=started, key=new_id().hex)
            parked = wallet.parked_of(care.case_for_staff(case, wen[1]).links[0].id)[0].id
            do(case, wen[1], "parked", payment=str(parked), way="credit")
            wallet.request_release(Money(100, "CNY"), destination="x", reason="x", actor=wen[1])

    publish()
    wallet.fill_reserve(Money(40_000, "CNY"), key="fill", actor=wen[1])
    for many in (1, 4):
        park(many)
        with django_assert_max_num_queries(15):
            lines = api.seconds_elsewhere(rao[1])
    assert len(lines) == 10


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_to_an_action_at_once_one_is_first(yue, wen, rao, he) -> None:
    case = care.open_case(yue, "other", "Please help me", [], key="help")
    asked = do(case, wen[1], "goodwill", amount="100", currency="CNY").approval
    before = balance(yue)
    given = at_once([lambda one=one: api.approve(asked, one, "yes") for one in (rao[1], he[1])])
    refused = [one for one in given if isinstance(one, Refusal)]
    assert [one.code for one in refused] == ["approval_over"]
    assert balance(yue) == before + 10_000
    assert steps(case, rao[1]) == [("goodwill", "asked"), ("goodwill", "approved")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_to_a_claim_at_once_one_is_first(claim, wen, rao, he, yue) -> None:
    case, one = claim
    verbs.propose(case, one, "return", wen[1], "device stolen")
    before = balance(yue)
    given = at_once(
        [lambda who=who: verbs.approve(case, one, "return", who, "yes") for who in (rao[1], he[1])]
    )
    refused = [one for one in given if isinstance(one, Refusal)]
    assert [one.code for one in refused] == ["claim_not_open"]
    assert balance(yue) == before + 40_000
    assert steps(case, rao[1])[-2:] == [("claim_return", "asked"), ("claim_return", "approved")]


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_declining_at_once_is_one_of_the_two(yue, wen, rao, he) -> None:
    case = care.open_case(yue, "other", "Please help me", [], key="help")
    asked = do(case, wen[1], "goodwill", amount="100", currency="CNY").approval
    before = balance(yue)
    at_once([lambda: api.approve(asked, rao[1], "yes"), lambda: api.decline(asked, he[1], "no")])
    state = api.approval(asked).state
    assert (state, balance(yue) - before) in (("done", 10_000), ("declined", 0))
