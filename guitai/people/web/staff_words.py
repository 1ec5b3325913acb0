"""A standing in words for staff: nothing is left out, and each line says what the customer may be told."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guitai.people.types import Cause, Standing, StandingChange
from guitai.people.web.words import ReleaseStep, change_reason, change_title, scope_words, step_lines


@dataclass(frozen=True, slots=True)
class StaffCause:
    """One cause as staff read it."""

    cause: Cause
    title: str
    who: str
    stopped: str
    told: str
    told_tone: str
    steps: tuple[ReleaseStep, ...]
    evidence: tuple[tuple[str, str], ...]


def cause_lines(standing: Standing) -> list[StaffCause]:
    """Every open cause."""
    return [
        StaffCause(
            cause=cause,
            title=capfirst(change_reason(cause.reason)),
            who=_who(cause.actor),
            stopped=scope_words(cause.scope),
            told=_told()[cause.disclosure],
            told_tone={"open": "ok", "limited": "wait", "silent": "danger"}[cause.disclosure],
            steps=step_lines(cause),
            evidence=tuple(sorted(cause.evidence.items())),
        )
        for cause in standing.causes
    ]


def change_lines(changes: Iterable[StandingChange]) -> list[ReleaseStep]:
    """Every change, the newest first."""
    return [ReleaseStep(change.at, change_title(change), _detail(change), "done") for change in changes]


def _detail(change: StandingChange) -> str:
    why, who = change_reason(change.reason), _who(change.actor)
    # Translators: why something changed, and who did it
    return _("%(reason)s; %(who)s") % {"reason": why, "who": who} if why else who


def _who(actor: str) -> str:
    kind = actor.partition(":")[0]
    return {"customer": _("the customer"), "staff": _("staff")}.get(kind, _("the system"))


def _told() -> dict[str, str]:
    return {
        "open": _("The customer knows why: you may say it."),
        "limited": _("The customer knows that something is stopped, not why: do not say why."),
        "silent": _("The customer knows nothing of it: do not mention it."),
    }
