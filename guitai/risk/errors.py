"""What risk refuses. Movements it never refuses: it answers `pass` or `hold`, with codes in `types.HoldReason`."""

from guitai.base.refusal import Refusal


class SignalDecided(Refusal):
    """Somebody else has looked at this signal meanwhile."""

    code = "signal_decided"


class SignalReasonMissing(Refusal):
    """Whoever decides says why: it is read again when somebody asks."""

    code = "signal_reason_missing"
    field = "reason"
