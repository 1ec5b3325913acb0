"""What care tells a customer through notify: an answer waits, a case is solved."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guitai.base.reference import spoken
from guitai.notify import api as notify
from guitai.notify.types import MessageKind


def register_notices() -> None:
    """Announce the message kinds of this room."""
    notify.register_kind(
        MessageKind(
            name="care.answered",
            channels=frozenset({"in_app", "sms"}),
            title=_("An answer is waiting for you"),
            body=_("We have answered your case %(case)s. Sign in and open Counter to read it."),
            url="/cases/%(case)s/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.resolved",
            channels=frozenset({"in_app", "sms"}),
            title=_("Your case is solved"),
            body=_("Case %(case)s is solved. If it is not, you can reopen it until %(until)s."),
            url="/cases/%(case)s/",
        )
    )

    notify.register_kind(
        MessageKind(
            name="care.late",
            channels=frozenset({"in_app", "sms"}),
            title=_("We are late, and sorry"),
            body=_(
                "We had promised something for your case %(case)s by %(by_when)s. It is not done yet. "
                "A supervisor has been told; you need not ask again."
            ),
            url="/cases/%(case)s/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.late_arrival",
            channels=frozenset({"in_app"}),
            title=_("It takes longer than we said"),
            body=_("What we had promised by %(by_when)s is not there yet. Your bills show where it is now."),
            url="/bills/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.announcement",
            channels=frozenset({"in_app"}),
            title=_("There is an announcement"),
            body=_(
                "Something was announced that concerns everybody. Open it to read what changes and from when."
            ),
            url="/announcements/%(announcement)s/",
        )
    )
    _register_ways_on()


def _register_ways_on() -> None:
    notify.register_kind(
        MessageKind(
            name="care.escalated",
            channels=frozenset({"in_app"}),
            title=_("Somebody higher looks at it"),
            body=_(
                "Your case %(case)s went to a supervisor. Nobody who answered before decides about it. "
                "The case says by when you hear from them."
            ),
            url="/cases/%(case)s/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.merged",
            channels=frozenset({"in_app"}),
            title=_("Two of your cases became one"),
            body=_("Case %(case)s goes on in case %(into)s. Nothing of it is lost."),
            url="/cases/%(into)s/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.reminder",
            channels=frozenset({"in_app", "sms"}),
            title=_("We are waiting for your answer"),
            body=_(
                "We asked you something in case %(case)s. Without an answer it counts as solved on %(until)s; "
                "you can reopen it then."
            ),
            url="/cases/%(case)s/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.call_booked",
            channels=frozenset({"in_app"}),
            title=_("We call you"),
            body=_(
                "About case %(case)s, from %(at)s on. The case shows who calls and from which number; "
                "whoever calls otherwise is not us."
            ),
            url="/cases/%(case)s/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.call_missed",
            channels=frozenset({"in_app", "sms"}),
            title=_("We did not reach you"),
            body=_("We called about case %(case)s. We try again from %(at)s on; your place is kept."),
            url="/cases/%(case)s/",
        )
    )
    notify.register_kind(
        MessageKind(
            name="care.call_given_up",
            channels=frozenset({"in_app", "sms"}),
            title=_("We could not reach you"),
            body=_("We called several times about case %(case)s. Book another time, or write to us there."),
            url="/cases/%(case)s/",
        )
    )


def tell_escalated(customer: UUID, reference: str, *, key: str) -> None:
    """Somebody else looks at it."""
    notify.send(customer, "care.escalated", {"case": spoken(reference)}, key=key)


def tell_merged(customer: UUID, reference: str, into: str, *, key: str) -> None:
    """One case goes on in another."""
    notify.send(customer, "care.merged", {"case": spoken(reference), "into": spoken(into)}, key=key)


def tell_reminder(customer: UUID, reference: str, until: datetime, *, key: str) -> None:
    """It is their turn, and until when."""
    notify.send(customer, "care.reminder", {"case": spoken(reference), "until": until.isoformat()}, key=key)


def tell_call_booked(customer: UUID, reference: str, at: datetime, *, key: str) -> None:
    """When we call."""
    notify.send(customer, "care.call_booked", {"case": spoken(reference), "at": at.isoformat()}, key=key)


def tell_call_missed(customer: UUID, reference: str, again: datetime | None, *, key: str) -> None:
    """We called, and when we do again."""
    facts = {"case": spoken(reference), **({"at": again.isoformat()} if again else {})}
    notify.send(customer, "care.call_missed" if again else "care.call_given_up", facts, key=key)


def tell_late(customer: UUID, reference: str | None, by_when: datetime, *, key: str) -> None:
    """What we said would be by now is not: they hear it from us."""
    facts: dict[str, str] = {"by_when": by_when.isoformat()}
    if reference:
        facts["case"] = spoken(reference)
    notify.send(customer, "care.late" if reference else "care.late_arrival", facts, key=key)


def tell_answer_waiting(customer: UUID, reference: str, *, key: str) -> None:
    """A person has answered."""
    notify.send(customer, "care.answered", {"case": spoken(reference)}, key=key)


def tell_resolved(customer: UUID, reference: str, until: datetime, *, key: str) -> None:
    """The case is solved, and may be reopened until a moment."""
    notify.send(customer, "care.resolved", {"case": spoken(reference), "until": until.isoformat()}, key=key)
