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
