"""Who I am on paper: the tier I have, and the way up."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.access import customer_required
from guitai.people.flows.identity_declare import declare_identity
from guitai.people.flows.identity_photos import needed_photos, send_photos, withdraw_review
from guitai.people.identity_reads import identity as identity_of
from guitai.people.identity_types import Identity, IdentityClaim, Photo
from guitai.people.models import User
from guitai.people.rules.documents import KINDS
from guitai.people.web.identity_forms import DocumentForm, PhotosForm
from guitai.people.web.identity_words import REVIEW_STATES, document_words, review_words
from guitai.people.web.views.common import customer

# What is offered first, with the country when there is only one.
_OFFERED = (
    ("national_id", "CN"),
    ("home_return_permit", "CN"),
    ("taiwan_permit", "CN"),
    ("residence_permit", "CN"),
    ("permanent_residence", "CN"),
    ("national_id", "HK"),
    ("national_id", "TW"),
)


@customer_required
def identity(request: HttpRequest) -> HttpResponse:
    """Tier, document, review, and what can be done next."""
    user = _customer(request)
    own = identity_of(user.id)
    title, remedy = review_words(own.review.state, own.review.reason) if own.review else ("", "")
    badge = REVIEW_STATES[own.review.state] if own.review else ("", "quiet")
    facts = {
        "own": own,
        "document": document_words(own.kind, own.country) if own.kind else "",
        "review_title": title,
        "review_remedy": remedy,
        "badge": badge[0],
        "badge_tone": badge[1],
        "can_send": _can_send(own),
        "can_declare": own.review is None or own.review.state not in ("waiting", "claimed", "second_look"),
    }
    return render(request, "people/identity.html", facts)


@customer_required
def kinds(request: HttpRequest) -> HttpResponse:
    """Which document it is."""
    offered = [
        {"title": document_words(kind, country), "href": _document_address(kind, country)}
        for kind, country in _OFFERED
    ]
    others = [
        {"title": _("Passport"), "href": _document_address("passport"), "icon": "book-user"},
        {
            "title": _("Identity card of another country"),
            "href": _document_address("national_id"),
            "icon": "globe",
        },
    ]
    return render(request, "people/identity_kinds.html", {"offered": offered, "others": others})


@customer_required
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The number and the name."""
    user = _customer(request)
    country = request.GET.get("country", "").upper()[:2]
    if kind not in KINDS or (country and (kind, country) not in _OFFERED):
        raise Http404
    form = DocumentForm(request.POST or None, kind=kind, country=country, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        claim = IdentityClaim(
            kind, given.get("country") or country, given["number"], given["name"], given.get("birth"),
            given.get("expires_on"),
        )  # fmt: skip
        try:
            declare_identity(user.id, claim)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Your document is recorded."))
            return redirect("people:identity")
    title = document_words(kind, country) if country or kind not in ("passport", "national_id") else ""
    title = title or (_("Passport") if kind == "passport" else _("Identity card of another country"))
    return render(request, "people/identity_document.html", {"form": form, "title": title})


@customer_required
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest) -> HttpResponseBase:
    """Photos of the document and of its holder."""
    user = _customer(request)
    own = identity_of(user.id)
    if own.kind is None or not _can_send(own):
        return redirect("people:identity")
    again = own.review is not None and own.review.state == "better_photos"
    needed: tuple[Photo, ...] = needed_photos(own.kind)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PhotosForm(*data, needed=needed, kind=own.kind, again=again)
    if form.is_bound and form.is_valid():
        try:
            send_photos(user.id, form.photos())
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Your photos are with us. We answer by the time that stands here."))
            return redirect("people:identity")
    title, remedy = review_words(own.review.state, own.review.reason) if again and own.review else ("", "")
    facts = {
        "form": form,
        "fields": [form[which] for which in needed],
        "again": again,
        "own": own,
        "document": document_words(own.kind, own.country),
        "review_title": title,
        "review_remedy": remedy,
    }
    return render(request, "people/identity_photos.html", facts)


@customer_required
@require_http_methods(["POST"])
def withdrawal(request: HttpRequest) -> HttpResponseBase:
    """Take the photos back; they are erased."""
    try:
        withdraw_review(_customer(request).id)
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    else:
        messages.success(request, _("Your photos are erased."))
    return redirect("people:identity")


def _can_send(own: Identity) -> bool:
    """Whether photos can lead somewhere now."""
    if own.kind is None or own.tier_max < 2 or (own.verified_at and not own.ends_soon):
        return False
    return own.review is None or own.review.state in ("better_photos", "refused", "approved")


def _document_address(kind: str, country: str = "") -> str:
    address = reverse("people:identity_document", args=[kind])
    return f"{address}?country={country}" if country else address


def _customer(request: HttpRequest) -> User:
    user = customer(request)
    assert user is not None
    return user
