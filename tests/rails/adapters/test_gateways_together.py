"""The rails of Alipay and WeChat Pay against the running sandbox: the same words on both sides of a real connection."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.rails.adapters.alipay import AlipayRail
from guitai.rails.adapters.alipay_settings import AlipaySettings
from guitai.rails.adapters.reading import BEIJING
from guitai.rails.adapters.wechat import WeChatRail
from guitai.rails.adapters.wechat_settings import WeChatSettings
from guitai.rails.errors import BadSignature, NothingPaid, RailDeclined, RailUnavailable, StatementUnbalanced
from guitai.rails.statements.shape import Entry, StatementFoot
from guitai.rails.types import Payout, RefundOrder, TopUpOrder
from tests.sandbox.listener import Listener, listening
from tests.sandbox.process import Sandbox, sandbox, until

RAILS: dict[str, tuple[Any, Any]] = {
    "alipay": (AlipayRail, AlipaySettings),
    "wechat": (WeChatRail, WeChatSettings),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("home")) as process:
        yield process


@pytest.fixture(params=list(RAILS))
def rail(request: pytest.FixtureRequest, running: Sandbox) -> Any:
    return rail_of(request.param, running)


def rail_of(code: str, running: Sandbox, **changed: Any) -> Any:
    """The rail with the contract that the sandbox handed over."""
    adapter, kind = RAILS[code]
    told = json.loads((running.home / "keys" / "sandbox" / f"{code}.json").read_text())
    own = msgspec.convert({**told, **changed}, kind)
    assert own.problems() == ()
    return adapter(lambda: own)


@pytest.fixture
def wallet(rail: Any) -> Iterator[Listener]:
    """Where notices come to, answered as the rail wants to hear it."""
    with listening([], usual=rail.acknowledge().body) as found:
        yield found


def begun(rail: Any, reference: str, wallet: Listener, **how: Any) -> str:
    """A top-up by a code to scan; gives the path of its page."""
    order = TopUpOrder(
        f"{rail.code}{reference}", Money(20_000, "CNY"), wallet.url, subject="充值 Top-up", **how
    )
    told = rail.start_top_up(order)
    assert told.method == "qr"
    return httpx.URL(told.qr).path


def test_a_payment_is_believed_by_its_notice_and_by_asking(
    running: Sandbox, rail: Any, wallet: Listener
) -> None:
    reference = f"{rail.code}TOGETHER01"
    page = begun(rail, "TOGETHER01", wallet)
    assert rail.query(reference).state in ("unpaid", "not_found")
    running.post(page, {"copies": 2})
    until(lambda: len(wallet.heard) == 2)
    notices = [rail.parse_notice(headers, body, now()) for headers, body in wallet.heard]
    (asked,) = rail.query(reference).payments
    for told in (*notices, asked):
        assert (told.payment_reference, told.amount_minor, told.currency) == (reference, 20_000, "CNY")
        assert told.bank_reference == asked.bank_reference
        assert told.payee_account == rail._settings().payee
        assert abs(told.paid_at - asked.paid_at) < timedelta(seconds=2)
    delivered = until(
        lambda: [d for d in running.get(page).json()["deliveries"] if d["state"] == "delivered"]
    )
    assert len(delivered) == len(wallet.heard), "an acknowledged notice is not sent again"
    with pytest.raises(RailDeclined):
        rail.cancel(reference)


def test_a_notice_that_is_forged_or_tells_of_less_is_told_apart(
    running: Sandbox, rail: Any, wallet: Listener
) -> None:
    running.post(begun(rail, "FORGED01", wallet), {"bad_signature": True})
    (headers, body), *_ = until(lambda: wallet.heard)
    with pytest.raises(BadSignature):
        rail.parse_notice(headers, body, now())
    wallet.heard.clear()
    running.post(begun(rail, "REORDERED01", wallet), {"reordered": True})
    until(lambda: len(wallet.heard) >= 2)
    rail.parse_notice(*wallet.heard[0], now())
    with pytest.raises(NothingPaid):
        rail.parse_notice(*wallet.heard[1], now())


def test_an_answer_that_never_came_is_found_by_asking(running: Sandbox, rail: Any, wallet: Listener) -> None:
    reference = f"{rail.code}TIMEOUT01"
    running.post(begun(rail, "TIMEOUT01", wallet), {"lost": True})
    (paid,) = rail.query(reference).payments
    refund = RefundOrder(
        reference, paid.bank_reference, f"{rail.code}RF1", Money(20_000, "CNY"), Money(8_000, "CNY")
    )
    running.post(f"/{rail.code}/arrangements", {"refund": "timeout"})
    assert rail.refund(refund).outcome == "unknown"
    assert rail.query_refund(refund).outcome == "done"
    assert rail.refund(refund).outcome == "done", "the same refund, once"
    running.post(f"/{rail.code}/arrangements", {"query": "bad_signature"})
    with pytest.raises(RailUnavailable):
        rail.query(reference)
    assert rail.query(reference).state == "paid"


def test_a_closed_order_is_paid_late_only_by_the_clerk(running: Sandbox, rail: Any, wallet: Listener) -> None:
    reference = f"{rail.code}CLOSED01"
    page = begun(rail, "CLOSED01", wallet)
    rail.cancel(reference)
    assert rail.query(reference).state in ("failed", "not_found")
    running.post(page, {"press": "late"})
    ((headers, body),) = until(lambda: wallet.heard)
    assert rail.parse_notice(headers, body, now()).payment_reference == reference


def test_a_payout_ends_by_asking(running: Sandbox, rail: Any) -> None:
    def asked(reference: str, arranged: str) -> Any:
        running.post(f"/{rail.code}/arrangements", {"transfer": arranged})
        return rail.pay_out(Payout(f"{rail.code}{reference}", Money(5_000, "CNY"), "林月", "lin@example.com"))

    late = asked("OUT01", "timeout")
    assert late.outcome == "unknown"
    if rail.code == "wechat":
        assert rail.query_payout("wechatOUT01").outcome == "accepted"
        running.post("/wechat/transfers/wechatOUT01")
        wrong = asked("OUT02", "end:NAME_NOT_CORRECT")
    else:
        wrong = asked("OUT02", "PAYEE_USER_INFO_ERROR")
    assert rail.query_payout(f"{rail.code}OUT01").outcome == "done"
    assert (wrong.outcome, wrong.code) == ("rejected", "payee_name_mismatch")
    assert rail.query_payout(f"{rail.code}NEVER").outcome == "unknown"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("alipay", "signcustomer"), ("alipay", "trade"), ("wechat", "fundflow"), ("wechat", "trade")],
)
def test_a_days_bill_names_every_order_and_a_missing_line_shows(
    running: Sandbox, code: str, kind: str
) -> None:
    own = rail_of(code, running, bill=kind)
    with listening([], usual=own.acknowledge().body) as wallet:
        running.post(begun(own, f"BILL{kind}", wallet))
        until(lambda: wallet.heard)
    reference = f"{code}BILL{kind}"
    (paid,) = own.query(reference).payments
    own.refund(
        RefundOrder(reference, paid.bank_reference, f"{reference}RF", Money(20_000, "CNY"), Money(1, "CNY"))
    )
    day = now().astimezone(BEIJING).date()
    parts = list(own.parse_statement(io.BytesIO(own.download_statement(day))))
    lines = [part for part in parts if isinstance(part, Entry)]
    foot = parts[-1]
    assert isinstance(foot, StatementFoot)
    assert foot.entries == len(lines)
    (line,) = [each for each in lines if each.end_to_end_id == reference and each.amount == 20_000]
    assert (line.credit, line.reference) == (True, paid.bank_reference)
    assert any(each.amount == 1 and not each.credit for each in lines)
    running.post(f"/{code}/arrangements", {"bill": "missing_line"})
    with pytest.raises(StatementUnbalanced):
        list(own.parse_statement(io.BytesIO(own.download_statement(day))))
    running.post(f"/{code}/arrangements", {"bill": "missing_line_fits"})
    fewer = list(own.parse_statement(io.BytesIO(own.download_statement(day))))
    assert len(fewer) < len(parts)
    running.post(
        f"/{code}/arrangements", {"bill": "isp.bill_not_exist" if code == "alipay" else "NO_STATEMENT_EXIST"}
    )
    with pytest.raises(RailUnavailable) as refused:
        own.download_statement(day)
    assert refused.value.facts["problem"] == "statement_not_ready"
