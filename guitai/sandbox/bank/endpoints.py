"""What the bank answers: signed JSON to the wallet, pages to people, JSON to tests."""

from datetime import UTC, datetime

from guitai.base.money import Money
from guitai.sandbox.asgi import Handler, Problem, Request, Response, Route, json_response, redirect, route
from guitai.sandbox.bank import pages
from guitai.sandbox.bank.orders import (
    BANK_NAME,
    PAYEE_ACCOUNT,
    PAYEE_NAME,
    deliveries_of,
    find_order,
    is_web_address,
    orders,
    payments_of,
    place_order,
)
from guitai.sandbox.bank.payments import (
    Payment,
    arrange,
    arranged,
    notice_before_answer,
    pay,
    plain_payment,
)
from guitai.sandbox.bank.requests import read_payment
from guitai.sandbox.signatures import answer_headers
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, check_wallet, seconds


def routes(world: World) -> list[Route]:
    bank = Bank(world)
    return [
        route("POST", "/bank/orders", bank.signed(bank.take_order)),
        route("GET", "/bank/orders/{reference}", bank.signed(bank.tell_order)),
        route("GET", "/bank/", bank.overview),
        route("GET", "/bank/pay/{reference}", bank.order),
        route("POST", "/bank/pay/{reference}", bank.pay_order),
        route("GET", "/bank/payments/", bank.loose_payments),
        route("POST", "/bank/payments/", bank.pay_loosely),
        route("POST", "/bank/notices/{delivery}/again", bank.send_again),
        route("POST", "/bank/next-order", bank.arrange_next),
    ]


class Bank:
    def __init__(self, world: World) -> None:
        self._world = world

    def signed(self, handler: Handler) -> Handler:
        """Only the wallet may ask, and the answer is signed, refusals included."""

        async def wrapped(request: Request) -> Response:
            try:
                check_wallet(self._world, request)
                answer = await handler(request)
            except Problem as problem:
                answer = json_response({"code": problem.code, "detail": problem.detail}, problem.status)
            signature = answer_headers(self._world.bank_key, "bank", answer.status, answer.body, seconds())
            return Response(answer.body, answer.status, answer.content_type, {**answer.headers, **signature})

        return wrapped

    async def take_order(self, request: Request) -> Response:
        order = place_order(self._world, request.json())
        if arranged(self._world):
            await notice_before_answer(self._world, order)
        return json_response(self._told(request, order))

    async def tell_order(self, request: Request) -> Response:
        return json_response(self._told(request, self._order(request.matched["reference"])))

    async def overview(self, request: Request) -> Response:
        found = orders(self._world)
        if request.wants_json:
            return json_response({"orders": [self._told(request, order) for order in found]})
        return pages.overview(request, found, arranged(self._world))

    async def order(self, request: Request) -> Response:
        order = self._order(request.matched["reference"])
        payments = self._payments(order["reference"])
        if request.wants_json:
            return json_response({**self._told(request, order), "notices": payments})
        return pages.order(request, order, payments)

    async def pay_order(self, request: Request) -> Response:
        order = self._order(request.matched["reference"])
        payment = read_payment(request, plain_payment(order))
        pay(self._world, payment, order_reference=order["reference"], notify_url=order["notify_url"])
        if not request.is_form:
            return json_response({"notices": self._payments(order["reference"])}, 201)
        return redirect(f"/bank/pay/{order['reference']}")

    async def loose_payments(self, request: Request) -> Response:
        payments = self._payments(None)
        if request.wants_json:
            return json_response({"notices": payments})
        return pages.loose_payments(request, payments, self._notify_url())

    async def pay_loosely(self, request: Request) -> Response:
        """A transfer that names no order of ours: a slip of the pen, or an order that is still on its way."""
        fields = request.form() if request.is_form else request.json()
        notify_url = fields.get("notify_url") or self._notify_url()
        if not isinstance(notify_url, str) or not is_web_address(notify_url):
            raise Problem(422, "notify_url_invalid", "notify_url must be an http or https address.")
        payment = read_payment(request, Payment(Money(10_000, "CNY"), ""))
        pay(self._world, payment, order_reference=None, notify_url=notify_url)
        if not request.is_form:
            return json_response({"notices": self._payments(None)}, 201)
        return redirect("/bank/payments/")

    async def send_again(self, request: Request) -> Response:
        delivery = self._world.store.row(
            "SELECT p.order_reference FROM delivery d JOIN bank_payment p ON p.id = d.payment_id WHERE d.id = ?",
            request.matched["delivery"],
        )
        if delivery is None or not self._world.courier.send_again(request.matched["delivery"]):
            raise Problem(404, "not_found", "There is no such notice.")
        if not request.is_form:
            return json_response({"state": "pending"}, 202)
        reference = delivery["order_reference"]
        return redirect(f"/bank/pay/{reference}" if reference else "/bank/payments/")

    async def arrange_next(self, request: Request) -> Response:
        fields = request.form() if request.is_form else request.json()
        arrange(self._world, notice_first=bool(fields.get("notice_first")))
        if not request.is_form:
            return json_response({"notice_first": arranged(self._world)})
        return redirect("/bank/")

    def _order(self, reference: str) -> Row:
        order = find_order(self._world, reference)
        if order is None:
            raise Problem(404, "order_unknown", "The bank knows no order of that reference.")
        return order

    def _payments(self, reference: str | None) -> list[Row]:
        payments = payments_of(self._world, reference)
        return [{**payment, "deliveries": deliveries_of(self._world, payment["id"])} for payment in payments]

    def _notify_url(self) -> str:
        """Where the wallet wants its notices: as its latest order said, or where it usually lives."""
        latest = self._world.store.row("SELECT notify_url FROM bank_order ORDER BY rowid DESC LIMIT 1")
        return latest["notify_url"] if latest else f"{self._world.settings.wallet_url}/rails/bank/notices/"

    def _address(self, request: Request) -> str:
        return self._world.settings.own_url or f"http://{request.headers.get('host', 'localhost')}"

    def _told(self, request: Request, order: Row) -> Row:
        payments = payments_of(self._world, order["reference"])
        return {
            "order_reference": order["reference"],
            "amount": {"amount": order["amount"], "currency": order["currency"]},
            "state": "paid" if payments else "unpaid",
            "payments": [_payment_told(paid) for paid in payments],
            "payee_name": PAYEE_NAME,
            "payee_account": PAYEE_ACCOUNT,
            "bank_name": BANK_NAME,
            "payment_reference": order["payment_reference"],
            "pay_url": f"{self._address(request)}/bank/pay/{order['reference']}",
            "expires_at": datetime.fromtimestamp(order["expires_at"], UTC).isoformat(),
        }


def _payment_told(paid: Row) -> Row:
    """A payment as an answer names it: as much as the notice of it says about the money."""
    return {
        "bank_reference": paid["bank_reference"],
        "payment_reference": paid["payment_reference"],
        "amount": paid["amount"],
        "currency": paid["currency"],
        "payee_account": PAYEE_ACCOUNT,
        "paid_at": datetime.fromtimestamp(paid["paid_at"], UTC).isoformat(),
    }
