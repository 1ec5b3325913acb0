"""A standing in words, as far as its disclosure classes allow."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guitai.people.rules.standing import KINDS, told
from guitai.people.types import Cause, Scope, Standing, StandingChange, Step, StepCode


@dataclass(frozen=True, slots=True)
class ReleaseStep:
    """A line of the release path, in the shape of the timeline."""

    at: datetime | None
    title: str
    detail: str
    state: str
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandingWords:
    badge: str
    tone: str
    title: str
    reason: str
    stopped: str
    kept: str


@dataclass(frozen=True, slots=True)
class CauseWords:
    """One cause as a card: what it is, why, what leads out, and the button that begins it."""

    cause: Cause
    title: str
    reason: str
    stopped: str
    steps: tuple[ReleaseStep, ...]
    action: str
    own: bool


def standing_words(standing: Standing) -> StandingWords:
    """Badge, title, reason, what is stopped and what goes on, in the active language."""
    seen = told(standing)
    if seen.state == "active":
        return StandingWords(_("In order"), "ok", _("Everything works"), _("Nothing is stopped."), "", "")
    badge, title = _titles(seen)
    first = seen.causes[0] if seen.causes else None
    return StandingWords(
        badge=badge,
        tone="wait",
        title=title,
        reason=_reason(first)[1] if first else _secret(),
        stopped=scope_words(seen.scope),
        kept=scope_words(frozenset(_scopes()) - seen.scope),
    )


def cause_words(cause: Cause, proved: Collection[StepCode] = ()) -> CauseWords:
    """A told cause in words; steps that are proved already are done."""
    title, reason = _reason(cause)
    return CauseWords(
        cause=cause,
        title=title,
        reason=reason,
        stopped=scope_words(cause.scope),
        steps=step_lines(cause, proved),
        action=_action(cause),
        own=bool(cause.reason) and KINDS[cause.reason].own and bool(cause.release),
    )


def step_lines(cause: Cause, proved: Collection[StepCode] = ()) -> tuple[ReleaseStep, ...]:
    """What remains to be done, whose turn it is and by when, as a timeline."""
    done = {*proved, *(("identity_document",) if cause.document_at else ())}
    lines, current = [], True
    for step in cause.release:
        if done & set(step.choices):
            lines.append(ReleaseStep(None, step_words(step)[0], "", "done"))
            continue
        title, detail = step_words(step)
        state = ("now" if step.whose == "customer" else "wait") if current else "next"
        by = step.by if step.whose == "staff" else None
        lines.append(ReleaseStep(None, title, detail, state, by))
        current = False
    if cause.until is not None:
        lines.append(
            ReleaseStep(None, _("Or it ends by itself"), _("You need not do anything."), "next", cause.until)
        )
    return tuple(lines)


def step_words(step: Step) -> tuple[str, str]:
    """A step's name, and what it takes; the other ways stand behind it."""
    title, detail = _steps()[step.code]
    ways = [_steps()[code][0] for code in step.instead if code != "waiting"]
    if ways:
        # Translators: between two ways of doing the same
        detail = _("%(detail)s Instead: %(ways)s.") % {"detail": detail, "ways": _(" or ").join(ways)}
    return title, detail


def way_words(code: StepCode) -> tuple[str, str]:
    """One way by itself: its name and what it takes."""
    return _steps()[code]


def scope_words(scope: Iterable[Scope]) -> str:
    """What is stopped, or goes on, as a list."""
    wanted = frozenset(scope)
    # Translators: between the members of a list
    return _(", ").join(name for code, name in _scopes().items() if code in wanted)


def history_words(changes: Iterable[StandingChange]) -> tuple[ReleaseStep, ...]:
    """What the customer may read of the past, newest first."""
    return tuple(
        ReleaseStep(change.at, change_title(change), _change_detail(change), "done") for change in changes
    )


def _titles(standing: Standing) -> tuple[str, str]:
    if standing.scope == frozenset({"sign_in"}):
        return _("Locked"), _("Signing in is locked")
    names = {
        "frozen": (_("Frozen"), _("Your wallet is frozen")),
        "locked": (_("Locked"), _("Your wallet is locked")),
        "dormant": (pgettext("standing", "Asleep"), _("Your wallet is asleep")),
        "closed": (_("Closed for good"), _("Your wallet is closed")),
    }
    return names.get(standing.state, (_("Stopped"), _("Your wallet is stopped")))


