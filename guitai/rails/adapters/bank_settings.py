"""What the operator tells us about the bank's online service."""

from typing import ClassVar
from urllib.parse import urlsplit

import msgspec


class BankSettings(msgspec.Struct, frozen=True):
    """Where the bank is. Its key and ours are files beside the data (`keys/bank.pub`, `keys/wallet.key`)."""

    SECRET: ClassVar[frozenset[str]] = frozenset()

    # Empty: GUITAI_BANK_URL.
    address: str = ""

    def problems(self) -> tuple[str, ...]:
        """The fields that are missing or cannot be used."""
        return () if _is_address(self.address) else ("address",)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
