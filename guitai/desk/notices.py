"""What the desk tells customers."""

from django.utils.translation import gettext_lazy as _

from guitai.notify import api as notify
from guitai.notify.types import MessageKind


def register_notices() -> None:
    """Announce the message kinds of this room."""
    notify.register_kind(
        MessageKind(
            name="desk.change_phone",
            channels=frozenset({"in_app", "email"}),
            title=_("Change your phone number"),
            body=_(
                "Here you change your number yourself, with your old number or without it. We never do it for you."
            ),
            url="/me/number/",
        )
    )