def _reason(cause: Cause) -> tuple[str, str]:
    words = {
        "wrong_password": (
            _("Signing in with a password is locked"),
            _("Too many wrong passwords were entered for your number. Your money is safe."),
        ),
        "wrong_pin": (
            _("Paying is locked"),
            _("Wrong payment PINs were entered again and again. Choose a new PIN to go on."),
        ),
        "unusual_place": (
            _("Paying waits until we know that it is you"),
            _("Your wallet was used from a device or a place that we do not know."),
        ),
        "security_check": (
            _("We need to see an identity document"),
            _("It protects you from somebody who knows your password. A colleague looks at it."),
        ),
        "inactivity": (
            _("Your wallet is asleep"),
            _("You have not been here for a long time. Your money is yours as before; wake it up to use it."),
        ),
        "provisional": (
            _("Frozen for some hours"),
            _(
                "Somebody who knows the end of your ID or card number asked for it, without your phone. Was it "
                "you? Then freeze firmly now. If not, unfreeze."
            ),
        ),
        "by_customer": (
            _("You froze your wallet"),
            _("If it was not you, somebody may hold your phone: write to us at the counter."),
        ),
        "closing": (
            _("Your wallet is being closed"),
            _("You asked for it. Until then you can change your mind."),
        ),
        "by_staff": (_("Frozen by our staff"), _("A member of our staff stopped it to protect you.")),
        "by_risk": (_("A security check is going on"), _("Something unusual happened, and we look into it.")),
        "by_law": (
            _("An authority has ordered a hold"),
            _("We must follow it until the authority lifts it."),
        ),
        "closed": (
            _("Your wallet is closed"),
            _("You asked for it, and nothing can be done with it any more."),
        ),
    }
    return words.get(cause.reason, (_("A security check is going on"), _secret()))


def _secret() -> str:
    return _("A security check is going on. Your money is safe; we may not say more until it is over.")


def _action(cause: Cause) -> str:
    names = {
        "wrong_password": _("Unlock"),
        "wrong_pin": _("Choose a new PIN"),
        "unusual_place": _("Show that it is me"),
        "security_check": _("Show a document"),
        "inactivity": _("Wake it up"),
        "provisional": _("Unfreeze"),
        "by_customer": _("Unfreeze"),
        "closing": _("Keep my wallet"),
    }
    return names.get(cause.reason, "")


def _scopes() -> dict[Scope, str]:
    return {
        "sign_in": _("signing in"),
        "spending": _("paying and transferring"),
        "withdrawal": _("withdrawing"),
        "receiving": _("receiving money"),
    }


def _steps() -> dict[StepCode, tuple[str, str]]:
    return {
        "password": (_("Your password"), _("The one you sign in with.")),
        "sms_code": (_("A code by SMS"), _("Sent to the number of this wallet.")),
        "pin": (_("Your payment PIN"), _("The six digits that confirm payments.")),
        "passkey": (_("A passkey"), _("Your fingerprint or face, on a device that you enrolled.")),
        "recovery_code": (_("A recovery code"), _("One of the codes that you wrote down; each works once.")),
        "identity_document": (
            _("An identity document"),
            _("Photos of it, and of you with it; a colleague looks at them."),
        ),
        "new_password": (_("A new password"), _("Somebody else may know the old one.")),
        "new_pin": (_("A new payment PIN"), _("Six digits that nobody else knows.")),
        "waiting": (_("Waiting until it ends"), _("It ends by itself.")),
        "staff_review": (
            _("Our review"),
            _("It is our turn. You need not do anything; we write to you as soon as it is done."),
        ),
    }


def change_title(change: StandingChange) -> str:
    """What a change was, in a word or two."""
    names = {
        "freeze": _("Frozen"),
        "release": _("Unfrozen"),
        "lock": _("Locked"),
        "unlock": _("Unlocked"),
        "sleep": _("Fell asleep"),
        "wake": _("Woken up"),
        "close": _("Closed for good"),
        "expire": _("Ended by itself"),
        "cancel": _("Taken back"),
        "document": _("Identity document"),
        "tier": _("Identity level"),
    }
    return names.get(change.action, _("Changed"))


def _change_detail(change: StandingChange) -> str:
    if change.disclosure != "open":
        return _("security check")
    if change.action == "tier":
        return str(change.evidence.get("tier", ""))
    if change.action == "document":
        decision = change.evidence.get("decision", "")
        return {"accepted": _("accepted"), "declined": _("declined")}.get(decision, _("shown by you"))
    return change_reason(change.reason)


def change_reason(reason: str) -> str:
    """Why, in two or three words, for a line of a list."""
    names = {
        "by_customer": _("by yourself"),
        "by_staff": _("by our staff"),
        "by_risk": _("security check"),
        "by_law": _("by order of an authority"),
        "wrong_password": _("too many wrong passwords"),
        "wrong_pin": _("too many wrong PINs"),
        "unusual_place": _("unknown device or place"),
        "security_check": _("security check"),
        "inactivity": _("long away"),
        "provisional": _("for some hours, without the phone"),
        "closing": _("closing the wallet"),
        "closed": _("closing the wallet"),
    }
    return names.get(reason, "")
