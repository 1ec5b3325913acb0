"""The proofs that come with an intent: the payment PIN, or a passkey that approved this very payment."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from guitai.people.api import payment_checks, pin_checks, record_pin_outcomes
from guitai.people.types import PasskeyCheck, PinCheck
from guitai.wallet.till.types import Decision, Intent, refused


def check_pins(batch: Sequence[Intent], owners: Sequence[UUID]) -> list[PinCheck | None]:
    """One answer an intent, None where no PIN was given; the tries of one request are one try."""
    tries: dict[object, tuple[UUID, str]] = {}
    names = [_try(intent) for intent in batch]
    for intent, owner, name in zip(batch, owners, names, strict=True):
        if name is not None:
            tries.setdefault(name, (owner, intent.secrets["pin"]))
    answers = dict(zip(tries, pin_checks(list(tries.values())) if tries else (), strict=True))
    return [answers[name] if name is not None else None for name in names]


def check_passkeys(
    batch: Sequence[Intent], owners: Sequence[UUID], bindings: Iterable[str]
) -> list[PasskeyCheck | None]:
    """One answer an intent; None where no passkey was shown. What it approved must be what is asked for now."""
    shown = [
        (owner, binding, intent.secrets["passkey"])
        for owner, binding, intent in zip(owners, bindings, batch, strict=True)
        if "passkey" in intent.secrets
    ]
    checks = iter(payment_checks(shown) if shown else ())
    return [next(checks) if "passkey" in intent.secrets else None for intent in batch]


def refuse_proof(pin: PinCheck | None, passkey: PasskeyCheck | None) -> Decision | None:
    """pin_not_set, pin_locked, pin_wrong or passkey_refused; a proof that was not given is missed later."""
    if pin is not None:
        if not pin.is_set:
            return refused("pin_not_set")
        if pin.locked_until is not None:
            return refused("pin_locked", until=pin.locked_until.isoformat())
        if not pin.ok:
            return refused("pin_wrong", attempts_left=pin.attempts_left)
    if passkey is not None and not passkey.ok:
        return refused("passkey_refused", why=passkey.reason)
    return None


def record_tries(batch: Sequence[Intent], owners: Sequence[UUID], pins: Sequence[PinCheck | None]) -> None:
    """Count each try once, in the order in which they were judged."""
    proved = {
        _try(intent): (owner, pin.ok)
        for intent, owner, pin in zip(batch, owners, pins, strict=True)
        if pin is not None and pin.is_set
    }
    if proved:
        record_pin_outcomes(proved.values())


def _try(intent: Intent) -> object:
    """What makes two intents one try of a PIN: the request they came with."""
    if "pin" not in intent.secrets:
        return None
    return (intent.actor.id, intent.secrets["pin"], intent.request or intent.operation_id)
