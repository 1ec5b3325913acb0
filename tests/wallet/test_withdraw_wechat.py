"""Withdrawals to one's own WeChat account, the sandbox's gateway behind them: named by WeChat, confirmed there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import AccountNeedsLink
from guitai.people.flows.bindings import bind_account
from guitai.people.types import AccountClaim, Proof
from guitai.rails import api as rails
from guitai.rails.flows import pay_out
from guitai.rails.models import PayoutRow
from guitai.skin.text import moment_text
from guitai.wallet import api as wallet
from guitai.wallet.notices_withdrawals import remind_to_confirm
from guitai.wallet.web import showing, withdrawal_words
from tests.rails.gateways import Gateway
from tests.wallet.conftest import PIN, available, settle_topics
from tests.wallet.ways_out import NAME, OUT, PAID_IN, closed, gateway_of, look, payer, turn, withdraw
from tests.wallet.withdrawing import fees

pytestmark = pytest.mark.django_db
RAIL = "wechat"
BACK, PAGE = "https://wallet.test/back/", "https://wallet.test/confirm/"


@pytest.fixture
def gateway(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway_of(RAIL, tmp_path, monkeypatch) as one:
        yield one


@pytest.fixture
def owner(gateway: Gateway) -> UUID:
    return payer(gateway)


def allowed(state: str = "s") -> httpx.URL:
    """Somebody new allows it on WeChat's page: where that sends their browser."""
    page = rails.payee_sign_in(RAIL, state, BACK)
    told = httpx.get(page, headers={"Accept": "application/json"}, trust_env=False)
    assert told.status_code == 200, told.text
    return httpx.URL(told.json()[""])


def bind(owner: UUID) -> UUID:
    openid = rails.payee_of(RAIL, allowed().params["code"])
    assert openid is not None
    claim = AccountClaim(RAIL, openid, NAME)
    return bind_account(owner, claim, Proof(pin=PIN), linked=True).id


def told(owner: UUID, kind: str) -> list[str | None]:
    """Where its messages of a kind lead their owner, the newest first."""
    return [one.url for one in notify.inbox(owner).items if one.kind == f"wallet.withdrawal_{kind}"]


def row_of(outcome: wallet.Outcome) -> PayoutRow:
    return PayoutRow.objects.get(order_reference=outcome.reference)


def test_a_code_says_once_whose_account_it_is(gateway: Gateway) -> None:
    back = allowed("the state")
    assert str(back).startswith(BACK) and back.params["state"] == "the state"
    openid = rails.payee_of(RAIL, back.params["code"])
    assert openid and openid.startswith("o")
    assert rails.payee_of(RAIL, back.params["code"]) is None and rails.payee_of(RAIL, "invented") is None


def test_nobody_enters_a_wechat_account_by_its_name(gateway: Gateway, owner: UUID) -> None:
    with pytest.raises(AccountNeedsLink):
        people.bind_account(owner, AccountClaim(RAIL, "oUpF8uMuAJO", NAME), Proof(pin=PIN))
    assert people.bindings(owner) == []


def test_it_arrives_when_its_owner_confirms_it_and_the_days_agree(gateway: Gateway, owner: UUID) -> None:
    fees(fixed_minor=100)
    account = bind(owner)
    [way] = wallet.withdrawal_ways(owner, account=account)
    assert (way.rail, way.currency, way.fee.fixed, way.funded) == (RAIL, "CNY", Money(100, "CNY"), True)
    outcome = withdraw(owner, account)
    assert look(owner, outcome).withdrawal.confirm_by is None
    turn(RAIL)
    waiting = look(owner, outcome)
    assert (waiting.view.state, waiting.withdrawal.stage) == ("processing", "accepted")
    assert timedelta(hours=11) < waiting.withdrawal.confirm_by - now() <= timedelta(hours=12)
    page = wallet.withdrawal_confirmation(owner, outcome.reference, PAGE)
    assert page is not None and page.wish["package"] == row_of(outcome).confirm_package
    asked = {**page.wish, **page.signed, "url": PAGE}
    there = httpx.get(
        page.script_url.replace("jweixin.js", "confirm"), params=asked, trust_env=False, timeout=30
    )
    assert there.status_code == 200 and "50.00" in there.text
    elsewhere = {**asked, "url": "https://another.test/"}
    assert (
        httpx.get(str(there.url.copy_with(query=None)), params=elsewhere, trust_env=False).status_code == 403
    )
    gateway.sandbox.post(f"/wechat/confirm/{page.wish['package']}")
    # The page is looked at again: WeChat itself is asked, and there is nothing to confirm any more.
    assert wallet.withdrawal_confirmation(owner, outcome.reference, PAGE) is None
    settle_topics()
    found = look(owner, outcome)
    assert (found.view.state, found.withdrawal.confirm_by) == ("succeeded", None)
    assert available(owner) == PAID_IN - OUT - 100
    said = [step.title for step in showing.timeline(found)]
    assert said[0] == "Set aside and queued for WeChat Pay" and said[-1] == "WeChat Pay has confirmed it"
    closed(gateway)


