"""The part of the wallet's door by which the reserve is filled, and released by several people's signatures."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.wallet.reserve import proofs, reads
from guitai.wallet.reserve.flows import fill, make_request
from guitai.wallet.reserve.flows import submit as _submitting
from guitai.wallet.reserve.purposes import is_purpose
from guitai.wallet.reserve.rules.documents import Signer
from guitai.wallet.reserve.types import ReserveRequestView, ReserveView


def reserve() -> ReserveView:
    """Balance, targets, advice, open and ended requests, keys.

    takes    nothing
    gives    ReserveView
    source   the books; the operator's policy `reserve`
    """
    return reads.reserve()


def fill_reserve(amount: Money, *, key: str, actor: Actor) -> str:
    """Move money from what is at hand at the bank into the reserve.

    takes    an amount, an idempotency key, who
    gives    the operation's reference; the same key again is the same movement
    refuses  reserve_not_set_up, reserve_keys_not_authorised, reserve_amount_not_there, amount_*
    """
    return fill.fill_reserve(amount, key, actor)


def request_release(amount: Money, *, destination: str, reason: str, actor: Actor) -> bytes:
    """Ask that an amount be released; nothing moves before enough keys have signed.

    takes    the amount, to where, why, who asks
    gives    the request's file, in the one form that is signed
    refuses  reserve_not_set_up, reserve_keys_not_authorised, reserve_amount_not_there
    source   Ed25519 (RFC 8032) over canonical JSON: reserve/README.md
    """
    return make_request.request_release(amount, destination, reason, actor)


def request_rotation(
    *, remove: str = "", add: Signer | None = None, needed: int | None = None, reason: str, actor: Actor
) -> bytes:
    """Ask that one key take another's place, or that another number of keys be needed.

    takes    the id of a key to drop, one to add, how many are needed from then on (as before), why, who asks
    gives    the request's file
    refuses  reserve_not_set_up, reserve_keys_not_authorised, reserve_key_unknown, reserve_rotation_impossible,
             reserve_keys_too_few
    """
    return make_request.request_rotation(remove, add, needed, reason, actor)


def request_rehearsal(*, without: str, reason: str, actor: Actor) -> bytes:
    """Ask the other keys to prove that they could release without this one; nothing moves.

    takes    the id of the key that is thought to be lost, why, who asks
    gives    the request's file
    refuses  reserve_not_set_up, reserve_keys_not_authorised, reserve_key_unknown, reserve_rotation_impossible
    """
    return make_request.request_rehearsal(without, reason, actor)


def submit_signatures(document: bytes, signatures: Sequence[bytes], *, actor: Actor) -> ReserveRequestView:
    """Bring signatures; the one that makes the number full carries the request out, once only.

    takes    the request's file, signature files, who brings them
    gives    ReserveRequestView: `open` while signatures are missing, `done` when it was carried out
    refuses  reserve_request_unreadable, reserve_request_unknown (altered, or not made here), reserve_request_ended,
             reserve_policy_changed, reserve_key_unknown, reserve_signature_wrong, reserve_amount_not_there,
             reserve_not_set_up, reserve_keys_not_authorised; what is refused keeps none of the signatures
    """
    return reads.request(_submitting.submit(document, signatures, actor))


def withdraw_reserve_request(request_id: UUID, *, actor: Actor) -> None:
    """Nobody wants a request any more; refuses reserve_request_unknown, reserve_request_ended."""
    make_request.withdraw_request(request_id, actor)


def open_reserve_requests() -> tuple[ReserveRequestView, ...]:
    """Requests that wait for signatures and are not past their time, the newest first."""
    return tuple(one for one in reads.requests("open") if one.state == "open")


def reserve_request(request_id: UUID) -> ReserveRequestView:
    """One request; refuses reserve_request_unknown."""
    return reads.request(request_id)


def reserve_document(request_id: UUID) -> bytes:
    """A request's file, as it is signed; refuses reserve_request_unknown."""
    return reads.document(request_id)


def is_reserve_purpose(actor: Actor, purpose: Any) -> bool:
    """Whether a purpose of kind `reserve` names a request or a currency that there is: audit asks."""
    return is_purpose(purpose.id)


def verify_reserve() -> list[str]:
    """Prove that nothing left the reserve without its signatures; gives every finding."""
    return proofs.verify_reserve()
