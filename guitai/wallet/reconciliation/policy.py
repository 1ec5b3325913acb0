"""What the operator decides about reconciliation."""

from datetime import time

import msgspec

from guitai.kit import policies
from guitai.wallet.reconciliation.rules.matching import HouseLines
from guitai.wallet.rules import chart


class ReconciliationSettings(msgspec.Struct, frozen=True):
    """Which account belongs to which rail, what a bank's own words mean, and how long things may be on their way."""

    # Accounts whose statements come by another way than their rail's own: {"2088…": "alipay"}.
    accounts: dict[str, str] = {}
    # Words by which banks and gateways call their charges and interest: the end of a camt code, an MT940 type, a
    # bill's own word.
    charges: tuple[str, ...] = ("CHRG", "COMM", "FEES", "NCHG", "NCOM", "FEE", "收费", "扣除交易手续费")
    interest: tuple[str, ...] = ("INTR", "NINT")
    # Up to so much, in minor units by currency, such a line is written without asking; above, two people decide.
    automatic_up_to: dict[str, int] = {}
    # Top-ups that a line without a reference may pay when amount, day and the payer's name agree and nothing else does.
    by_name: bool = True
    # How many days before a line its top-up may have been started.
    within_days: int = 3
    # What is on its way between books and bank for longer has to be looked at.
    transit_days: int = 3
    # How long a line waits for the movement that it names. A credit is set aside then, a debit is for a person; and
    # where it names a customer's withdrawal, a case opens by itself.
    missing_hours: int = 24
    missing_opens_case: bool = True
    # When the statement of a day is here, on the next bank day.
    statement_by: str = "10:00"

    def __post_init__(self) -> None:
        if not set(chart.RAILS) >= set(self.accounts.values()):
            raise ValueError(f"an account belongs to one of {', '.join(chart.RAILS)}")
        if min(self.within_days, self.transit_days) < 0 or any(v < 0 for v in self.automatic_up_to.values()):
            raise ValueError("days and amounts are zero or more")
        if self.missing_hours < 1:
            raise ValueError("a line waits for its movement for an hour at least")
        time.fromisoformat(self.statement_by)

    def rail_of(self, account: str, told: str) -> str:
        """The rail whose statements an account's are: as the operator says, else as its file came."""
        return self.accounts.get(account) or (told if told in chart.RAILS else "bank")

    def house_lines(self) -> HouseLines:
        """What a bank's own lines mean."""
        return HouseLines(self.charges, self.interest, self.automatic_up_to)


def settings() -> ReconciliationSettings:
    """The settings in force."""
    return policies.current(ReconciliationSettings).value
