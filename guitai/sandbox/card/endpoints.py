"""Which address does what at the card acquirer."""

import hashlib
import hmac
import json
import secrets

from guitai.sandbox.asgi import Problem, Request, Response, Route, json_response, redirect, route
from guitai.sandbox.card import pages
from guitai.sandbox.card.api import Api
from guitai.sandbox.card.book import SCHEMA, SENDER, Book, Object, new_id, shown
from guitai.sandbox.card.cards import CARDS, card_of
from guitai.sandbox.card.payments import (
    decide,
    dispute,
    expire_if_over,
    fail_refund,
    left_of,
    pay,
    settle_refund,
)
from guitai.sandbox.card.words import CHINESE
from guitai.sandbox.faults import faults_of
from guitai.sandbox.handover import folder, hand_over, own_address, write_private
from guitai.sandbox.store import Row
from guitai.sandbox.words import learn
from guitai.sandbox.world import World

ARRANGEMENTS = (
    "refuse", "timeout", "refund_status", "refund_refuse", "refund_failure", "refund_notice", "statement",
    "webhook_url",
)  # fmt: skip
# Why the bank of a card does not take money back.
FAILURES = ("expired_or_canceled_card", "lost_or_stolen_card", "declined", "unknown")


def routes(world: World) -> list[Route]:
    world.store.extend(SCHEMA)
    learn(CHINESE)
    contract = _contract(world)
    book = Book(world)
    world.courier.speak_for(SENDER, _signer(contract["webhook_secret"]))
    api, desk = Api(book, contract["secret_key"], contract["address"]), Desk(world, book)
    return [
        route("POST", "/card/v1/checkout/sessions", api.asked(api.make_session)),
        route("GET", "/card/v1/checkout/sessions", api.asked(api.list_sessions)),
        route("GET", "/card/v1/checkout/sessions/{id}", api.asked(api.tell_session)),
        route("POST", "/card/v1/checkout/sessions/{id}/expire", api.asked(api.expire_session)),
        route("GET", "/card/v1/payment_intents/search", api.asked(api.search_intents)),
        route("GET", "/card/v1/payment_intents/{id}", api.asked(api.tell_intent)),
        route("POST", "/card/v1/refunds", api.asked(api.make_refund)),
        route("GET", "/card/v1/refunds", api.asked(api.list_refunds)),
        route("GET", "/card/v1/refunds/{id}", api.asked(api.tell_refund)),
        route("GET", "/card/v1/balance_transactions", api.asked(api.list_transactions)),
        route("GET", "/card/", desk.overview),
        route("POST", "/card/arrangements", desk.arrange),
        route("GET", "/card/c/pay/{id}", desk.session),
        route("POST", "/card/c/pay/{id}", desk.press),
        route("POST", "/card/payments/{id}/dispute", desk.dispute),
        route("POST", "/card/disputes/{id}/decision", desk.decide),
        route("POST", "/card/refunds/{id}/settlement", desk.settle),
        route("POST", "/card/refunds/{id}/failure", desk.fail),
        route("POST", "/card/notices/{delivery}/again", desk.send_again),
    ]


def _contract(world: World) -> dict[str, str]:
    """Keys that are made once; the address may change."""
    path = folder(world.settings, "card") / "contract.json"
    if not path.exists():
        made = {
            "account": f"acct_{secrets.token_hex(8)}",
            "secret_key": f"sk_test_{secrets.token_hex(24)}",
            "webhook_secret": f"whsec_{secrets.token_hex(24)}",
        }
        write_private(path, json.dumps(made).encode())
    contract = {**json.loads(path.read_text()), "address": f"{own_address(world.settings)}/card"}
    hand_over(world.settings, "card", contract)
    return contract


def _signer(secret: str):  # type: ignore[no-untyped-def]  # the courier's kind of function
    def headers(delivery: Row, moment: int) -> dict[str, str]:
        # A stranger does not know the secret: the form is right and it does not hold.
        key = secret if delivery["signature"] == "good" else new_id("whsec")
        signed = f"{moment}.".encode() + delivery["body"]
        signature = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": f"t={moment},v1={signature}",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }

    return headers


