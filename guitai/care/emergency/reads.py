"""A stolen wallet, for its owner and for staff."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import msgspec

from guitai.base.clock import now
from guitai.base.reference import parse_reference
from guitai.care.emergency.stop import told
from guitai.care.emergency.types import (
    BillOutcome,
    EmergencyBillView,
    EmergencyView,
    PoliceReceipt,
    StaffBill,
)
from guitai.care.errors import NotFound
from guitai.care.models import Case, Emergency, EmergencyBill, EvidencePack
from guitai.care.models.emergency import POLICE
from guitai.care.rules.states import OPEN
from guitai.kit.crypto import unseal
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationView

RECENT = timedelta(days=30)
_LOOKED_AT = 100
_CLAIMABLE = ("sent", "succeeded")


def find(reference: str, customer: UUID | None = None) -> Emergency:
    """The emergency of a case; of another customer it is not there."""
    canonical = parse_reference(reference)
    rows = Emergency.objects.select_related("case").filter(case__reference=canonical or "")
    row = (rows if customer is None else rows.filter(customer=customer)).first()
    if row is None:
        raise NotFound()
    return row


def open_of(customer: UUID) -> str | None:
    """The case of the latest emergency that is not over, if one is."""
    rows = Emergency.objects.filter(customer=customer, case__state__in=OPEN)
    return rows.order_by("-opened_at").values_list("case__reference", flat=True).first()


def recent_bills(customer: UUID) -> list[OperationView]:
    """What has left, or was to leave, within the last thirty days."""
    since = now() - RECENT
    page = wallet.operations(customer, limit=_LOOKED_AT, direction="out")
    return [
        view for view in page.items if view.created_at >= since and view.kind in ("transfer", "withdrawal")
    ]


def view_of(row: Emergency) -> EmergencyView:
    """For its owner."""
    reported = list(row.bills.order_by("id"))
    views = wallet.bills_of(row.customer, [bill.operation for bill in reported])
    bills = [
        EmergencyBillView(views[bill.operation], told(cast(BillOutcome, bill.outcome))) for bill in reported
    ]
    done = {name: datetime.fromisoformat(at) for name, at in row.done.items()}
    return EmergencyView(
        row.id, row.case_id, row.case.reference, row.customer, row.opened_at, tuple(bills), done, police_of(row),
        EvidencePack.objects.filter(case_id=row.case_id).count(),
    )  # fmt: skip


def police_of(row: Emergency) -> PoliceReceipt | None:
    """The receipt as the customer wrote it down."""
    if not row.police_sealed:
        return None
    plain = msgspec.json.decode(unseal(row.police_sealed, purpose=POLICE, row=row.id))
    return PoliceReceipt(plain["station"], plain["number"], row.police_at)


def staff_bills(case: Case) -> list[StaffBill]:
    """What left within thirty days, those that were reported first, with what can still be done about each."""
    bills = EmergencyBill.objects.filter(emergency__case=case)
    outcomes = dict(bills.values_list("operation", "outcome"))
    views = recent_bills(case.customer)
    claims = wallet.claims_about([view.id for view in views])
    recalls = wallet.recalls_of([view.id for view in views])
    found = [
        StaffBill(
            view, outcomes.get(view.id, ""), view.id in outcomes,
            stoppable=view.state == "held" or (view.kind == "withdrawal" and view.state == "processing"),
            holdable=view.kind == "transfer" and view.state in _CLAIMABLE and view.id not in claims,
            claim=claims.get(view.id), recall=recalls.get(view.id),
        )
        for view in views
    ]  # fmt: skip
    return sorted(found, key=lambda bill: not bill.reported)


def is_emergency(case: UUID) -> bool:
    """Whether a case has one."""
    return Emergency.objects.filter(case_id=case).exists()
