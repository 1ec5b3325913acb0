"""What the wallet refuses about adjustments and limits of one customer."""

from collections.abc import Mapping

from guitai.base.refusal import Fact, Refusal


class AdjustmentReasonUnknown(Refusal):
    code = "adjustment_reason_unknown"
    field = "reason_code"


class AdjustmentMadeBefore(Refusal):
    code = "adjustment_made_before"


class AdjustmentOwnerStopped(Refusal):
    code = "adjustment_owner_stopped"


class FeeWaiverNoFee(Refusal):
    code = "fee_waiver_no_fee"
    field = "about"


class FeeWaivedBefore(Refusal):
    code = "fee_waived_before"
    field = "about"


class FeeWaiverTooMuch(Refusal):
    code = "fee_waiver_too_much"
    field = "amount"


class LimitChangeTime(Refusal):
    code = "limit_change_time"
    field = "days"


class LedgerRefused(Refusal):
    code = "ledger_refused"


_REFUSALS: dict[str, type[Refusal]] = {
    one.code: one
    for one in (
        AdjustmentMadeBefore,
        AdjustmentOwnerStopped,
        FeeWaiverNoFee,
        FeeWaivedBefore,
        FeeWaiverTooMuch,
    )
}


def refusal_of(code: str, facts: Mapping[str, Fact]) -> Refusal:
    """What the till answered, as the refusal that a caller catches."""
    return _REFUSALS.get(code, LedgerRefused)(**facts)