class Desk:
    """The payer's page and the clerk's."""

    def __init__(self, world: World, book: Book) -> None:
        self._world, self._book = world, book

    async def overview(self, request: Request) -> Response:
        sessions = self._book.listed("checkout.session")[:100]
        if request.wants_json:
            refunds = [shown(each) for each in self._book.listed("refund")[:100]]
            return json_response({"sessions": [shown(each) for each in sessions], "refunds": refunds})
        arranged = {name: self._book.arranged(name) for name in ARRANGEMENTS}
        return pages.overview(request, sessions, self._book.listed("refund")[:50], arranged)

    async def arrange(self, request: Request) -> Response:
        given = request.form() if request.is_form else request.json()
        for name in ARRANGEMENTS:
            if name in given:
                self._book.arrange(name, str(given[name])[:200])
        if not request.is_form:
            return json_response({name: self._book.arranged(name) for name in ARRANGEMENTS})
        return redirect("/card/")

    async def session(self, request: Request) -> Response:
        found = self._session(request)
        intent, deliveries = self._about(found)
        if request.wants_json:
            told = [{name: each[name] for name in each if name != "body"} for each in deliveries]
            return json_response({"session": shown(found), "payment_intent": intent, "deliveries": told})
        disputes = self._book.listed("dispute", parent=intent["id"]) if intent is not None else []
        return pages.session(
            request, found, intent, list(disputes), deliveries, request.query.get("said", "")
        )

    async def press(self, request: Request) -> Response:
        """Pay by a card; some ask the payer to confirm at their bank first."""
        found = self._session(request)
        given = {
            name: str(value)
            for name, value in (request.form() if request.is_form else request.json()).items()
        }
        card = card_of(given.get("typed", "") or given.get("card", ""))
        if card is None:
            raise Problem(422, "incorrect_number", "No bank knows this card number.")
        if card.challenge and given.get("confirmed") not in ("1", "True"):
            if given.get("confirmed"):
                raise Problem(402, "authentication_required", "The payer did not confirm at their bank.")
            if request.is_form:
                return pages.challenge(request, found, CARDS.index(card))
        intent = pay(self._book, found, card, faults_of(given))
        if not request.is_form:
            return json_response({"status": intent["status"], "error": intent["last_payment_error"]})
        failed = intent["last_payment_error"]
        return redirect(f"/card/c/pay/{found['id']}" + (f"?said={failed['decline_code']}" if failed else ""))

    async def dispute(self, request: Request) -> Response:
        intent = self._book.find("payment_intent", request.matched["id"])
        if intent is None or intent["status"] != "succeeded":
            raise Problem(404, "not_found", "There is no such payment.")
        if not left_of(self._book, intent):
            raise Problem(409, "charge_already_refunded", "All of this payment was sent back.")
        made = dispute(self._book, intent, "fraudulent")
        return json_response(shown(made), 201) if not request.is_form else redirect("/card/")

    async def decide(self, request: Request) -> Response:
        made = self._book.find("dispute", request.matched["id"])
        status = (request.form() if request.is_form else request.json()).get("status", "")
        if made is None or made["status"] != "needs_response":
            raise Problem(404, "not_found", "There is no such open dispute.")
        if status not in ("won", "lost"):
            raise Problem(422, "status_invalid", "status must be won or lost.")
        ended = decide(self._book, made, status)
        return json_response(shown(ended)) if not request.is_form else redirect("/card/")

    async def settle(self, request: Request) -> Response:
        made = self._book.find("refund", request.matched["id"])
        if made is None or made["status"] != "pending":
            raise Problem(404, "not_found", "There is no such refund under way.")
        settle_refund(self._book, made)
        return json_response({"status": "succeeded"}) if not request.is_form else redirect("/card/")

    async def fail(self, request: Request) -> Response:
        made = self._book.find("refund", request.matched["id"])
        if made is None or made["status"] not in ("pending", "succeeded"):
            raise Problem(404, "not_found", "There is no such refund that could still fail.")
        reason = (request.form() if request.is_form else request.json()).get("reason") or FAILURES[0]
        if reason not in FAILURES:
            raise Problem(422, "reason_invalid", f"reason must be one of {', '.join(FAILURES)}.")
        ended = fail_refund(self._book, made, str(reason))
        return json_response(shown(ended)) if not request.is_form else redirect("/card/")

    async def send_again(self, request: Request) -> Response:
        if not self._world.courier.send_again(request.matched["delivery"]):
            raise Problem(404, "not_found", "There is no such notice.")
        return json_response({"state": "pending"}, 202) if not request.is_form else redirect("/card/")

    def _session(self, request: Request) -> Object:
        found = self._book.find("checkout.session", request.matched["id"])
        if found is None:
            raise Problem(404, "order_unknown", "The acquirer knows no such session.")
        return expire_if_over(self._book, found)

    def _about(self, found: Object) -> tuple[Object | None, list[Row]]:
        intent = (
            self._book.find("payment_intent", found["payment_intent"]) if found["payment_intent"] else None
        )
        names = [found["id"]]
        if intent is not None:
            names += [intent["id"], str(intent["latest_charge"])]
            names += [
                each["id"]
                for kind in ("refund", "dispute")
                for each in self._book.listed(kind, parent=intent["id"])
            ]
        return intent, self._book.deliveries(*names)
