"""Identity reviews at the desk: photos beside the document's data, and a decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guitai.base.refusal import NotFound, Refusal
from guitai.desk.web.queue_pane import staff_of
from guitai.desk.web.review_forms import ApproveForm, ReasonForm
from guitai.kit.downloads import file_response
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people import api as people
from guitai.people.api import staff_required
from guitai.people.types import Photo, ReviewLine, Verdict

_PHOTOS: tuple[Photo, ...] = ("front", "back", "selfie")


@require_GET
@staff_required("identity.review")
def reviews(request: HttpRequest) -> HttpResponse:
    """The queue, the one due first first."""
    return render(request, "desk/reviews.html", _queue(request))


@require_GET
@staff_required("identity.review")
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review: masked until it is claimed, then in full."""
    return _page(request, review_id)


@require_POST
@staff_required("identity.review")
def assignment(request: HttpRequest, review_id: UUID) -> HttpResponseBase:
    """Claim a review, or give it back."""
    giving_back = request.POST.get("verb") == "release"
    try:
        (people.release_review if giving_back else people.claim_review)(review_id, staff_of(request))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
        return redirect("desk:reviews")
    return redirect("desk:reviews") if giving_back else redirect("desk:review", review_id=review_id)


@require_GET
@staff_required("identity.review")
def photo(request: HttpRequest, review_id: UUID, which: str) -> HttpResponse:
    """One photo; the look is recorded."""
    known = next((one for one in _PHOTOS if one == which), None)
    if known is None:
        raise Http404
    return file_response(*people.review_photo(review_id, known, staff_of(request)))


@require_POST
@staff_required("identity.review")
def decision(request: HttpRequest, review_id: UUID) -> HttpResponseBase:
    """Approve, refuse, or ask for better photos."""
    what = request.POST.get("what", "")
    form: Any = ApproveForm(request.POST) if what == "approve" else ReasonForm(request.POST, what=what)
    if form.is_valid():
        given = form.cleaned_data
        verdict = Verdict(form.what, given.get("reason", ""), given.get("words", ""), given.get("expires_on"))
        try:
            people.decide_review(review_id, staff_of(request), verdict)
        except NotFound:
            raise
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Decided. The next one is in the list."))
            return redirect("desk:reviews")
    return _page(request, review_id, **{form.what: form})


def _queue(request: HttpRequest) -> dict[str, Any]:
    page = people.reviews(UUID(staff_of(request).id), request.GET.get("after"))
    return {"place": "reviews", "page": page}


def _page(request: HttpRequest, review_id: UUID, **forms: Any) -> HttpResponse:
    line = people.review(review_id)
    staff = staff_of(request)
    work = people.review_work(review_id, staff) if _is_held(line, staff.id) else None
    expiry = (work.reading.expires_on if work and work.reading else None) or (
        work.first_expiry or work.declared_expiry if work else None
    )
    facts = {
        **_queue(request),
        "line": line,
        "work": work,
        "open": line.state in ("waiting", "claimed", "second_look"),
        "mine_first": str(line.first_by) == staff.id,
        "approve": forms.get("approve") or ApproveForm(initial={"expires_on": expiry}),
        "better": forms.get("better_photos") or ReasonForm(what="better_photos"),
        "refuse": forms.get("refuse") or ReasonForm(what="refuse"),
        "shown": next(iter(forms), ""),
    }
    return render(request, "desk/review.html", facts, status=422 if forms else 200)


def _is_held(line: ReviewLine, staff: str) -> bool:
    return line.state in ("claimed", "second_look") and str(line.claimed_by) == staff
