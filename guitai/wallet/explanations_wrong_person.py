"""Words for money that went to the wrong person."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_wrong_person_explanations() -> None:
    """Give the codes of asking and giving back their words."""
    register(
        "ask_back_not_possible",
        title=_("This cannot be asked back"),
        reason=_("Only a transfer of your own that has left your wallet can be asked back."),
        remedy=_("If it still waits for a check, take it back from its bill. Otherwise ask the counter."),
        status=409,
    )
    register(
        "give_back_not_possible",
        title=_("This cannot be given back from here"),
        reason=_(
            "Only a transfer that has arrived in your wallet can be given back, while its sender has one too."
        ),
        remedy=_("Send the money as an ordinary transfer, or ask the counter."),
        status=409,
    )
