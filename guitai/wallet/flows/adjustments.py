"""What the house gives of its own accord; and limits of one customer."""

from datetime import datetime, timedelta
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.transactions import required
from guitai.wallet import errors_adjustments as errors
from guitai.wallet.adjustment_types import Decided, FeePaid
from guitai.wallet.flows import intents
from guitai.wallet.kinds import adjust
from guitai.wallet.limit_overrides import forget
from guitai.wallet.models import Operation
from guitai.wallet.models.adjustment import Adjustment, LimitOverride
from guitai.wallet.reads import find
from guitai.wallet.rules.adjustments import AdjustmentKind, code_of
from guitai.wallet.rules.corrections import CORRECTIONS
from guitai.wallet.rules.policies import Limited
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent, Json, Outcome
from guitai.wallet.types import LimitWindow

OVERRIDE_DAYS_MAX = 90


def make(
    owner: UUID, kind: AdjustmentKind, amount: Money, decided: Decided, *, reason_code: str, about: str
) -> Outcome:
    """See `wallet.api.make_adjustment`."""
    required()
    intents.check_offered(amount)
    if kind == "correction" and reason_code not in CORRECTIONS:
        raise errors.AdjustmentReasonUnknown()
    named = find(about) if about else None
    if about and (named is None or named.owner != owner):
        raise errors.FeeWaiverNoFee()
    body: dict[str, Json] = {
        "owner": str(owner), "kind": kind, "amount": amount.minor, "currency": amount.currency,
        "code": code_of(kind, reason_code), "about": str(named.id) if named else "",
        "reference": named.reference if named else "", "approval": str(decided.approval),
        "case": str(decided.case), "reason": decided.reason, "made_by": str(decided.made_by),
        "agreed_by": str(decided.agreed_by) if decided.agreed_by else "",
    }  # fmt: skip
    actor = Actor("staff", str(decided.agreed_by or decided.made_by))
    purpose = Purpose("case", str(decided.case), decided.reason)
    key = f"{adjust.NAME}:{decided.approval}"
    outcome = pipeline.run([Intent(adjust.NAME, actor, key, body, new_id(), purpose=purpose)])[0]
    if isinstance(outcome, Refusal):
        raise outcome
    if outcome.outcome == "refused":
        raise errors.refusal_of(outcome.code or "", outcome.facts)
    return outcome


def fee_paid(owner: UUID, reference: str) -> FeePaid:
    """What somebody paid for an operation that stands with the house, and whether it was given back; not_found."""
    row = find(reference)
    if row is None or row.owner != owner:
        raise errors.FeeWaiverNoFee()
    waived = Adjustment.objects.filter(kind="fee_waiver", about=row.id).exists()
    taken = row.fee_minor if row.state == "succeeded" else 0
    return FeePaid(row.reference, Money(taken, row.currency), waived)


def change_limit(
    owner: UUID, name: Limited, window: LimitWindow, limit: Money, until: datetime, decided: Decided
) -> UUID:
    """See `wallet.api.change_limit`."""
    required()
    intents.check_offered(limit)
    if not now() < until <= now() + timedelta(days=OVERRIDE_DAYS_MAX):
        raise errors.LimitChangeTime(days=OVERRIDE_DAYS_MAX)
    # One at a time a customer, by the row that everything of theirs waits for.
    list(
        LimitOverride.objects.select_for_update()
        .filter(owner=owner, ended_at=None)
        .order_by("id")
        .values_list("id", flat=True)
    )
    made = LimitOverride.objects.filter(approval=decided.approval).values_list("id", flat=True).first()
    if made is not None:
        return made
    LimitOverride.objects.filter(
        owner=owner, name=name, currency=limit.currency, window=window, ended_at=None
    ).update(ended_at=now())
    row = LimitOverride.objects.create(
        approval=decided.approval, owner=owner, name=name, currency=limit.currency, window=window,
        minor=limit.minor, expires_at=until, case_id=decided.case, reason=decided.reason,
        made_by=decided.made_by, agreed_by=decided.agreed_by,
    )  # fmt: skip
    record(
        Actor("staff", str(decided.agreed_by or decided.made_by)),
        "wallet.limit_changed",
        ("person", str(owner)),
        purpose=Purpose("case", str(decided.case), decided.reason),
        details={
            "kind": name, "window": window, "limit": limit.fact(), "until": until.isoformat(),
            "made_by": str(decided.made_by),
        },
    )  # fmt: skip
    forget()
    return row.id


def adjusted(owner: UUID) -> list[tuple[str, str]]:
    """(kind, reference) of what the house has given somebody, newest first."""
    rows = Adjustment.objects.filter(owner=owner).order_by("-at").values_list("kind", "operation_id")
    references = dict(
        Operation.objects.filter(id__in=[operation for _, operation in rows]).values_list("id", "reference")
    )
    return [(kind, references[operation]) for kind, operation in rows]
