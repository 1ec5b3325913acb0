"""A stored notice has its effect exactly once, and every other outcome is a state with a code."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit.keys import KeyMissing
from guitai.kit.topics import emit
from guitai.rails import api
from guitai.rails.errors import NoticeTooLarge, RailUnknown
from guitai.rails.flows.sweep_inbox import sweep_inbox
from guitai.rails.models import InboxMessage, Order
from guitai.rails.rules.retries import INTERVALS_S
from tests.rails.conftest import Bank, judged, topics

pytestmark = pytest.mark.django_db
MakeOrder = Callable[..., Order]
PAID = "rails.top_up_paid"
PARKED = "rails.notice_parked"


def test_a_right_payment_marks_the_order_and_tells_the_rooms_above(bank: Bank, order: MakeOrder) -> None:
    order()
    message = bank.tell()
    assert (message.state, message.code) == ("settled", None)
    assert topics() == [
        (
            PAID,
            {
                "order_reference": "7KMR3AXWH4",
                "amount": 20_000,
                "currency": "CNY",
                "bank_reference": "B1",
                "inbox_id": str(message.id),
                "rail": "bank",
            },
        )
    ]
    record = api.rail_record("7KMR3AXWH4")
    assert record is not None
    assert (record.state, record.bank_reference, len(record.notices)) == ("paid", "B1", 1)


def test_a_reference_is_understood_however_it_was_typed(bank: Bank, order: MakeOrder) -> None:
    reference = "2222222222"
    order(reference)
    assert bank.tell(payment_reference=" 2222-222 222 ").state == "settled"


@pytest.mark.parametrize(
    ("changes", "code", "amount", "currency"),
    [
        ({"amount": {"amount": 19_999, "currency": "CNY"}}, "wrong_amount", 19_999, "CNY"),
        ({"amount": {"amount": 20_001, "currency": "CNY"}}, "wrong_amount", 20_001, "CNY"),
        ({"amount": {"amount": 20_000, "currency": "USD"}}, "wrong_currency", 20_000, "USD"),
        ({"amount": {"amount": 20_000, "currency": "XAU"}}, "wrong_currency", 20_000, "XAU"),
        ({"payee_account": "1"}, "wrong_payee", 20_000, "CNY"),
    ],
)
def test_a_wrong_payment_is_parked_and_moves_nothing(
    bank: Bank, order: MakeOrder, changes: dict[str, object], code: str, amount: int, currency: str
) -> None:
    order()
    message = bank.tell(**changes)
    assert (message.state, message.code) == ("exception", code)
    expected = {"order_reference": "7KMR3AXWH4", "code": code, "inbox_id": str(message.id)}
    expected |= {"amount": amount, "currency": currency, "rail": "bank", "bank_reference": "B1"}
    assert topics() == [(PARKED, expected)]
    assert Order.objects.get().state == "awaiting_payment"
    assert bank.tell(notice_id="N2", bank_reference="B2").state == "settled"


def test_the_same_notice_again_moves_nothing(bank: Bank, order: MakeOrder) -> None:
    order()
    body = bank.body()
    assert [bank.tell(body).state for _ in range(3)] == ["settled", "duplicate", "duplicate"]
    assert [name for name, _ in topics()] == [PAID]


def test_the_same_job_again_moves_nothing(bank: Bank, order: MakeOrder) -> None:
    order()
    message = bank.tell()
    api.settle(message.id)
    api.settle(new_id())
    assert [name for name, _ in topics()] == [PAID]


def test_the_same_payment_under_another_notice_number_moves_nothing(bank: Bank, order: MakeOrder) -> None:
    order()
    assert bank.tell().state == "settled"
    assert bank.tell(notice_id="N2").code == "duplicate"


def test_one_notice_number_with_two_contents_is_a_matter_for_staff(bank: Bank, order: MakeOrder) -> None:
    order()
    bank.tell()
    assert bank.tell(bank_reference="B2").code == "conflicting_notice"
    assert [name for name, _ in topics()] == [PAID]


def test_a_second_payment_of_a_paid_order_is_parked(bank: Bank, order: MakeOrder) -> None:
    order()
    bank.tell()
    assert bank.tell(notice_id="N2", bank_reference="B2").code == "already_paid"
    assert [name for name, _ in topics()] == [PAID, PARKED]


def test_a_notice_that_is_faster_than_the_banks_answer_counts(bank: Bank, order: MakeOrder) -> None:
    order(state="starting", payee_account=None)
    assert bank.tell().state == "settled"


def test_a_notice_of_a_stranger_is_refused_and_cannot_block_the_real_one(
    bank: Bank, order: MakeOrder
) -> None:
    order()
    body = bank.body()
    forged = api.receive_notice("bank", bank.headers(body, key=Ed25519PrivateKey.generate()), body)
    message = judged(forged.id)
    assert (message.state, message.code, message.facts) == (
        "refused",
        "bad_signature",
        {"problem": "signature"},
    )
    assert message.notice_id is None
    assert topics() == []
    assert bank.tell(body).state == "settled"


def test_an_old_copy_is_refused_but_a_late_look_is_not(bank: Bank, order: MakeOrder) -> None:
    order()
    body = bank.body()
    headers = bank.headers(body)
    with stopped(now() + timedelta(seconds=301)):
        late = api.receive_notice("bank", headers, body)
    assert judged(late.id).facts == {"problem": "time"}
    receipt = api.receive_notice("bank", headers, body)
    with stopped(now() + timedelta(days=3)):
        assert judged(receipt.id).state == "settled"


def test_a_genuine_message_that_cannot_be_read_is_kept(bank: Bank) -> None:
    assert bank.tell(b"{}").code == "malformed"
    assert [item.code for item in api.exceptions().items] == ["malformed"]


def test_a_missing_key_loses_nothing(bank: Bank, order: MakeOrder, home) -> None:  # type: ignore[no-untyped-def]
    order()
    body = bank.body()
    receipt = api.receive_notice("bank", bank.headers(body), body)
    key = home / "keys" / "bank.pub"
    key.rename(key.with_suffix(".away"))
    with pytest.raises(KeyMissing, match=r"bank\.pub is missing"):
        api.settle(receipt.id)
    key.with_suffix(".away").rename(key)
    assert judged(receipt.id).state == "settled"


def test_an_early_notice_waits_with_growing_intervals_then_stays_in_the_list(bank: Bank) -> None:
    moment = now()
    message = bank.tell()
    assert (message.state, message.code) == ("waiting", "unknown_reference")
    for expected_s in INTERVALS_S:
        assert message.next_attempt_at is not None
        with stopped(message.next_attempt_at):
            message = judged(message.id)
        moment += timedelta(seconds=expected_s)
    assert (message.state, message.code, message.next_attempt_at) == ("exception", "unknown_reference", None)
    assert topics() == []
    assert [item.payment_reference for item in api.exceptions().items] == ["7KMR3AXWH4"]


def test_two_copies_of_an_early_notice_settle_once(bank: Bank, order: MakeOrder) -> None:
    body = bank.body()
    first, second = bank.tell(body), bank.tell(body)
    assert (first.state, second.state) == ("waiting", "duplicate")
    order()
    assert judged(first.id).state == "settled"
    assert [name for name, _ in topics()] == [PAID]


def test_a_notice_without_reference_waits_for_a_person(bank: Bank, order: MakeOrder) -> None:
    order()
    assert bank.tell(payment_reference="").code == "unknown_reference"
    assert topics() == []


def test_storing_and_queueing_are_one_step(bank: Bank) -> None:
    body = bank.body()
    receipt = api.receive_notice("bank", bank.headers(body), body)
    assert [job.task_name for job in _jobs(receipt.id)] == ["rails.settle"]


def test_a_lost_job_is_put_back(bank: Bank) -> None:
    body = bank.body()
    receipt = api.receive_notice("bank", bank.headers(body), body)
    assert sweep_inbox() == 0
    with stopped(now() + timedelta(minutes=3)):
        assert sweep_inbox() == 1
    assert len(_jobs(receipt.id)) == 2


def _jobs(inbox_id: UUID) -> list[ProcrastinateJob]:
    """The jobs of one message: the queue's table is not emptied between tests."""
    return list(ProcrastinateJob.objects.filter(args__inbox_id=str(inbox_id)))


