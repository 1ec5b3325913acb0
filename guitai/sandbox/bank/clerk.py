"""The clerk's counter: accounts, the bank day, statements, payments out, and what is to go wrong."""

from datetime import date
from typing import Any

from guitai.base.money import EXPONENTS, Money
from guitai.sandbox.asgi import Problem, Request, Response, Route, json_response, redirect, route
from guitai.sandbox.bank import books, clearing, clerk_pages, days, mailbox, night, outcomes
from guitai.sandbox.bank.endpoints import Bank
from guitai.sandbox.bank.requests import read_money
from guitai.sandbox.store import Row
from guitai.sandbox.world import World

_FILE_BYTES_MAX = 32 * 1024 * 1024
_TYPES = {"xml": "application/xml", "sta": "text/plain; charset=utf-8", "csv": "text/csv; charset=gb18030"}
_PARTS_MAX = 1_000


def routes(world: World) -> list[Route]:
    for schema in (books.SCHEMA, outcomes.SCHEMA, mailbox.SCHEMA, days.SCHEMA, clearing.SCHEMA):
        world.store.extend(schema)
    world.store.add_column("bank_booking", "own_account", "TEXT")
    books.open_accounts(world)
    clerk, signed = Clerk(world), Bank(world).signed
    return [
        route("GET", "/bank/accounts/", clerk.accounts),
        route("POST", "/bank/day/closure", clerk.close_day),
        route("POST", "/bank/reports", clerk.report),
        route("POST", "/bank/fees", clerk.charge_fee),
        route("POST", "/bank/batches", clerk.take_batch),
        route("POST", "/bank/bookings/{reference}/reversal", clerk.reverse),
        route("GET", "/bank/statements/{account}/{currency}/{name}", clerk.statement),
        route("GET", "/bank/files/{name}", clerk.file),
        route("POST", "/bank/files/{name}/again", clerk.file_again),
        route("GET", "/bank/payouts/", clerk.payouts),
        route("POST", "/bank/payouts/files", signed(clerk.take_file), body_bytes_max=_FILE_BYTES_MAX),
        route("POST", "/bank/payouts/{name}/return", clerk.return_payout),
        route("POST", "/bank/payouts/{name}/status", clerk.tell_again),
        route("GET", "/bank/faults", clerk.faults),
        route("POST", "/bank/faults", clerk.arrange),
        route("POST", "/bank/faults/{number}/removal", clerk.forget),
    ]


