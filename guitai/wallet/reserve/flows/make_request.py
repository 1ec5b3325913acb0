"""Write a request: what several people are asked to sign."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit.transactions import outermost
from guitai.wallet.models.reserve import ReserveRequest, ReserveSigners
from guitai.wallet.reserve.errors import (
    ReserveAmountNotThere,
    ReserveKeysTooFew,
    ReserveKeyUnknown,
    ReserveRequestEnded,
    ReserveRequestUnknown,
    ReserveRotationImpossible,
)
from guitai.wallet.reserve.flows.authority import keys_of, signers_in_force
from guitai.wallet.reserve.policy import ReserveSettings
from guitai.wallet.reserve.position import position_of
from guitai.wallet.reserve.purposes import purpose_of
from guitai.wallet.reserve.rules.documents import (
    Kind,
    Request,
    Signer,
    canonical,
    digest_of,
    is_public_key,
    may_hold,
)

_TEXT_MAX = 200
_DESTINATION_MAX = 120


def request_release(amount: Money, destination: str, reason: str, actor: Actor) -> bytes:
    """The file of a new request to release an amount; nothing is set aside by it."""
    with outermost():
        agreed, policy = signers_in_force()
        if position_of(amount.currency).in_reserve < amount.minor or amount.minor <= 0:
            raise ReserveAmountNotThere(amount=amount.fact())
        fields = {
            "amount": amount.minor, "currency": amount.currency, "destination": _text(destination)[:_DESTINATION_MAX],
        }  # fmt: skip
        return _written("release", reason, agreed, policy.version, policy.value, actor, **fields)


def request_rotation(remove: str, add: Signer | None, needed: int | None, reason: str, actor: Actor) -> bytes:
    """The file of a new request to put one key in another's place, or to drop one; both may be left out alone."""
    with outermost():
        agreed, policy = signers_in_force()
        keys = keys_of(agreed)
        if remove and remove not in {signer.id for signer in keys}:
            raise ReserveKeyUnknown(key=remove[:16])
        left = tuple(signer for signer in keys if signer.id != remove)
        wanted = (*left, *((add,) if add else ()))
        count = agreed.needed if needed is None else needed
        twice = len({signer.public_key for signer in wanted}) != len(wanted)
        if twice or (add and not is_public_key(add.public_key)) or not 0 < count <= len(wanted):
            raise ReserveRotationImpossible(keys=len(wanted), needed=count)
        if not may_hold(count, len(wanted)):
            raise ReserveKeysTooFew(needed=count, keys=len(wanted))
        return _written(
            "rotation", reason, agreed, policy.version, policy.value, actor, keys=wanted, needed=count
        )


def request_rehearsal(without: str, reason: str, actor: Actor) -> bytes:
    """The file of a rehearsal: the keys that remain prove that they could release without the one that is lost."""
    with outermost():
        agreed, policy = signers_in_force()
        keys = {signer.id for signer in keys_of(agreed)}
        if without not in keys:
            raise ReserveKeyUnknown(key=without[:16])
        if len(keys) - 1 < agreed.needed:
            raise ReserveRotationImpossible(keys=len(keys) - 1, needed=agreed.needed)
        return _written("rehearsal", reason, agreed, policy.version, policy.value, actor, without=without)


def withdraw_request(request_id: UUID, actor: Actor) -> None:
    """Nobody wants it any more: it can no longer be carried out."""
    with outermost():
        row = ReserveRequest.objects.select_for_update().filter(id=request_id).first()
        if row is None:
            raise ReserveRequestUnknown()
        if row.state != "open":
            raise ReserveRequestEnded(state=row.state)
        end(row, "withdrawn", actor)


def end(row: ReserveRequest, state: str, actor: Actor, **details: str | int | list[str] | None) -> None:
    """What became of a request, in the caller's transaction with its row locked."""
    row.state, row.ended_at = state, now()
    row.save(update_fields=["state", "ended_at", "operation_id"])
    record(
        actor,
        f"reserve.{row.kind}_{state}",
        ("reserve.request", str(row.id)),
        purpose=purpose_of(actor, str(row.id)),
        details={"digest": row.digest, **details},
    )


def _written(
    kind: Kind,
    reason: str,
    agreed: ReserveSigners,
    version: int,
    value: ReserveSettings,
    actor: Actor,
    **fields: Any,
) -> bytes:
    moment = now().replace(microsecond=0)
    request = Request(
        id=new_id(),
        kind=kind,
        policy=version,
        signers=agreed.digest,
        nonce=secrets.token_hex(16),
        created_at=moment,
        expires_at=moment + timedelta(hours=value.valid_hours),
        reason=_text(reason)[:_TEXT_MAX] or "-",
        **fields,
    )
    document = canonical(request)
    ReserveRequest.objects.create(
        id=request.id,
        kind=kind,
        document=document,
        digest=digest_of(document),
        policy_version=version,
        signers=agreed,
        amount_minor=request.amount,
        currency=request.currency,
        asked_by=str(actor),
        created_at=moment,
        expires_at=request.expires_at,
    )
    record(
        actor,
        f"reserve.{kind}_requested",
        ("reserve.request", str(request.id)),
        purpose=purpose_of(actor, str(request.id), request.reason),
        details={"digest": digest_of(document), "amount": request.amount, "currency": request.currency},
    )
    return document + b"\n"


def _text(text: str) -> str:
    return " ".join(text.split())
