"""The payer's page at a gateway and the clerk's, plain, and usable without scripts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from guitai.sandbox.asgi import Request, Response
from guitai.sandbox.bank.orders import is_web_address
from guitai.sandbox.html import Child, Element, choice, field, money, page, table, tag, tick
from guitai.sandbox.notices import notices
from guitai.sandbox.store import Row
from guitai.sandbox.words import say

Options = tuple[tuple[str, str], ...]
_CURRENCY = "CNY"
_DELAYS = (("0", "Now"), ("10", "In 10 seconds"), ("60", "In 1 minute"), ("600", "In 10 minutes"))
_STATES = {"waiting": "Unpaid", "paid": "Paid", "closed": "Closed"}
_TONES = {"paid": "ok", "done": "ok", "closed": "danger", "failed": "danger"}
_TRANSFERS = {"waiting": "Waits for the payee", "done": "Received", "failed": "Failed"}
_WAYS = {"page": "Page", "wap": "Page on the phone", "h5": "Page on the phone", "qr": "Code to scan"}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Something that goes wrong the next time, once."""

    name: str
    label: str
    options: Options


@dataclass(frozen=True, slots=True)
class Look:
    """What one gateway's pages say and offer."""

    rail: str
    title: str
    pay_title: str
    arrangements: tuple[Arrangement, ...]
    # Why a transfer that waits may fail.
    transfer_ends: Options
    # Where the payer's browser goes afterwards, as this gateway writes it.
    back: Callable[[Row], str]


def overview(
    request: Request, look: Look, trades: list[Row], transfers: list[Row], arranged: dict[str, str]
) -> Response:
    language = request.language
    return page(
        request,
        say(look.title, language),
        tag("p", say("Whoever scans a code of the wallet pays it here: open its order.", language)),
        tag("div", _trades(look, trades, language), data_live="orders"),
        tag("h2", say("Transfers to balances", language)),
        tag("div", _transfers(look, transfers, language), data_live="transfers"),
        tag(
            "details",
            tag("summary", say("The clerk's errors", language)),
            tag("p", say("Each happens once, the next time.", language)),
            tag(
                "form",
                [
                    choice(
                        say(each.label, language),
                        each.name,
                        [(value, say(text, language)) for value, text in each.options],
                        arranged.get(each.name, ""),
                    )
                    for each in look.arrangements
                ],
                tag("button", say("Arrange it", language), class_="quiet"),
                method="post",
                action=f"/{look.rail}/arrangements",
                class_="stack",
            ),
            open=any(arranged.values()),
        ),
    )


def trade(
    request: Request, look: Look, found: Row, deliveries: list[Row], payers: tuple[str, ...]
) -> Response:
    """One order: pay it or decline it; or what became of it."""
    language = request.language
    facts: list[tuple[str, Child]] = [
        ("To pay", tag("strong", money(found["amount"], _CURRENCY))),
        ("For", found["subject"]),
        ("Reference", tag("code", found["reference"])),
        ("Kind", say(_WAYS.get(found["way"], "Page"), language)),
        ("State", _badge(say(_STATES[found["state"]], language), _TONES.get(found["state"], "wait"))),
        ("Expires", _moment(found["expires_at"])),
    ]
    return page(
        request,
        say(look.pay_title, language),
        tag(
            "dl",
            [tag("div", tag("dt", say(name, language)), tag("dd", value)) for name, value in facts],
            class_="facts",
        ),
        _pay_form(look, found, payers, language) if found["state"] != "paid" else None,
        _back(look, found, language),
        notices(deliveries, look.rail, language),
    )


def _pay_form(look: Look, found: Row, payers: tuple[str, ...], language: str) -> Element:
    amount = money(found["amount"], _CURRENCY)
    open_ = found["state"] == "waiting"
    pay = (
        [
            tag(
                "button",
                say("Pay {amount}", language, amount=amount),
                class_="primary",
                name="press",
                value="pay",
            ),
            tag("button", say("Decline", language), class_="quiet", name="press", value="decline"),
        ]
        if open_
        else [
            tag(
                "button",
                say("Pay {amount} all the same", language, amount=amount),
                class_="quiet",
                name="press",
                value="late",
            )
        ]
    )
    return tag(
        "form",
        choice(say("Payer", language), "payer", [(payer, payer) for payer in payers], payers[0]),
        pay,
        tag(
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
            tick(say("An older notice comes after it", language), "reordered"),
            tick(say("Sign it badly", language), "bad_signature"),
            tick(say("Lose the notice", language), "lost"),
        ),
        method="post",
        action=f"/{look.rail}/pay/{found['token']}",
        class_="stack",
    )


def _back(look: Look, found: Row, language: str) -> Element | None:
    """What the payer's browser brings to the merchant proves nothing."""
    target = look.back(found) if found["state"] == "paid" else ""
    if not is_web_address(target):
        return None
    return tag("p", tag("a", say("Back to the wallet", language), href=target, class_="button primary"))


def _trades(look: Look, trades: list[Row], language: str) -> Element:
    rows = [
        (
            tag("a", each["reference"], href=f"/{look.rail}/pay/{each['token']}"),
            _badge(say(_STATES[each["state"]], language), _TONES.get(each["state"], "wait")),
            money(each["amount"], _CURRENCY),
            _moment(each["created_at"]),
        )
        for each in trades
    ]
    if not rows:
        nothing = say("No orders yet. Start a top-up in the wallet, and it appears here.", language)
        return tag("p", nothing, class_="empty")
    return table([say(word, language) for word in ("Reference", "State", "Amount", "Created")], rows)


def _transfers(look: Look, transfers: list[Row], language: str) -> Element:
    rows = [
        (
            each["reference"],
            _badge(say(_TRANSFERS[each["state"]], language), _TONES.get(each["state"], "wait")),
            money(each["amount"], _CURRENCY),
            f"{each['name']} {each['payee']}",
            _end_form(look, each, language) if each["state"] == "waiting" else each["code"],
        )
        for each in transfers
    ]
    if not rows:
        return tag("p", say("No transfers yet.", language), class_="empty")
    headings = ("Reference", "State", "Amount", "Payee", "Outcome")
    return table([say(word, language) for word in headings], rows)


def _end_form(look: Look, transfer: Row, language: str) -> Element:
    return tag(
        "form",
        [
            tag("button", say(text, language), class_="small", name="code", value=value)
            for value, text in look.transfer_ends
        ],
        method="post",
        action=f"/{look.rail}/transfers/{transfer['reference']}",
    )


def _badge(text: str, tone: str) -> Element:
    return tag("span", text, class_=f"badge {tone}")


def _moment(epoch: int) -> Element:
    moment = datetime.fromtimestamp(epoch, UTC)
    return tag("time", f"{moment:%Y-%m-%d %H:%M:%S} UTC", datetime=moment.isoformat())
