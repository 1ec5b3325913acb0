"""Pages as escaped elements: whatever is not an element is text, and no stranger's words become markup."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from guitai.base.money import Money
from guitai.sandbox.asgi import Request, Response
from guitai.sandbox.words import say

_VOID = frozenset({"input", "link", "meta", "br", "hr"})


class Element(str):
    """Markup that is already safe."""

    __slots__ = ()


Child = str | Iterable["Child"] | None


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Element:
    """`tag("p", "1 < 2", class_="note")`; a trailing underscore is dropped, others become dashes."""
    opened = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Element(f"<{name}{opened}>")
    return Element(f"<{name}{opened}>{''.join(_inner(child) for child in children)}</{name}>")


def page(request: Request, title: str, *children: Child, status: int = 200) -> Response:
    """A whole page with the banner that says none of this is real."""
    language = request.language
    other = "en" if language == "zh" else "zh"
    words = [
        tag("a", say("The outside world", language), href="/", class_="home"),
        tag("a", say("Bank", language), href="/bank/"),
        tag("a", say("Alipay", language), href="/alipay/"),
        tag("a", say("WeChat Pay", language), href="/wechat/"),
        tag("a", say("UnionPay", language), href="/unionpay/"),
        tag("a", say("Card acquirer", language), href="/card/"),
        tag("a", say("Telephones", language), href="/handset/"),
        tag(
            "a",
            "English" if other == "en" else "简体中文",
            href=f"/language/{other}?to={quote(request.path)}",
            lang=_code(other),
        ),
    ]
    document = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", f"{title} · {say('Sandbox', language)}"),
            tag("link", rel="icon", href="data:,"),
            tag("link", rel="stylesheet", href="/static/sandbox.css"),
            tag("script", src="/static/sandbox.js", defer=True),
        ),
        tag(
            "body",
            tag(
                "header",
                tag("p", say("Simulated. No real money moves here.", language), class_="banner"),
                tag("nav", words, aria_label=say("The outside world", language)),
            ),
            tag("main", tag("h1", title), children),
        ),
        lang=_code(language),
    )
    return Response(f"<!doctype html>{document}".encode(), status)


def table(headings: Iterable[str], rows: Iterable[Iterable[Child]]) -> Element:
    """A table that scrolls by itself on a narrow screen."""
    head = tag("tr", [tag("th", heading, scope="col") for heading in headings])
    body = [tag("tr", [tag("td", cell) for cell in row]) for row in rows]
    return tag(
        "div",
        tag("table", tag("thead", head), tag("tbody", body)),
        class_="scroll",
        tabindex=0,
        role="region",
    )


def field(
    label: str, name: str, value: str = "", *, hint: str = "", **attributes: str | int | bool | None
) -> Element:
    """A labelled input."""
    note = tag("small", hint, id=f"{name}-hint") if hint else None
    described = f"{name}-hint" if hint else None
    return tag(
        "div",
        tag("label", label, for_=name),
        tag("input", id=name, name=name, value=value, aria_describedby=described, **attributes),
        note,
        class_="field",
    )


def choice(label: str, name: str, options: Iterable[tuple[str, str]], chosen: str) -> Element:
    """A labelled select."""
    items = [tag("option", text, value=value, selected=value == chosen) for value, text in options]
    return tag(
        "div", tag("label", label, for_=name), tag("select", items, id=name, name=name), class_="field"
    )


def tick(label: str, name: str) -> Element:
    """A labelled checkbox."""
    return tag("label", tag("input", type="checkbox", name=name, value="1"), " ", label, class_="tick")


def money(minor: int, currency: str) -> str:
    return str(Money(minor, currency))


def _inner(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Element):
        return child
    if isinstance(child, str):
        return escape(child)
    return "".join(_inner(item) for item in child)


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'


def _code(language: str) -> str:
    return "zh-Hans" if language == "zh" else "en"
