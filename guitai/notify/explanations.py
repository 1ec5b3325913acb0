"""Words for the codes of notify."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_explanations() -> None:
    register(
        "delivery_failed",
        title=_("The message has not gone out yet"),
        reason=_("The gateway did not take it: %(trouble)s."),
        remedy=_("It is tried again by itself. Your messages are always complete in the app."),
        remedy_url="/messages/",
        remedy_label=_("Messages"),
        status=503,
    )
