"""Bring signatures. The one that makes the number full carries the request out, in the same transaction."""

from collections.abc import Sequence
from uuid import UUID

from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.wallet.models.reserve import ReserveRequest, ReserveSignature
from guitai.wallet.reserve import intents
from guitai.wallet.reserve.errors import (
    ReserveAmountNotThere,
    ReserveKeyUnknown,
    ReservePolicyChanged,
    ReserveRequestEnded,
    ReserveRequestUnknown,
    ReserveRequestUnreadable,
    ReserveSignatureWrong,
)
from guitai.wallet.reserve.flows.authority import agree, keys_of, signers_in_force
from guitai.wallet.reserve.flows.make_request import end
from guitai.wallet.reserve.policy import settings
from guitai.wallet.reserve.rules.documents import (
    DocumentWrong,
    Request,
    Signature,
    Signer,
    canonical,
    holds,
    read_request,
    read_signature,
    signed_by,
)
from guitai.wallet.till import pipeline


def submit(document: bytes, signatures: Sequence[bytes], actor: Actor) -> UUID:
    """Take signatures in; gives the request's id.

    One that does not hold refuses all that came with it. A key that signed before, or twice, counts once.
    """
    try:
        request = read_request(document)
        given = [read_signature(content) for content in signatures]
    except DocumentWrong as wrong:
        raise ReserveRequestUnreadable(problem=wrong.problem) from wrong
    if _expired(request, actor):
        raise ReserveRequestEnded(state="expired")
    with outermost():
        row = _locked(request)
        agreed, policy = signers_in_force()
        if (row.policy_version, row.signers_id) != (policy.version, agreed.id):
            raise ReservePolicyChanged(request=f"reserve@{row.policy_version}", now=policy.pin)
        keys = tuple(signer for signer in keys_of(agreed) if signer.id != request.without)
        _keep(row, given, keys, actor)
        kept = _kept(row)
        signers = signed_by(kept, bytes(row.document), keys)
        if len(signers) >= agreed.needed:
            _carry_out(row, request, signers)
    return row.id


def _expired(request: Request, actor: Actor) -> bool:
    """A request that is past its time ends in a transaction of its own, so that the refusal does not undo it."""
    with outermost():
        row = ReserveRequest.objects.select_for_update().filter(id=request.id).first()
        if row is None or row.state != "open" or row.expires_at > now():
            return False
        end(row, "expired", actor)
    return True


def _locked(request: Request) -> ReserveRequest:
    row = ReserveRequest.objects.select_for_update().filter(id=request.id).first()
    # Its own text is what counts: one figure that differs is another request.
    if row is None or bytes(row.document) != canonical(request):
        raise ReserveRequestUnknown()
    if row.state != "open":
        raise ReserveRequestEnded(state=row.state)
    return row


def _keep(row: ReserveRequest, given: Sequence[Signature], keys: Sequence[Signer], actor: Actor) -> None:
    known = {signer.id for signer in keys}
    for signature in given:
        if signature.key not in known:
            raise ReserveKeyUnknown(key=signature.key)
        if signature.request != row.id or not holds(signature, bytes(row.document), keys):
            raise ReserveSignatureWrong(key=signature.key)
        ReserveSignature.objects.get_or_create(
            request_id=row.id,
            key=signature.key,
            defaults={"signature": signature.signature, "submitted_by": str(actor)},
        )


def _kept(row: ReserveRequest) -> list[Signature]:
    rows = ReserveSignature.objects.filter(request_id=row.id).order_by("key")
    return [Signature(row.id, row.digest, each.key, each.signature) for each in rows]


def _carry_out(row: ReserveRequest, request: Request, signers: set[str]) -> None:
    """Only what several keys have signed moves; who brought the files does not matter."""
    if request.kind == "release":
        row.operation_id = _moved(request)
    elif request.kind == "rotation":
        value = settings().value
        changed = type(value)(
            share=value.share, floats=value.floats, needed=request.needed, keys=request.keys,
            valid_hours=value.valid_hours, rehearse_days=value.rehearse_days,
        )  # fmt: skip
        policies.publish("reserve", changed, SYSTEM)
        agree(changed, row)
    end(row, "done", SYSTEM, signed_by=sorted(signers))


def _moved(request: Request) -> UUID:
    intent = intents.release(request.id, Money(request.amount, request.currency))
    (outcome,) = pipeline.run([intent])
    if isinstance(outcome, Refusal):
        raise outcome
    if outcome.outcome != "approved":
        raise ReserveAmountNotThere(amount=Money(request.amount, request.currency).fact())
    return outcome.operation_id
