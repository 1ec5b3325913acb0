"""The staff's library: the list of articles, the editor with its preview, versions, publishing now or later."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.care import library as shelf
from guitai.care.errors import ArticleInvalid
from guitai.care.rules.articles import LANGUAGES, Source
from guitai.care.rules.articles import render as render_markdown
from guitai.care.types import ArticleView, VersionView
from guitai.care.web.body_check import check_body
from guitai.care.web.help_words import REASONS
from guitai.care.web.library_forms import ArticleForm, NewArticleForm, PublicationForm
from guitai.care.web.live.answers import ANSWERS, article_body
from guitai.care.web.reader import language
from guitai.kit.explain import explain
from guitai.kit.problems import refusal_for_form
from guitai.people.api import masked, staff_member, staff_required

_WRITE, _PUBLISH = "cases.work", "operator.settings"


@require_GET
@staff_required(_WRITE)
def library(request: HttpRequest) -> HttpResponse:
    """Every article with what is in force, what waits, and whether it helps; and what was looked for in vain."""
    written = _language(request.GET.get("in", language()))
    unanswered, total = shelf.unanswered(written)
    return render(
        request,
        "care/library/list.html",
        {
            "rows": shelf.rows(written),
            "written": written,
            "languages": LANGUAGES,
            "unanswered": unanswered,
            "unanswered_total": total,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_WRITE)
def new_article(request: HttpRequest) -> HttpResponse:
    """The first version of a new article."""
    written = _language(request.GET.get("in", language()))
    form = NewArticleForm(request.POST or None, initial={"based_on": 0, "audience": "everyone"})
    if request.method == "POST" and form.is_valid():
        slug = form.cleaned_data["slug"]
        if _save(request, form, slug, written):
            return redirect("care:library_article", written=written, slug=slug)
    facts = {"form": form, "written": written, "slug": "", "live_names": sorted(ANSWERS)}
    return render(request, "care/library/edit.html", facts, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_WRITE)
def article(request: HttpRequest, written: str, slug: str) -> HttpResponse:
    """The editor: it begins with the newest version, and saving makes the next."""
    versions = _versions(slug, written)
    based_on = next((v for v in versions if str(v.number) == request.GET.get("from")), versions[0])
    form = (
        ArticleForm(request.POST)
        if request.method == "POST"
        else ArticleForm.of(based_on, versions[0].number)
    )
    if request.method == "POST" and form.is_valid() and _save(request, form, slug, written):
        return redirect("care:library_article", written=written, slug=slug)
    facts = {
        "form": form,
        "written": written,
        "slug": slug,
        "versions": versions,
        "names": _names(versions),
        "in_force": next((v for v in versions if v.in_force), None),
        "supplied": _supplied(versions),
        "reasons": [(REASONS.get(code, code), count) for code, count in shelf.reasons(slug, written).items()],
        "may_publish": _may_publish(request),
        "publication": PublicationForm(),
        "live_names": sorted(ANSWERS),
    }
    return render(request, "care/library/edit.html", facts, status=422 if form.errors else 200)


@require_POST
@staff_required(_WRITE)
def preview(request: HttpRequest) -> HttpResponse:
    """What was typed, as readers would see it; nothing is stored."""
    source = render_markdown(request.POST.get("markdown", "")[:20_000])
    view = ArticleView("preview", _language(request.POST.get("written", "")), "", "", source.html, ())
    return render(request, "care/library/preview.html", {"body": article_body(request, view), "view": view})


@require_GET
@staff_required(_WRITE)
def version(request: HttpRequest, written: str, slug: str, number: int) -> HttpResponse:
    """One version as readers would see it."""
    versions = _versions(slug, written)
    found = next((v for v in versions if v.number == number), None)
    if found is None:
        raise Http404
    html = render_markdown(found.markdown).html
    view = ArticleView(slug, written, found.title, found.summary, html, found.topics)
    facts = {
        "version": found,
        "body": article_body(request, view),
        "names": _names([found]),
        "written": written,
        "slug": slug,
        "may_publish": _may_publish(request),
        "publication": PublicationForm(),
    }
    return render(request, "care/library/version.html", facts)


@require_POST
@staff_required(_PUBLISH)
def publication(request: HttpRequest, written: str, slug: str, number: int) -> HttpResponse:
    """Publish a version now, plan it for later, or take it from the plan."""
    form = PublicationForm(request.POST)
    when = form.cleaned_data["publish_at"] if form.is_valid() else None
    wish = request.POST.get("wish", "now")
    try:
        if wish == "now":
            shelf.publish(slug, _language(written), number, _staff(request))
            messages.success(request, _("Published. Readers have it from now on."))
        elif wish == "later" and when:
            shelf.schedule(slug, _language(written), number, when, _staff(request))
            messages.success(request, _("Planned. It is published by itself at that time."))
        elif wish == "unplan":
            shelf.schedule(slug, _language(written), number, None, _staff(request))
            messages.success(request, _("Taken from the plan. It is a draft again."))
        else:
            messages.error(request, _("Choose a day and a time."))
    except NotFound as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.error(request, _sentences(refusal))
    return redirect("care:library_article", written=written, slug=slug)


@require_POST
@staff_required(_PUBLISH)
def withdrawal(request: HttpRequest, written: str, slug: str) -> HttpResponse:
    """Take an article from the readers."""
    try:
        shelf.withdraw(slug, _language(written), _staff(request))
    except NotFound as missing:
        raise Http404 from missing
    messages.success(request, _("Withdrawn. Publishing any version brings it back."))
    return redirect("care:library_article", written=written, slug=slug)


def _save(request: HttpRequest, form: ArticleForm, slug: str, written: str) -> bool:
    source: Source = form.source(slug, written)
    try:
        check_body(source, {row.slug for row in shelf.rows(written)} | {slug})
        shelf.save_draft(
            source, _staff(request), note=form.cleaned_data["note"], based_on=form.cleaned_data["based_on"]
        )
    except ArticleInvalid as refusal:
        form.add_invalid(refusal)
        return False
    except Refusal as refusal:
        refusal_for_form(form, refusal)
        return False
    messages.success(request, _("Saved as a draft. Readers see nothing of it yet."))
    return True


def _versions(slug: str, written: str) -> list[VersionView]:
    try:
        return shelf.versions(slug, _language(written))
    except NotFound as missing:
        raise Http404 from missing


def _supplied(versions: list[VersionView]) -> VersionView | None:
    """The text that came with the product after staff had written their own, while that is newer."""
    in_force = next((v.number for v in versions if v.in_force), 0)
    return next(
        (v for v in versions if v.origin == "file" and v.state == "draft" and v.number > in_force), None
    )


def _names(versions: list[VersionView]) -> dict[str, str]:
    people = masked({v.author for v in versions if v.author})
    return {str(person): found.name for person, found in people.items()}


def _language(text: str) -> str:
    return text if text in LANGUAGES else "en"


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(request.user.pk))


def _may_publish(request: HttpRequest) -> bool:
    user: Any = request.user
    return _PUBLISH in staff_member(user.pk).permissions


def _sentences(refusal: Refusal) -> str:
    said = explain(refusal.code, refusal.facts)
    return f"{said.title}. {said.reason}"
