"""What several pages share."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from guitai.kit.operator import operator
from guitai.kit.throttle import allow
from guitai.people.errors import TooManyAttempts
from guitai.people.models import User
from guitai.people.rules.phone import masked_phone

NEXT = "people.next"


def keep_next(request: HttpRequest) -> None:
    """Remember where the person was going, when it is one of our own pages."""
    wanted = request.GET.get("next", "")
    if wanted and _ours(request, wanted):
        request.session[NEXT] = wanted


def onward(request: HttpRequest, default: str = "") -> str:
    """Where the person goes on to, used once."""
    wanted = str(request.session.pop(NEXT, "") or default or settings.LOGIN_REDIRECT_URL)
    return wanted if _ours(request, wanted) else settings.LOGIN_REDIRECT_URL


def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Go on after a step: to the second step, to what is missing, or to where the person was going."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("people:second_step"))
    if not getattr(request.user, "name_sealed", None):
        return HttpResponseRedirect(reverse("people:sign_up_name"))
    return with_language(request, HttpResponseRedirect(onward(request)))


def with_language(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A person who signs in reads the language they chose before, unless this browser chose another."""
    language = getattr(request.user, "language", "")
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and language in dict(settings.LANGUAGES):
        if language == get_language():
            return response
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def customer(request: HttpRequest) -> User | None:
    """The signed-in customer, if one is."""
    user = request.user
    return user if isinstance(user, User) and user.kind == User.Kind.CUSTOMER else None


def signed_in(request: HttpRequest) -> User:
    """The customer of a page that only customers see."""
    user = request.user
    assert isinstance(user, User)
    return user


def shown_phone(user: User) -> str:
    """A person's number as it may stand on a page."""
    return masked_phone(user.phone, operator().phone_region)


def unbound(form: Form) -> Form:
    """A form that shows a refusal without having been filled in."""
    form.errors.clear()
    return form


def address(request: HttpRequest) -> str:
    """The network address of whoever asks, as allauth reads it (ALLAUTH_TRUSTED_PROXY_COUNT)."""
    return str(get_adapter(request).get_client_ip(request))


def limit_address(request: HttpRequest, bucket: str) -> None:
    """Count one request of this network address; generous, for thousands may share one."""
    if not allow(bucket, address(request), limit=600, window_s=3600):
        raise TooManyAttempts()


def keep_sent(request: HttpRequest, key: str, phone: str, sent: UUID) -> None:
    """Remember which code was sent to which number on behalf of this session."""
    request.session[key] = [phone, str(sent)]


def kept_sent(request: HttpRequest, key: str) -> tuple[str, UUID] | None:
    """What `keep_sent` kept, if it did."""
    kept = request.session.get(key)
    return (kept[0], UUID(kept[1])) if kept else None


def _ours(request: HttpRequest, wanted: str) -> bool:
    return wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
