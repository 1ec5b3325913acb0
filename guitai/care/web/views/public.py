"""Pages that need no sign-in: the front door, help, contact."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guitai.base.reference import reference_kind
from guitai.care import api
from guitai.care.errors import NotFound
from guitai.care.rules.search import reference_in
from guitai.care.web.reader import customer_of, language
from guitai.wallet import api as wallet

_FIRST_ARTICLES = 4


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """What this wallet is; whoever is signed in goes to their own home."""
    if customer_of(request):
        return redirect("wallet:home")
    return render(
        request,
        "care/front_door.html",
        {"regions": api.contact_regions(), "articles": api.articles(language())[:_FIRST_ARTICLES]},
    )


@require_safe
def help_search(request: HttpRequest) -> HttpResponse:
    """Search, or everything there is; a reference of the reader's own leads straight there."""
    text = request.GET.get("q", "")[:200]
    reference = reference_in(text)
    customer = customer_of(request)
    if reference and customer and (there := _own(customer, reference)):
        return HttpResponseRedirect(there)
    return render(
        request,
        "care/help.html",
        {
            "query": text,
            "reference": reference,
            "hits": api.search_articles(text, language()) if text and not reference else [],
            "articles": api.articles(language()),
            "signed_in": customer is not None,
        },
    )


@require_safe
def help_article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article."""
    article = api.article(slug, language())
    others = [a for a in api.articles(language()) if a.slug != slug]
    related = [a for a in others if set(a.topics) & set(article.topics)] or others
    return render(request, "care/article.html", {"article": article, "related": related[:_FIRST_ARTICLES]})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """The channels that are answered, and a check of one that somebody was given."""
    checked = request.GET.get("check", "")[:200]
    return render(
        request,
        "care/contact.html",
        {
            "regions": api.contact_regions(),
            "checked": checked,
            "verdict": api.check_contact(checked) if checked.strip() else None,
        },
    )


def _own(customer: UUID, reference: str) -> str | None:
    try:
        if reference_kind(reference) == "case":
            api.case_for_customer(customer, reference)
            return reverse("care:case", args=[reference])
        wallet.operation(customer, reference)
        return reverse("wallet:operation", args=[reference])
    except NotFound:
        return None
