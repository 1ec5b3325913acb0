"""The public freeze: a phone number and the code sent to it are proof enough to stop money going out."""

from uuid import UUID

from guitai.base.actor import Actor
from guitai.kit.transactions import outermost
from guitai.people.flows.send_code import check_code
from guitai.people.flows.standing import freeze
from guitai.people.types import FreezeOrder


def freeze_by_phone(phone: str, code: str, sent: UUID) -> UUID:
    """Freeze the person who holds this number; refuses code_wrong."""
    person = check_code("freeze", phone, code, sent=sent)
    freeze_self(person, proof="sms_code")
    return person


def freeze_self(person: UUID, *, proof: str) -> None:
    """Freeze on the person's own word: spending and withdrawal stop, incoming money is kept."""
    with outermost():
        order = FreezeOrder(reason="by_customer", evidence={"proof": proof})
        freeze(person, Actor("customer", str(person)), order)
