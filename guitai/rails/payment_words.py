"""Words for payments in that were not made. Whatever the reason, no money left the payer for good."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_payments() -> None:
    """Called once, when the room is ready."""
    _register_card()
    _register_payer()
    _register_way()
    _register_back()
    _register_disputes()


def _register_card() -> None:
    register(
        "payment_insufficient",
        title=_("The balance was too low"),
        reason=_("The bank or payment app says that there is not enough in the account that was to pay."),
        remedy=_("Pay by another card or account, or top up a smaller amount."),
    )
    register(
        "payment_card_expired",
        title=_("The card has expired"),
        reason=_("The bank that issued the card says that its time is over."),
        remedy=_("Pay by a card that is valid."),
    )
    register(
        "payment_card_unknown",
        title=_("The card number is not known"),
        reason=_("No bank knows a card of the number that was typed."),
        remedy=_("Compare the number with the card and try again."),
    )
    register(
        "payment_card_blocked",
        title=_("The card cannot be used at present"),
        reason=_("The bank that issued the card does not let it pay just now. It does not tell us why."),
        remedy=_("Ask the bank by the number on the back of the card, or pay by another card."),
    )
    register(
        "payment_card_not_enabled",
        title=_("The card is not enabled for this"),
        reason=_("The bank that issued the card does not let it pay online, or not in this currency."),
        remedy=_("Enable online payments with your bank, or pay by another card."),
    )


def _register_payer() -> None:
    register(
        "payment_not_verified",
        title=_("The payer was not verified"),
        reason=_("A code, a PIN or the card's security code was wrong, or the confirmation was not given."),
        remedy=_("Try again, and confirm in your bank's app or by the code that it sends."),
    )
    register(
        "payment_over_limit",
        title=_("Over the limit of the card or account"),
        reason=_("The bank or payment app lets less than this be paid at once, or in a day."),
        remedy=_("Top up a smaller amount, or raise the limit with your bank."),
    )
    register(
        "payment_declined",
        title=_("The payer's bank declined"),
        reason=_("It said no without a reason that we may pass on. No money has moved."),
        remedy=_("Ask your bank, or pay another way."),
    )
    register(
        "payment_timed_out",
        title=_("It was not paid in time"),
        reason=_("The time for paying this top-up is over. No money has moved."),
        remedy=_("Start a new top-up."),
    )


def _register_way() -> None:
    register(
        "payment_held_by_risk",
        title=_("The payment was held back"),
        reason=_("The payment company's safety rules did not let this payment through."),
        remedy=_("Pay another way, or try again tomorrow."),
    )
    register(
        "payment_not_offered",
        title=_("This way of paying is not open at present"),
        reason=_(
            "The payment company does not take such payments for us just now. That is our matter, not yours."
        ),
        remedy=_("Choose another way to top up."),
    )
    register(
        "payment_failed",
        title=_("The payment was not made"),
        reason=_("The payment company says that it did not work, and not why. No money has moved."),
        remedy=_("Try again, or choose another way to top up."),
    )


def _register_back() -> None:
    """Refunds that were not taken."""
    register(
        "payment_original_differs",
        title=_("The payment does not fit the refund"),
        reason=_(
            "The payment company does not have a payment of this number and amount that can be sent back."
        ),
        remedy=_("Compare payment and amount; what is left of it can be sent back."),
    )
    register(
        "payment_refunded_before",
        title=_("This payment was sent back already"),
        reason=_("The payment company says that nothing of it is left to send back."),
        remedy=_("Look at the refunds of this payment."),
    )


def _register_disputes() -> None:
    """For staff."""
    register(
        "payment_disputed",
        title=_("The payer disputes a payment"),
        reason=_("The cardholder told their bank that they did not want this payment (%(reason)s)."),
        remedy=_("Answer the dispute with what we know of the payment, within the acquirer's time."),
    )
