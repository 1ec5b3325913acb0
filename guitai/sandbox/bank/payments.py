"""Paying, with the faults a clerk may order: each happens to real banks."""

from dataclasses import dataclass, replace

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.sandbox.bank import books, days
from guitai.sandbox.bank.orders import PAYEE_ACCOUNT
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

COPIES_MAX = 5
DELAY_S_MAX = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Payment:
    """What the payer does, and what goes wrong with the notice about it."""

    amount: Money
    payment_reference: str
    payer_name: str = "林月 Lin Yue"
    payer_account: str = "6222 0202 0011 2233 445"
    payee_account: str = PAYEE_ACCOUNT
    delay_s: int = 0
    copies: int = 1
    bad_signature: bool = False
    lost: bool = False


def plain_payment(order: Row) -> Payment:
    """What a careful payer would do."""
    return Payment(Money(order["amount"], order["currency"]), order["payment_reference"])


def pay(world: World, payment: Payment, *, order_reference: str | None, notify_url: str) -> list[str]:
    """Record the payment, its booking and its notices in one transaction; gives the deliveries' ids."""
    payment_id = str(new_id())
    paid_at = now()
    reference = books.new_reference()
    notice = {
        "event": "payment.received",
        "notice_id": f"N{new_id().hex}",
        "payment": {
            "bank_reference": reference,
            "payment_reference": payment.payment_reference,
            "amount": payment.amount.fact(),
            "payee_account": payment.payee_account,
            "payer_name": payment.payer_name,
            "payer_account": payment.payer_account,
            "paid_at": paid_at.isoformat(timespec="seconds"),
        },
    }
    with world.store.transaction():
        world.store.insert(
            "bank_payment",
            {
                "id": payment_id,
                "order_reference": order_reference,
                "amount": payment.amount.minor,
                "currency": payment.amount.currency,
                "payment_reference": payment.payment_reference,
                "payer_name": payment.payer_name,
                "payer_account": payment.payer_account,
                "paid_at": seconds(),
            },
        )
        line = books.book(world, _booking(payment), reference=reference)
        if not payment.lost:
            days.notify(world, [line])
        return [
            world.courier.post(
                payment_id,
                notify_url,
                notice,
                delay_s=payment.delay_s,
                signature="bad" if payment.bad_signature else "good",
                lost=payment.lost,
            )
            for _ in range(payment.copies)
        ]


def _booking(payment: Payment) -> books.Booking:
    return books.Booking(
        payment.amount.currency, payment.amount.minor, books.CREDIT,
        counterparty=payment.payer_name or None, counterparty_account=payment.payer_account or None,
        remittance=payment.payment_reference or None,
        own_account=payment.payee_account if payment.payee_account != PAYEE_ACCOUNT else None,
    )  # fmt: skip


def arranged(world: World) -> bool:
    """Whether the clerk wants the next order's notice to be faster than the bank's own answer."""
    return world.store.row("SELECT 1 AS yes FROM bank_arrangement WHERE name = 'notice_first'") is not None


def arrange(world: World, *, notice_first: bool) -> None:
    with world.store.transaction():
        world.store.execute("DELETE FROM bank_arrangement WHERE name = 'notice_first'")
        if notice_first:
            world.store.insert("bank_arrangement", {"name": "notice_first", "value": "1"})


async def notice_before_answer(world: World, order: Row) -> None:
    """Pay an order and tell the wallet before the wallet has even heard that its order was taken."""
    arrange(world, notice_first=False)
    payment = replace(plain_payment(order), payer_name="抢先 Early Bird")
    for delivery_id in pay(
        world, payment, order_reference=order["reference"], notify_url=order["notify_url"]
    ):
        await world.courier.attempt_now(delivery_id)
