"""The front door: the page for whoever is not signed in."""

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
