"""Houses that do not answer: from the moment in which somebody says so until somebody says otherwise.

Whatever wallet or payer ask of such a house is answered 503; nothing of it is remembered over a restart.
"""

from guitai.sandbox.asgi import Problem, Request, Response, Route, json_response, redirect, route
from guitai.sandbox.html import Element, tag
from guitai.sandbox.words import say

HOUSES = ("bank", "alipay", "wechat", "unionpay", "card")


class Outages:
    """Which houses are down."""

    def __init__(self) -> None:
        self._down: set[str] = set()

    def check(self, request: Request) -> None:
        """Raise a Problem for a request to a house that does not answer."""
        if request.path.split("/")[1] in self._down:
            raise Problem(503, "out_of_service", "Nobody answers here at the moment.")

    def routes(self) -> list[Route]:
        return [route("GET", "/outages/", self._told), route("POST", "/outages/{house}", self._change)]

    def button(self, house: str, language: str) -> Element:
        """The switch of a house, for the page that lists them."""
        is_down = house in self._down
        return tag(
            "form",
            tag("input", type="hidden", name="down", value="" if is_down else "1"),
            tag("button", say("Answer again" if is_down else "Answer nobody", language), class_="quiet"),
            method="post",
            action=f"/outages/{house}",
        )

    async def _told(self, request: Request) -> Response:
        return json_response({house: house in self._down for house in HOUSES})

    async def _change(self, request: Request) -> Response:
        house = request.matched["house"]
        if house not in HOUSES:
            raise Problem(404, "not_found", "There is nothing at this address.")
        given = request.form() if request.is_form else request.json()
        (self._down.add if given.get("down") else self._down.discard)(house)
        return redirect("/") if request.is_form else await self._told(request)
