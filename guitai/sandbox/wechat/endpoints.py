"""Which address does what at WeChat Pay, and what it tells the merchant's notice address."""

import json

import httpx

from guitai.base.ids import new_id
from guitai.sandbox.asgi import Route
from guitai.sandbox.faults import Faults
from guitai.sandbox.gateways.book import Book
from guitai.sandbox.gateways.desk import Desk
from guitai.sandbox.gateways.keys import private_pem, public_pem
from guitai.sandbox.gateways.pages import Arrangement, Look
from guitai.sandbox.handover import folder, hand_over, own_address
from guitai.sandbox.store import Row
from guitai.sandbox.wechat.accounts import Accounts, secret_of
from guitai.sandbox.wechat.gateway import Gateway, moment, transaction
from guitai.sandbox.wechat.wire import (
    APP_ID,
    MERCHANT_ID,
    PUBLIC_KEY_ID,
    Keys,
    keys,
    pem,
    sealed,
    signed_headers,
)
from guitai.sandbox.world import World, seconds

SENDER = "wechat"
_USUAL = ("", "Answer as usual")
_TIMEOUT = ("timeout", "Carry it out, then do not answer")
_BADLY = ("bad_signature", "Sign the answer badly")
LOOK = Look(
    rail="wechat",
    title="WeChat Pay",
    pay_title="Pay with WeChat Pay",
    arrangements=(
        Arrangement("order", "The next order", (_USUAL, _TIMEOUT, _BADLY, ("RULE_LIMIT", "Over the limit"))),
        Arrangement("query", "The next query", (_USUAL, _TIMEOUT, _BADLY, ("SYSTEM_ERROR", "System error"))),
        Arrangement(
            "refund",
            "The next refund",
            (
                _USUAL,
                _TIMEOUT,
                ("NOT_ENOUGH", "Not enough in the merchant's account"),
                ("USER_ACCOUNT_ABNORMAL", "Account abnormal"),
            ),
        ),
        Arrangement(
            "transfer",
            "The next transfer",
            (
                _USUAL,
                _TIMEOUT,
                ("end:done", "Accept"),
                ("end:NAME_NOT_CORRECT", "Name does not match"),
                ("end:ACCOUNT_FROZEN", "Account abnormal"),
                ("NOT_ENOUGH", "Not enough in the merchant's account"),
                ("SYSTEM_ERROR", "System error"),
            ),
        ),
        Arrangement(
            "bill",
            "The next bill",
            (
                _USUAL,
                ("NO_STATEMENT_EXIST", "Not made yet"),
                ("missing_line", "Leave the last line out"),
                ("missing_line_fits", "Leave the last line out, with sums that fit"),
            ),
        ),
    ),
    transfer_ends=(
        ("", "Accept"),
        ("NAME_NOT_CORRECT", "Name does not match"),
        ("OVERDUE_CLOSE", "Let it run out"),
    ),
    back=lambda trade: "",
)


def routes(world: World) -> list[Route]:
    secret = secret_of(folder(world.settings, "wechat"))
    own, address = keys(folder(world.settings, "wechat")), own_address(world.settings)
    book = Book(world, "wechat", lambda trade, faults: _announce(world, book, own, trade, faults))
    contract = {
        "gateway_url": f"{address}/wechat",
        "merchant_id": MERCHANT_ID,
        "app_id": APP_ID,
        "merchant_key": private_pem(own.merchant),
        "merchant_serial": own.merchant_serial,
        "apiv3_key": own.apiv3_key,
        "public_key_id": PUBLIC_KEY_ID,
        "public_key": public_pem(own.platform.public_key()),
        "platform_certificates": pem(own.platform_certificate),
        "transfer_scene": "1000",
        "app_secret": secret,
        "sign_in_url": f"{address}/wechat",
        "api_url": f"{address}/wechat",
        "script_url": f"{address}/wechat/jweixin.js",
    }
    hand_over(world.settings, "wechat", contract)
    # Each attempt is signed anew, as the moment of sending is part of what is signed.
    world.courier.speak_for(
        SENDER, lambda delivery, at: _headers(own, delivery, at), lambda told: told.status_code in _HEARD
    )
    return [
        *Gateway(book, own, address).routes(),
        *Accounts(book, secret).routes(),
        *Desk(book, LOOK).routes(),
    ]


_HEARD = frozenset({httpx.codes.OK, httpx.codes.NO_CONTENT})


def _headers(own: Keys, delivery: Row, at: int) -> dict[str, str]:
    bad = delivery["signature"] == "bad"
    return {
        "Content-Type": "application/json; charset=utf-8",
        **signed_headers(own, delivery["body"], PUBLIC_KEY_ID, badly=bad, at=at),
    }


def _announce(world: World, book: Book, own: Keys, trade: Row, faults: Faults) -> None:
    """Write the notices of a paid trade down, inside the caller's transaction."""
    paid = transaction(book, trade, faults.told_amount)
    bodies = [_notice(own, "TRANSACTION.SUCCESS", "transaction", paid)] * faults.copies
    if faults.reordered:
        earlier = {**paid, "trade_state": "NOTPAY"}
        bodies.append(_notice(own, "TRANSACTION.PENDING", "transaction", earlier))
    for place, body in enumerate(bodies):
        world.courier.post(
            trade["token"], trade["notify_url"], body, delay_s=faults.delay_s + place // max(1, faults.copies),
            signature="bad" if faults.bad_signature else "good", lost=faults.lost, sender=SENDER,
        )  # fmt: skip


def _notice(own: Keys, event: str, kind: str, content: dict[str, object]) -> bytes:
    resource = sealed(own, json.dumps(content, ensure_ascii=False).encode(), kind)
    message = {
        "id": str(new_id()),
        "create_time": moment(seconds()),
        "resource_type": "encrypt-resource",
        "event_type": event,
        "summary": "支付成功",
        "resource": {"original_type": kind, **resource},
    }
    return json.dumps(message, ensure_ascii=False).encode()
