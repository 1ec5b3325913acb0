"""The operator's thresholds, versioned, with defaults for an installation that has not chosen yet."""

from guitai.base.money import Money
from guitai.kit import policies
from guitai.risk.rules.velocity import VelocityPolicy

# About equal in worth, rounded to what a person would choose.
DEFAULT = VelocityPolicy(
    amount_a_day=(
        Money(5_000_000, "CNY"),
        Money(5_500_000, "HKD"),
        Money(700_000, "USD"),
        Money(650_000, "EUR"),
        Money(550_000, "GBP"),
        Money(950_000, "SGD"),
        Money(1_000_000, "JPY"),
    ),
    count_an_hour=20,
    new_payee_above=(
        Money(500_000, "CNY"),
        Money(550_000, "HKD"),
        Money(70_000, "USD"),
        Money(65_000, "EUR"),
        Money(55_000, "GBP"),
        Money(95_000, "SGD"),
        Money(100_000, "JPY"),
    ),
)


def declare_policies() -> None:
    """Called once, when apps are ready."""
    policies.declare("velocity", VelocityPolicy, DEFAULT)
