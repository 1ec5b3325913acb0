"""What the supervisors are told about the house's money, by mail and once a day: nobody has to watch a page."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.kit.operator import time_zone
from guitai.notify import api as notify
from guitai.notify.types import Channel, MessageKind
from guitai.people import api as people
from guitai.people.types import Permission
from guitai.wallet.reconciliation.reads import safeguarding

# Whoever may decide over money is told that a decision waits.
_PERMISSION: Permission = "holds.decide"
_MAIL: frozenset[Channel] = frozenset({"email"})
_UNMATCHED, _DIFFERS, _SHORT = "wallet.staff_unmatched", "wallet.staff_close_differs", "wallet.staff_short"
KINDS = (
    MessageKind(_UNMATCHED, _MAIL, _("Bank lines wait for a person"),
                _("A bank statement came with lines that belong to nobody yet: %(open)s to be looked at, %(held)s to "
                  "be confirmed. You find them at the desk under Reconciliation.")),
    MessageKind(_DIFFERS, _MAIL, _("A daily close does not agree"),
                _("The books and the bank differ by %(amount)s on %(day)s (%(rail)s), and nothing explains it. You "
                  "find every part of the difference at the desk under Daily close.")),
    MessageKind(_SHORT, _MAIL, _("Customers' money is short"),
                _("We owe %(amount)s more than we hold for customers. Look at it today: at the desk under "
                  "Safeguarding.")),
)  # fmt: skip


def tell_unmatched(said: Mapping[str, Any]) -> None:
    """A statement left lines that nobody was given, in the caller's transaction."""
    _tell(_UNMATCHED, {"open": said["open"], "held": said["held"]}, "")


def tell_close_differs(said: Mapping[str, Any]) -> None:
    """A day of a rail does not agree with its statement, in the caller's transaction."""
    amount = Money(abs(said["amount"]), said["currency"])
    facts: dict[str, Fact] = {"amount": amount.fact(), "day": said["day"], "rail": said["rail"]}
    _tell(_DIFFERS, facts, f"{said['rail']}:{said['currency']}:{said['day']}")


def tell_shortfalls() -> int:
    """Look whether there is less than is owed to customers; gives in how many currencies."""
    short = [one for one in safeguarding() if one.surplus.minor < 0]
    for one in short:
        _tell(_SHORT, {"amount": (-one.surplus).fact()}, one.currency)
    return len(short)


def _tell(kind: str, facts: Mapping[str, Fact], about: str) -> None:
    today = now().astimezone(ZoneInfo(time_zone())).date().isoformat()
    for member in people.staff_with(_PERMISSION):
        address = people.address_of(member.id)
        if address is not None and address.email:
            notify.send_to_address(
                "email", address.email, kind, facts, language=address.language,
                key=f"{kind}:{about}:{today}:{member.id}",
            )  # fmt: skip
