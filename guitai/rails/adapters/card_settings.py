"""What the operator tells us about the contract with the card acquirer (Stripe)."""

from typing import ClassVar
from urllib.parse import urlsplit

import msgspec


class CardSettings(msgspec.Struct, frozen=True):
    """Address and keys. Card numbers are typed on the acquirer's page and never come here."""

    SECRET: ClassVar[frozenset[str]] = frozenset({"secret_key", "webhook_secret", "webhook_secret_before"})

    address: str = "https://api.stripe.com"
    # `acct_…`: whose account it is.
    account: str = ""
    secret_key: str = ""
    webhook_secret: str = ""
    # While the acquirer signs by a new one, what was signed by the old one still counts.
    webhook_secret_before: str = ""
    # How long a payer may take: the acquirer allows 30 minutes to a day from when it is asked.
    pay_minutes: int = 60

    def problems(self) -> tuple[str, ...]:
        """The fields that are missing or cannot be used."""
        wrong = [] if _is_address(self.address) else ["address"]
        prefixes = {"account": ("acct_",), "secret_key": ("sk_", "rk_"), "webhook_secret": ("whsec_",)}
        wrong += [name for name, begins in prefixes.items() if not getattr(self, name).startswith(begins)]
        if self.webhook_secret_before and not self.webhook_secret_before.startswith("whsec_"):
            wrong.append("webhook_secret_before")
        if not 45 <= self.pay_minutes <= 1_425:
            wrong.append("pay_minutes")
        return tuple(wrong)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
