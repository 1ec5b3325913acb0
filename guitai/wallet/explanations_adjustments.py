"""Words for what the house gives of its own accord, and for limits of one customer."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_adjustment_explanations() -> None:
    """Called once, when the room is ready."""
    _register_told()
    _register_refused()


def _register_told() -> None:
    register(
        "adjusted_goodwill",
        title=_("A credit from us"),
        reason=_("We have put %(amount)s into your wallet because something did not go as it should."),
        remedy=_("You can spend it now. The case it belongs to tells you more."),
    )
    register(
        "adjusted_fee_waiver",
        title=_("A fee was given back"),
        reason=_("%(amount)s of the fee for %(about)s is in your wallet again."),
        remedy=_("You can spend it now."),
    )
    register(
        "adjusted_charged_twice",
        title=_("You had been charged twice"),
        reason=_("The same thing was taken twice, by our mistake. %(amount)s is in your wallet again."),
        remedy=_("You need to do nothing. If a charge is still wrong, answer in your case."),
    )
    register(
        "adjusted_wrong_amount",
        title=_("A wrong amount was put right"),
        reason=_("We had booked a wrong amount. The difference, %(amount)s, is in your wallet."),
        remedy=_("You need to do nothing. If an amount is still wrong, answer in your case."),
    )
    register(
        "adjusted_wrong_fee",
        title=_("A wrong fee was put right"),
        reason=_("A fee was higher than published. The difference, %(amount)s, is in your wallet."),
        remedy=_("You need to do nothing. The published fees are in the help centre."),
    )
    register(
        "adjusted_system_error",
        title=_("A mistake of our system was put right"),
        reason=_("A mistake of ours had cost you %(amount)s. It is in your wallet."),
        remedy=_("You need to do nothing. The case it belongs to tells you more."),
    )


def _register_refused() -> None:
    register(
        "adjustment_reason_unknown",
        title=_("Choose what went wrong"),
        reason=_("A correction says what it corrects; the customer reads it on the bill."),
        remedy=_("Choose one of the reasons."),
    )
    register(
        "adjustment_made_before",
        title=_("This was carried out already"),
        reason=_("One decision moves money once."),
        remedy=_("Look at the timeline of the case: the bill stands there."),
        status=409,
    )
    register(
        "adjustment_owner_stopped",
        title=_("This wallet cannot receive money now"),
        reason=_("It is closed, or receiving is stopped."),
        remedy=_("Look at the account's standing first."),
        status=409,
    )
    register(
        "fee_waiver_no_fee",
        title=_("There is no fee to give back"),
        reason=_(
            "Only the fee of a completed operation of this customer can be given back. "
            "What did not go through gives its fee back by itself."
        ),
        remedy=_("Check the reference of the operation."),
    )
    register(
        "fee_waived_before",
        title=_("This fee was given back already"),
        reason=_("The fee of an operation is given back once."),
        remedy=_("For more than the fee, use a credit and say why."),
        status=409,
    )
    register(
        "fee_waiver_too_much",
        title=_("This is more than the fee"),
        reason=_("The fee of this operation was %(fee)s."),
        remedy=_("Enter at most the fee. For more, use a credit and say why."),
    )
    register(
        "limit_change_time",
        title=_("Until when does it hold?"),
        reason=_("A limit of one customer ends by itself, after at most %(days)s days."),
        remedy=_("Choose a shorter time."),
    )
