"""The part of the door for what the house gives of its own accord, and for limits of one customer."""

from datetime import datetime
from uuid import UUID

from guitai.base.money import Money
from guitai.wallet.adjustment_types import Decided, FeePaid
from guitai.wallet.flows import adjustments
from guitai.wallet.rules.adjustments import AdjustmentKind
from guitai.wallet.rules.policies import Limited
from guitai.wallet.till.types import Outcome
from guitai.wallet.types import LimitWindow


def make_adjustment(
    owner: UUID,
    kind: AdjustmentKind,
    amount: Money,
    decided: Decided,
    *,
    reason_code: str = "",
    about: str = "",
) -> Outcome:
    """Give a customer a credit, a fee back, or what was booked wrongly, in the caller's transaction.

    takes    whom, goodwill | fee_waiver | correction, a positive amount, the decision (its id is the key: it is
             carried out once), for a correction charged_twice | wrong_amount | wrong_fee | system_error, and the
             reference of the operation it is about (needed for a waiver: at most its fee, once)
    gives    Outcome: an operation of kind `adjustment` in the customer's bills; asked again, the same one
    refuses  amount_*, currency_unknown, adjustment_reason_unknown, adjustment_made_before, adjustment_owner_stopped,
             fee_waiver_no_fee, fee_waived_before, fee_waiver_too_much, purpose_not_real
    """
    return adjustments.make(owner, kind, amount, decided, reason_code=reason_code, about=about)


def fee_paid(owner: UUID, reference: str) -> FeePaid:
    """The fee of an operation that stands with the house now.

    takes    whose, the operation's reference
    gives    FeePaid; zero where none was taken
    refuses  fee_waiver_no_fee for an operation of others or of nobody
    """
    return adjustments.fee_paid(owner, reference)


def change_limit(
    owner: UUID, kind: Limited, window: LimitWindow, limit: Money, *, until: datetime, decided: Decided
) -> UUID:
    """Let one limit of one customer differ until a moment, in the caller's transaction.

    takes    whose, transfer | top_up | withdrawal | payment, once | day | month, the limit, until when (at most 90
             days), the decision (its id is the key)
    gives    the change's id; the earlier one of the same limit ends
    refuses  amount_*, currency_unknown, limit_change_time, purpose_not_real
    """
    return adjustments.change_limit(owner, kind, window, limit, until, decided)
