"""What the operator decides about identity, bound accounts and personal data."""

from typing import Literal

import msgspec

from guitai.kit import policies
from guitai.kit.operator import Words

TIER_MAX = 2


def _anti_laundering() -> Words:
    return {"en": "the law against money laundering", "zh-hans": "反洗钱法律"}


class IdentityPolicy(msgspec.Struct, frozen=True):
    """Ages, tiers and waiting times. A document of another country than `home_country` is foreign."""

    home_country: str = "CN"
    minimum_age: int = 14
    adult_age: int = 18
    # The highest tier of somebody who is not of age.
    minor_tier: int = 1
    review_hours: int = 24
    second_person: Literal["never", "foreign", "always"] = "foreign"
    # The tier that remains when the document has expired.
    expired_tier: int = 1
    expiry_notice_days: int = 30

    def __post_init__(self) -> None:
        if not 0 <= self.minimum_age <= self.adult_age <= 30:
            raise ValueError("ages are years, the minimum not above the age of majority")
        if not (0 <= self.minor_tier <= TIER_MAX and 0 <= self.expired_tier < TIER_MAX):
            raise ValueError("tiers are 0, 1 and 2")
        if min(self.review_hours, self.expiry_notice_days) < 1:
            raise ValueError("waiting times are one hour, or one day, at least")


class BindingPolicy(msgspec.Struct, frozen=True):
    """Who may bind an account, how many, and how long a new one waits before money can leave to it."""

    tier: int = 1
    accounts: int = 8
    wait_hours: int = 24
    # Whether a name in another writing (initials, pinyin) is enough.
    close_names: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.tier <= TIER_MAX or self.accounts < 1 or self.wait_hours < 0:
            raise ValueError("a tier is 0 to 2, accounts are one at least, a wait is zero hours or more")


class PersonalDataPolicy(msgspec.Struct, frozen=True):
    """How long copies can be fetched, and what has to be kept of somebody who has left, by which law."""

    export_days: int = 7
    kept_years: int = 5
    duty: Words = msgspec.field(default_factory=_anti_laundering)

    def __post_init__(self) -> None:
        if self.export_days < 1 or self.kept_years < 0:
            raise ValueError("copies are kept a day at least, and duties are zero years or more")


def identity_policy() -> IdentityPolicy:
    """The policy of identity in force."""
    return policies.current(IdentityPolicy).value


def binding_policy() -> BindingPolicy:
    """The policy of bound accounts in force."""
    return policies.current(BindingPolicy).value


def personal_data_policy() -> PersonalDataPolicy:
    """The policy of personal data in force."""
    return policies.current(PersonalDataPolicy).value


policies.declare("identity", IdentityPolicy, IdentityPolicy())
policies.declare("bindings", BindingPolicy, BindingPolicy())
policies.declare("personal_data", PersonalDataPolicy, PersonalDataPolicy())
