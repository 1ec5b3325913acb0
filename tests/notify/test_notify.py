"""The outbox: once a key, delivered after the commit, tried again, in the reader's language."""

from datetime import timedelta

import httpx
import pytest
from django.db import transaction
from django.test import Client

from guitai.base import clock
from guitai.base.ids import new_id
from guitai.kit.cursors import CursorInvalid
from guitai.kit.keys import own_key
from guitai.notify import api as notify
from guitai.notify import book, senders
from guitai.notify.errors import DeliveryFailed
from guitai.notify.models import Delivery, Message
from guitai.notify.types import Address, MessageKind

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"


@pytest.fixture(autouse=True)
def kind_and_book(monkeypatch):
    notify.register_kind(
        MessageKind(
            "test.moved",
            frozenset({"in_app", "sms"}),
            "Money moved",
            "%(amount)s moved %(at)s, note %(missing)s",
            "/bills/%(reference)s/",
        )
    )
    notify.register_kind(MessageKind("test.mail", frozenset({"email"}), "A letter", "Words"))
    monkeypatch.setattr(
        book, "_resolvers", [lambda owner: Address(PHONE, "a@example.org", "en", "Asia/Shanghai")]
    )


FACTS = {
    "amount": {"amount": 123450, "currency": "CNY"},
    "at": "2026-11-22T06:05:00+00:00",
    "reference": "7KMR3AXWH4",
}


def test_says_a_thing_once_a_key() -> None:
    owner = new_id()
    for _ in range(3):
        notify.send(owner, "test.moved", FACTS, key="op:1")
    notify.send(owner, "test.moved", FACTS, key="op:2")
    assert Message.objects.count() == 2
    assert notify.deliver_due() == 2 and notify.deliver_due() == 0


def test_a_message_goes_with_its_cause() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012  the cause is what fails
        notify.send(new_id(), "test.moved", FACTS, key="op:1")
        raise RuntimeError
    assert not Message.objects.exists()
    notify.send(new_id(), "test.moved", FACTS, key="op:1")
    assert Message.objects.exists()


def test_renders_facts_for_the_reader() -> None:
    owner = new_id()
    notify.send(owner, "test.moved", FACTS, key="op:1")
    notify.deliver_due()
    with clock.stopped(clock.now().fromisoformat("2026-11-22T10:00:00+00:00")):
        notify.send(owner, "test.moved", FACTS, key="op:2")
        notify.deliver_due()
        sms = notify.outbox(PHONE)[0]
    assert sms.body.endswith("¥1,234.50 moved today 14:05, note –") and ": " in sms.body
    assert notify.inbox(owner).items[0].url == "/bills/7KMR3AXWH4/"


def test_speaks_the_language_it_is_told() -> None:
    for language in ("en", "zh-hans"):
        notify.send_to_address(
            "sms", PHONE, "people.code", {"code": "271828", "minutes": 10}, language=language, key=language
        )
    notify.deliver_due()
    chinese, english = (item.body for item in notify.outbox(PHONE))
    assert chinese.startswith("【") and "271828" in chinese and "271828" in english and chinese != english


def test_an_unknown_kind_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        notify.send(new_id(), "test.unheard", {}, key="x")


def test_tries_again_and_gives_up_after_eight(monkeypatch) -> None:
    def fail(*arguments: object) -> None:
        raise DeliveryFailed(trouble="gateway answered 503")

    notify.send(new_id(), "test.moved", FACTS, key="op:1")
    with monkeypatch.context() as broken:
        broken.setattr(senders, "send", fail)
        moment, tries = clock.now(), 0
        while Delivery.objects.get().state != "failed":
            with clock.stopped(moment):
                notify.deliver_due()
            moment += timedelta(hours=1)
            tries += 1
    assert tries == 8 and Delivery.objects.get().trouble == "gateway answered 503"
    notify.send(new_id(), "test.moved", FACTS, key="op:2")
    assert notify.deliver_due() == 1


def test_a_process_that_died_while_sending_leaves_nothing_stuck() -> None:
    notify.send(new_id(), "test.moved", FACTS, key="op:1")
    Delivery.objects.update(state="sending", next_at=clock.now() + timedelta(minutes=2))
    assert notify.deliver_due() == 0
    with clock.stopped(clock.now() + timedelta(minutes=3)):
        assert notify.deliver_due() == 1


