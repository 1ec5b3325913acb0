"""Words for withdrawals: what they are refused with, how they stand, and how they ended.

Why a bank did not carry one out has its words with rails, whose codes these are (`payee_name_mismatch` and its like).
"""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register

_WITHDRAW, _ACCOUNTS, _COUNTER = "/withdraw/", "/me/bank-accounts/", "/counter/"


def register_withdrawal_explanations() -> None:
    """Called once, when the room is ready."""
    _register_person()
    _register_account()
    _register_card_payment()
    _register_card_states()
    _register_limits()
    _register_ended()
    _register_took_back()
    _register_states()
    _register_holds()


def _register_person() -> None:
    register(
        "withdrawal_needs_identity",
        title=_("First tell us who you are"),
        reason=_("Withdrawals go only to accounts in your own name, so identity tier %(tier)s is needed."),
        remedy=_("Give the name and number of your identity document: it takes a minute."),
        remedy_url="/me/identity/",
        remedy_label=_("Confirm my identity"),
    )
    register(
        "withdrawal_under_way",
        title=_("It has left already"),
        reason=_("It was handed over and cannot be taken back any more."),
        remedy=_("Wait until it has arrived. If it is sent back, it is in your wallet again."),
        status=409,
    )
    register(
        "recall_over",
        title=_("This recall needs nobody any more"),
        reason=_("The bank has been asked already, or the withdrawal has ended."),
        remedy=_("Look at the list again."),
        status=409,
    )
    register(
        "withdrawal_not_cancellable",
        title=_("There is nothing left to take back"),
        reason=_("This withdrawal has ended."),
        remedy=_("Look at its bill to see how it ended."),
        status=409,
    )
    for code in ("withdrawal_has_ended", "withdrawal_is_further"):
        register(
            code,
            title=_("There was nothing left to do"),
            reason=_("This operation had already moved on."),
            remedy=_("Look at its timeline to see how it stands."),
            status=409,
        )
    for code in ("withdrawal_contradicted", "withdrawal_amount_differs"):
        register(
            code,
            title=_("The bank said something that does not fit"),
            reason=_("What it said cannot be true beside what we know, so nothing was moved."),
            remedy=_("A person looks at it. There is nothing you need to do."),
            status=409,
        )


