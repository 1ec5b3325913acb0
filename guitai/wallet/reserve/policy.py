"""What the operator decides about the reserve.

The keys and how many of them are needed stand here with the targets. The first set counts as it was published; from
then on a set counts only when as many keys as the set before needs have signed it (a rotation).
"""

from typing import Annotated

import msgspec

from guitai.base.money import EXPONENTS
from guitai.kit import policies
from guitai.wallet.reserve.errors import ReserveKeysTooFew
from guitai.wallet.reserve.rules.documents import (
    SIGNATURES_MAX,
    Signer,
    is_public_key,
    may_hold,
    signers_digest,
)
from guitai.wallet.reserve.rules.floats import Float


class ReserveSettings(msgspec.Struct, frozen=True):
    """Which share of customers' money lies apart, what stays at hand, and whose signatures release it."""

    # Hundredths of a per cent of what customers own. 0: there is no reserve.
    share: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    floats: dict[str, Float] = {}
    # How many of these keys release.
    needed: Annotated[int, msgspec.Meta(ge=0, le=SIGNATURES_MAX)] = 0
    keys: tuple[Signer, ...] = ()
    valid_hours: Annotated[int, msgspec.Meta(ge=1, le=720)] = 72
    # The loss of a key is rehearsed at least so often.
    rehearse_days: Annotated[int, msgspec.Meta(ge=1, le=730)] = 180

    def __post_init__(self) -> None:
        if unknown := self.floats.keys() - EXPONENTS.keys():
            raise ValueError(f"{', '.join(sorted(unknown))} is no currency of the wallet")
        if len({signer.public_key for signer in self.keys}) != len(self.keys):
            raise ValueError("a key stands in the list twice")
        if not all(is_public_key(signer.public_key) for signer in self.keys):
            raise ValueError("a key is not an Ed25519 public key")
        if (
            len(self.keys) > SIGNATURES_MAX
            or self.needed > len(self.keys)
            or bool(self.keys) != bool(self.needed)
        ):
            raise ValueError("at least one and at most all of the keys are needed")

    @property
    def digest(self) -> str:
        """Names the set of keys and how many are needed."""
        return signers_digest(self.keys, self.needed)


def check_keys(value: ReserveSettings) -> None:
    """Refuse reserve_keys_too_few: with such keys one holder alone, or one loss, would decide about the reserve."""
    if value.keys and not may_hold(value.needed, len(value.keys)):
        raise ReserveKeysTooFew(needed=value.needed, keys=len(value.keys))


def settings() -> policies.Versioned[ReserveSettings]:
    """The settings in force."""
    return policies.current(ReserveSettings)