def test_nobody_to_reach_is_final_and_the_inbox_still_has_it(monkeypatch) -> None:
    monkeypatch.setattr(book, "_resolvers", [lambda owner: None])
    owner = new_id()
    notify.send(owner, "test.moved", FACTS, key="op:1")
    assert notify.deliver_due() == 0
    assert Delivery.objects.get().state == "failed"
    assert [item.kind for item in notify.inbox(owner).items] == ["test.moved"]


def test_the_inbox_has_pages_and_counts_what_is_unread() -> None:
    owner = new_id()
    for n in range(5):
        notify.send(owner, "test.moved", FACTS, key=f"op:{n}")
    notify.send(new_id(), "test.moved", FACTS, key="other")
    first = notify.inbox(owner, limit=3)
    rest = notify.inbox(owner, first.next_cursor, limit=3)
    assert (len(first.items), len(rest.items), rest.next_cursor) == (3, 2, None)
    assert len({item.id for item in (*first.items, *rest.items)}) == 5
    assert (notify.unread_count(owner), notify.mark_read(owner), notify.unread_count(owner)) == (5, 5, 0)
    for wrong in ("nonsense", "a:b:c"):
        with pytest.raises(CursorInvalid):
            notify.inbox(owner, wrong)


def test_addresses_and_words_lie_sealed() -> None:
    notify.send_to_address(
        "sms", PHONE, "people.code", {"code": "271828", "minutes": 10}, language="en", key="k"
    )
    notify.deliver_due()
    for row in (*Message.objects.values(), *Delivery.objects.values()):
        kept = repr([bytes(v) if isinstance(v, memoryview) else v for v in row.values()])
        assert "271828" not in kept and "13800138000" not in kept


class _Environment:
    sms_gateway_url, email_url, public_url = (
        "http://gateway.invalid/handset/messages",
        "",
        "http://localhost:8000",
    )

    def __init__(self, home) -> None:
        self.home = home


def test_the_gateway_gets_a_signed_request_that_the_sandbox_believes(monkeypatch, tmp_path) -> None:
    from guitai.sandbox.signatures import check_request

    sent = []

    def post(url: str, *, content: bytes, headers: dict, **options: object) -> httpx.Response:
        sent.append((content, headers))
        return httpx.Response(202)

    monkeypatch.setattr(senders, "environment", lambda: _Environment(tmp_path))
    monkeypatch.setattr("guitai.kit.keys.environment", lambda: _Environment(tmp_path))
    monkeypatch.setattr(senders.httpx, "post", post)
    notify.send(new_id(), "test.moved", FACTS, key="op:1")
    assert notify.deliver_due() == 1
    content, headers = sent[0]
    lower = {name.lower(): value for name, value in headers.items()}
    public = own_key().public_key()
    at = int(clock.now().timestamp())
    check_request(public, "wallet", "POST", "/handset/messages", lower, content, at)
    assert (tmp_path / "keys" / "wallet.pub").exists()
    assert (tmp_path / "keys" / "wallet.key").stat().st_mode & 0o077 == 0
    assert lower["idempotency-key"] == str(Delivery.objects.get().id)


@pytest.mark.parametrize("answer", [500, 404, 302])
def test_a_gateway_that_refuses_is_tried_again(monkeypatch, tmp_path, answer: int) -> None:
    monkeypatch.setattr(senders, "environment", lambda: _Environment(tmp_path))
    monkeypatch.setattr("guitai.kit.keys.environment", lambda: _Environment(tmp_path))
    monkeypatch.setattr(senders.httpx, "post", lambda *a, **k: httpx.Response(answer))
    notify.send(new_id(), "test.moved", FACTS, key="op:1")
    assert notify.deliver_due() == 0
    assert Delivery.objects.get().state == "queued"


def test_developers_see_the_outbox_newest_first_and_filtered(client: Client) -> None:
    for n, phone in enumerate((PHONE, "+8613900139000")):
        notify.send_to_address(
            "sms", phone, "people.code", {"code": f"27182{n}", "minutes": 10}, language="en", key=str(n)
        )
    notify.deliver_due()
    items = client.get("/dev/outbox.json").json()
    assert [item["address"] for item in items] == ["+8613900139000", PHONE]
    assert {"id", "at", "channel", "address", "kind", "body"} <= set(items[0])
    assert len(client.get("/dev/outbox.json", {"address": PHONE}).json()) == 1
    assert PHONE in client.get("/dev/outbox").content.decode()


def test_production_has_no_outbox(client: Client, monkeypatch) -> None:
    class Production:
        developer_pages = False

    monkeypatch.setattr("guitai.notify.web.views.outbox.environment", Production)
    assert client.get("/dev/outbox").status_code == 404
    assert client.get("/dev/outbox.json").status_code == 404
