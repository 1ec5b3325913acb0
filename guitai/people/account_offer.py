"""Which kinds of account are offered to bind: a room above knows what money can be paid out to."""

from collections.abc import Callable
from typing import Protocol

from guitai.people.rules.accounts import KINDS, LINKED, AccountKind

Reaches = Callable[[str], bool]
_checks: list[Reaches] = []


class AccountLink(Protocol):
    """How somebody shows that an account is theirs to whoever keeps it."""

    def address(self, state: str, return_url: str) -> str:
        """The page to send them to; `state` comes back with them. Refuses while it is not set up."""

    def account(self, code: str) -> str | None:
        """The account of whoever came back with a code; None for one that counts no more."""


_links: dict[str, AccountLink] = {}


def set_account_link(kind: str, link: AccountLink) -> None:
    """See `people.api.set_account_link`."""
    _links[kind] = link


def link_of(kind: str) -> AccountLink | None:
    """How accounts of a kind are shown to be somebody's, where that is how they are bound."""
    return _links.get(kind) if kind in LINKED else None


def set_account_check(check: Reaches) -> None:
    """See `people.api.set_account_check`."""
    if check not in _checks:
        _checks.append(check)


def offered_kinds() -> tuple[AccountKind, ...]:
    """The kinds that money can be paid out to now, in one order everywhere."""
    return tuple(
        kind
        for kind in KINDS
        if all(check(kind) for check in _checks) and (kind not in LINKED or kind in _links)
    )
