"""The ways out to one account, as a withdrawal offers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from guitai.base.refusal import NotFound
from guitai.wallet import api
from guitai.wallet.rail_words import rail_icon, rail_name
from guitai.wallet.web import withdrawal_words
from guitai.wallet.withdrawal_types import WayOut


@dataclass(frozen=True, slots=True)
class Shown:
    """One way to choose."""

    rail: str
    title: str
    detail: str
    icon: str
    chosen: bool


def by_rail(owner: UUID, account: UUID) -> Mapping[str, WayOut]:
    """The ways that are open, the usual one first; of a way with several currencies the first."""
    try:
        found = api.withdrawal_ways(owner, account=account)
    except NotFound:
        return {}
    return {
        rail: next(way for way in found if way.rail == rail) for rail in dict.fromkeys(w.rail for w in found)
    }


def several_ways(owner: UUID, account: UUID | None) -> bool:
    """Whether there is something to choose."""
    return account is not None and len(by_rail(owner, account)) > 1


def shown(ways: Mapping[str, WayOut], chosen: str) -> list[Shown]:
    """The ways in words: what each costs, when it arrives, how much it carries; the usual one is chosen already."""
    return [
        Shown(
            rail,
            rail_name(rail),
            withdrawal_words.way(way),
            rail_icon(rail),
            rail == chosen if chosen else way.usual,
        )
        for rail, way in ways.items()
    ]
