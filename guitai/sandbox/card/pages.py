"""The acquirer's page on which payers type their card, and the clerk's: plain, and usable without scripts."""

import json

from guitai.base.money import EXPONENTS
from guitai.sandbox.asgi import Request, Response
from guitai.sandbox.card.book import Object
from guitai.sandbox.card.cards import CARDS
from guitai.sandbox.html import Child, Element, choice, field, money, page, table, tag, tick
from guitai.sandbox.notices import notices
from guitai.sandbox.store import Row
from guitai.sandbox.words import say

Options = tuple[tuple[str, str], ...]
_DELAYS: Options = (("0", "Now"), ("10", "In 10 seconds"), ("60", "In 1 minute"), ("600", "In 10 minutes"))
_STATES = {"open": "Unpaid", "complete": "Paid", "expired": "Over"}
_TONES = {"complete": "ok", "expired": "danger", "succeeded": "ok", "failed": "danger"}
_TIMEOUT: Options = (
    ("", "Answer as usual"),
    ("1", "Carry it out, then do not answer"),
    ("3", "The same three times"),
)
_REFUSE: Options = (("", "Answer as usual"), ("card_declined", "Refuse it"))
_REFUND: Options = (("", "At once"), ("pending", "Later"), ("failed", "It fails"))
_REFUND_REFUSE: Options = (
    ("", "Answer as usual"),
    ("charge_already_refunded", "No: it was sent back already"),
    ("charge_disputed", "No: it is disputed"),
    ("balance_insufficient", "Not now: our balance there is too low"),
)
_REFUND_NOTICE: Options = (
    ("", "Once, at once"),
    ("twice", "Twice"),
    ("late", "In 10 seconds"),
    ("lost", "Never"),
    ("bad_signature", "Signed badly"),
)
_STATEMENT: Options = (("", "Answer as usual"), ("missing_line", "Leave a line out"))
_PROBLEMS = {card.decline_code: card.title for card in CARDS if card.decline_code}


def amount(minor: int, currency: str) -> str:
    """Of any currency: those that a wallet does not hold are shown as they are counted."""
    code = currency.upper()
    return money(minor, code) if code in EXPONENTS else f"{minor} {code}"


def overview(
    request: Request, sessions: list[Object], refunds: list[Object], arranged: dict[str, str]
) -> Response:
    language = request.language
    rows = [
        (
            tag("a", each["client_reference_id"] or each["id"][-8:], href=f"/card/c/pay/{each['id']}"),
            _badge(say(_STATES[each["status"]], language), each["status"]),
            amount(each["amount_total"], each["currency"]),
        )
        for each in sessions
    ]
    headings = [say(word, language) for word in ("Reference", "State", "Amount")]
    empty = tag(
        "p",
        say("No orders yet. Start a top-up in the wallet, and it appears here.", language),
        class_="empty",
    )
    return page(
        request,
        say("Card acquirer", language),
        tag("div", table(headings, rows) if rows else empty, data_live="orders"),
        _refunds(refunds, language),
        tag("h2", say("The clerk's errors", language)),
        tag(
            "form",
            _choice("The next answer", "timeout", _TIMEOUT, arranged, language),
            _choice("The next request", "refuse", _REFUSE, arranged, language),
            _choice("The next refund arrives", "refund_status", _REFUND, arranged, language),
            _choice("The next refund is taken on", "refund_refuse", _REFUND_REFUSE, arranged, language),
            _choice("The next word about a refund", "refund_notice", _REFUND_NOTICE, arranged, language),
            _choice("The day's list", "statement", _STATEMENT, arranged, language),
            tag("button", say("Arrange it", language), class_="quiet"),
            method="post",
            action="/card/arrangements",
            class_="stack",
        ),
    )


def session(
    request: Request,
    found: Object,
    intent: Object | None,
    disputes: list[Object],
    deliveries: list[Row],
    said: str,
) -> Response:
    """One session: type a card, or see what became of it."""
    language = request.language
    facts: list[tuple[str, Child]] = [
        ("To pay", tag("strong", amount(found["amount_total"], found["currency"]))),
        ("For", found["_name"] or "–"),
        ("Reference", tag("code", str(found["client_reference_id"]))),
        ("State", _badge(say(_STATES[found["status"]], language), found["status"])),
    ]
    problem = _PROBLEMS.get(said, "")
    return page(
        request,
        say("Pay by card", language),
        tag("p", say(problem, language), class_="danger", role="alert") if problem else None,
        tag(
            "dl",
            [tag("div", tag("dt", say(name, language)), tag("dd", value)) for name, value in facts],
            class_="facts",
        ),
        _pay_form(found, language) if found["status"] == "open" else _back(found, language),
        _dispute(intent, disputes, language)
        if intent is not None and intent["status"] == "succeeded"
        else None,
        notices(deliveries, "card", language, _type_of),
    )


