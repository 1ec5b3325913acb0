"""Which kinds of account are offered to bind: a room above knows what money can be paid out to."""

from collections.abc import Callable

from guitai.people.rules.accounts import KINDS, AccountKind

Reaches = Callable[[str], bool]
_checks: list[Reaches] = []


def set_account_check(check: Reaches) -> None:
    """See `people.api.set_account_check`."""
    if check not in _checks:
        _checks.append(check)


def offered_kinds() -> tuple[AccountKind, ...]:
    """The kinds that money can be paid out to now, in one order everywhere."""
    return tuple(kind for kind in KINDS if all(check(kind) for check in _checks))
