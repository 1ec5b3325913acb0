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
            name="care.announcement",
            channels=frozenset({"in_app"}),
            title=_("There is an announcement"),
            body=_(
                "Something was announced that concerns everybody. Open it to read what changes and from when."
            ),
            url="/announcements/%(announcement)s/",
        )
    )


def tell_answer_waiting(customer: UUID, reference: str, *, key: str) -> None:
    """A person has answered."""
    notify.send(customer, "care.answered", {"case": spoken(reference)}, key=key)


def tell_resolved(customer: UUID, reference: str, until: datetime, *, key: str) -> None:
    """The case is solved, and may be reopened until a moment."""
    notify.send(customer, "care.resolved", {"case": spoken(reference), "until": until.isoformat()}, key=key)
