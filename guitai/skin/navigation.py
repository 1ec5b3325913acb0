"""The bar of a signed-in customer and the doors of a visitor. site/wiring says what is in them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place one can go: url name, words (lazy), lucide icon; `centre` raises it in the bottom bar."""

    url_name: str
    label: str | Promise
    icon: str
    centre: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A NavItem resolved for one request."""

    href: str
    label: str
    icon: str
    centre: bool
    current: bool


_bar: list[NavItem] = []
_doors: list[NavItem] = []


def set_bar(items: list[NavItem]) -> None:
    """The bottom bar, in order, for customers who are signed in."""
    _bar[:] = items


def set_doors(items: list[NavItem]) -> None:
    """The links in the header for visitors who are not signed in; a centre item is a button."""
    _doors[:] = items


def bar(request: HttpRequest) -> list[Place]:
    """The bar for this request; the item whose address is the longest beginning of ours is current."""
    return _places(_bar, request)


def doors(request: HttpRequest) -> list[Place]:
    """The header's links for this request."""
    return _places(_doors, request)


def _places(items: list[NavItem], request: HttpRequest) -> list[Place]:
    addresses = [(item, _address(item.url_name)) for item in items]
    known = [(item, address) for item, address in addresses if address]
    matching = [address for _, address in known if address != "/" and request.path.startswith(address)]
    current = max(matching, key=len, default="/" if request.path == "/" else "")
    return [
        Place(address, str(item.label), item.icon, item.centre, address == current) for item, address in known
    ]


def _address(url_name: str) -> str:
    # An operator may switch a room off; its item then simply is not there.
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
