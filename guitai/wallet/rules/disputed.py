"""The operator's times for payments that their sender says they never made."""

import msgspec


class DisputedPayments(msgspec.Struct, frozen=True):
    """How fresh a payment must be to be held on its sender's word alone, and how long a decision may take."""

    automatic_hours: int = 24
    decide_hours: int = 72

    def __post_init__(self) -> None:
        if self.automatic_hours < 0 or self.decide_hours < 1:
            raise ValueError(
                "what is held is decided within one hour at least, and nobody waits less than none"
            )
