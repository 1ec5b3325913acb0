"""Which address does what at UnionPay."""

from guitai.sandbox.asgi import Problem, Request, Response, Route, json_response, redirect, route
from guitai.sandbox.faults import faults_of
from guitai.sandbox.handover import folder, hand_over, own_address
from guitai.sandbox.store import Row
from guitai.sandbox.unionpay import pages
from guitai.sandbox.unionpay.book import PAYOUT, SCHEMA, SENDER, Book
from guitai.sandbox.unionpay.cards import SMS_CODE, card_of
from guitai.sandbox.unionpay.certificates import Authority, authority
from guitai.sandbox.unionpay.gateway import Gateway
from guitai.sandbox.unionpay.messages import sign
from guitai.sandbox.unionpay.words import CHINESE
from guitai.sandbox.words import learn
from guitai.sandbox.world import World

_MERCHANT = "777290058110048"
_ARRANGEMENTS = ("back", "payout", "payout_notice", "query", "file")
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def routes(world: World) -> list[Route]:
    world.store.extend(SCHEMA)
    learn(CHINESE)
    certificates = authority(folder(world.settings, "unionpay"))
    _hand_over(world, certificates)
    world.courier.speak_for(SENDER, lambda delivery, moment: {"Content-Type": _FORM})
    book = Book(world, certificates)
    gateway, desk = Gateway(book), Desk(world, book)
    return [
        route("POST", "/unionpay/gateway/api/frontTransReq.do", gateway.front, from_elsewhere=True),
        route("POST", "/unionpay/gateway/api/queryTrans.do", gateway.query),
        route("POST", "/unionpay/gateway/api/backTransReq.do", gateway.back),
        route("POST", "/unionpay/file/", gateway.file),
        route("GET", "/unionpay/", desk.overview),
        route("POST", "/unionpay/arrangements", desk.arrange),
        route("GET", "/unionpay/pay/{id}", desk.order),
        route("POST", "/unionpay/pay/{id}", desk.press),
        route("POST", "/unionpay/notices/{delivery}/again", desk.send_again),
    ]


def _hand_over(world: World, certificates: Authority) -> None:
    address = f"{own_address(world.settings)}/unionpay"
    contract: dict[str, str | bool] = {
        "gateway_url": address,
        "file_url": f"{address}/file/",
        "merchant_id": _MERCHANT,
        "merchant_certificate": certificates.merchant.pem,
        "merchant_key": certificates.merchant.key_pem,
        "middle_certificate": certificates.middle.pem,
        "root_certificate": certificates.root.pem,
        "pays_on_behalf": True,
        "encryption_certificate": certificates.encryption.pem,
    }
    hand_over(world.settings, "unionpay", contract)


class Desk:
    """The payer's page and the clerk's."""

    def __init__(self, world: World, book: Book) -> None:
        self._world, self._book = world, book

    async def overview(self, request: Request) -> Response:
        rows = self._book.latest()
        if request.wants_json:
            return json_response({"orders": [self._told(row) for row in rows]})
        return pages.overview(request, rows, {name: self._book.arranged(name) for name in _ARRANGEMENTS})

    async def arrange(self, request: Request) -> Response:
        given = request.form() if request.is_form else request.json()
        for name in _ARRANGEMENTS:
            if name in given:
                self._book.arrange(name, str(given[name])[:20])
        if not request.is_form:
            return json_response({name: self._book.arranged(name) for name in _ARRANGEMENTS})
        return redirect("/unionpay/")

    async def order(self, request: Request) -> Response:
        row = self._book.payment_page(request.matched["id"])
        return self._shown(request, row, request.query.get("said", ""))

    async def press(self, request: Request) -> Response:
        """Pay with a card and the code that came by text message, or end what is undecided."""
        row = self._book.payment_page(request.matched["id"])
        given = {
            name: str(value)
            for name, value in (request.form() if request.is_form else request.json()).items()
        }
        faults = faults_of(given)
        if row["state"] == "undecided" and given.get("decision") in ("done", "failed"):
            self._book.decide(row, done=given["decision"] == "done", faults=faults)
            return self._pressed(request, row, "")
        if row["kind"] == PAYOUT:
            raise Problem(409, "payout_decided", "This payment to a card has its outcome.")
        card = card_of(given.get("card", ""))
        if card is None:
            raise Problem(422, "unionpay_61", "No issuer knows this card.")
        if given.get("code", SMS_CODE if not request.is_form else "") != SMS_CODE:
            return self._pressed(request, row, "71")
        return self._pressed(request, row, self._book.pay(row, card, faults))

    async def send_again(self, request: Request) -> Response:
        if not self._world.courier.send_again(request.matched["delivery"]):
            raise Problem(404, "not_found", "There is no such notice.")
        return json_response({"state": "pending"}, 202) if not request.is_form else redirect("/unionpay/")

    def _pressed(self, request: Request, row: Row, said: str) -> Response:
        if request.is_form:
            known = said if said in _PROBLEMS else ""
            return redirect(f"/unionpay/pay/{row['id']}" + (f"?said={known}" if known else ""))
        return json_response(self._told(self._book.payment_page(row["id"])) | {"response": said})

    def _shown(self, request: Request, row: Row, said: str) -> Response:
        deliveries = self._book.deliveries(row["id"])
        if request.wants_json:
            return json_response(self._told(row) | {"deliveries": deliveries})
        back = {}
        if row["state"] == "done":
            told = {**self._book.result(row), "respCode": "00", "respMsg": "success"}
            back = sign(told, self._book.authority.gateway)
        return pages.order(request, row, deliveries, back, _PROBLEMS.get(said, ""))

    def _told(self, row: Row) -> dict[str, object]:
        names = ("id", "order_id", "txn_time", "kind", "amount", "state", "response", "query_id", "card")
        return {name: row[name] for name in names} | {"currency": pages.CURRENCIES[row["currency"]]}


_PROBLEMS = {
    "71": "The code is wrong.",
    "64": "Balance too low",
    "73": "Card has expired",
    "63": "Card is blocked",
    "81": "Over the card's limit",
    "38": "Held by risk rules",
    "60": "Declined by the bank",
}
