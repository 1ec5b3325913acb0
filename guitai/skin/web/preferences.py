"""A reader's own switches: language and appearance. Both are cookies, both work without JavaScript."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from guitai.skin.context import THEME_COOKIE, THEMES, announce_language

_YEAR_S = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of every page from now on."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest("language")
    announce_language(request, code)
    translation.activate(code)
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, code)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device is set."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest("theme")
    return _remember(request, THEME_COOKIE, chosen)


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if allowed else "/")
    response.set_cookie(
        cookie, value, max_age=_YEAR_S, samesite="Lax", secure=request.is_secure(), path="/", httponly=False
    )
    return response
