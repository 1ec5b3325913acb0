"""The bar of a customer, the doors of a visitor, the desk's places. site/wiring says what is in them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place one can go: url name, words (lazy), lucide icon; `centre` raises it in the bottom bar.

    A place of the desk is shown to whoever has its permission.
    """

    url_name: str
    label: str | Promise
    icon: str
    centre: bool = False
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A NavItem resolved for one request."""

    href: str
    label: str
    icon: str
    centre: bool
    current: bool


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """Places of the desk that belong together; the first group stands in the bar, the others open."""

    label: str
    places: tuple[Place, ...]
    current: bool


_bar: list[NavItem] = []
_doors: list[NavItem] = []
_desk: list[tuple[str | Promise, list[NavItem]]] = []
_permission_check: list[Callable[[HttpRequest, str], bool]] = []


def set_bar(items: list[NavItem]) -> None:
    """The bottom bar, in order, for customers who are signed in."""
    _bar[:] = items


def set_doors(items: list[NavItem]) -> None:
    """The links in the header for visitors who are not signed in; a centre item is a button."""
    _doors[:] = items


def set_desk(
    groups: list[tuple[str | Promise, list[NavItem]]], allowed: Callable[[HttpRequest, str], bool]
) -> None:
    """The desk's places in groups, and who may go where."""
    _desk[:] = groups
    _permission_check[:] = [allowed]


def desk(request: HttpRequest) -> list[DeskGroup]:
    """The desk's places that this member of staff may go to, group by group; empty groups are left out."""
    may = [
        (label, [item for item in items if not item.permission or _allowed(request, item.permission)])
        for label, items in _desk
    ]
    known = {place.href: place for place in _places([item for _, items in may for item in items], request)}
    found = []
    for label, items in may:
        places = tuple(known[address] for item in items if (address := _address(item.url_name)) in known)
        if places:
            found.append(DeskGroup(str(label), places, any(place.current for place in places)))
    return found


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


def _allowed(request: HttpRequest, permission: str) -> bool:
    return any(check(request, permission) for check in _permission_check)


def _address(url_name: str) -> str:
    # An operator may switch a room off; its item then simply is not there.
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
