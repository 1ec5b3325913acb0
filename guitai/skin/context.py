"""What every page knows: the operator, the navigation, the reader's preferences."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from guitai.skin import navigation

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "guitai_theme"
BALANCE_COOKIE = "guitai_balance"

Words = str | dict[str, str]


class OperatorSource(Protocol):
    """What an operator's record must offer; `kit.operator.Operator` does."""

    @property
    def brand(self) -> Words: ...
    @property
    def legal_name(self) -> Words: ...
    @property
    def licence(self) -> Words: ...


@dataclass(frozen=True, slots=True)
class OperatorWords:
    """The operator in the reader's language."""

    brand: str
    legal_name: str
    licence: str


@dataclass(frozen=True, slots=True)
class LanguageOption:
    code: str
    name: str
    current: bool
    # What is left of the name where there is little room.
    short: str = ""


_SHORT = {"en": "EN", "zh-hans": "中文"}
_operator_provider: list[Callable[[], OperatorSource]] = []
_language_listeners: list[Callable[[HttpRequest, str], None]] = []


def set_operator_provider(provider: Callable[[], OperatorSource]) -> None:
    """Who runs this wallet: site/wiring gives a callable that reads it."""
    _operator_provider[:] = [provider]


def set_language_listener(listener: Callable[[HttpRequest, str], None]) -> None:
    """Called after a person switches language, so that a profile can remember it."""
    _language_listeners[:] = [listener]


def announce_language(request: HttpRequest, language: str) -> None:
    """Tell the listener, when there is one."""
    for listener in _language_listeners:
        listener(request, language)


def operator_words() -> OperatorWords:
    """The operator in the active language; a bare installation is called Guitai."""
    if not _operator_provider:
        return OperatorWords("Guitai", "", "")
    source = _operator_provider[0]()
    return OperatorWords(words(source.brand), words(source.legal_name), words(source.licence))


def words(value: Words | None) -> str:
    """Words in the active language, else the installation's language, else any."""
    if not isinstance(value, dict):
        return value or ""
    for code in (get_language() or "", settings.LANGUAGE_CODE, "en"):
        for candidate in (code, code.split("-", maxsplit=1)[0]):
            if value.get(candidate):
                return value[candidate]
    return next(iter(value.values()), "")


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor for every template."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    customer = signed_in and getattr(user, "kind", "customer") == "customer"
    return {
        "operator": SimpleLazyObject(operator_words),
        "navigation": SimpleLazyObject(lambda: navigation.bar(request) if customer else []),
        "desk_groups": SimpleLazyObject(
            lambda: navigation.desk(request) if signed_in and not customer else []
        ),
        "doors": SimpleLazyObject(lambda: [] if signed_in else navigation.doors(request)),
        "language_options": language_options(),
        "theme": theme if theme in THEMES else "auto",
        "balance_hidden": request.COOKIES.get(BALANCE_COOKIE) == "hidden",
        "page_language": get_language() or settings.LANGUAGE_CODE,
    }


def language_options() -> list[LanguageOption]:
    """Every language of the installation, named in itself."""
    active = get_language()
    return [
        LanguageOption(
            code, get_language_info(code)["name_local"], code == active, _SHORT.get(code, code.upper())
        )
        for code, _ in settings.LANGUAGES
    ]