def _register_account() -> None:
    register(
        "account_not_bound",
        title=_("This account is not one of yours"),
        reason=_("It was removed, or never added. Nothing has moved."),
        remedy=_("Choose one of your accounts, or add this one first."),
        remedy_url=_ACCOUNTS,
        remedy_label=_("My accounts"),
    )
    register(
        "account_not_usable_yet",
        title=_("This account is too new"),
        reason=_(
            "%(account)s was added a short while ago. The wait protects you: had somebody else added it, you would "
            "have time to freeze your wallet."
        ),
        remedy=_("Withdraw to it from %(usable_at)s on, or choose another account now."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Choose another account"),
    )
    register(
        "account_of_another_currency",
        title=_("This account does not take that currency"),
        reason=_("%(account)s cannot receive %(currency)s."),
        remedy=_("Choose another account, or convert the money first."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Choose another account"),
    )
    register(
        "withdrawal_way_not_for_account",
        title=_("This account cannot be reached that way"),
        reason=_("Money does not go to %(account)s by the way that was asked for."),
        remedy=_("Choose one of the ways that are offered for the account."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Choose another way"),
    )
    register(
        "withdrawal_over_way",
        title=_("This way does not carry so much at once"),
        reason=_("The largest amount by this way is %(maximum)s."),
        remedy=_("Withdraw it in several parts, or choose another way or account."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Change the amount"),
    )
    register(
        "withdrawal_too_small",
        title=_("The amount is too small"),
        reason=_("The smallest withdrawal is %(minimum)s."),
        remedy=_("Withdraw more at once."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Change the amount"),
    )
    register(
        "payout_float_short",
        title=_("So much cannot be paid out right now"),
        reason=_(
            "Your money is safe, but the account that we pay out from does not hold enough at this moment. "
            "That is ours to put right; nothing has moved."
        ),
        remedy=_("Try a smaller amount, another way or account, or again in a few hours."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Change the amount"),
    )


def _register_card_payment() -> None:
    """Why nothing, or not so much, goes back to a card that was paid with."""
    others = {"remedy_url": _WITHDRAW, "remedy_label": _("Choose another way out")}
    register(
        "withdrawal_over_card_payment",
        title=_("That is more than can go back to this card"),
        reason=_("Of what you paid with it, %(left)s may still be sent back to it."),
        remedy=_("Withdraw at most %(left)s to it, and the rest another way."),
    )
    register(
        "card_payment_sent_back",
        title=_("All of this card payment has gone back"),
        reason=_("You paid %(paid)s with the card, and so much was sent back to it or is on its way."),
        remedy=_("Choose another card you paid with, or an account of yours."),
        **others,
    )
    register(
        "card_payment_too_old",
        title=_("This card payment is too old"),
        reason=_(
            "Card companies take money back only for a while; for this payment that was until %(until)s."
        ),
        remedy=_("Choose an account of yours, or a card that you paid with lately."),
        **others,
    )
    register(
        "card_payment_disputed",
        title=_("Your bank is looking at this card payment"),
        reason=_("You, or your bank, asked to have it taken back, so it is not sent back a second time."),
        remedy=_("Choose an account of yours. Whatever is unspent and not disputed can leave."),
        **others,
    )


def _register_card_states() -> None:
    register(
        "withdrawal_to_card_processing",
        title=_("On its way back to your card"),
        reason=_("%(amount)s is set aside for %(counterparty)s and leaves as soon as it can."),
        remedy=_("The bank of the card shows it by %(by)s at the latest."),
    )
    register(
        "withdrawal_to_card_succeeded",
        title=_("It has gone back to your card"),
        reason=_("The card company has sent %(amount)s to %(counterparty)s."),
        remedy=_(
            "The bank of the card shows it by %(latest)s at the latest, as a refund of your payment. Should it not be "
            "there then, open a case from this bill."
        ),
    )
    register(
        "withdrawal_to_card_returned",
        title=_("The bank of the card did not keep it"),
        reason=_("%(returned)s is in your wallet again."),
        remedy=_("Withdraw to a bank account of yours, or ask the bank of the card why."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Choose another way out"),
    )


def _register_limits() -> None:
    register(
        "limit_withdrawal_once",
        title=_("This is more than one withdrawal may be"),
        reason=_("One withdrawal may be at most %(limit)s."),
        remedy=_("Withdraw it in several parts. A higher identity tier has higher limits."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Change the amount"),
    )
    register(
        "limit_withdrawal_day",
        title=_("This is over today's limit"),
        reason=_("You may withdraw %(limit)s a day and have withdrawn %(used)s; %(remaining)s is left."),
        remedy=_("Withdraw at most what is left, or wait until %(resets_at)s."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Change the amount"),
    )
    register(
        "limit_withdrawal_month",
        title=_("This is over this month's limit"),
        reason=_("You may withdraw %(limit)s a month and have withdrawn %(used)s; %(remaining)s is left."),
        remedy=_(
            "Withdraw at most what is left, or wait until %(resets_at)s. A higher identity tier has higher limits."
        ),
        remedy_url=_WITHDRAW,
        remedy_label=_("Change the amount"),
    )


def _register_ended() -> None:
    register(
        "withdrawal_out_succeeded",
        title=_("The money is in your account"),
        reason=_("%(amount)s has left for %(counterparty)s, and that is confirmed."),
        remedy=_("Some banks need until the evening to show it. Nothing more needs to be done."),
    )
    register(
        "withdrawal_out_failed",
        title=_("The withdrawal failed"),
        reason=_("It was not carried out. %(returned)s is in your wallet again."),
        remedy=_("Check the account and withdraw again."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Try again"),
    )
    register(
        "withdrawal_out_returned",
        title=_("The money was sent back"),
        reason=_("%(returned)s is in your wallet again."),
        remedy=_("Ask at the receiving bank, or withdraw to another account."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Withdraw again"),
    )


def _register_took_back() -> None:
    register(
        "withdrawal_cancelled",
        title=_("You took this withdrawal back"),
        reason=_("It had not left. %(returned)s is in your wallet again, the fee included."),
        remedy=_("Nothing more needs to be done."),
    )
    register(
        "withdrawal_declined",
        title=_("The withdrawal was declined and the money is back"),
        reason=_("After checking it we did not carry it out. %(returned)s is in your wallet again."),
        remedy=_("If you do not understand why, open a case from this bill: it already has all the facts."),
        remedy_url=_COUNTER,
        remedy_label=_("Go to the counter"),
    )
    register(
        "withdrawal_lapsed",
        title=_("The check took too long and the money is back"),
        reason=_("Nobody decided in time, so %(returned)s is in your wallet again. That was our delay."),
        remedy=_("You can withdraw it again; it may be checked again."),
        remedy_url=_WITHDRAW,
        remedy_label=_("Withdraw again"),
    )
    register(
        "withdrawal_stopped",
        title=_("It was stopped before it left"),
        reason=_("Your wallet was locked or frozen meanwhile, so %(returned)s went back into it."),
        remedy=_("Settle what stops your wallet; then withdraw again."),
        remedy_url="/me/standing/",
        remedy_label=_("See what to do"),
    )
    register(
        "withdrawal_not_possible",
        title=_("It could not be carried out"),
        reason=_("It had not left yet, and %(returned)s is in your wallet again."),
        remedy=_("Please try again later, or ask at the counter with the reference shown."),
        remedy_url=_COUNTER,
        remedy_label=_("Ask at the counter"),
    )


def _register_states() -> None:
    register(
        "withdrawal_out_processing",
        title=_("On its way to your account"),
        reason=_("%(amount)s is set aside for %(counterparty)s and leaves as soon as it can."),
        remedy=_("It arrives by %(by)s at the latest. We tell you when that is confirmed."),
    )
    register(
        "withdrawal_is_late",
        title=_("It takes longer than we promised"),
        reason=_("%(amount)s was to arrive by %(late_since)s, and that is not confirmed yet. We are sorry."),
        remedy=_("Your money is not lost. We now expect it by %(by)s, and tell you either way."),
    )
    register(
        "withdrawal_out_unknown",
        title=_("We do not know yet how it ended"),
        reason=_("%(amount)s was handed over, and we have not been told what became of it. We keep asking."),
        remedy=_("There is nothing you need to do. We tell you by %(by)s, and until then nothing is lost."),
    )


def _register_holds() -> None:
    later = _("We decide by %(by)s; otherwise it comes back to you. You can take it back until then.")
    register(
        "withdrawal_out_held",
        title=_("The withdrawal is being checked"),
        reason=_("%(amount)s is set aside and has not left us."),
        remedy=later,
    )
    register(
        "withdrawal_held_new_payee",
        title=_("On hold: a large amount to a new account"),
        reason=_("%(counterparty)s was added a short while ago, so we look at %(amount)s before it leaves."),
        remedy=later,
    )
    register(
        "withdrawal_held_amount_a_day",
        title=_("On hold: more than usual in one day"),
        reason=_(
            "With these %(amount)s an unusually large sum would leave today. The money is set aside and safe."
        ),
        remedy=later,
    )
    register(
        "withdrawal_held_count_an_hour",
        title=_("On hold: many payments in a short time"),
        reason=_("This was payment number %(count)s within an hour. The money is set aside and safe."),
        remedy=later,
    )
    register(
        "withdrawal_held_under_review",
        title=_("On hold: a security check"),
        reason=_("Before %(amount)s leaves your wallet we check something. The money is set aside and safe."),
        remedy=later,
    )
