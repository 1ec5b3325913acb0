"""Why a member of staff touches the reserve: a request, or moving money of a currency into it."""

from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import EXPONENTS
from guitai.wallet.models.reserve import ReserveRequest

KIND = "reserve"


def purpose_of(actor: Actor, what: str, reason: str = "") -> Purpose | None:
    """For staff: the request's id, or the currency that is moved in. Nobody else needs one."""
    return Purpose(KIND, what, reason) if actor.kind == "staff" else None


def is_purpose(purpose_id: str) -> bool:
    """Whether it names a request, or a currency."""
    if purpose_id in EXPONENTS:
        return True
    try:
        return ReserveRequest.objects.filter(id=UUID(purpose_id)).exists()
    except ValueError:
        return False