class Clerk:
    def __init__(self, world: World) -> None:
        self._world = world

    async def accounts(self, request: Request) -> Response:
        world = self._world
        told: Row = {
            "day": books.bank_day(world).isoformat(),
            "accounts": books.accounts(world),
            "bookings": books.latest_bookings(world),
            "statements": days.statements(world),
            "files": mailbox.latest(world),
        }
        return json_response(told) if request.wants_json else clerk_pages.accounts(request, told)

    async def payouts(self, request: Request) -> Response:
        world = self._world
        told: Row = {
            "payouts": clearing.payouts(world),
            "files": clearing.files(world),
            "faults": outcomes.arranged(world),
        }
        return json_response(told) if request.wants_json else clerk_pages.payouts(request, told)

    async def close_day(self, request: Request) -> Response:
        night.fetch(self._world)
        night.close(self._world)
        mailbox.write_due(self._world)
        return self._done(request, {"day": books.bank_day(self._world).isoformat()}, "/bank/accounts/")

    async def report(self, request: Request) -> Response:
        days.report(self._world)
        mailbox.write_due(self._world)
        return self._done(request, {"files": mailbox.latest(self._world, 1)}, "/bank/accounts/")

    async def charge_fee(self, request: Request) -> Response:
        """The bank helps itself to its fee."""
        amount = read_money(request, Money(1_000, "CNY"))
        own = books.Booking(
            amount.currency, -amount.minor, books.FEE, remittance="银行服务费 Bank service fee"
        )
        return self._book(request, own)

    async def take_batch(self, request: Request) -> Response:
        """Several payments that arrive as one sum: `{"payments": [{"amount", "reference", "name", "account"}]}`."""
        given = request.json()
        found = given.get("payments")
        if not isinstance(found, list) or not 1 < len(found) <= _PARTS_MAX:
            raise Problem(422, "batch_invalid", f"payments is a list of 2 to {_PARTS_MAX} payments.")
        currency = given.get("currency", "CNY")
        if currency not in EXPONENTS:
            raise Problem(422, "batch_invalid", "currency is a code of ISO 4217.")
        parts = tuple(_part(one) for one in found)
        total = sum(part.amount for part in parts)
        return self._book(
            request,
            books.Booking(currency, total, books.CREDIT, parts=parts, count=len(parts), order_id="BATCH"),
        )

    async def reverse(self, request: Request) -> Response:
        found = books.booking(self._world, request.matched["reference"])
        if found is None or found["reversal"]:
            raise Problem(404, "not_found", "There is no such booking that could be taken back.")
        return self._book(request, books.reversal_of(found))

    async def statement(self, request: Request) -> Response:
        """A day of an account as camt.053 (`<day>.xml`), MT940 (`.sta`) or CSV (`.csv`)."""
        day, _, suffix = request.matched["name"].rpartition(".")
        account, currency = request.matched["account"], request.matched["currency"]
        content = None
        if suffix in days.FORMATS:
            content = days.written(self._world, account, currency, _day(day), suffix)
        if content is None:
            raise Problem(404, "not_found", "There is no such statement.")
        return _attachment(content, f"{account}-{currency}-{day}.{suffix}", suffix)

    async def file(self, request: Request) -> Response:
        found = mailbox.mail(self._world, request.matched["name"])
        if found is None:
            raise Problem(404, "not_found", "There is no such file.")
        return _attachment(found["content"], found["name"], "xml")

    async def file_again(self, request: Request) -> Response:
        if not mailbox.send_again(self._world, request.matched["name"]):
            raise Problem(404, "not_found", "There is no such file.")
        mailbox.write_due(self._world)
        return self._done(request, {"state": "waiting"}, "/bank/accounts/")

    async def take_file(self, request: Request) -> Response:
        """A pain.001 by HTTP instead of the folder; what is said about it comes as a pain.002 all the same."""
        message_id = clearing.take_file(self._world, "upload.xml", request.body)
        found = [one for one in clearing.files(self._world, 200) if one["message_id"] == message_id]
        return json_response(found[0] if found else {"message_id": message_id}, 202)

    async def return_payout(self, request: Request) -> Response:
        fields = _fields(request)
        code = str(fields.get("code") or "AC04")[:4].upper()
        kept = fields.get("minor", 0)
        kept = int(kept) if isinstance(kept, int) or str(kept).isdigit() else 0
        return self._found(
            request, clearing.return_now(self._world, request.matched["name"], code, kept), "/bank/payouts/"
        )

    async def tell_again(self, request: Request) -> Response:
        return self._found(
            request, clearing.tell_again(self._world, request.matched["name"]), "/bank/payouts/"
        )

    async def faults(self, request: Request) -> Response:
        return json_response({"faults": outcomes.arranged(self._world), "kinds": list(outcomes.KINDS)})

    async def arrange(self, request: Request) -> Response:
        number = outcomes.arrange(self._world, _fields(request))
        return self._done(request, {"id": number}, "/bank/payouts/", 201)

    async def forget(self, request: Request) -> Response:
        return self._found(request, outcomes.cancel(self._world, request.matched["number"]), "/bank/payouts/")

    def _book(self, request: Request, booking: books.Booking) -> Response:
        with self._world.store.transaction():
            line = books.book(self._world, booking)
            days.notify(self._world, [line])
        mailbox.write_due(self._world)
        return self._done(request, line, "/bank/accounts/", 201)

    def _found(self, request: Request, found: bool, page: str) -> Response:
        if not found:
            raise Problem(404, "not_found", "There is nothing of that name to do this with.")
        mailbox.write_due(self._world)
        return self._done(request, {"state": "done"}, page)

    def _done(self, request: Request, told: Row, page: str, status: int = 200) -> Response:
        return redirect(page) if request.is_form else json_response(told, status)


def _fields(request: Request) -> dict[str, Any]:
    return dict(request.form()) if request.is_form else request.json()


def _part(one: object) -> books.Part:
    if not isinstance(one, dict) or type(one.get("amount")) is not int or one["amount"] <= 0:
        raise Problem(422, "batch_invalid", "each payment has an amount in minor units.")
    name, account, reference = (str(one.get(key, ""))[:140] for key in ("name", "account", "reference"))
    return books.Part(one["amount"], "", name, account, reference)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Problem(404, "not_found", "There is no such day.") from error


def _attachment(content: bytes, name: str, suffix: str) -> Response:
    return Response(
        content,
        content_type=_TYPES[suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
