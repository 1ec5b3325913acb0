"""An SMS gateway for the wallet, and a screen for every phone number."""

import re
from datetime import UTC, datetime

from guitai.sandbox.asgi import Problem, Request, Response, Route, json_response, redirect, route
from guitai.sandbox.html import Element, field, page, tag
from guitai.sandbox.store import Row
from guitai.sandbox.words import say
from guitai.sandbox.world import World, check_wallet, seconds

_PHONE = re.compile(r"\+[1-9]\d{6,14}\Z")
_TEXT_MAX = 2_000
_NOTHING = "No messages yet. They appear here as soon as the wallet sends one."


def routes(world: World) -> list[Route]:
    handset = Handset(world)
    return [
        route("POST", "/handset/messages", handset.receive),
        route("GET", "/handset/", handset.phones),
        route("GET", "/handset/{phone}", handset.screen),
    ]


class Handset:
    def __init__(self, world: World) -> None:
        self._world = world

    async def receive(self, request: Request) -> Response:
        """`{"id", "to", "text"}`, signed by the wallet; the same id again is the same message."""
        check_wallet(self._world, request)
        content = request.json()
        message_id, phone, text = content.get("id"), content.get("to"), content.get("text")
        if not isinstance(message_id, str) or not 0 < len(message_id) <= 64:
            raise Problem(422, "id_invalid", "id must be a text of 1 to 64 characters.")
        if not isinstance(phone, str) or not _PHONE.match(phone):
            raise Problem(422, "to_invalid", "to must be a phone number like +8613800138000.")
        if not isinstance(text, str) or not 0 < len(text) <= _TEXT_MAX or "\x00" in text:
            raise Problem(422, "text_invalid", "text must be 1 to 2000 characters.")
        with self._world.store.transaction():
            if self._world.store.row("SELECT 1 FROM handset_message WHERE id = ?", message_id) is None:
                message = {"id": message_id, "phone": phone, "text": text, "received_at": seconds()}
                self._world.store.insert("handset_message", message)
        return json_response({"id": message_id}, 202)

    async def phones(self, request: Request) -> Response:
        language = request.language
        phones = self._world.store.rows(
            "SELECT phone, count(*) AS messages, max(number) AS latest FROM handset_message "
            "GROUP BY phone ORDER BY latest DESC LIMIT 200"
        )
        if request.query.get("phone"):
            return redirect(f"/handset/{_dialled(request.query['phone'])}")
        if request.wants_json:
            return json_response({"phones": phones})
        listed = tag("ul", [_phone(row) for row in phones], class_="list")
        return page(
            request,
            say("Telephones", language),
            tag("p", say("What the wallet's messages look like on the phone.", language)),
            tag(
                "div",
                listed if phones else tag("p", say(_NOTHING, language), class_="empty"),
                data_live="phones",
            ),
            tag(
                "form",
                field(say("Phone number", language), "phone", "+86", type="tel", required=True),
                tag("button", say("Open", language), class_="quiet"),
                action="/handset/",
                class_="stack",
            ),
        )

    async def screen(self, request: Request) -> Response:
        phone, language = _dialled(request.matched["phone"]), request.language
        messages = self._world.store.rows(
            "SELECT number, id, text, received_at FROM handset_message WHERE phone = ? ORDER BY number DESC LIMIT 100",
            phone,
        )
        if request.wants_json:
            return json_response({"phone": phone, "messages": messages})
        bubbles = tag("ol", [_bubble(message) for message in reversed(messages)], class_="bubbles")
        return page(
            request,
            say("Telephone {phone}", language, phone=phone),
            tag("p", say("Sent by the wallet to this telephone.", language)),
            tag(
                "div",
                bubbles if messages else tag("p", say(_NOTHING, language), class_="empty"),
                class_="phone",
                data_live="messages",
            ),
        )


def _dialled(text: str) -> str:
    """A number as people type it; a plus sign in a query may have become a space."""
    digits = "".join(character for character in text if character.isascii() and character.isdigit())
    if not _PHONE.match(f"+{digits}"):
        raise Problem(404, "not_found", "That is not a phone number like +8613800138000.")
    return f"+{digits}"


def _phone(row: Row) -> Element:
    return tag(
        "li", tag("a", row["phone"], href=f"/handset/{row['phone']}"), " ", tag("small", str(row["messages"]))
    )


def _bubble(message: Row) -> Element:
    moment = datetime.fromtimestamp(message["received_at"], UTC)
    shown = tag("time", f"{moment:%m-%d %H:%M} UTC", datetime=moment.isoformat())
    return tag("li", tag("p", message["text"], class_="bubble"), shown)
