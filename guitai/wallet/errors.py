"""What the wallet refuses before an operation exists. Refusals of the till are recorded outcomes, not exceptions."""

from guitai.base.refusal import NotFound, Refusal


class OperationNotFound(NotFound):
    pass


class KeyMissing(Refusal):
    code = "idempotency_key_missing"


class KeyReused(Refusal):
    code = "idempotency_key_reused"


class KeyInFlight(Refusal):
    code = "idempotency_key_in_flight"


class TillBusy(Refusal):
    code = "till_busy"


class HoldNotOpen(Refusal):
    code = "hold_not_open"


class SenderFrozen(Refusal):
    code = "sender_frozen"


class NoteTooLong(Refusal):
    code = "note_too_long"
    field = "note"
