"""The rails there are: each speaks one outside protocol and knows nothing of the database."""

from guitai.rails.adapters.bank import BankRail
from guitai.rails.errors import RailUnknown
from guitai.rails.types import Rail

RAILS: dict[str, Rail] = {"bank": BankRail()}


def rail_named(code: str) -> Rail:
    """The rail of that name; refuses rail_unknown."""
    if code not in RAILS:
        raise RailUnknown(rail=code[:32])
    return RAILS[code]
