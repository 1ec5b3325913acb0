"""The acquirer's API: what `stripe` asks, in its own forms and answers."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from guitai.sandbox.asgi import Problem, Request, Response
from guitai.sandbox.card.book import Book, Object, new_id, shown
from guitai.sandbox.card.errors import ApiError, invalid, missing
from guitai.sandbox.card.forms import items, read, whole
from guitai.sandbox.card.payments import expire_if_over, refund
from guitai.sandbox.world import seconds

_PAGE_MAX = 100
_SEARCH = re.compile(r"metadata\['order_reference'\]:'([^']{1,80})'\Z")
_CURRENCY = re.compile(r"[a-z]{3}\Z")
_THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd", "iqd", "lyd"})
_SESSION_S = (30 * 60, 24 * 3600)
Ask = Callable[[dict[str, Any], dict[str, str]], Object]


class Api:
    def __init__(self, book: Book, secret_key: str, address: str) -> None:
        self._book, self._key, self._address = book, secret_key, address

    def asked(self, ask: Ask) -> Callable[[Request], Any]:
        """Only the merchant may ask; the same idempotency key gives the same answer, errors included."""

        async def wrapped(request: Request) -> Response:
            try:
                self._check_key(request)
                status, body = self._once(request, ask)
                if self._book.counted_down("timeout"):
                    raise Problem(504, "timeout", "The acquirer carried it out and does not answer.")
                return _answer(status, body)
            except ApiError as error:
                return _answer(error.status, json.dumps(error.body))

        return wrapped

    def make_session(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        lines = items(fields.get("line_items"))
        price = lines[0].get("price_data", {}) if len(lines) == 1 and isinstance(lines[0], dict) else {}
        amount = whole(price.get("unit_amount"), "line_items[0][price_data][unit_amount]")
        currency = str(price.get("currency", ""))
        if fields.get("mode") != "payment" or not _CURRENCY.match(currency) or not amount:
            raise invalid(
                "parameter_invalid", "One line with an amount and a currency is taken here.", "line_items"
            )
        if currency in _THREE_DECIMALS and amount % 10:
            raise invalid("invalid_amount", "The last of three decimals must be 0.", "unit_amount")
        expires = whole(fields.get("expires_at", str(seconds() + _SESSION_S[1])), "expires_at")
        if not _SESSION_S[0] - 60 <= expires - seconds() <= _SESSION_S[1] + 60:
            raise invalid("expires_at_invalid", "Between 30 minutes and a day from now.", "expires_at")
        identity = new_id("cs_test")
        return self._book.keep(
            {
                "id": identity, "object": "checkout.session", "amount_total": amount, "currency": currency,
                "cancel_url": fields.get("cancel_url"), "success_url": fields.get("success_url"),
                "client_reference_id": fields.get("client_reference_id"), "created": seconds(), "expires_at": expires,
                "livemode": False, "metadata": fields.get("metadata", {}), "mode": "payment", "payment_intent": None,
                "payment_status": "unpaid", "status": "open", "url": f"{self._address}/c/pay/{identity}",
                "_intent_metadata": fields.get("payment_intent_data", {}).get("metadata", {}),
                "_name": price.get("product_data", {}).get("name", ""),
            }
        )  # fmt: skip

    def tell_session(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        return self._expanded(self._session(matched["id"]), fields)

    def list_sessions(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        found = [expire_if_over(self._book, each) for each in self._within("checkout.session", fields)]
        return self._page(found, fields, "/v1/checkout/sessions")

    def expire_session(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        session = self._session(matched["id"])
        if session["status"] != "open":
            raise invalid("checkout_session_not_open", "Only an open session can be expired.")
        session |= {"status": "expired", "url": None}
        return self._book.keep(session)

    def tell_intent(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        found = self._book.find("payment_intent", matched["id"])
        if found is None:
            raise missing("payment_intent", matched["id"][:60])
        return self._expanded(found, fields)

    def search_intents(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        query = _SEARCH.match(str(fields.get("query", "")))
        if query is None:
            raise invalid("parameter_invalid", "Only metadata['order_reference'] is searched here.", "query")
        found = [
            each
            for each in self._book.listed("payment_intent")
            if each["metadata"].get("order_reference") == query[1]
        ]
        page = self._page(found, fields, "/v1/payment_intents/search")
        return {**page, "object": "search_result", "next_page": None}

    def make_refund(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        amount = whole(fields["amount"], "amount") if "amount" in fields else None
        return refund(self._book, fields, amount)

    def tell_refund(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        found = self._book.find("refund", matched["id"])
        if found is None:
            raise missing("refund", matched["id"][:60])
        return self._expanded(found, fields)

    def list_refunds(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        return self._page(
            self._book.listed("refund", parent=str(fields.get("payment_intent", ""))), fields, "/v1/refunds"
        )

    def list_transactions(self, fields: dict[str, Any], matched: dict[str, str]) -> Object:
        found = self._within("balance_transaction", fields)
        if found and self._book.arranged("statement") == "missing_line":
            found = found[1:]
        return self._page(found, fields, "/v1/balance_transactions")

    def _session(self, identity: str) -> Object:
        found = self._book.find("checkout.session", identity)
        if found is None:
            raise missing("checkout.session", identity[:60])
        return expire_if_over(self._book, found)

    def _within(self, kind: str, fields: dict[str, Any]) -> list[Object]:
        created = fields.get("created", {})
        bounds = created if isinstance(created, dict) else {}
        gte = whole(bounds.get("gte", "0"), "created[gte]")
        lte = (
            whole(bounds["lt"], "created[lt]") - 1
            if "lt" in bounds
            else whole(bounds.get("lte", "9" * 12), "created")
        )
        return self._book.listed(kind, gte=gte, lte=lte)

    def _page(self, found: list[Object], fields: dict[str, Any], url: str) -> Object:
        limit = min(whole(fields.get("limit", "10"), "limit"), _PAGE_MAX) or 1
        if after := fields.get("starting_after"):
            place = next((index for index, each in enumerate(found) if each["id"] == after), None)
            if place is None:
                raise missing("object", str(after)[:60])
            found = found[place + 1 :]
        expand = [
            path.removeprefix("data.") for path in items(fields.get("expand")) if path.startswith("data.")
        ]
        shown_ones = [self._expand(each, expand) for each in found[:limit]]
        return {"object": "list", "url": url, "has_more": len(found) > limit, "data": shown_ones}

    def _expanded(self, found: Object, fields: dict[str, Any]) -> Object:
        return self._expand(found, [str(path) for path in items(fields.get("expand"))])

    def _expand(self, found: Object, paths: list[str]) -> Object:
        """Identifiers replaced by what they name."""
        told = shown(found)
        for path in paths:
            name, _, rest = path.partition(".")
            inner = next(
                (each for kind in _KINDS if (each := self._book.find(kind, str(told.get(name))))), None
            )
            if inner is not None:
                told[name] = self._expand(inner, [rest] if rest else [])
        return told

    def _check_key(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self._key}":
            raise ApiError(401, "invalid_request_error", "api_key_invalid", "Invalid API Key provided.")

    def _once(self, request: Request, ask: Ask) -> tuple[int, str]:
        text = (
            request.body.decode("utf-8", "replace") if request.method == "POST" else urlencode(request.query)
        )
        key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
        digest = hashlib.sha256(f"{request.path}\n{text}".encode()).hexdigest()
        if refused := self._book.taken("refuse"):
            raise ApiError(402, "card_error", refused, "The acquirer's clerk refused this.")
        with self._book.store.transaction():
            known = self._book.remembered(key) if key else None
            if known and known["request"] != digest:
                raise ApiError(
                    400, "idempotency_error", "idempotency_key_in_use", "The same key, another request."
                )
            if known:
                return int(known["status"]), str(known["answer"])
            try:
                status, answer = 200, json.dumps(shown(ask(read(text), request.matched)))
            except ApiError as error:
                status, answer = error.status, json.dumps(error.body)
            if key:
                self._book.remember(key, digest, status, answer)
        return status, answer


_KINDS = ("payment_intent", "charge", "refund", "dispute", "balance_transaction")


def _answer(status: int, body: str) -> Response:
    return Response(body.encode(), status, "application/json", {"Request-Id": new_id("req")})
