"""A standing in words, as far as its disclosure class allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from guitai.people.types import Standing, StandingChange, Step


@dataclass(frozen=True, slots=True)
class ReleaseStep:
    """A line of the release path, in the shape of the timeline."""

    at: datetime | None
    title: str
    detail: str
    state: str


@dataclass(frozen=True, slots=True)
class StandingWords:
    badge: str
    tone: str
    title: str
    reason: str
    stopped: str
    kept: str
    steps: tuple[ReleaseStep, ...]


def standing_words(standing: Standing) -> StandingWords:
    """Badge, title, reason, what is stopped, what goes on, and the way out, in the active language."""
    if standing.state == "active" or standing.disclosure == "silent":
        return StandingWords(_("In order"), "ok", _("Everything works"), _("Nothing is stopped."), "", "", ())
    names = {
        "sign_in": _("signing in"),
        "spending": _("paying and transferring"),
        "withdrawal": _("withdrawing"),
        "receiving": _("receiving money"),
    }
    return StandingWords(
        badge=_("Frozen") if standing.state == "frozen" else _("Stopped"),
        tone="wait",
        title=_("Your wallet is frozen"),
        reason=_reason(standing),
        # Translators: between the members of a list
        stopped=_(", ").join(name for scope, name in names.items() if scope in standing.scope),
        kept=_(", ").join(name for scope, name in names.items() if scope not in standing.scope),
        steps=tuple(_step(step, standing) for step in standing.release),
    )


def history_words(changes: Iterable[StandingChange]) -> tuple[ReleaseStep, ...]:
    """What the customer may read of the past: their own changes and those of staff, newest first."""
    titles = {"freeze": _("Frozen"), "release": _("Unfrozen")}
    reasons = {"by_customer": _("by yourself"), "by_staff": _("by our staff")}
    return tuple(
        ReleaseStep(change.at, titles.get(change.action, change.action), reasons[change.reason], "done")
        for change in changes
        if change.reason in reasons
    )


def _reason(standing: Standing) -> str:
    if standing.reason == "by_customer":
        return _("You froze it. If it was not you, somebody may hold your phone: write to us at the counter.")
    if standing.disclosure == "limited":
        return _("A security check is going on. Your money is safe; we may not say more until it is over.")
    return _("A member of our staff stopped it to protect you.")


def _step(step: Step, standing: Standing) -> ReleaseStep:
    titles = {
        "password": (_("Your password"), _("The one you sign in with.")),
        "sms_code": (_("A code by SMS"), _("Sent to the number of this wallet.")),
        "pin": (_("Your payment PIN"), _("The six digits that confirm payments.")),
        "staff_review": (
            _("Our review"),
            _("It is our turn. You need not do anything; we write to you as soon as it is done."),
        ),
    }
    title, detail = titles[step.code]
    return ReleaseStep(step.by, title, detail, "now" if step.whose == "customer" else "wait")
