"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_explanations() -> None:
    register(
        "purpose_missing",
        title=_("Say what this is for"),
        reason=_("Customers' data is read and changed only for a case or a call."),
        remedy=_("Open it from the case or call that you are working on."),
        status=403,
    )
    register(
        "purpose_not_real",
        title=_("This purpose does not hold"),
        reason=_("No such case or call is open with you."),
        remedy=_("Check the case or call, and that it has been given to you."),
        status=403,
    )