def challenge(request: Request, found: Object, card: int) -> Response:
    """The payer's bank asks whether it is really them (3-D Secure)."""
    language = request.language
    number = tag("input", type="hidden", name="card", value=CARDS[card].number)
    return page(
        request,
        say("Your bank asks", language),
        tag("p", say("Do you confirm this payment?", language)),
        tag("p", tag("strong", amount(found["amount_total"], found["currency"]))),
        tag(
            "form",
            number,
            tag("button", say("Yes, it is me", language), class_="primary", name="confirmed", value="1"),
            " ",
            tag("button", say("No", language), class_="quiet", name="confirmed", value="no"),
            method="post",
            action=f"/card/c/pay/{found['id']}",
        ),
    )


def _pay_form(found: Object, language: str) -> Element:
    cards = [(card.number, f"{card.brand} … {card.last4} · {say(card.title, language)}") for card in CARDS]
    text = say("Pay {amount}", language, amount=amount(found["amount_total"], found["currency"]))
    return tag(
        "form",
        choice(say("Test card", language), "card", cards, CARDS[0].number),
        field(
            say("Or its number", language),
            "typed",
            inputmode="numeric",
            autocomplete="cc-number",
            maxlength=23,
            hint=say("Only published test numbers are known here; none is kept.", language),
        ),
        tag("button", text, class_="primary", name="press", value="pay"),
        tag(
            "details",
            tag("summary", say("The clerk's errors", language)),
            choice(
                say("Send the notice", language),
                "delay_s",
                [(value, say(word, language)) for value, word in _DELAYS],
                "0",
            ),
            field(
                say("Amount in the notice", language),
                "told_amount",
                inputmode="numeric",
                hint=say("In the smallest unit; empty: what was paid.", language),
            ),
            tick(say("Send the notice twice", language), "twice"),
            tick(say("Tell what came last first", language), "reordered"),
            tick(say("Sign it badly", language), "bad_signature"),
            tick(say("Lose the notice", language), "lost"),
        ),
        method="post",
        action=f"/card/c/pay/{found['id']}",
        class_="stack",
    )


def _back(found: Object, language: str) -> Element | None:
    target = str(found["success_url"] or "")
    if not target.startswith(("http://", "https://")):
        return None
    return tag("p", tag("a", say("Back to the wallet", language), href=target, class_="button primary"))


def _dispute(intent: Object, disputes: list[Object], language: str) -> Element:
    waiting = next((one for one in disputes if one["status"] == "needs_response"), None)
    if waiting is not None:
        return tag(
            "form",
            tag(
                "button",
                say("The bank decides for the merchant", language),
                name="status",
                value="won",
                class_="quiet",
            ),
            tag(
                "button", say("The bank takes it back", language), name="status", value="lost", class_="quiet"
            ),
            method="post",
            action=f"/card/disputes/{waiting['id']}/decision",
        )
    return tag(
        "form",
        tag("button", say("Dispute it as the cardholder", language), class_="quiet"),
        method="post",
        action=f"/card/payments/{intent['id']}/dispute",
    )


def _refunds(refunds: list[Object], language: str) -> Element | None:
    if not refunds:
        return None
    rows = [
        (
            _named(each),
            _badge(each["status"], each["status"]),
            amount(each["amount"], each["currency"]),
            tag("div", *_endings(each, language)),
        )
        for each in refunds
    ]
    headings = [say(word, language) for word in ("Refund", "State", "Amount")]
    return tag(
        "section", tag("h2", say("Refunds", language)), table([*headings, ""], rows), data_live="refunds"
    )


def _named(refund: Object) -> str:
    metadata = refund["metadata"]
    return str(metadata.get("payout_reference") or metadata.get("refund_reference") or refund["id"][-8:])


def _endings(refund: Object, language: str) -> list[Element]:
    """How a refund may go on: what is pending arrives, and what has arrived may still come back."""
    endings = {"pending": [("It arrives", "settlement"), ("It fails", "failure")],
               "succeeded": [("The card's bank sends it back", "failure")]}  # fmt: skip
    return [
        tag(
            "form",
            tag("button", say(words, language), class_="small"),
            method="post",
            action=f"/card/refunds/{refund['id']}/{ending}",
        )
        for words, ending in endings.get(refund["status"], [])
    ]


def _choice(label: str, name: str, options: Options, arranged: dict[str, str], language: str) -> Element:
    shown = [(value, say(text, language)) for value, text in options]
    return choice(say(label, language), name, shown, arranged.get(name, ""))


def _badge(text: str, state: str) -> Element:
    return tag("span", text, class_=f"badge {_TONES.get(state, 'wait')}")


def _type_of(delivery: Row) -> Element:
    return tag("code", str(json.loads(delivery["body"])["type"]))
