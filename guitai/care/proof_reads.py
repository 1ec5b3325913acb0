"""Proofs as each side may see them."""

from uuid import UUID

from guitai.base.clock import now
from guitai.base.reference import parse_reference
from guitai.care.errors import NotFound
from guitai.care.flows.proof import words_of
from guitai.care.models import Case, Proof
from guitai.care.proof_types import ProofLevel, ProofView
from guitai.care.rules.phrases import HALF


def level(customer: UUID, case: UUID) -> ProofLevel:
    """The highest proof that counts now; of several, the one that counts longest."""
    row = (
        Proof.objects.filter(customer=customer, case_id=case, state="given", expires_at__gt=now())
        .order_by("-level", "-expires_at")
        .first()
    )
    if row is None or row.expires_at is None or row.given_at is None:
        return ProofLevel(0, None)
    whole = (row.expires_at - row.given_at).total_seconds()
    used = (now() - row.given_at).total_seconds()
    return ProofLevel(row.level, row.expires_at, max(0, min(100, round(100 * used / whole))))


def of_case(case: UUID) -> list[ProofView]:
    """Requests of a case for staff, newest first: of a phrase, the half that staff say."""
    rows = Proof.objects.filter(case_id=case).select_related("case").order_by("-asked_at")[:20]
    return [_view(row, "staff") for row in rows]


def for_customer(customer: UUID, proof: UUID) -> ProofView:
    """A request for its customer; refuses not_found."""
    row = Proof.objects.filter(id=proof, customer=customer).select_related("case").first()
    if row is None:
        raise NotFound()
    return _view(row, "customer")


def waiting(customer: UUID) -> list[ProofView]:
    """What a customer is asked for now, except what is typed from an SMS."""
    rows = Proof.objects.filter(customer=customer, state="asked", answer_by__gt=now()).exclude(method="sms")
    return [_view(row, "customer") for row in rows.select_related("case").order_by("-asked_at")[:3]]


def _view(row: Proof, reader: str) -> ProofView:
    over = row.state == "asked" and row.answer_by <= now()
    words = words_of(row) if row.state == "asked" and not over else ()
    first, second = words[:HALF], words[HALF:]
    return ProofView(
        id=row.id, case_id=row.case_id, case=row.case.reference, method=row.method,
        state="over" if over else row.state, level=row.level, asked_by=row.asked_by, asked_at=row.asked_at,
        answer_by=row.answer_by, expires_at=row.expires_at,
        says=first if reader == "staff" else second,
        # The customer's half is not shown to staff: who knows it is told by the caller, not by the screen.
        hears=() if reader == "staff" else first,
    )  # fmt: skip


def customer_of(reference: str) -> UUID | None:
    """Whose case a reference names."""
    canonical = parse_reference(reference)
    found = (
        Case.objects.filter(reference=canonical).values_list("customer", flat=True).first()
        if canonical
        else None
    )
    return UUID(str(found)) if found else None
