"""What the operator decides about locks, freezes, sleeping wallets and closing."""

from typing import Literal

import msgspec

from guitai.kit import policies

NAME = "standing"


class OnCall(msgspec.Struct, frozen=True):
    """Somebody who is told at any hour when a wallet is frozen on little proof."""

    channel: Literal["sms", "email"]
    address: str
    language: str = "en"

    def __post_init__(self) -> None:
        if not self.address.strip():
            raise ValueError("somebody on call has an address")


class StandingPolicy(msgspec.Struct, frozen=True):
    """Counts, hours and days. A wallet never sleeps while `dormant_after_months` is 0."""

    # Wrong passwords for one number within the window, before the number is locked.
    failures_before_lock: int = 10
    failure_window_hours: int = 24
    # The first lock; each further one lasts twice as long, up to the bound.
    lock_hours: int = 12
    lock_hours_max: int = 72
    # A PIN that was locked so often locks the wallet too.
    pin_locks_before_lock: int = 3
    provisional_hours: int = 12
    provisional_a_day: int = 2
    # After the owner has lifted a provisional freeze, so long nobody makes another one.
    provisional_rest_hours: int = 24
    review_hours: int = 48
    dormant_after_months: int = 0
    dormant_notice_days: tuple[int, ...] = (30, 7)
    closing_days: int = 7
    on_call: tuple[OnCall, ...] = ()

    def __post_init__(self) -> None:
        at_least_one = (
            self.failures_before_lock, self.failure_window_hours, self.lock_hours, self.lock_hours_max,
            self.pin_locks_before_lock, self.provisional_hours, self.provisional_a_day, self.review_hours,
        )  # fmt: skip
        if min(at_least_one) < 1:
            raise ValueError("counts and hours are one at least")
        if min(self.provisional_rest_hours, self.dormant_after_months, self.closing_days) < 0:
            raise ValueError("a rest, months and days are zero or more")
        if not self.dormant_notice_days or min(self.dormant_notice_days) < 1:
            raise ValueError("a wallet is never put to sleep without a notice some days before")


def standing_policy() -> StandingPolicy:
    """The policy of standing in force."""
    return policies.current(StandingPolicy).value


def policy_pin() -> str:
    """How evidence names the version it was made under."""
    return policies.current(StandingPolicy).pin


policies.declare(NAME, StandingPolicy, StandingPolicy())
