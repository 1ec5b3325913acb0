"""The hot path answers what the ordinary endpoint answers, many callers share one batch, and a batch is whole."""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware
from django.db import connection
from django.test import Client

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.ledger import api as ledger
from guitai.site import hot
from guitai.site.asgi import Front
from guitai.site.wsgi import application as django_application
from guitai.wallet import api as wallet
from guitai.wallet.errors import TillBusy
from guitai.wallet.flows import intents
from guitai.wallet.till import pipeline
from guitai.wallet.till import submit as till
from tests.journeys.client import until
from tests.site.test_front import Exchange, chunk
from tests.wallet.conftest import PIN, available, fund, new_phone, register

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/transfers"


@pytest.fixture(autouse=True)
def clean(transactional_db: None) -> Iterator[None]:
    yield
    assert ledger.verify() + wallet.verify() == []
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        until(lambda: others(cursor) == 0)


def others(cursor: Any) -> int:
    """Connections of threads that have not come to rest yet."""
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return int(cursor.fetchone()[0])


class Program:
    """Somebody's program, signed in, with and without the hot path."""

    def __init__(self, minor: int = 10_000) -> None:
        self.phone = new_phone()
        self.id = register(self.phone)
        if minor:
            fund(self.id, minor)
        said = Client().post(
            "/_allauth/app/v1/auth/login",
            json.dumps({"phone": self.phone, "password": "counter-2026-tea"}),
            content_type="application/json",
        )
        self.token = said.json()["meta"]["session_token"]

    def exchange(self, body: Any, key: str | None, path: str = PATH, **headers: str) -> Exchange:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"host": "localhost", "content-type": "application/json", "x-session-token": self.token}
        given |= {"content-length": str(len(content))} | ({"idempotency-key": key} if key is not None else {})
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        pairs = [(name.encode(), value.encode()) for name, value in given.items() if value]
        half = len(content) // 2
        return Exchange(path, headers=pairs, messages=[chunk(content[:half], True), chunk(content[half:])])

    def hot(self, *args: Any, **headers: str) -> Exchange:
        front = Front(WSGIMiddleware(django_application, workers=2), {})
        return self.exchange(*args, **headers).run(front)

    def ordinary(self, *args: Any, **headers: str) -> Exchange:
        return self.exchange(*args, **headers).run(
            Front(WSGIMiddleware(django_application, workers=2), {})._pages
        )


def wish(phone: str, minor: Any = 100, **more: Any) -> dict[str, Any]:
    return {"phone": phone, "amount": {"amount": minor, "currency": "CNY"}, "pin": PIN, **more}


def said(exchange: Exchange) -> dict[str, Any]:
    """What matters of an answer; references and words about remaining tries differ from one operation to the next."""
    headers = dict(exchange.sent[0]["headers"])
    body = json.loads(exchange.body) if b"json" in headers[b"content-type"] else {"page": exchange.body[:200]}
    body.pop("reference", None)
    body.get("facts", {}).pop("reference", None)
    body.get("facts", {}).pop("attempts_left", None)
    kept = {name: headers.get(name) for name in (b"content-type", b"idempotency-replayed", b"cache-control")}
    return {"status": exchange.status, "body": {k: v for k, v in body.items() if k != "detail"}, **kept}


CASES: list[tuple[str, Any, dict[str, str]]] = [
    ("sent", {}, {}),
    ("full width", {"phone": "１３８００１３８０００"}, {}),
    ("held", {"amount": {"amount": 600_000, "currency": "CNY"}}, {}),
    ("refused", {"amount": {"amount": 9_000_000, "currency": "CNY"}}, {"accept_language": "zh-CN,zh"}),
    ("wrong pin", {"pin": "314159"}, {}),
    ("float", {"amount": {"amount": 1.5, "currency": "CNY"}}, {}),
    ("zero", {"amount": {"amount": 0, "currency": "CNY"}}, {}),
    ("unknown currency", {"amount": {"amount": 1, "currency": "XXX"}}, {}),
    ("unknown field", {"more": 1}, {}),
    ("no number", {"phone": "hello"}, {}),
    ("long note", {"note": "n" * 101}, {}),
    ("surrogate", {"note": "\ud800"}, {}),
    ("no session", {}, {"x_session_token": ""}),
    ("other session", {}, {"x_session_token": "nobody"}),
    ("other host", {}, {"host": "evil.example"}),
    ("no key", {}, {"idempotency_key": ""}),
    ("long key", {}, {"idempotency_key": "k" * 201}),
]


