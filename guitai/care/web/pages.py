"""The pages that articles lead to, by the names that authors write: `[Top up](page:top-up)`.

The first address that this installation has is taken. So an article stays right when a page moves, and leads to the
page above it where the page itself is not there.
"""

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse

PAGES: dict[str, tuple[str, ...]] = {
    "accounts": ("people:bindings", "people:bank_accounts", "people:accounts", "people:me"),
    "agreement": ("people:agreement",),
    "announcements": ("care:announcements", "care:help"),
    "ask": ("care:new_case",),
    "ask-complaint": ("care:new_case",),
    "ask-stolen": ("care:new_case",),
    "bills": ("wallet:bills",),
    "cases": ("care:cases",),
    "check": ("care:contact",),
    "check-up": ("people:security", "people:me"),
    "close": ("wallet:closing", "wallet:close", "people:me"),
    "contact": ("care:contact",),
    "convert": ("wallet:conversion", "wallet:convert", "wallet:home"),
    "counter": ("care:counter",),
    "devices": ("people:devices", "people:me"),
    "email": ("people:mail", "people:email", "people:me"),
    "forgotten": ("people:forgotten",),
    "freeze": ("people:freeze",),
    "help": ("care:help",),
    "home": ("wallet:home",),
    "identity": ("people:identity", "people:me"),
    "limits": ("wallet:limits", "people:me"),
    "me": ("people:me",),
    "messages": ("notify:inbox",),
    "passkeys": ("people:passkeys", "people:second_steps", "people:me"),
    "payees": ("wallet:payees", "wallet:transfer"),
    "phone": ("people:number", "people:me"),
    "pin": ("people:pin",),
    "privacy": ("people:data", "people:privacy", "people:me"),
    "receive": ("wallet:receive",),
    "schedules": ("wallet:schedules", "wallet:transfer"),
    "sign-in": ("people:sign_in",),
    "sign-up": ("people:sign_up",),
    "standing": ("people:standing",),
    "statements": ("wallet:statements", "wallet:bills"),
    "status": ("care:status", "care:help"),
    "by-transfer": ("wallet:by_transfer",),
    "top-up": ("wallet:top_up",),
    "transfer": ("wallet:transfer",),
    "two-step": ("people:second_steps", "people:me"),
    "withdraw": ("wallet:withdraw", "wallet:withdrawal", "wallet:home"),
}
_ASKED = {
    "ask-complaint": "?category=complaint",
    "ask-stolen": "?category=stolen_account",
    "check": "#check",
}


def page(name: str) -> str | None:
    """The address of a page, or None for a name that no article may use."""
    for known in PAGES.get(name, ()):
        try:
            return str(reverse(known)) + _ASKED.get(name, "")
        except NoReverseMatch:
            continue
    return None


def is_offered(name: str) -> bool:
    """Whether this installation has the page itself, not only the one above it."""
    above = {"wallet:home", "wallet:transfer", "wallet:bills", "people:me", "care:help"}
    for known in PAGES.get(name, ()):
        try:
            reverse(known)
        except NoReverseMatch:
            continue
        return known not in above
    return False


def link(target: str, language: str) -> str | None:
    """Where a link of an article leads: `page:` a page, `help:` another article; None when there is no such place."""
    kind, _, name = target.partition(":")
    if kind == "page":
        return page(name)
    return str(reverse("care:article", args=[name])) if kind == "help" else None


def links(targets: Iterable[str], language: str) -> dict[str, str]:
    """The addresses of an article's links, those that lead somewhere."""
    found = {target: link(target, language) for target in targets}
    return {target: address for target, address in found.items() if address}
