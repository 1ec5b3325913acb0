"""What each role of staff may do."""

from guitai.people.types import Permission, Role

_AGENT: frozenset[Permission] = frozenset({"cases.work", "customers.read", "identity.review"})
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    "agent": _AGENT,
    "supervisor": _AGENT | {"holds.decide", "identity.confirm", "operator.settings"},
}


def permissions(role: str) -> frozenset[Permission]:
    """The permissions of a role; none for a role that does not exist."""
    return next((held for known, held in PERMISSIONS.items() if known == role), frozenset())
