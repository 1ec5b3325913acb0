"""Money that went to the wrong person: asking for it back, and giving it back."""

from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.people import api as people
from guitai.wallet.errors import AskBackNotPossible, GiveBackNotPossible
from guitai.wallet.flows import intents, transfers
from guitai.wallet.kinds import ask_back as kind
from guitai.wallet.models import Operation, OperationEvent, Party
from guitai.wallet.reads import party_of
from guitai.wallet.till.submit import submit
from guitai.wallet.till.types import Intent, Outcome
from guitai.wallet.types import Proof


def ask_back(owner: UUID, reference: str) -> Outcome:
    """Once an operation, however often it is pressed."""
    row, _ = party_of(owner, reference)
    intent = Intent(
        kind.NAME, Actor("customer", str(owner)), f"{kind.NAME}:{row.id}", {"operation": str(row.id)}, row.id
    )
    outcome = submit(intent)
    if outcome.outcome == "refused":
        raise AskBackNotPossible()
    return outcome


def was_asked_back(operation_id: UUID) -> bool:
    """Whether its sender has asked for it."""
    return OperationEvent.objects.filter(operation_id=operation_id, event="asked_back").exists()


def may_give_back(owner: UUID, reference: str) -> Money:
    """What somebody received and may send back; refuses not_found, give_back_not_possible."""
    row, party = party_of(owner, reference)
    if not _received(row, party, owner):
        raise GiveBackNotPossible()
    return Money(row.amount_minor, row.currency)


def give_back(owner: UUID, reference: str, proof: Proof, key: str | None) -> Outcome:
    """An ordinary transfer to whoever sent it: its payee need not know their number."""
    amount = may_give_back(owner, reference)
    row, _ = party_of(owner, reference)
    address = people.address_of(row.owner)
    if address is None or not address.phone:
        raise GiveBackNotPossible()
    about = note_of_return(row.reference)
    checked = intents.checked_key(key, room=len("give-back:"))
    return transfers.send_transfer(owner, address.phone, amount, about, proof, f"give-back:{checked}", None)


def note_of_return(reference: str) -> str:
    """What both read in their bills."""
    return f"↩ {reference}"


def _received(row: Operation, party: Party, owner: UUID) -> bool:
    return (
        row.kind == "transfer"
        and party.direction == "in"
        and row.owner != owner
        and party.state == "succeeded"
    )
