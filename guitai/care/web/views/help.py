"""The help centre: search, suggestions while typing, an article, whether it helped."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from guitai.base.reference import reference_kind
from guitai.base.refusal import Refusal
from guitai.care import api, help
from guitai.care.errors import NotFound, ReasonMissing
from guitai.care.rules.search import reference_in
from guitai.care.types import ArticleView
from guitai.care.web.help_words import REASONS, groups
from guitai.care.web.live.answers import article_body
from guitai.care.web.reader import customer_of, language, reader_of, remember_reader
from guitai.care.web.way_on import category_about
from guitai.kit.explain import explain
from guitai.wallet import api as wallet

_TYPED_MAX = 200
_SUGGESTED, _POPULAR = 6, 6


@require_safe
def help_search(request: HttpRequest) -> HttpResponse:
    """Search, or everything there is; a reference of the reader's own leads straight there."""
    text = request.GET.get("q", "")[:_TYPED_MAX]
    reference = reference_in(text)
    customer = customer_of(request)
    if reference and customer and (there := _own(customer, reference)):
        return HttpResponseRedirect(there)
    hits = api.search_articles(text, language()) if text and not reference else []
    if text.strip() and not hits and not reference:
        help.count_unanswered(text, language())
    return render(
        request,
        "care/help.html",
        {
            "query": text,
            "reference": reference,
            "hits": hits,
            "popular": [] if hits else api.popular_articles(language(), _POPULAR),
            "groups": [] if hits else groups(api.articles(language())),
            "signed_in": customer is not None,
        },
    )


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What a search box shows under itself while somebody types."""
    text = request.GET.get("q", "")[:_TYPED_MAX]
    reference = reference_in(text)
    hits = help.search(text, language(), _SUGGESTED) if text.strip() and not reference else []
    return render(
        request,
        "care/parts/suggestions.html",
        {"query": text.strip(), "hits": hits, "reference": reference if customer_of(request) else None},
    )


@require_safe
def help_article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article, in the reader's language where it has that."""
    return _article_page(request, api.article(slug, language()))


@require_safe
def article_in(request: HttpRequest, written: str, slug: str) -> HttpResponse:
    """One article at the lasting address of one language, whatever the reader's own is."""
    with translation.override(written):
        article = api.article(slug, written)
        if article.language != written:
            return redirect("care:article", slug=slug)
        request.LANGUAGE_CODE = written  # type: ignore[attr-defined]  # LocaleMiddleware's
        return _article_page(request, article)


@require_POST
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it helped; a no asks why, and leads on to somebody who helps."""
    written = request.POST.get("language", "")
    article = api.article(slug, written if written in ("en", "zh-hans") else language())
    helped = request.POST.get("helped", "") == "yes"
    facts: dict[str, Any] = {"reasons": REASONS, "answered": True, "helped": helped}
    facts["category"] = category_about(article.topics)
    reader = reader_of(request)
    try:
        help.give_feedback(
            slug,
            article.language,
            reader,
            str(request.META.get("REMOTE_ADDR", "")),
            helped=helped,
            reason=request.POST.get("reason", ""),
        )
    except ReasonMissing:
        facts["answered"] = False
    except NotFound as missing:
        raise Http404 from missing
    except Refusal as refusal:
        facts["problem"] = explain(refusal.code, refusal.facts)
    if getattr(request, "htmx", False):
        response = render(request, "care/parts/feedback.html", {**facts, "article": article})
    else:
        response = _article_page(request, article, **facts)
    if facts["answered"]:
        remember_reader(response, reader)
    return response


def _article_page(request: HttpRequest, article: ArticleView, **facts: Any) -> HttpResponse:
    if request.method == "GET" and getattr(request.user, "kind", "") != "staff":
        help.count_reading(article.slug)
    shown = {
        "article": article,
        "body": article_body(request, article),
        "related": help.related(article, article.language),
        "address": reverse("care:article_in", args=[article.language, article.slug]),
    }
    return render(request, "care/article.html", {**shown, **facts})


def _own(customer: UUID, reference: str) -> str | None:
    try:
        if reference_kind(reference) == "case":
            api.case_for_customer(customer, reference)
            return reverse("care:case", args=[reference])
        wallet.operation(customer, reference)
        return reverse("wallet:operation", args=[reference])
    except NotFound:
        return None
