"""Words for payouts that are refused, rejected or came back. In each of these the money is the customer's again."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_payouts() -> None:
    """Called once, when the room is ready."""
    _register_refusals()
    _register_payee()
    _register_card()
    _register_bank()


def _register_refusals() -> None:
    register(
        "payout_unwritable",
        title=_("The bank cannot carry this name"),
        reason=_("The name has letters that bank transfers have no form for. No money has moved."),
        remedy=_("Enter the name in Latin letters, as it stands on the bank card."),
    )
    register(
        "payout_unknown",
        title=_("There is no such payment"),
        reason=_("No payment to a bank carries this reference."),
        remedy=_("Check the reference and try again."),
        status=404,
    )
    register(
        "payout_under_way",
        title=_("It is already on its way"),
        reason=_("The payment was handed to the bank and cannot be cancelled any more."),
        remedy=_("Wait until it has arrived, or ask at the counter with the reference shown."),
        status=409,
    )


def _register_payee() -> None:
    """What the payee's side is about, and the customer can put right."""
    register(
        "payee_account_wrong",
        title=_("The account does not exist"),
        reason=_("There is no account of this number, or it does not belong to this name."),
        remedy=_("Compare the number with your card or app, bind the account again, and withdraw once more."),
    )
    register(
        "payee_account_closed",
        title=_("The bank account is closed"),
        reason=_("The bank says that this account has been closed. The money is back in the wallet."),
        remedy=_("Bind an account that is open, and withdraw to it."),
    )
    register(
        "payee_account_blocked",
        title=_("The account does not take money at present"),
        reason=_("Nothing can be paid into this account now. The money is back in the wallet."),
        remedy=_("Ask whoever keeps it for you why, or withdraw to another account."),
    )
    register(
        "payee_name_mismatch",
        title=_("The name does not match the account"),
        reason=_(
            "This account is kept under another name. The money is back in the wallet: "
            "withdrawals go only to accounts in your own name."
        ),
        remedy=_("Bind an account in your own name, written exactly as your bank, or Alipay, writes it."),
    )
    register(
        "payee_bank_wrong",
        title=_("The bank could not be found"),
        reason=_("The number of the bank or of its branch is wrong. The money is back in the wallet."),
        remedy=_("Choose the bank again in your bound accounts, and withdraw once more."),
    )
    register(
        "payout_sent_back_by_payee",
        title=_("It was sent back"),
        reason=_("The receiver or the receiver's bank sent the money back. It is in the wallet again."),
        remedy=_("Ask at the receiving bank, or withdraw to another account."),
    )


def _register_card() -> None:
    """What stands against money going back to a card that was paid with."""
    register(
        "payee_card_closed",
        title=_("The card does not take money any more"),
        reason=_("Its bank says that the card is closed, replaced or lost. The money is back in the wallet."),
        remedy=_("Withdraw to a bank account of yours instead."),
        remedy_url="/withdraw/",
        remedy_label=_("Choose another way out"),
    )
    register(
        "payee_card_declined",
        title=_("The card's bank did not take the money"),
        reason=_("Banks need not say why. The money is back in the wallet."),
        remedy=_("Ask the bank of the card, or withdraw to a bank account of yours."),
        remedy_url="/withdraw/",
        remedy_label=_("Choose another way out"),
    )
    register(
        "payout_payment_disputed",
        title=_("This card payment is disputed"),
        reason=_(
            "The card's bank was asked to take this payment back, so nothing more of it can be sent to the card. The "
            "money is back in the wallet."
        ),
        remedy=_("Withdraw to a bank account of yours, or ask at the counter about the dispute."),
        remedy_url="/withdraw/",
        remedy_label=_("Choose another way out"),
    )
    register(
        "payout_payment_used_up",
        title=_("No more of this card payment can go back"),
        reason=_("The card company says that it was sent back already. The money is back in the wallet."),
        remedy=_("Look at your card's statement, and withdraw the rest to a bank account of yours."),
        remedy_url="/withdraw/",
        remedy_label=_("Choose another way out"),
    )
    register(
        "payment_used_up",
        title=_("Not so much of this payment is left"),
        reason=_("More would go back than was paid, so nothing was moved."),
        remedy=_("Look at what is left of it, and choose a smaller amount."),
        status=409,
    )


def _register_bank() -> None:
    """What only the banks can change."""
    register(
        "payout_over_bank_limit",
        title=_("The amount is over the limit for one payment"),
        reason=_("No single amount of this size is taken. The money is back in the wallet."),
        remedy=_("Withdraw it in smaller amounts, or on several days."),
    )
    register(
        "payout_currency_not_taken",
        title=_("This currency cannot be paid out"),
        reason=_("No account takes or sends %(currency)s this way."),
        remedy=_("Choose another account, or convert the amount to another currency first."),
    )
    register(
        "payout_duplicate",
        title=_("The bank took it for a second copy"),
        reason=_("The bank had already received an order like this one, and did not carry it out twice."),
        remedy=_(
            "Look at your bank account: if nothing arrived, ask at the counter with the reference shown."
        ),
    )
    register(
        "payout_not_taken",
        title=_("The receiving bank did not take the payment"),
        reason=_("Banks need not say why. The money is back in the wallet."),
        remedy=_("Ask at the receiving bank, or withdraw to another account."),
    )
    register(
        "payout_failed_at_bank",
        title=_("It failed on its way"),
        reason=_("It has nothing to do with you or your account. The money is back in the wallet."),
        remedy=_("Withdraw again; if it fails once more, ask at the counter with the reference shown."),
    )
    register(
        "payout_not_possible",
        title=_("It could not be paid out"),
        reason=_("No reason was given. The money is back in the wallet."),
        remedy=_("Check the bound account and withdraw again, or ask at the counter."),
    )
