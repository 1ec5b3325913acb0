"""What a case is about and how soon it must be read."""

from guitai.care.errors import CategoryUnknown
from guitai.care.types import CATEGORIES, Category

URGENT, HIGH, NORMAL = 1, 2, 3
PRIORITIES = (URGENT, HIGH, NORMAL)

_PRIORITIES: dict[Category, int] = {"stolen_account": URGENT, "not_me": URGENT, "top_up": HIGH, "held": HIGH}
# States in which a customer's money is neither here nor there.
_MONEY_IN_DOUBT = frozenset({"held", "unknown", "processing"})


def known_category(text: str) -> Category:
    """One of the categories; refuses case_category_unknown."""
    for category in CATEGORIES:
        if category == text:
            return category
    raise CategoryUnknown(category=text[:40])


def category_of_operation(kind: str, state: str) -> Category:
    """What a question about an operation is most likely about, so that nobody has to ask."""
    if state == "held":
        return "held"
    if state in ("refused", "failed"):
        return "refused"
    if kind == "withdrawal":
        return "withdrawal"
    return "top_up" if kind == "top_up" else "transfer"


def priority(category: Category, operation_state: str | None = None) -> int:
    """1 urgent, 2 money in doubt, 3 normal."""
    if operation_state in _MONEY_IN_DOUBT:
        return min(HIGH, _PRIORITIES.get(category, NORMAL))
    return _PRIORITIES.get(category, NORMAL)


def needs_triage(category: Category) -> bool:
    """Whether a person has to read the case before it is known what it is about."""
    return category == "other"
