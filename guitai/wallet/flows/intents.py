"""The intents behind the wallet's verbs, the same for a real run and a dry run."""

from collections.abc import Mapping
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import CurrencyUnknown, Money, checked_amount
from guitai.kit.operator import operator
from guitai.people.api import normal_phone
from guitai.wallet.errors import KeyMissing, NoteTooLong
from guitai.wallet.kinds import holds, overdue, send, top_up, waiting
from guitai.wallet.till.claims import KEY_MAX
from guitai.wallet.till.types import Intent, Json
from guitai.wallet.types import Terms

NOTE_MAX = 100


def send_transfer(
    owner: UUID,
    phone: str,
    amount: Money,
    note: str,
    pin: str | None,
    key: str,
    terms: Terms | None = None,
    passkey: str | None = None,
) -> Intent:
    """takes a phone as typed, the PIN or a passkey's answer; refuses phone_invalid, note_too_long, amount_*,
    currency_unknown"""
    check_offered(amount)
    note = cleaned_note(note)
    body: dict[str, Json] = {
        "phone": normal_phone(phone), "amount": amount.minor, "currency": amount.currency, "note": note,
    }  # fmt: skip
    given = {"pin": pin, "passkey": passkey}
    secrets: Mapping[str, str] = {name: value for name, value in given.items() if value is not None}
    return Intent(send.NAME, _customer(owner), key, body, new_id(), secrets, terms=terms)


def transfer_binding(phone: str, amount: Money, note: str) -> str:
    """What a passkey has to approve for this transfer; refuses as `send_transfer`."""
    check_offered(amount)
    return send.binding(normal_phone(phone), amount, cleaned_note(note))


def cleaned_note(note: str) -> str:
    """A note without spaces that nobody sees; refuses note_too_long."""
    note = " ".join(note.split())
    if len(note) > NOTE_MAX:
        raise NoteTooLong(maximum=NOTE_MAX)
    return note


def start_top_up(
    owner: UUID, amount: Money, key: str, rail: str = "bank", terms: Terms | None = None
) -> Intent:
    """refuses amount_*, currency_unknown"""
    check_offered(amount)
    body: dict[str, Json] = {
        "owner": str(owner),
        "amount": amount.minor,
        "currency": amount.currency,
        "rail": rail,
    }
    return Intent(top_up.START, _customer(owner), key, body, new_id(), terms=terms)


def settle_top_up(
    operation_id: UUID, amount: Money, bank_reference: str, key: str, rail: str = "bank", inbox_id: str = ""
) -> Intent:
    body: dict[str, Json] = {
        "operation": str(operation_id), "amount": amount.minor, "currency": amount.currency,
        "bank_reference": bank_reference, "rail": rail, "inbox_id": inbox_id,
    }  # fmt: skip
    return Intent(top_up.SETTLE, Actor("rail", rail), key, body, operation_id)


def park_top_up(
    operation_id: UUID, amount: Money | None, code: str, key: str, rail: str = "bank",
    bank_reference: str = "", inbox_id: str = "",
) -> Intent:  # fmt: skip
    body: dict[str, Json] = {
        "operation": str(operation_id),
        "amount": amount.minor if amount else None,
        "currency": amount.currency if amount else None,
        "code": code, "rail": rail, "bank_reference": bank_reference, "inbox_id": inbox_id,
    }  # fmt: skip
    return Intent(top_up.PARK, Actor("rail", rail), key, body, operation_id)


def decide_hold(operation_id: UUID, release: bool, actor: Actor, purpose: Purpose | None) -> Intent:
    name = holds.RELEASE if release else holds.DECLINE
    # One decision for each hold, whoever takes it: the second one finds the hold closed.
    return Intent(name, actor, f"{name}:{operation_id}:{new_id()}", {"operation": str(operation_id)}, operation_id,
                  purpose=purpose)  # fmt: skip


def deliver(operation_id: UUID, occasion: str = "") -> Intent:
    key = f"{waiting.DELIVER}:{operation_id}:{occasion or new_id()}"
    return Intent(waiting.DELIVER, SYSTEM, key, {"operation": str(operation_id)}, operation_id)


def close(operation_id: UUID, *, doubtful: bool = False, closed: bool = False) -> Intent:
    """`doubtful`: its rail cannot be asked; `closed`: its rail has said that nobody can pay it any more."""
    # A key of its own each time: "not yet" must not be the answer for ever. The operation's state closes it once.
    key = f"{waiting.CLOSE}:{operation_id}:{new_id()}"
    body: dict[str, Json] = {"operation": str(operation_id), "doubtful": doubtful, "closed": closed}
    return Intent(waiting.CLOSE, SYSTEM, key, body, operation_id)


def mark_overdue(operation_id: UUID) -> Intent:
    # A key of its own each time, as for `close`: its deadline, which goes with the mark, marks it once.
    key = f"{overdue.NAME}:{operation_id}:{new_id()}"
    return Intent(overdue.NAME, SYSTEM, key, {"operation": str(operation_id)}, operation_id)


def checked_key(key: str | None, room: int = 0) -> str:
    """An idempotency key that can be kept, with room for what is added to it; refuses idempotency_key_missing."""
    if not key or not key.strip() or len(key) > KEY_MAX - room or not key.isprintable():
        raise KeyMissing()
    return key.strip()


def check_offered(amount: Money) -> None:
    """A currency may be known to the world and not be kept by this operator."""
    checked_amount(amount.minor, amount.currency)
    if amount.currency not in operator().currencies:
        raise CurrencyUnknown(currency=amount.currency)


def _customer(owner: UUID) -> Actor:
    return Actor("customer", str(owner))
