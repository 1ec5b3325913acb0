"""What somebody has proved in this session, for which cause; and who has proved enough to see their standing.

Proofs lie in the session, so that what the owner proves is never added to what somebody else proved elsewhere.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from guitai.people.access import signed_in_customer
from guitai.people.models import User
from guitai.people.types import StepCode
from guitai.people.web.views.common import customer

_PROOFS, _KNOWN = "people.proofs", "people.unlocking"
_VALID_S = 15 * 60
View = Callable[..., HttpResponseBase]


def known_person(view: View) -> View:
    """For pages about a standing: a signed-in customer, or somebody who has proved who they are a moment ago."""
    signed_in = signed_in_customer(view)

    @wraps(view)
    def known(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        if request.user.is_authenticated or _unlocking(request) is None:
            return signed_in(request, *arguments, **options)
        response = view(request, *arguments, **options)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return known


def person_of(request: HttpRequest) -> User:
    """Whom a page under `known_person` is about."""
    found = customer(request) or _unlocking(request)
    if found is None:
        raise LookupError("known_person lets nobody else in")
    return found


def begin_unlocking(request: HttpRequest, person: UUID, proof: StepCode, causes: list[UUID]) -> None:
    """Remember who has just proved who they are, and that this counts for what stands now."""
    request.session.cycle_key()
    request.session[_KNOWN] = [str(person), time.time()]
    for cause in causes:
        remember(request, cause, proof)


def remember(request: HttpRequest, cause: UUID, step: StepCode) -> None:
    """One proof more for one cause."""
    kept = request.session.get(_PROOFS, {})
    kept.setdefault(str(cause), {})[step] = time.time()
    request.session[_PROOFS] = kept


def proved(request: HttpRequest, cause: UUID) -> frozenset[StepCode]:
    """What was proved for a cause within the last quarter of an hour."""
    kept = request.session.get(_PROOFS, {}).get(str(cause), {})
    return frozenset(step for step, at in kept.items() if _fresh(at))


def forget(request: HttpRequest) -> None:
    """Nothing counts any more: a cause was lifted."""
    request.session.pop(_PROOFS, None)
    request.session.pop(_KNOWN, None)


def _unlocking(request: HttpRequest) -> User | None:
    kept = request.session.get(_KNOWN)
    if not kept or not _fresh(kept[1]):
        return None
    return User.objects.filter(id=kept[0], kind=User.Kind.CUSTOMER, is_active=True).first()


def _fresh(at: float) -> bool:
    return 0 <= time.time() - at < _VALID_S
