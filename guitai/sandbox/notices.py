"""What was told to the wallet about one payment, as a gateway's page shows it."""

from collections.abc import Callable

from guitai.sandbox.html import Child, Element, tag
from guitai.sandbox.store import Row
from guitai.sandbox.words import say

SENT = {"pending": "Waiting", "delivered": "Delivered", "lost": "Lost", "given_up": "Given up"}
_TONES = {"delivered": "ok", "pending": "wait"}


def notices(
    deliveries: list[Row], rail: str, language: str, title: Callable[[Row], Child] | None = None
) -> Element:
    """Each notice with what became of it and a way to send it again; `title`: what stands before it."""
    items = [_notice(each, rail, language, title) for each in deliveries]
    return tag(
        "section",
        tag("h2", say("Notices to the wallet", language)),
        tag("ul", items, class_="notices")
        if items
        else tag("p", say("No notices yet: nobody has paid.", language), class_="empty"),
        data_live="notices",
    )


def _notice(each: Row, rail: str, language: str, title: Callable[[Row], Child] | None) -> Element:
    return tag(
        "li",
        tag(
            "p",
            *((title(each), " ") if title is not None else ()),
            _badge(say(SENT[each["state"]], language), _TONES.get(each["state"], "danger")),
            _badge(say("Bad signature", language), "danger") if each["signature"] != "good" else None,
            f" {each['result']} · {each['attempts']} {say('times', language)}",
        ),
        tag(
            "form",
            tag("button", say("Send again", language), class_="small"),
            method="post",
            action=f"/{rail}/notices/{each['id']}/again",
        ),
    )


def _badge(text: str, tone: str) -> Element:
    return tag("span", text, class_=f"badge {tone}")