def test_both_ways_answer_alike() -> None:
    program, phone = Program(3_000_000), new_phone()
    for name, change, headers in CASES:
        body = {**wish(phone), **change}
        first = program.hot(body, f"hot {name}", **headers)
        second = program.ordinary(body, f"ordinary {name}", **headers)
        assert said(first) == said(second), name
        # The same again is the same answer, whichever way it comes.
        if "idempotency_key" not in headers:
            again = program.ordinary(body, f"hot {name}", **headers)
            assert said(again) == said(program.hot(body, f"ordinary {name}", **headers)), name
    for nonsense in (b"", b"{", b"[]", b"\xff", b'{"phone": 1}'):
        assert said(program.hot(nonsense, "k")) == said(program.ordinary(nonsense, "k")), nonsense


def test_other_methods_and_a_sender_that_goes_away_harm_nothing() -> None:
    program = Program()
    got = program.exchange(b"", None)
    got.scope["method"] = "GET"
    assert got.run(Front(WSGIMiddleware(django_application, workers=2), {})).status == 405
    gone = program.exchange(wish(new_phone()), "k")
    gone.messages = gone.messages[:1]
    assert gone.run(Front(WSGIMiddleware(django_application, workers=2), {})).sent == []
    assert available(program.id) == 10_000


def test_many_at_once_share_transactions_and_each_gets_its_own_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs, phone = [Program() for _ in range(4)], new_phone()
    sizes: list[int] = []
    run = pipeline.run

    def counted(batch: Any, *others: Any, **options: Any) -> Any:
        sizes.append(len(batch))
        return run(batch, *others, **options)

    monkeypatch.setattr(pipeline, "run", counted)
    front = Front(WSGIMiddleware(django_application, workers=2), {})
    exchanges = [
        program.exchange(wish(phone, 10 + number), f"k{number}")
        for program in programs
        for number in range(10)
    ]

    async def all_at_once() -> None:
        await asyncio.gather(*(front(e.scope, e.receive, e.send) for e in exchanges))

    asyncio.run(all_at_once())
    assert {e.status for e in exchanges} == {201}
    assert len({json.loads(e.body)["reference"] for e in exchanges}) == len(exchanges) == sum(sizes)
    assert len(sizes) < len(exchanges)
    assert [available(p.id) for p in programs] == [10_000 - sum(range(10, 20))] * 4


def test_one_that_breaks_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    program, phone = Program(), new_phone()
    run = pipeline.run

    def breaks(batch: Any, *others: Any, **options: Any) -> Any:
        if any(intent.body.get("note") == "broken" for intent in batch):
            raise ZeroDivisionError
        return run(batch, *others, **options)

    monkeypatch.setattr(pipeline, "run", breaks)
    asks = [
        till._Ask(
            [intents.send_transfer(program.id, phone, Money(100, "CNY"), note, PIN, str(new_id()))], False
        )
        for note in ("", "broken", "")
    ]
    answers: list[Any] = []
    worker = threading.Thread(target=lambda: (answers.extend(till._carry_out(asks)), connection.close()))
    worker.start()
    worker.join()
    assert [getattr(a[0], "outcome", None) if isinstance(a, list) else type(a) for a in answers] == [
        "approved", ZeroDivisionError, "approved",
    ]  # fmt: skip


def test_more_than_may_wait_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    monkeypatch.setattr(till._till, "_waiting_max", 1)
    monkeypatch.setattr(till._till, "_waiting", 1)
    with pytest.raises(TillBusy):
        till.submit(intents.send_transfer(program.id, new_phone(), Money(1, "CNY"), "", PIN, "k"))
    busy = program.hot(wish(new_phone()), "k2")
    assert busy.status == 503 and (b"retry-after", b"1") in busy.sent[0]["headers"]
    assert json.loads(busy.body)["code"] == "till_busy"
    monkeypatch.setattr(till._till, "_waiting", 0)
    assert program.hot(wish(new_phone()), "k2").status == 201


