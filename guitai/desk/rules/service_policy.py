"""Above which amount a second person decides, by action and currency; a currency that is not named always needs one."""

import msgspec

from guitai.base.money import Money

NAME = "service_actions"


class ServiceActions(msgspec.Struct, frozen=True):
    """In minor units. What one person may give alone is small."""

    alone: dict[str, dict[str, int]] = {}
    approval_hours: int = 24

    def __post_init__(self) -> None:
        if self.approval_hours < 1 or any(minor < 0 for by in self.alone.values() for minor in by.values()):
            raise ValueError("an approval waits for an hour at least, and a threshold is zero or more")

    def needs_second(self, action: str, amount: Money) -> bool:
        return amount.minor > self.alone.get(action, {}).get(amount.currency, 0)


DEFAULT = ServiceActions(
    alone={
        "goodwill": {"CNY": 2_000, "HKD": 2_000, "USD": 300, "EUR": 300},
        "fee_waiver": {"CNY": 5_000, "HKD": 5_000, "USD": 700, "EUR": 700},
    }
)
