"""Which address does what beside a gateway's wire: the payer's page, transfers, what the clerk arranges."""

from guitai.sandbox.asgi import Problem, Request, Response, Route, json_response, redirect, route
from guitai.sandbox.faults import faults_of
from guitai.sandbox.gateways import pages
from guitai.sandbox.gateways.book import Book
from guitai.sandbox.gateways.pages import Look
from guitai.sandbox.gateways.words import CHINESE
from guitai.sandbox.store import Row
from guitai.sandbox.words import learn

PAYERS = ("林月 Lin Yue", "陈明 Chen Ming", "陌生人 A Stranger")


class Desk:
    def __init__(self, book: Book, look: Look) -> None:
        learn(CHINESE)
        self._book, self._look = book, look

    def routes(self) -> list[Route]:
        rail = self._look.rail
        return [
            route("GET", f"/{rail}/", self.overview),
            route("POST", f"/{rail}/arrangements", self.arrange),
            route("GET", f"/{rail}/pay/{{token}}", self.trade),
            route("POST", f"/{rail}/pay/{{token}}", self.press),
            route("POST", f"/{rail}/transfers/{{reference}}", self.end_transfer),
            route("POST", f"/{rail}/notices/{{delivery}}/again", self.send_again),
        ]

    async def overview(self, request: Request) -> Response:
        trades, transfers = self._book.latest(), self._book.transfers()
        if request.wants_json:
            return json_response(
                {
                    "orders": [_told(trade) for trade in trades],
                    "transfers": [_told(transfer) for transfer in transfers],
                    "balance": self._book.balance(),
                }
            )
        arranged = {each.name: self._book.arranged(each.name) for each in self._look.arrangements}
        return pages.overview(request, self._look, trades, transfers, arranged)

    async def arrange(self, request: Request) -> Response:
        given = request.form() if request.is_form else request.json()
        for each in self._look.arrangements:
            if each.name in given:
                self._book.arrange(each.name, str(given[each.name])[:64])
        if not request.is_form:
            return json_response(
                {each.name: self._book.arranged(each.name) for each in self._look.arrangements}
            )
        return redirect(f"/{self._look.rail}/")

    async def trade(self, request: Request) -> Response:
        trade = self._book.trade_at(request.matched["token"])
        deliveries = self._book.deliveries(trade["token"])
        if request.wants_json:
            return json_response({**_told(trade), "deliveries": deliveries})
        return pages.trade(request, self._look, trade, deliveries, PAYERS)

    async def press(self, request: Request) -> Response:
        """Pay, decline, or pay although the time is over."""
        trade = self._book.trade_at(request.matched["token"])
        given = {
            name: str(value)
            for name, value in (request.form() if request.is_form else request.json()).items()
        }
        if given.get("press") == "decline":
            self._book.close(trade)
        else:
            payer = given.get("payer") or PAYERS[0]
            self._book.pay(trade, payer[:60], faults_of(given), late=given.get("press") == "late")
        if request.is_form:
            return redirect(f"/{self._look.rail}/pay/{trade['token']}")
        return json_response(_told(self._book.trade_at(trade["token"])), 201)

    async def end_transfer(self, request: Request) -> Response:
        found = self._book.transfer_of(request.matched["reference"])
        if found is None:
            raise Problem(404, "not_found", "There is no such transfer.")
        given = request.form() if request.is_form else request.json()
        self._book.end_transfer(found, str(given.get("code", ""))[:64])
        if request.is_form:
            return redirect(f"/{self._look.rail}/")
        return json_response(_told(self._book.transfer_of(found["reference"]) or found))

    async def send_again(self, request: Request) -> Response:
        if not self._book.world.courier.send_again(request.matched["delivery"]):
            raise Problem(404, "not_found", "There is no such notice.")
        if not request.is_form:
            return json_response({"state": "pending"}, 202)
        return redirect(f"/{self._look.rail}/")


def _told(row: Row) -> Row:
    """What a program may know of a row; where its page is."""
    return {name: value for name, value in row.items() if name != "rail"}