def test_its_owner_is_told_beforehand_and_reminded_once(gateway: Gateway, owner: UUID) -> None:
    account = bind(owner)
    quoted = wallet.quote_withdrawal(owner, account=account, amount=Money(OUT, "CNY"))
    assert quoted.confirm_within == timedelta(hours=12)
    said = " ".join(withdrawal_words.confirmation(quoted))
    assert (
        "12 hours" in said
        and moment_text(quoted.leaves_at + timedelta(hours=12)) in said
        and "comes back" in said
    )
    held = " ".join(withdrawal_words.confirmation(replace(quoted, outcome="held")))
    assert "12 hours" in held and "at once" not in held
    outcome, other = withdraw(owner, account), withdraw(owner, account)
    turn(RAIL)
    until = row_of(outcome).confirm_until
    assert until is not None
    asked = [f"/bills/{one.reference}/confirm/" for one in (other, outcome)]
    assert sorted(told(owner, "to_confirm")) == sorted(asked) and told(owner, "confirm_soon") == []
    steps = [(step.title, step.by) for step in withdrawal_words.ahead(look(owner, outcome))]
    assert steps[0] == ("Confirmed by you in WeChat", until)
    turn(RAIL, seconds=60)
    gateway.sandbox.post(f"/wechat/confirm/{row_of(other).confirm_package}").raise_for_status()
    rails.query_payout(other.reference)
    settle_topics()
    for left, reminded in (
        (timedelta(hours=4), []),
        (timedelta(hours=3), asked[1:]),
        (timedelta(hours=2), asked[1:]),
    ):
        with stopped(until - left):
            remind_to_confirm()
        assert told(owner, "confirm_soon") == reminded
    assert len(told(owner, "to_confirm")) == 2


@pytest.mark.parametrize("left", [timedelta(minutes=89), timedelta(0), timedelta(hours=-1)])
def test_nobody_is_reminded_when_it_is_too_late(gateway: Gateway, owner: UUID, left: timedelta) -> None:
    outcome = withdraw(owner, bind(owner))
    turn(RAIL)
    with stopped(row_of(outcome).confirm_until - left):
        assert remind_to_confirm() == 0
    assert told(owner, "confirm_soon") == []


def test_what_nobody_confirms_in_time_is_called_back_with_its_fee(
    gateway: Gateway, owner: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    fees(fixed_minor=100)
    outcome = withdraw(owner, bind(owner))
    turn(RAIL)
    row = row_of(outcome)
    assert row.confirm_until is not None and row.next_query_at <= row.confirm_until
    for hours, state in ((11, "processing"), (13, "failed")):
        # The gateway keeps its own time and takes no signature of another: only when it is called back is ours.
        later = now() + timedelta(hours=hours)
        monkeypatch.setattr(pay_out, "now", lambda later=later: later)
        PayoutRow.objects.filter(id=row.id).update(next_query_at=now())
        turn(RAIL)
        assert look(owner, outcome).view.state == state
    found = look(owner, outcome)
    assert (found.view.state, found.view.code, available(owner)) == (
        "failed",
        "payout_not_confirmed",
        PAID_IN,
    )
    assert found.diagnosis.next_step and row_of(outcome).confirm_package == ""
    assert wallet.withdrawal_confirmation(owner, outcome.reference, PAGE) is None
    closed(gateway)


def test_a_lost_answer_still_lets_its_owner_confirm_and_pays_once(gateway: Gateway, owner: UUID) -> None:
    account = bind(owner)
    gateway.arrange(transfer="timeout")
    outcome = withdraw(owner, account)
    turn(RAIL)
    assert row_of(outcome).confirm_package == ""
    turn(RAIL, seconds=60)
    assert row_of(outcome).confirm_package
    page = wallet.withdrawal_confirmation(owner, outcome.reference, PAGE)
    assert page is not None
    gateway.sandbox.post(f"/wechat/confirm/{page.wish['package']}")
    rails.query_payout(outcome.reference)
    settle_topics()
    assert (look(owner, outcome).view.state, available(owner)) == ("succeeded", PAID_IN - OUT)
    closed(gateway)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("end:NAME_NOT_CORRECT", "payee_name_mismatch"), ("end:ACCOUNT_FROZEN", "payee_account_blocked")],
)
def test_what_wechat_refuses_is_back_with_its_reason(
    gateway: Gateway, owner: UUID, theirs: str, ours: str
) -> None:
    account = bind(owner)
    gateway.arrange(transfer=theirs)
    outcome = withdraw(owner, account)
    turn(RAIL)
    found = look(owner, outcome)
    assert (found.view.state, found.view.code, available(owner)) == ("failed", ours, PAID_IN)
    assert found.diagnosis.next_step


def test_without_a_scene_for_transfers_it_is_no_way_out(gateway: Gateway, owner: UUID) -> None:
    account = bind(owner)
    assert wallet.reaches_accounts(RAIL)
    rails.publish_settings(RAIL, {"transfer_scene": ""}, SYSTEM)
    assert rails.rail_problems(RAIL) == () and not wallet.reaches_accounts(RAIL)
    assert wallet.withdrawal_ways(owner, account=account) == ()
    assert withdraw(owner, account).code == "payout_currency_not_taken"
    assert RAIL in [offer.rail for offer in rails.rails_for("in", "CNY")]


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_freeze_calls_back_what_is_not_confirmed(gateway: Gateway, owner: UUID, confirmed: bool) -> None:
    """At once, not in twelve hours; who has confirmed just before keeps it, and staff see that it left."""
    outcome = withdraw(owner, bind(owner))
    turn(RAIL)
    if confirmed:
        gateway.sandbox.post(f"/wechat/confirm/{row_of(outcome).confirm_package}").raise_for_status()
    people.freeze(owner, SYSTEM, "by_customer")
    settle_topics()
    turn(RAIL)
    found = look(owner, outcome)
    expected = ("succeeded", None) if confirmed else ("failed", "payout_not_confirmed")
    assert (found.view.state, found.view.code) == expected
    recall = wallet.recalls_of([found.view.id])[found.view.id]
    assert recall.outcome == ("left" if confirmed else "came_back")
    assert available(owner) == (PAID_IN - OUT if confirmed else PAID_IN)
    closed(gateway)