def test_a_connection_lost_after_the_commit_ends_in_the_known_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program, phone = Program(), new_phone()
    run, lost = pipeline.run, []

    def loses(batch: Any, *others: Any, **options: Any) -> Any:
        given = run(batch, *others, **options)
        if not lost:
            lost.append(True)
            # The server ends the session as soon as this transaction is over, before anybody is answered.
            connection.run_on_commit.append((set(), connection.connection.close, False))
        return given

    monkeypatch.setattr(pipeline, "run", loses)
    outcome = till.submit(intents.send_transfer(program.id, phone, Money(100, "CNY"), "", PIN, "k"))
    assert (outcome.outcome, outcome.replayed, available(program.id)) == ("approved", False, 9_900)


@pytest.mark.parametrize("way", ["hot", "ordinary"])
def test_a_batch_each_by_itself(way: str) -> None:
    program, phone = Program(), new_phone()
    items = [{"phone": phone, "amount": {"amount": minor, "currency": "CNY"}} for minor in (100, 90_000, 200)]
    body = {"items": items, "pin": PIN}
    first = getattr(program, way)(body, "b", PATH + "/batch")
    answer = json.loads(first.body)
    assert (first.status, [r["status"] for r in answer["results"]]) == (200, [201, 422, 201])
    assert (answer["made"], answer["refused"]) == (2, 1)
    assert answer["results"][1]["problem"]["code"] == "insufficient_balance"
    again = getattr(program, way)(body, "b", PATH + "/batch")
    assert json.loads(again.body) == answer and (b"idempotency-replayed", b"true") in [
        (name.lower(), value) for name, value in again.sent[0]["headers"]
    ]
    other = getattr(program, way)({**body, "items": items[:2]}, "b", PATH + "/batch")
    assert {r["problem"]["code"] for r in json.loads(other.body)["results"]} == {"idempotency_key_reused"}
    assert available(program.id) == 9_700


@pytest.mark.parametrize("way", ["hot", "ordinary"])
def test_an_atomic_batch_is_made_whole_or_not_at_all(way: str) -> None:
    program, phone = Program(), new_phone()
    items = [{"phone": phone, "amount": {"amount": minor, "currency": "CNY"}} for minor in (100, 9_950)]
    refused = getattr(program, way)({"items": items, "pin": PIN, "atomic": True}, "b1", PATH + "/batch")
    codes = [r["problem"]["code"] for r in json.loads(refused.body)["results"]]
    assert (refused.status, codes) == (422, ["batch_item_refused", "insufficient_balance"])
    assert available(program.id) == 10_000
    items[1]["amount"]["amount"] = 900
    body = {"items": items, "pin": PIN, "atomic": True}
    made = getattr(program, way)(body, "b2", PATH + "/batch")
    assert (made.status, json.loads(made.body)["made"], available(program.id)) == (201, 2, 9_000)
    assert getattr(program, way)(body, "b2", PATH + "/batch").body == made.body
    longer = {**body, "items": [*items, items[0]]}
    reused = getattr(program, way)(longer, "b2", PATH + "/batch")
    assert (reused.status, json.loads(reused.body)["code"]) == (422, "idempotency_key_reused")
    assert available(program.id) == 9_000


def test_a_wrong_pin_for_a_whole_batch_is_one_wrong_try() -> None:
    program, phone = Program(), new_phone()
    items = [{"phone": phone, "amount": {"amount": 1, "currency": "CNY"}}] * 20
    answer = json.loads(program.hot({"items": items, "pin": "314159"}, "b", PATH + "/batch").body)
    facts = [r["problem"]["facts"]["attempts_left"] for r in answer["results"]]
    assert facts == [4] * 20


def test_the_api_description_names_both(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert set(hot.POSTS) <= set(paths)
