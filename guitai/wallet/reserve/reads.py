"""What the reserve holds, what belongs there, which requests are open and who has signed them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.wallet.models import Operation
from guitai.wallet.models.reserve import ReserveRequest, ReserveSignature
from guitai.wallet.reserve.errors import ReserveRequestUnknown
from guitai.wallet.reserve.flows.authority import keys_of, newest
from guitai.wallet.reserve.policy import ReserveSettings, settings
from guitai.wallet.reserve.position import positions
from guitai.wallet.reserve.rules.documents import Request, Signer, read_request
from guitai.wallet.reserve.rules.floats import Float, Position, advise
from guitai.wallet.reserve.types import KeyView, ReservePosition, ReserveRequestView, ReserveView

_ENDED_SHOWN = 20


def reserve() -> ReserveView:
    """The whole reserve."""
    policy, agreed = settings(), newest()
    keys = keys_of(agreed) if agreed else policy.value.keys
    rehearsed = rehearsals()
    return ReserveView(
        policy=policy.version,
        share=policy.value.share,
        needed=agreed.needed if agreed else policy.value.needed,
        keys=tuple(_key(signer) for signer in keys),
        problem=_problem(policy.value, agreed.digest if agreed else None),
        positions=tuple(_position(currency, at, policy.value) for currency, at in positions().items()),
        open=requests("open"),
        ended=requests("done", "expired", "withdrawn"),
        rehearsed_at=rehearsed,
        rehearsal_due=bool(keys) and _due(keys, rehearsed, policy.value.rehearse_days),
    )


def requests(*states: str) -> tuple[ReserveRequestView, ...]:
    """Requests in one of these states, newest first."""
    rows = ReserveRequest.objects.filter(state__in=states).select_related("signers").order_by("-created_at")
    return _views(rows[:_ENDED_SHOWN] if "open" not in states else rows)


def request(request_id: UUID) -> ReserveRequestView:
    """One request; refuses reserve_request_unknown."""
    found = _views(ReserveRequest.objects.filter(id=request_id).select_related("signers"))
    if not found:
        raise ReserveRequestUnknown()
    return found[0]


def document(request_id: UUID) -> bytes:
    """A request's file, as it is signed; refuses reserve_request_unknown."""
    row = ReserveRequest.objects.filter(id=request_id).first()
    if row is None:
        raise ReserveRequestUnknown()
    return bytes(row.document) + b"\n"


def rehearsals() -> dict[str, datetime]:
    """When the loss of each key was last rehearsed with success."""
    done = ReserveRequest.objects.filter(kind="rehearsal", state="done").order_by("ended_at")
    return {read_request(bytes(row.document)).without: row.ended_at for row in done if row.ended_at}


def _views(rows: Iterable[ReserveRequest]) -> tuple[ReserveRequestView, ...]:
    rows = list(rows)
    signed: dict[UUID, list[str]] = {row.id: [] for row in rows}
    for signature in ReserveSignature.objects.filter(request_id__in=signed).order_by("at", "key"):
        signed[signature.request_id].append(signature.key)
    operations = [row.operation_id for row in rows if row.operation_id]
    references = dict(Operation.objects.filter(id__in=operations).values_list("id", "reference"))
    return tuple(
        _view(row, read_request(bytes(row.document)), signed[row.id], references.get(row.operation_id))
        for row in rows
    )


def _view(row: ReserveRequest, told: Request, signed: list[str], reference: str | None) -> ReserveRequestView:
    names = {signer.id: signer.name for signer in keys_of(row.signers)}
    return ReserveRequestView(
        id=row.id,
        kind=told.kind,
        state="expired" if row.state == "open" and row.expires_at <= now() else row.state,
        amount=Money(told.amount, told.currency) if told.kind == "release" else None,
        destination=told.destination,
        reason=told.reason,
        digest=row.digest,
        policy=row.policy_version,
        needed=row.signers.needed,
        signed_by=tuple(KeyView(key, names.get(key, "")) for key in signed),
        asked_by=row.asked_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        operation_reference=reference,
    )


def _position(currency: str, at: Position, value: ReserveSettings) -> ReservePosition:
    bounds = value.floats.get(currency, Float())
    # Without keys nobody could release again, so that nothing is advised.
    advice = advise(at, value.share if value.keys else 0, bounds)
    return ReservePosition(
        currency=currency,
        owed=Money(at.owed, currency),
        at_hand=Money(at.at_hand, currency),
        in_reserve=Money(at.in_reserve, currency),
        target=Money(advice.target, currency),
        floor=Money(bounds.floor, currency),
        ceiling=Money(bounds.ceiling, currency) if bounds.ceiling else None,
        move=Money(advice.move if value.keys else 0, currency),
    )


def _problem(value: ReserveSettings, agreed: str | None) -> str | None:
    if not value.keys:
        return "reserve_not_set_up"
    return "reserve_keys_not_authorised" if agreed not in (None, value.digest) else None


def _due(keys: Iterable[Signer], rehearsed: dict[str, datetime], days: int) -> bool:
    since = now() - timedelta(days=days)
    return any(rehearsed.get(signer.id, datetime.min.replace(tzinfo=since.tzinfo)) < since for signer in keys)


def _key(signer: Signer) -> KeyView:
    return KeyView(signer.id, signer.name)
