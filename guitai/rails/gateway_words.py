"""Words for what the online gateways (Alipay, WeChat Pay) may say of refunds, transfers and notices."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_gateways() -> None:
    """Called once, when the room is ready."""
    _register_payouts()
    _register_refunds()
    _register_notices()


def _register_payouts() -> None:
    register(
        "payout_funds_short",
        title=_("We could not pay it out at that moment"),
        reason=_(
            "Our own account at the payment company did not hold enough just then. That is our fault, not yours: "
            "the money is back in the wallet."
        ),
        remedy=_("Withdraw again in an hour, or withdraw to a bank account."),
    )
    register(
        "payout_not_confirmed",
        title=_("The transfer was not accepted in time"),
        reason=_(
            "Whoever was to receive it had to confirm it in the payment app. The money is back in the wallet."
        ),
        remedy=_("Withdraw again, and confirm it by the moment that the bill shows."),
    )

    register(
        "payee_cannot_take",
        title=_("The card takes no money this way"),
        reason=_("Its bank does not take payments to cards by UnionPay. The money is back in the wallet."),
        remedy=_("Withdraw to the same card by bank transfer, or to another account."),
    )


def _register_refunds() -> None:
    register(
        "refund_period_over",
        title=_("It is too late for a refund this way"),
        reason=_("The payment company sends money back only for some time after a payment."),
        remedy=_("Withdraw the amount to a bank account instead."),
    )
    register(
        "refund_funds_short",
        title=_("We could not send it back at that moment"),
        reason=_("Our own account at the payment company did not hold enough just then. Nothing has moved."),
        remedy=_("Ask for it again in an hour, or withdraw to a bank account."),
    )
    register(
        "refund_payer_cannot_receive",
        title=_("The payer's account does not take the money back"),
        reason=_(
            "The payment company says that nothing can be paid into the account that paid. Nothing has moved."
        ),
        remedy=_("Tell us at the counter of a bank account in the same name: we send it there."),
    )


def _register_notices() -> None:
    """For staff."""
    register(
        "nothing_paid",
        title=_("A notice that tells of no payment"),
        reason=_(
            "The payment company says what became of an order or a refund (%(event)s). No money arrived by it."
        ),
        remedy=_("Nothing to do."),
    )
    register(
        "payout_told",
        title=_("A notice about a payment out"),
        reason=_("The payment company has news of it (%(event)s), and was asked at once what became of it."),
        remedy=_("Nothing to do."),
    )
