"""The payer's page at UnionPay, and the clerk's: plain, and usable without scripts."""

import json
from dataclasses import replace
from urllib.parse import urlsplit

from guitai.sandbox.asgi import Request, Response
from guitai.sandbox.html import Child, Element, choice, field, money, page, table, tag, tick
from guitai.sandbox.notices import notices
from guitai.sandbox.store import Row
from guitai.sandbox.unionpay.cards import CARDS, SMS_CODE
from guitai.sandbox.unionpay.gateway import moment
from guitai.sandbox.unionpay.messages import Fields
from guitai.sandbox.words import say

Options = tuple[tuple[str, str], ...]
_DELAYS = (("0", "Now"), ("10", "In 10 seconds"), ("60", "In 1 minute"), ("600", "In 10 minutes"))
_STATES = {"open": "Unpaid", "done": "Paid", "failed": "Declined", "undecided": "Still undecided"}
_TONES = {"done": "ok", "failed": "danger"}
_KINDS = {"01": "Payment", "31": "Undone", "04": "Refund", "12": "Payment to a card"}
_BACK = (
    ("", "Answer as usual"),
    ("timeout", "Carry it out, then do not answer"),
    ("36", "Refuse it: 36"),
    ("05", "Undecided: 05"),
)
_QUERY = (("", "Answer as usual"), ("timeout", "Do not answer"), ("37", "Refuse it: 37"))
_PAYOUT = (
    ("", "Carry it out"),
    ("timeout", "Carry it out, then do not answer"),
    ("swallow", "Hear nothing, and do not answer"),
    ("66", "Refuse it: 66, another name"),
    ("later_61", "Take it, then refuse it: 61, no such card"),
    ("05", "Undecided: 05"),
)
_PAYOUT_NOTICE = (
    ("", "Send the notice"),
    ("lost", "Lose the notice"),
    ("twice", "Send the notice twice"),
    ("bad_signature", "Sign it badly"),
    ("late", "In 1 minute"),
)
_FILE = (("", "Answer as usual"), ("missing_line", "Leave the last line out"))
CURRENCIES = {
    "156": "CNY",
    "344": "HKD",
    "392": "JPY",
    "702": "SGD",
    "826": "GBP",
    "840": "USD",
    "978": "EUR",
}


def overview(request: Request, rows: list[Row], arranged: dict[str, str]) -> Response:
    language = request.language
    cells = [
        (
            tag("a", row["order_id"], href=f"/unionpay/pay/{row['id']}")
            if row["kind"] in ("01", "12")
            else row["order_id"],
            say(_KINDS[row["kind"]], language),
            _state(row, language),
            money(row["amount"], CURRENCIES[row["currency"]]),
            moment(row["txn_time"]),
        )
        for row in rows
    ]
    headings = [say(word, language) for word in ("Reference", "Kind", "State", "Amount", "Created")]
    empty = tag(
        "p",
        say("No orders yet. Start a top-up in the wallet, and it appears here.", language),
        class_="empty",
    )
    return page(
        request,
        say("UnionPay", language),
        tag("div", table(headings, cells) if cells else empty, data_live="orders"),
        tag("h2", say("The clerk's errors", language)),
        tag(
            "form",
            _arrangement("The next refund", "back", _BACK, arranged, language),
            _arrangement("The next payment to a card", "payout", _PAYOUT, arranged, language),
            _arrangement("The notice of it", "payout_notice", _PAYOUT_NOTICE, arranged, language),
            _arrangement("The next query", "query", _QUERY, arranged, language),
            _arrangement("The next settlement file", "file", _FILE, arranged, language),
            tag("button", say("Arrange it", language), class_="quiet"),
            method="post",
            action="/unionpay/arrangements",
            class_="stack",
        ),
    )


