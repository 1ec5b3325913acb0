"""Words for the refusals of the desk."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_explanations() -> None:
    """Give every code of this room its words."""
    register(
        "desk_reason_missing",
        title=_("A reason is needed"),
        reason=_("Whoever looks at a customer's data or decides about money says why. It is recorded."),
        remedy=_("Write the reason in a few words."),
    )
    register(
        "desk_supervisor_needed",
        title=_("A supervisor decides this"),
        reason=_("Your role does not decide about held money."),
        remedy=_("Leave a note in the case and tell a supervisor the reference."),
        status=403,
    )
