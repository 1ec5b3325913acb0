"""What the supervisors are told about the house's money, by mail and once a day: nobody has to watch a page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from guitai.base.clock import now
from guitai.base.money import EXPONENTS, Money
from guitai.base.reference import spoken
from guitai.base.refusal import Fact
from guitai.kit.operator import time_zone
from guitai.notify import api as notify
from guitai.notify.types import Channel, MessageKind
from guitai.people import api as people
from guitai.people.types import Permission
from guitai.rails import api as rails
from guitai.wallet.reconciliation.reads import safeguarding

# Whoever may decide over money is told that a decision waits.
_PERMISSION: Permission = "holds.decide"
_MAIL: frozenset[Channel] = frozenset({"email"})
# Whoever answers for rails, files and the reserve.
_OPERATOR: Permission = "operator.settings"
_UNMATCHED, _DIFFERS, _SHORT = "wallet.staff_unmatched", "wallet.staff_close_differs", "wallet.staff_short"
_OVERDUE, _ADVISED = "wallet.staff_movement_overdue", "wallet.staff_reserve_advised"
_DISPUTED = "wallet.staff_payment_disputed"
_RECALL, _RECALL_LATE = "wallet.staff_recall_wanted", "wallet.staff_recall_late"
_REFUSED, _DOWN, _UP = "wallet.staff_statement_refused", "wallet.staff_rail_down", "wallet.staff_rail_up"
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
    MessageKind(_OVERDUE, _MAIL, _("A bank line has waited too long for its movement"),
                _("The bank booked %(amount)s for %(spoken)s, and no movement of ours came in time. You find it at the "
                  "desk under Reconciliation.")),
    MessageKind(_DISPUTED, _MAIL, _("A card payment is disputed"),
                _("The payer of top-up %(spoken)s disputes %(amount)s at their bank (%(reason)s). Answer the bank in "
                  "time at %(rail)s; the customer's case has what they say.")),
    MessageKind(_RECALL, _MAIL, _("Ask the bank to call a withdrawal back"),
                _("Withdrawal %(spoken)s of %(amount)s was at the bank when its wallet was frozen. Ask the bank to "
                  "call it back by %(ask_by)s, and note it at the desk under Recalls.")),
    MessageKind(_RECALL_LATE, _MAIL, _("Nobody has asked the bank yet"),
                _("Withdrawal %(spoken)s of %(amount)s should have been called back by %(ask_by)s. Ask the bank now, "
                  "and note it at the desk under Recalls.")),
    MessageKind(_ADVISED, _MAIL, _("The reserve should be filled up"),
                _("%(amount)s should be moved into the reserve today: %(in_reserve)s stand there, %(target)s should. "
                  "You find it at the desk under Reserve.")),
    MessageKind(f"{_ADVISED}_release", _MAIL, _("Money should be released from the reserve"),
                _("%(amount)s should be released from the reserve today: %(in_reserve)s stand there, %(target)s are "
                  "enough. You find it at the desk under Reserve.")),
    MessageKind(_REFUSED, _MAIL, _("A statement file was refused"),
                _("The file %(name)s was not taken: %(code)s. Nothing of it was used. You find it at the desk under "
                  "Statements.")),
    MessageKind(_DOWN, _MAIL, _("A way in or out is down"),
                _("%(rail)s does not answer and is not asked any more until it does. What waits for it is not lost. "
                  "You find it at the desk under Ways in and out.")),
    MessageKind(_UP, _MAIL, _("A way in or out answers again"),
                _("%(rail)s answers again, and what has waited for it leaves.")),
)  # fmt: skip


def tell_unmatched(said: Mapping[str, Any]) -> None:
    """A statement left lines that nobody was given, in the caller's transaction."""
    _tell(_UNMATCHED, {"open": said["open"], "held": said["held"]}, "")


def tell_close_differs(said: Mapping[str, Any]) -> None:
    """A day of a rail does not agree with its statement, in the caller's transaction."""
    amount = Money(abs(said["amount"]), said["currency"])
    facts: dict[str, Fact] = {"amount": amount.fact(), "day": said["day"], "rail": said["rail"]}
    _tell(_DIFFERS, facts, f"{said['rail']}:{said['currency']}:{said['day']}")


def tell_movement_overdue(said: Mapping[str, Any]) -> None:
    """A line's movement has not come in time, in the caller's transaction."""
    amount = (
        Money(said["amount"], said["currency"]).fact() if said["currency"] in EXPONENTS else said["currency"]
    )
    _tell(_OVERDUE, {"amount": amount, "spoken": spoken(said["reference"]) or "–"}, said["item"])


def tell_payment_disputed(said: Mapping[str, Any]) -> None:
    """Somebody disputes a payment at their bank, in the caller's transaction."""
    amount = (
        Money(said["amount"], said["currency"]).fact() if said["currency"] in EXPONENTS else said["currency"]
    )
    facts: dict[str, Fact] = {
        "amount": amount, "spoken": spoken(said["reference"]), "reason": said["reason"], "rail": said["rail"]
    }  # fmt: skip
    _tell(_DISPUTED, facts, said["chargeback"])


def tell_recall(said: Mapping[str, Any], *, late: bool = False) -> None:
    """A bank is to be asked to call a withdrawal back, or has not been in time; in the caller's transaction."""
    facts: dict[str, Fact] = {
        "amount": Money(said["amount"], said["currency"]).fact(), "spoken": spoken(said["reference"]),
        "ask_by": said["ask_by"],
    }  # fmt: skip
    _tell(_RECALL_LATE if late else _RECALL, facts, said["operation_id"])


def tell_reserve_advised(said: Mapping[str, Any]) -> None:
    """Something should be moved into the reserve, or out of it, in the caller's transaction."""
    facts: dict[str, Fact] = {
        name: Money(abs(said[key]), said["currency"]).fact()
        for name, key in (("amount", "move"), ("in_reserve", "in_reserve"), ("target", "target"))
    }
    kind = _ADVISED if said["move"] > 0 else f"{_ADVISED}_release"
    _tell(kind, facts, f"{said['currency']}:{said['day']}", _OPERATOR)


def tell_statement_refused(said: Mapping[str, Any]) -> None:
    """A statement file could not be used, in the caller's transaction."""
    facts: dict[str, Fact] = {"name": rails.statement_file(UUID(said["file_id"])).name, "code": said["code"]}
    _tell(_REFUSED, facts, said["file_id"], _OPERATOR)


def tell_rail_health(said: Mapping[str, Any]) -> None:
    """A rail went down, or answers again; slow is only shown. In the caller's transaction."""
    kinds = {"down": _DOWN, "ok": _UP}
    if said["state"] in kinds:
        _tell(kinds[said["state"]], {"rail": said["rail"]}, said["rail"], _OPERATOR)


def tell_shortfalls() -> int:
    """Look whether there is less than is owed to customers; gives in how many currencies."""
    short = [one for one in safeguarding() if one.surplus.minor < 0]
    for one in short:
        _tell(_SHORT, {"amount": (-one.surplus).fact()}, one.currency)
    return len(short)


def _tell(kind: str, facts: Mapping[str, Fact], about: str, whom: Permission = _PERMISSION) -> None:
    today = now().astimezone(ZoneInfo(time_zone())).date().isoformat()
    for member in people.staff_with(whom):
        address = people.address_of(member.id)
        if address is not None and address.email:
            notify.send_to_address(
                "email", address.email, kind, facts, language=address.language,
                key=f"{kind}:{about}:{today}:{member.id}",
            )  # fmt: skip
