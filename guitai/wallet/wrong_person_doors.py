"""The part of the door for money that went to the wrong person."""

from uuid import UUID

from guitai.base.money import Money
from guitai.wallet.flows import wrong_person
from guitai.wallet.till.types import Outcome
from guitai.wallet.types import Proof


def ask_back(owner: UUID, reference: str) -> Outcome:
    """Ask whoever received a transfer to give it back; they decide, and nothing moves by asking.

    takes    the sender, the transfer's reference
    gives    Outcome; asked again it is the same. Whether anybody has received it is not told: what was sent to a
             number without a wallet comes back by itself at its deadline
    refuses  not_found, ask_back_not_possible
    """
    return wrong_person.ask_back(owner, reference)


def was_asked_back(operation_id: UUID) -> bool:
    """Whether the sender of a transfer has asked for it back.

    takes    the operation's id
    gives    True or False
    """
    return wrong_person.was_asked_back(operation_id)


def may_give_back(owner: UUID, reference: str) -> Money:
    """What somebody has received and may give back with one step.

    takes    the payee, the transfer's reference
    gives    the amount
    refuses  not_found, give_back_not_possible
    """
    return wrong_person.may_give_back(owner, reference)


def give_back(
    owner: UUID, reference: str, *, pin: str | None = None, passkey: str | None = None, key: str | None
) -> Outcome:
    """Send a received transfer back to whoever sent it, without knowing their number.

    takes    the payee, the transfer's reference, the payee's PIN or passkey, a key that is the same for the same wish
    gives    Outcome of an ordinary transfer: limits, fees and refusals are those of a transfer
    refuses  not_found, give_back_not_possible, idempotency_key_missing, idempotency_key_reused, till_busy
    """
    return wrong_person.give_back(owner, reference, Proof(pin, passkey), key)
