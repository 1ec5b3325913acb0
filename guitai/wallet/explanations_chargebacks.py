"""Words for top-ups that somebody disputes at their bank."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_chargeback_explanations() -> None:
    """Called once, when the room is ready."""
    register(
        "chargeback_out_processing",
        title=_("A top-up of yours is disputed at the bank"),
        reason=_(
            "Whoever the card belongs to told their bank that the payment for %(disputed)s was not right. What is left "
            "of it, %(amount)s, is set aside and nobody has taken it. You are not accused of anything."
        ),
        remedy=_(
            "We have opened a case for you: tell us there whether you paid it yourself, so that we can answer the "
            "bank. It decides by %(by)s at the latest; undecided, the money is yours again."
        ),
        remedy_url="/cases/",
        remedy_label=_("See my cases"),
    )
    register(
        "chargeback_out_succeeded",
        title=_("The bank took the payment back"),
        reason=_("It decided that the payment for %(disputed)s was not right, and took %(amount)s from us."),
        remedy=_(
            "If you do not agree, ask the bank of that card first; in your case we tell you what it said."
        ),
        remedy_url="/cases/",
        remedy_label=_("See my cases"),
    )
    register(
        "chargeback_nothing_unspent",
        title=_("There is nothing left to set aside"),
        reason=_("The money of the disputed payment is spent, so nothing of it can be held."),
        remedy=_("Follow the case: it says what the bank decides."),
    )
    for code, reason in (
        (
            "chargeback_won",
            _("The bank decided that the payment for %(disputed)s was right. %(amount)s is yours."),
        ),
        (
            "chargeback_lapsed",
            _("The bank has not decided in time, so %(amount)s can be spent again. It is yours."),
        ),
    ):
        register(code, title=_("Yours again"), reason=reason, remedy=_("You need to do nothing."))