def test_what_is_not_kept_is_said(bank: Bank) -> None:
    with pytest.raises(NoticeTooLarge):
        api.receive_notice("bank", {}, b"x" * 65_537)
    with pytest.raises(RailUnknown):
        api.receive_notice("nowhere", {}, b"")
    assert not InboxMessage.objects.exists()


def test_the_payer_is_sealed_and_cookies_are_not_kept(bank: Bank) -> None:
    body = bank.body()
    receipt = api.receive_notice("bank", {**bank.headers(body), "Cookie": "session=1"}, body)
    message = InboxMessage.objects.get(id=receipt.id)
    assert b"6222 1" not in bytes(message.body_sealed)
    assert "cookie" not in message.headers


def test_the_database_itself_allows_one_settlement(bank: Bank, order: MakeOrder) -> None:
    order()
    message = bank.tell()
    for same in ({"notice_id": "N1"}, {"bank_reference": "B1"}, {"order_id": message.order_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InboxMessage.objects.create(
                rail="bank", headers={}, body_sealed=b"", body_sha256=b"", state="settled", **same
            )


def test_exceptions_are_listed_in_pages(bank: Bank) -> None:
    for number in range(5):
        bank.tell(b"{}", notice_id=f"N{number}")
    first = api.exceptions(limit=3)
    second = api.exceptions(first.next_cursor, limit=3)
    assert (len(first.items), len(second.items), second.next_cursor) == (3, 2, None)
    assert len({item.id for item in (*first.items, *second.items)}) == 5
    assert api.exceptions(codes=frozenset({"wrong_amount"})).items == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_two_copies_settle_once(bank: Bank, order: MakeOrder) -> None:
    order()
    body = bank.body()
    receipts = [api.receive_notice("bank", bank.headers(body), body) for _ in range(6)]
    start = threading.Barrier(len(receipts))
    troubles: list[Exception] = []

    def work(inbox_id) -> None:  # type: ignore[no-untyped-def]
        start.wait()
        try:
            api.settle(inbox_id)
        except Exception as error:  # noqa: BLE001  collected for the assertion below
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(receipt.id,)) for receipt in receipts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    states = sorted(InboxMessage.objects.values_list("state", flat=True))
    assert states == ["duplicate"] * 5 + ["settled"]
    assert [name for name, _ in topics()] == [PAID]


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_leaves_nothing_half_done(
    bank: Bank, order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    order()
    body = bank.body()
    receipt = api.receive_notice("bank", bank.headers(body), body)

    def emit_then_die(name: str, payload: dict[str, object]) -> None:
        emit(name, payload)
        raise ConnectionError("the worker was killed")

    with monkeypatch.context() as dying:
        dying.setattr("guitai.rails.flows.settle_notice.emit", emit_then_die)
        with pytest.raises(ConnectionError):
            api.settle(receipt.id)
    assert topics() == []
    assert Order.objects.get().state == "awaiting_payment"
    assert judged(receipt.id).state == "settled"
    assert [name for name, _ in topics()] == [PAID]


HEADERS = st.dictionaries(
    st.sampled_from(["Signature", "Signature-Input", "Content-Digest", "X-Other", "Bad\x00Name"]),
    st.text(),
    max_size=5,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(headers=HEADERS, body=st.binary(max_size=500))
def test_hostile_messages_end_in_a_state_with_a_code(
    bank: Bank, headers: dict[str, str], body: bytes
) -> None:
    message = judged(api.receive_notice("bank", headers, body).id)
    assert (message.state, message.code) == ("refused", "bad_signature")


TEXTS = st.text(max_size=150)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    reference=TEXTS | st.just("7KMR3AXWH4"),
    amount=st.integers() | st.just(20_000),
    currency=st.sampled_from(["CNY", "USD", "ZZZ", "cny", "", "\x00"]),
    notice_id=TEXTS | st.just("N1"),
    account=TEXTS | st.just("6228 4800 1000 2026 018"),
)
def test_whatever_a_bank_signs_ends_in_a_state(
    bank: Bank, reference: str, amount: int, currency: str, notice_id: str, account: str
) -> None:
    InboxMessage.objects.all().delete()
    Order.objects.all().delete()
    Order.objects.create(
        rail="bank",
        order_reference="7KMR3AXWH4",
        payment_reference="7KMR3AXWH4",
        amount_minor=20_000,
        currency="CNY",
    )
    message = bank.tell(
        payment_reference=reference,
        amount={"amount": amount, "currency": currency},
        notice_id=notice_id,
        payee_account=account,
    )
    assert message.state in ("settled", "waiting", "exception", "refused")
    assert (message.code is None) == (message.state == "settled")
    paid = Money(20_000, "CNY") if message.state == "settled" else None
    assert (Order.objects.get().state == "paid") == (paid is not None)
