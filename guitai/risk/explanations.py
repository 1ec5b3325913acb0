"""Words for the holds of risk, safe for the customer: no threshold is ever named in them."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_explanations() -> None:
    """Called once, when the room is ready."""
    register(
        "held_new_payee",
        title=_("On hold: first payment to this person"),
        reason=_(
            "You have not paid this person before, and %(amount)s is a large first payment. "
            "The money is set aside and has not reached them."
        ),
        remedy=_(
            "Check through a channel you trust that it is really them. "
            "We look at the payment, and it goes on or comes back; you can ask about it from the bill."
        ),
    )
    register(
        "held_amount_a_day",
        title=_("On hold: more than usual in one day"),
        reason=_(
            "With these %(amount)s you would have sent an unusually large sum today. "
            "The money is set aside and has not reached them."
        ),
        remedy=_(
            "We look at the payment, and it goes on or comes back. If you did not send it, freeze your account now."
        ),
    )
    register(
        "held_count_an_hour",
        title=_("On hold: many payments in a short time"),
        reason=_(
            "This was payment number %(count)s within an hour. The money is set aside and has not reached them."
        ),
        remedy=_(
            "We look at the payment, and it goes on or comes back. If you did not send it, freeze your account now."
        ),
    )
    register(
        "held_under_review",
        title=_("On hold: a security check"),
        reason=_("Before %(amount)s leaves your wallet we check something. The money is set aside and safe."),
        remedy=_(
            "We look at the payment, and it goes on or comes back; you can ask about it from the bill. "
            "Payments to people you have paid before go on as usual."
        ),
    )
    register(
        "signal_decided",
        title=_("Somebody has looked at this already"),
        reason=_("The signal was decided meanwhile."),
        remedy=_("Open the list again."),
    )
    register(
        "signal_reason_missing",
        title=_("The reason is missing"),
        reason=_("Whoever decides on a signal says why."),
        remedy=_("Write a sentence, and decide again."),
    )
