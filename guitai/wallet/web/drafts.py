"""A transfer in the making, carried from screen to screen in a signed hidden field.

It is bound to its writer and good for fifteen minutes; nothing of it is kept on the server. Its key is the
transfer's idempotency key from the first screen on: one wish, one key, however often a screen is sent.
"""

from typing import TypeVar
from uuid import UUID

import msgspec
from django.core import signing

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.wallet.types import DryRun

D = TypeVar("D", bound=msgspec.Struct)
_SALT = "wallet.transfer"
_SECONDS = 15 * 60
_LENGTH_MAX = 4000


class Terms(msgspec.Struct, frozen=True):
    """What the review promised: how it would end and what it would cost."""

    outcome: str
    code: str | None
    fee_minor: int
    total_minor: int


class Draft(msgspec.Struct, frozen=True):
    """What has been entered so far."""

    key: str
    phone: str = ""
    amount_minor: int = 0
    currency: str = ""
    note: str = ""
    terms: Terms | None = None

    @property
    def amount(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.amount_minor else None


def begin(phone: str = "", amount: Money | None = None, note: str = "") -> Draft:
    """A fresh wish."""
    if amount is None:
        return Draft(fresh_key(), phone, note=note)
    return Draft(fresh_key(), phone, amount.minor, amount.currency, note)


def fresh_key() -> str:
    return str(new_id())


def terms_of(run: DryRun) -> Terms:
    """What a dry run says would happen."""
    return Terms(run.outcome, run.code, run.fee.minor, run.total.minor)


def signed(draft: msgspec.Struct, owner: UUID, salt: str = _SALT) -> str:
    """The hidden field's value."""
    return signing.dumps([str(owner), msgspec.to_builtins(draft)], salt=salt, compress=True)


def read(text: str, owner: UUID) -> Draft | None:
    """A transfer's draft; None when it is too old, of somebody else, or not ours."""
    return read_as(Draft, text, owner, _SALT)


def read_as(type_: type[D], text: str, owner: UUID, salt: str) -> D | None:
    """The draft of a kind in a hidden field, as `read`."""
    if not 0 < len(text) <= _LENGTH_MAX:
        return None
    try:
        writer, plain = signing.loads(text, salt=salt, max_age=_SECONDS)
        draft = msgspec.convert(plain, type_)
    except (signing.BadSignature, msgspec.ValidationError, ValueError, TypeError):
        return None
    return draft if writer == str(owner) else None
