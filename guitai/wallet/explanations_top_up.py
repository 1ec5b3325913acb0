"""Words for what becomes of top-ups by any rail, and for outcomes that are overdue."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_top_up_explanations() -> None:
    """Called once, when the room is ready."""
    _register_overdue()
    _register_choosing()
    _register_failing()
    _register_returns()
    _register_settling()
    _register_paying_back()


def _register_overdue() -> None:
    register(
        "outcome_overdue",
        title=_("The outcome is overdue, and we are looking into it"),
        reason=_(
            "You were to know by %(overdue_since)s, and there is still no clear answer. That is our delay."
        ),
        remedy=_(
            "You need to do nothing: a case has been opened for you, and a person finds out what became of it. "
            "The answer comes into that case."
        ),
        remedy_url="/cases/",
        remedy_label=_("See my cases"),
    )
    register(
        "nothing_overdue",
        title=_("Nothing is overdue here"),
        reason=_("The outcome is known by now, or was not promised by this moment."),
        remedy=_("Look at its timeline to see how it stands."),
        status=409,
    )


def _register_choosing() -> None:
    register(
        "top_up_rail_not_offered",
        title=_("This way to top up is not open to you now"),
        reason=_("It is switched off, does not take this currency, or needs a higher identity tier."),
        remedy=_("Choose one of the ways shown, or raise your identity tier."),
        remedy_url="/top-up/",
        remedy_label=_("Choose another way"),
    )
    register(
        "top_up_below_minimum",
        title=_("This is less than this way takes"),
        reason=_("It takes %(limit)s at least."),
        remedy=_("Enter a larger amount, or choose another way."),
        remedy_url="/top-up/",
        remedy_label=_("Change the amount"),
    )
    register(
        "top_up_above_maximum",
        title=_("This is more than this way takes at once"),
        reason=_("It takes %(limit)s at most."),
        remedy=_("Enter a smaller amount, or choose another way."),
        remedy_url="/top-up/",
        remedy_label=_("Change the amount"),
    )
    register(
        "top_up_terms_changed",
        title=_("The fee changed since you looked"),
        reason=_("It would be %(fee)s now, which is not what was shown to you. Nothing has been started."),
        remedy=_("Look at the review again and confirm it, or leave it."),
        remedy_url="/top-up/",
        remedy_label=_("Start again"),
        status=409,
    )


def _register_failing() -> None:
    register(
        "top_up_in_failed",
        title=_("The payment was not made"),
        reason=_("%(counterparty)s closed it without a payment. Nothing was taken from you by us."),
        remedy=_(
            "Try again, or choose another way. If money has left your account all the same, it is credited when it "
            "arrives, or goes back to you."
        ),
        remedy_url="/top-up/",
        remedy_label=_("Top up"),
    )
    register(
        "top_up_in_returned",
        title=_("The payment was sent back"),
        reason=_("It went back to whoever paid."),
        remedy=_("Start a new top-up if you still want to."),
        remedy_url="/top-up/",
        remedy_label=_("Top up"),
    )


def _register_returns() -> None:
    register(
        "late_payment",
        title=_("It came after the order had ended"),
        reason=_("%(received)s came too late to be credited by the rule in force."),
        remedy=_("It goes back to whoever paid, by itself."),
    )
    register(
        "top_up_returning",
        title=_("The money is being sent back"),
        reason=_(
            "%(received)s came and is on its way back to whoever paid. It is not in your balance, and not lost."
        ),
        remedy=_("There is nothing you need to do. You are told when it is done, by %(by)s at the latest."),
    )
    register(
        "top_up_returned",
        title=_("The money was sent back"),
        reason=_("%(received)s has gone back to whoever paid; a bank may take some days to show it."),
        remedy=_("Start a new top-up if you still want to."),
        remedy_url="/top-up/",
        remedy_label=_("Top up"),
    )
    register(
        "top_up_return_refused",
        title=_("The money could not be sent back yet"),
        reason=_("%(received)s stands safely set aside: it is neither lost nor kept by us."),
        remedy=_("Our staff decide what is done next. You are told by %(by)s; you need to do nothing."),
    )
    register(
        "top_up_payer_asked",
        title=_("Tell us where it should go back to"),
        reason=_(
            "%(received)s came and cannot be credited as ordered. It is set aside, and the bank does not tell us "
            "which account paid it."
        ),
        remedy=_(
            "Choose one of your own bank accounts below. Two of our staff look at it and send it there, by %(by)s."
        ),
    )
    register(
        "top_up_payer_named",
        title=_("Your account is noted, and we look at it"),
        reason=_("%(received)s is set aside. You have named the account that it goes back to."),
        remedy=_("Two of our staff approve it and send it there, by %(by)s. You need to do nothing."),
    )
    register(
        "top_up_paid_otherwise",
        title=_("What you really paid is in your wallet"),
        reason=_(
            "%(received)s came where %(expected)s was expected. It is credited as the top-up %(credited_as)s."
        ),
        remedy=_("Look at that bill; this one is closed."),
        remedy_url="/bills/",
        remedy_label=_("My bills"),
    )


def _register_settling() -> None:
    register(
        "parked_not_open",
        title=_("This payment is settled, or on its way back"),
        reason=_("Somebody else has decided about it meanwhile."),
        remedy=_("Reload the page to see how it stands."),
        status=409,
    )
    register(
        "parked_not_proposed",
        title=_("There is no such proposal"),
        reason=_("Nothing is proposed, or something else than what you looked at."),
        remedy=_("Reload the page, look at what is proposed now, and decide again."),
        status=409,
    )
    register(
        "parked_own_proposal",
        title=_("A second person has to approve this"),
        reason=_("You proposed it yourself, and nobody settles money alone."),
        remedy=_("Ask a colleague to look at it and approve it."),
        status=403,
    )
    register(
        "parked_reason_missing",
        title=_("A reason is missing"),
        reason=_("Whoever approves it, and whoever looks at it in years, must be able to understand it."),
        remedy=_("Say in a sentence why it is to be credited or sent back."),
    )
    register(
        "parked_owner_stopped",
        title=_("This wallet may not receive money now"),
        reason=_("It is closed, or stopped from receiving."),
        remedy=_("Propose to send the payment back, or settle the stop first."),
        status=409,
    )
    register(
        "parked_uncountable",
        title=_("No books are kept in this currency"),
        reason=_(
            "The payment came in a currency that the wallet does not know, so it can only be settled at the bank."
        ),
        remedy=_("Settle it with the bank, and write down in the case what was done."),
        status=409,
    )


def _register_paying_back() -> None:
    register(
        "parked_payer_unknown",
        title=_("Nobody knows yet which account paid"),
        reason=_(
            "This way takes no refunds, so it goes back as a payment; no statement names the account that paid it, and "
            "the customer has named none."
        ),
        remedy=_("Wait for the bank's statement, or ask the customer for an account of their own."),
        status=409,
    )
    register(
        "rail_account_short",
        title=_("The account it would leave from does not hold enough"),
        reason=_("What came in there has been moved on or paid out meanwhile. Nothing has moved now."),
        remedy=_("Fill the account up, or wait until more has come in, and approve it then."),
        status=409,
    )
    register(
        "parked_payer_known",
        title=_("The account that paid is known"),
        reason=_("A line of the bank's statement names it, and it goes back there only."),
        remedy=_("Propose to send it back."),
        status=409,
    )
    register(
        "parked_not_asked",
        title=_("No account is needed here"),
        reason=_(
            "Nothing of this top-up waits to be sent back to an account, or you have named one already."
        ),
        remedy=_("Open the bill to see how it stands."),
        status=409,
    )
    register(
        "return_account_not_usable",
        title=_("This account cannot be used yet"),
        reason=_(
            "%(account)s was added a short while ago; the wait protects you from somebody else's account."
        ),
        remedy=_("Choose another one, or come back when its waiting time is over."),
        status=409,
    )
