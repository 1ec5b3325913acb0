"""Pages that need no sign-in: the front door and contact."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guitai.care import api
from guitai.care.web.reader import customer_of, language

_FIRST_ARTICLES = 4


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """What this wallet is; whoever is signed in goes to their own home."""
    if customer_of(request):
        return redirect("wallet:home")
    return render(
        request,
        "care/front_door.html",
        {"regions": api.contact_regions(), "articles": api.popular_articles(language(), _FIRST_ARTICLES)},
    )


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
