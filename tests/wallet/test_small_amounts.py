"""Two small amounts show whose an account is: the house pays, the right answer confirms, wrong ones are counted."""

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.actor import SYSTEM
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.kit import explain, policies
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet import small_amount_errors as errors
from guitai.wallet.models import SmallAmounts
from guitai.wallet.rules.small_amounts import SmallAmountPolicy, agree, chances, drawn, worst
from tests.wallet.conftest import available
from tests.wallet.test_pages_browser import browser
from tests.wallet.withdrawing import Till, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return opened(tmp_path)


@pytest.fixture
def mine(till: Till) -> tuple[UUID, UUID]:
    return till.customer(500_00)


def sent(till: Till, owner: UUID, account: UUID) -> SmallAmounts:
    with till.at():
        wallet.send_small_amounts(owner, account=account)
    return SmallAmounts.objects.get(account=account, state="sent")


def tell(till: Till, owner: UUID, account: UUID, *amounts: int) -> None:
    with till.at():
        wallet.confirm_small_amounts(owner, account=account, amounts=(amounts[0], amounts[1]))


def confirmed(owner: UUID, account: UUID) -> bool:
    return people.binding(owner, account).confirmed_at is not None


def test_whoever_reads_both_amounts_has_shown_whose_the_account_is(
    till: Till, mine: tuple[UUID, UUID]
) -> None:
    row = sent(till, *mine)
    till.leave()
    for reference, minor in (
        (row.first_reference, row.first_minor),
        (row.second_reference, row.second_minor),
    ):
        record = rails.payout_record(reference)
        assert record is not None and record.state == "sent" and record.amount.minor == minor
        till.status(reference, "ACSC")
    with till.at():
        view = wallet.small_amounts(mine[0], account=mine[1])
    assert view is not None and (view.state, view.payout, view.tries_left) == ("sent", "settled", 3)
    assert not confirmed(*mine)
    tell(till, *mine, row.second_minor, row.first_minor)
    assert confirmed(*mine)
    # The house has paid; the customer's own money and bills know nothing of it.
    assert available(mine[0]) == 500_00
    assert all(one.kind == "top_up" for one in wallet.operations(mine[0], None, 20).items)
    with pytest.raises(errors.AccountConfirmed):
        sent(till, *mine)


def test_wrong_answers_are_counted_and_the_last_one_ends_it(till: Till, mine: tuple[UUID, UUID]) -> None:
    row = sent(till, *mine)
    wrong = (row.first_minor, 500)
    for left in (2, 1):
        with pytest.raises(errors.SmallAmountsWrong) as refused:
            tell(till, *mine, *wrong)
        assert refused.value.facts == {"left": left}
    with pytest.raises(errors.SmallAmountsSpent):
        tell(till, *mine, *wrong)
    with pytest.raises(errors.SmallAmountsNotSent):
        tell(till, *mine, row.first_minor, row.second_minor)
    assert not confirmed(*mine)
    again = sent(till, *mine)
    tell(till, *mine, again.first_minor, again.second_minor)
    assert confirmed(*mine)


def test_only_a_few_pairs_are_sent_and_each_only_once(till: Till, mine: tuple[UUID, UUID]) -> None:
    first = sent(till, *mine)
    assert sent(till, *mine).id == first.id, "what is on its way is not sent twice"
    till.later(days=11)
    with pytest.raises(errors.SmallAmountsNotSent):
        tell(till, *mine, first.first_minor, first.second_minor)
    second = sent(till, *mine)
    assert second.id != first.id
    till.later(days=3)
    SmallAmounts.objects.filter(id=second.id).update(state="spent")
    with pytest.raises(errors.SmallAmountsTooOften):
        sent(till, *mine)
    till.later(days=20)
    sent(till, *mine)


@pytest.mark.parametrize("what", ["rejected", "returned"])
def test_what_does_not_arrive_is_the_houses_again_and_ends_it(
    till: Till, mine: tuple[UUID, UUID], what: str
) -> None:
    row = sent(till, *mine)
    till.leave()
    if what == "rejected":
        till.status(row.first_reference, "RJCT", "BE01")
    else:
        till.status(row.first_reference, "ACSC")
        till.returns(row.first_reference, row.first_minor)
    view = wallet.small_amounts(mine[0], account=mine[1])
    assert view is not None and view.state == "failed"
    assert view.code == ("payee_name_mismatch" if what == "rejected" else "payee_account_closed")
    with pytest.raises(errors.SmallAmountsNotSent):
        tell(till, *mine, row.first_minor, row.second_minor)


def test_what_cannot_be_sent_is_refused_and_nothing_is_left_of_it(
    till: Till, mine: tuple[UUID, UUID]
) -> None:
    with pytest.raises(NotFound):
        sent(till, mine[0], new_id())
    stranger, _ = till.customer()
    with pytest.raises(NotFound):
        sent(till, stranger, mine[1])
    policies.publish("small_amounts", {"enabled": False}, SYSTEM)
    with pytest.raises(errors.SmallAmountsOff):
        sent(till, *mine)
    assert not SmallAmounts.objects.exists()


@given(first=st.integers(0, 10_000), second=st.integers(0, 10_000), least=st.integers(1, 50))
def test_two_amounts_are_never_the_same_and_always_within(first: int, second: int, least: int) -> None:
    policy = SmallAmountPolicy(least_minor=least, most_minor=99)
    one, other = chances(policy)
    pair = drawn(policy, first % one, second % other)
    assert pair[0] != pair[1] and all(least <= minor <= 99 for minor in pair)
    assert agree(pair, (pair[1], pair[0])) and not agree(pair, (pair[0], pair[0]))


def test_the_later_of_two_payments_counts() -> None:
    assert worst(("settled", "sent")) == "sent"
    assert worst(("rejected", "settled")) == "rejected"


def test_every_code_has_words() -> None:
    codes = {"small_amounts_off", "small_amounts_not_sent", "small_amounts_too_often", "small_amounts_wrong",
             "small_amounts_spent", "account_confirmed_already"}  # fmt: skip
    assert codes <= explain.codes()


def test_the_page_leads_from_sending_to_telling(till: Till, mine: tuple[UUID, UUID]) -> None:
    owner, account = mine
    client, address = browser(owner), f"/me/bank-accounts/{account}/small-amounts/"
    with till.at():
        assert address in client.get(f"/me/bank-accounts/{account}/removal/").content.decode()
        assert 'value="send"' in client.get(address).content.decode()
        assert client.post(address, {"step": "send"}).status_code == 302
        row = SmallAmounts.objects.get()
        assert 'name="first"' in client.get(address).content.decode()
        assert client.post(address, {"first": "9.99", "second": "x"}).status_code == 422
        assert client.post(address, {"first": "9.99", "second": "9.98"}).status_code == 422
        right = {"first": f"0.{row.first_minor:02}", "second": f"0.{row.second_minor:02}"}
        assert client.post(address, right).status_code == 302
        assert address not in client.get(f"/me/bank-accounts/{account}/removal/").content.decode()
    row.refresh_from_db()
    assert confirmed(owner, account) and row.wrong == 1
