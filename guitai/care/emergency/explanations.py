"""Words for the codes of an emergency."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_emergency_explanations() -> None:
    """Called once, when the room is ready."""
    register(
        "emergency_task_unknown",
        title=_("This is not on the list"),
        reason=_("The list of what remains to be done has changed since the page was opened."),
        remedy=_("Open the page again."),
    )
    register(
        "police_receipt_missing",
        title=_("The receipt is not complete"),
        reason=_("Station and number are needed, so that both sides speak of the same report."),
        remedy=_("Copy them from the receipt that the police gave you."),
    )
    register(
        "pack_reason_missing",
        title=_("Say who the pack is for"),
        reason=_("It carries personal data out of the house; the reason stands in the custody log."),
        remedy=_("Write one sentence, such as the station and number of the request."),
    )
