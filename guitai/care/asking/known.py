"""What is known before anybody is asked: the bill, the account, the earlier case."""

from dataclasses import dataclass
from uuid import UUID

from guitai.base.reference import parse_reference
from guitai.care.asking.table import Question, questions
from guitai.care.errors import NotFound
from guitai.care.flows.snapshot import operation_of
from guitai.care.models import Case
from guitai.care.rules.categories import category_of_operation, known_category
from guitai.care.types import Category
from guitai.people import api as people
from guitai.people.types import KnownDevice
from guitai.wallet.types import OperationDetail

# States in which the payer's money is known to have arrived.
_PAID = frozenset({"processing", "succeeded", "held", "returned"})
# Where it matters from what and from where somebody signed in; elsewhere nobody looks at it.
_ABOUT_SIGNING_IN: frozenset[Category] = frozenset({"sign_in", "not_me", "stolen_account"})


@dataclass(frozen=True, slots=True)
class CaseForm:
    """A category's form for one customer: what is known already, and what is still asked."""

    category: Category
    operation: OperationDetail | None
    standing: str
    follows: str | None
    questions: tuple[Question, ...]
    devices: tuple[KnownDevice, ...] = ()


def form_for(customer: UUID, category: str | None, operation: str | None, follows: str | None) -> CaseForm:
    """See `care.api.case_form`."""
    detail = operation_of(customer, operation) if operation else None
    earlier = _earlier(customer, follows)
    chosen = _category(category, detail)
    standing = _standing(customer)
    known = set()
    if detail is not None:
        known.add("operation")
        if detail.view.kind == "top_up" and detail.view.state in _PAID:
            known.add("paid")
    if standing != "active":
        known.add("stopped")
    if earlier is not None:
        known.add("follows")
    devices = tuple(people.devices_of(customer)) if chosen in _ABOUT_SIGNING_IN else ()
    if any(device.denied for device in devices):
        known.add("denied_sign_in")
    if not Case.objects.filter(customer=customer).exists():
        known.add("no_earlier_case")
    return CaseForm(
        category=chosen,
        operation=detail,
        standing=standing,
        follows=earlier.reference if earlier else None,
        questions=questions(chosen, frozenset(known)),
        devices=devices,
    )


def _category(named: str | None, detail: OperationDetail | None) -> Category:
    if named:
        return known_category(named)
    return category_of_operation(detail.view.kind, detail.view.state) if detail else "other"


def _earlier(customer: UUID, reference: str | None) -> Case | None:
    if not reference:
        return None
    canonical = parse_reference(reference)
    found = Case.objects.filter(customer=customer, reference=canonical).first() if canonical else None
    if found is None:
        raise NotFound()
    return found


def _standing(customer: UUID) -> str:
    """As its person may see it; where no account is known, nothing stops it."""
    try:
        return people.told_standing(customer).state
    except NotFound:
        return "active"
