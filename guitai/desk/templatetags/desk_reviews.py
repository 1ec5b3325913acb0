"""Template filters of identity reviews."""

from datetime import date

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guitai.people import api as people
from guitai.people.types import ReviewLine, ReviewWork
from guitai.skin.text import calendar_day

register = template.Library()

_STATES: dict[str, Promise] = {
    "waiting": pgettext_lazy("state of a review", "waiting"),
    "claimed": pgettext_lazy("state of a review", "claimed"),
    "second_look": pgettext_lazy("state of a review", "needs a second person"),
    "better_photos": pgettext_lazy("state of a review", "waiting for better photos"),
    "approved": pgettext_lazy("state of a review", "confirmed"),
    "refused": pgettext_lazy("state of a review", "refused"),
    "withdrawn": pgettext_lazy("state of a review", "taken back by the customer"),
}
_FLAGS: dict[str, tuple[Promise, Promise]] = {
    "photo_of_another": (
        gettext_lazy("Somebody else sent the very same photo"),
        gettext_lazy("Look twice: the same file came from another customer."),
    ),
    "foreign": (
        gettext_lazy("A document of another country"),
        gettext_lazy("A second person decides, if the policy says so. Compare the lines at its foot too."),
    ),
    "refused_before": (
        gettext_lazy("Refused before"),
        gettext_lazy("An earlier review of this customer ended with a refusal."),
    ),
}
_PHOTOS: dict[str, Promise] = {
    "front": gettext_lazy("Document, side with the photo"),
    "back": gettext_lazy("Document, other side"),
    "selfie": gettext_lazy("The customer"),
}


@register.filter
def written_day(day: date | str | None) -> str:
    """A day of a document, declared as text or read as a date, written in one way so that both compare."""
    if not day:
        return "–"
    return calendar_day(date.fromisoformat(day) if isinstance(day, str) else day)


@register.filter
def document_of(line: ReviewLine) -> str:
    """What the document of a review is called."""
    return people.document_name(line.kind, line.country)


@register.filter
def review_state(line: ReviewLine) -> str:
    """Where a review stands."""
    return str(_STATES.get(line.state, line.state))


@register.filter
def flag_title(flag: str) -> str:
    return str(_FLAGS[flag][0]) if flag in _FLAGS else flag


@register.filter
def flag_words(flag: str) -> str:
    return str(_FLAGS[flag][1]) if flag in _FLAGS else ""


@register.filter
def photo_title(which: str) -> str:
    return str(_PHOTOS.get(which, which))


@register.filter
def agrees(work: ReviewWork, field: str) -> str:
    """Whether what was read is what the customer gave: said in a word, so that colour need not say it."""
    if work.reading is None:
        return ""
    given = {"number": work.number, "name": work.name, "birth": work.birth}[field]
    read = {
        "number": work.reading.number,
        "name": work.reading.name,
        "birth": work.reading.birth.isoformat() if work.reading.birth else "",
    }[field]
    if not read:
        return ""
    return _("(the same)") if _plain(read) == _plain(given) else _("(differs)")


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
