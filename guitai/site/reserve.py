"""The reserve's verbs for the command, which is set up only when it is asked for them."""

from guitai.wallet.api import (
    fill_reserve,
    request_rehearsal,
    request_release,
    request_rotation,
    submit_signatures,
    withdraw_reserve_request,
)
from guitai.wallet.api import reserve as view

__all__ = [
    "fill_reserve", "request_rehearsal", "request_release", "request_rotation", "submit_signatures", "view",
    "withdraw_reserve_request",
]  # fmt: skip
