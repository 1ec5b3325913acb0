"""Orders of the wallet, as the bank keeps them."""

import re
from typing import Any
from urllib.parse import urlsplit

from guitai.base.money import Money, checked_amount
from guitai.base.refusal import Refusal
from guitai.sandbox.asgi import Problem
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

PAYEE_NAME = "柜台演示钱包客户备付金 Guitai Demo Wallet Client Funds"
PAYEE_ACCOUNT = "6228 4800 1000 2026 018"
BANK_NAME = "沙盒银行 Sandbox Bank"
_EXPIRES_S = 24 * 3600
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{3,34}\Z")


def place_order(world: World, content: dict[str, Any]) -> Row:
    """Keep a new order, or find the same one again; another amount under the same reference is refused."""
    reference, notify_url = content.get("order_reference"), content.get("notify_url")
    if not isinstance(reference, str) or not _REFERENCE.match(reference):
        raise Problem(
            422, "reference_invalid", "order_reference must be 4 to 35 letters, digits, dots or dashes."
        )
    if not isinstance(notify_url, str) or not is_web_address(notify_url):
        raise Problem(422, "notify_url_invalid", "notify_url must be an http or https address.")
    amount = read_amount(content.get("amount"))
    with world.store.transaction():
        known = find_order(world, reference)
        if known and (known["amount"], known["currency"]) != (amount.minor, amount.currency):
            raise Problem(409, "order_conflict", "This reference is already used for another amount.")
        if known:
            return known
        order = {
            "reference": reference,
            "amount": amount.minor,
            "currency": amount.currency,
            "notify_url": notify_url,
            "payment_reference": reference,
            "created_at": seconds(),
            "expires_at": seconds() + _EXPIRES_S,
        }
        world.store.insert("bank_order", order)
    return order


def find_order(world: World, reference: str) -> Row | None:
    return world.store.row("SELECT * FROM bank_order WHERE reference = ?", reference)


def orders(world: World) -> list[Row]:
    """The latest orders, each with what was paid for it."""
    return world.store.rows(
        "SELECT o.*, (SELECT count(*) FROM bank_payment p WHERE p.order_reference = o.reference) AS payments "
        "FROM bank_order o ORDER BY o.created_at DESC, o.rowid DESC LIMIT 100"
    )


def payments_of(world: World, reference: str | None) -> list[Row]:
    # The bank's own number of a payment stands in what it has to say about it.
    return world.store.rows(
        "SELECT p.*, (SELECT json_extract(CAST(d.body AS TEXT), '$.payment.bank_reference') FROM delivery d "
        "WHERE d.payment_id = p.id LIMIT 1) AS bank_reference "
        "FROM bank_payment p WHERE p.order_reference IS ? ORDER BY p.id DESC LIMIT 100",
        reference,
    )


def deliveries_of(world: World, payment_id: str) -> list[Row]:
    return world.store.rows(
        "SELECT id, payment_id, state, signature, attempts, due_at, created_at, delivered_at, result "
        "FROM delivery WHERE payment_id = ? ORDER BY id",
        payment_id,
    )


def read_amount(value: object) -> Money:
    """`{"amount": minor units, "currency": code}` or a Problem."""
    if not isinstance(value, dict):
        raise Problem(422, "amount_invalid", 'amount must be {"amount": minor units, "currency": code}.')
    try:
        return checked_amount(value.get("amount"), value.get("currency"))  # type: ignore[arg-type]
    except (Refusal, TypeError) as error:
        raise Problem(422, "amount_invalid", f"The amount is not accepted: {error}.") from error


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