def order(request: Request, row: Row, deliveries: list[Row], back: Fields, problem: str = "") -> Response:
    """One order: choose a card, then the code from the phone; or what became of it."""
    language = request.language
    subject = (
        json.loads(row["fields"]).get("riskRateInfo", "").removeprefix("{commodityName=").removesuffix("}")
    )
    facts: list[tuple[str, Child]] = [
        (
            "To pay" if row["kind"] == "01" else "Amount",
            tag("strong", money(row["amount"], CURRENCIES[row["currency"]])),
        ),
        ("Merchant", json.loads(row["fields"])["merId"]),
        ("For", subject or "–") if row["kind"] == "01" else ("Card", tag("code", row["card"])),
        ("Reference", tag("code", row["order_id"])),
        ("State", _state(row, language)),
    ]
    open_ = row["kind"] == "01" and row["state"] in ("open", "failed")
    shown = page(
        request,
        say("Pay with UnionPay" if row["kind"] == "01" else _KINDS[row["kind"]], language),
        tag("p", say(problem, language), class_="problem danger", role="alert") if problem else None,
        _facts(facts, language),
        _pay_form(row, language) if open_ else None,
        _decision(row, language) if row["state"] == "undecided" else None,
        _return_form(row, back, language) if row["state"] != "open" and back else None,
        notices(deliveries, "unionpay", language),
    )
    return _may_leave(shown, json.loads(row["fields"]).get("frontUrl", ""))


def _pay_form(row: Row, language: str) -> Element:
    cards = [
        (card.number, f"{card.number[:4]} … {card.number[-4:]} · {say(card.title, language)}")
        for card in CARDS
    ]
    return tag(
        "form",
        choice(say("Card", language), "card", cards, CARDS[0].number),
        field(
            say("Code from the text message", language),
            "code",
            inputmode="numeric",
            autocomplete="one-time-code",
            required=True,
            maxlength=6,
            hint=say("The test code is {code}.", language, code=SMS_CODE),
        ),
        tag("button", say("Pay {amount}", language, amount=money(row["amount"], CURRENCIES[row["currency"]])),
            class_="primary", name="press", value="pay"),
        _faults(row, language),
        method="post",
        action=f"/unionpay/pay/{row['id']}",
        class_="stack",
    )  # fmt: skip


def _faults(row: Row, language: str) -> Element:
    return tag(
        "details",
        tag("summary", say("The clerk's errors", language)),
        choice(
            say("Send the notice", language),
            "delay_s",
            [(value, say(text, language)) for value, text in _DELAYS],
            "0",
        ),
        field(
            say("Amount in the notice", language),
            "told_amount",
            inputmode="numeric",
            hint=say("In the smallest unit; empty: what was paid.", language),
        ),
        tick(say("Send the notice twice", language), "twice"),
        tick(say("Sign it badly", language), "bad_signature"),
        tick(say("Lose the notice", language), "lost"),
    )


def _decision(row: Row, language: str) -> Element:
    return tag(
        "form",
        tag("button", say("It was paid", language), class_="primary", name="decision", value="done"),
        " ",
        tag("button", say("It was declined", language), class_="quiet", name="decision", value="failed"),
        method="post",
        action=f"/unionpay/pay/{row['id']}",
    )


def _return_form(row: Row, back: Fields, language: str) -> Element | None:
    """The payer's browser brings the signed result to the merchant; what it says there proves nothing."""
    target = json.loads(row["fields"]).get("frontUrl", "")
    if not target:
        return None
    return tag(
        "form",
        [tag("input", type="hidden", name=name, value=value) for name, value in back.items()],
        tag("button", say("Back to the wallet", language), class_="primary"),
        method="post",
        action=target,
    )


def _arrangement(label: str, name: str, options: Options, arranged: dict[str, str], language: str) -> Element:
    return choice(
        say(label, language),
        name,
        [(value, say(text, language)) for value, text in options],
        arranged.get(name, ""),
    )


def _state(row: Row, language: str) -> Element:
    text = say(_STATES[row["state"]], language)
    if row["state"] == "failed":
        text += f" ({row['response']})"
    return tag("span", text, class_=f"badge {_TONES.get(row['state'], 'wait')}")


def _facts(facts: list[tuple[str, Child]], language: str) -> Element:
    return tag(
        "dl",
        [tag("div", tag("dt", say(name, language)), tag("dd", value)) for name, value in facts],
        class_="facts",
    )


def _may_leave(response: Response, target: str) -> Response:
    """This page alone may send the browser to the merchant's."""
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https"):
        return response
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"form-action 'self' {parts.scheme}://{parts.netloc}; frame-ancestors 'none'; base-uri 'none'"
    )
    return replace(response, headers={**response.headers, "Content-Security-Policy": policy})
