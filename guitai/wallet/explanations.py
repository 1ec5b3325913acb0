"""Words for the wallet's refusals, and for the states of its operations."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register

_COUNTER = "/counter/"


def register_explanations() -> None:
    """Called once, when the room is ready."""
    _register_keys()
    _register_money()
    _register_limits()
    _register_new_pin()
    _register_payees()
    _register_outcomes()
    _register_states_out()
    _register_states_in()


def _register_keys() -> None:
    register(
        "idempotency_key_missing",
        title=_("The Idempotency-Key header is missing"),
        reason=_("Without it, a repeated request could move money twice."),
        remedy=_(
            "Send a fresh random key of at most 200 characters with each new wish, and the same key when "
            "you repeat one."
        ),
        status=400,
    )
    register(
        "idempotency_key_reused",
        title=_("This key was used for something else"),
        reason=_("An Idempotency-Key stands for one request; this one came with another content."),
        remedy=_("Use a fresh key for a new request. Nothing has moved."),
        status=422,
    )
    register(
        "idempotency_key_in_flight",
        title=_("The same request is being carried out"),
        reason=_("Its twin has not ended yet."),
        remedy=_("Repeat it with the same key in a few seconds: you get the outcome of the first."),
        status=409,
    )
    register(
        "till_busy",
        title=_("Very many people are paying right now"),
        reason=_("Your request could not be started. Nothing has moved."),
        remedy=_("Try again in a moment with the same key."),
        status=503,
    )
    register(
        "pin_missing",
        title=_("The payment PIN is missing"),
        reason=_("Money moves only with the sender's PIN."),
        remedy=_("Confirm the transfer with your PIN."),
        remedy_url="/transfer/",
        remedy_label=_("Start again"),
    )
    register(
        "terms_changed",
        title=_("Something changed since you looked"),
        reason=_("The fee or the way it would go is no longer what was shown to you. Nothing has moved."),
        remedy=_("Look at the review again and confirm it, or leave it."),
        remedy_url="/transfer/",
        remedy_label=_("Start again"),
        status=409,
    )
    register(
        "note_too_long",
        title=_("The note is too long"),
        reason=_("It may have at most %(maximum)s characters."),
        remedy=_("Shorten the note."),
    )
    register(
        "hold_not_open",
        title=_("This is no longer waiting for a decision"),
        reason=_("It was released, returned or ended by somebody else meanwhile."),
        remedy=_("Reload the page to see how it stands."),
        status=409,
    )
    register(
        "sender_frozen",
        title=_("The sender's wallet is frozen"),
        reason=_("While it is frozen, nothing leaves it, not even what was on its way before."),
        remedy=_("Settle the freeze first. Until then the transfer can only be declined."),
        status=409,
    )


def _register_money() -> None:
    register(
        "insufficient_balance",
        title=_("There is not enough money in your wallet"),
        reason=_("You can spend %(available)s, and this needs %(needed)s: %(short_by)s more."),
        remedy=_("Top up, or send a smaller amount."),
        remedy_url="/top-up/",
        remedy_label=_("Top up"),
    )
    register(
        "batch_refused",
        title=_("None of these payments was made"),
        reason=_(
            "The %(count)s payments were to go together or not at all, and at least one of them was refused."
        ),
        remedy=_("Put right or leave out what was refused, and send the batch with a new key."),
    )
    register(
        "batch_item_refused",
        title=_("Not made: another payment of the same batch was refused"),
        reason=_("These payments go together or not at all, and one of them was refused."),
        remedy=_(
            "Look at the one that was refused, put it right or leave it out, and send the batch with a new key."
        ),
    )
    register(
        "ledger_refused",
        title=_("The books did not accept this"),
        reason=_("The movement would break a rule of the ledger (%(result)s). Nothing has moved."),
        remedy=_("Ask at the counter with the reference shown."),
        remedy_url=_COUNTER,
        remedy_label=_("Go to the counter"),
    )


def _register_limits() -> None:
    register(
        "not_possible_now",
        title=_("This cannot be done right now"),
        reason=_("Nothing was moved."),
        remedy=_("Please try again later, or ask at the counter with the reference shown."),
        remedy_url="/counter/",
        remedy_label=_("Ask at the counter"),
    )
    register(
        "limit_transfer_once",
        title=_("This is more than one transfer may be"),
        reason=_("One transfer may be at most %(limit)s."),
        remedy=_("Send a smaller amount, or several on different days."),
        remedy_url="/transfer/",
        remedy_label=_("Change the amount"),
    )
    register(
        "limit_transfer_day",
        title=_("This is over today's limit"),
        reason=_("You may send %(limit)s a day and have sent %(used)s; %(remaining)s is left."),
        remedy=_("Send at most what is left, or wait until %(resets_at)s."),
        remedy_url="/transfer/",
        remedy_label=_("Change the amount"),
    )
    register(
        "limit_transfer_month",
        title=_("This is over this month's limit"),
        reason=_("You may send %(limit)s a month and have sent %(used)s; %(remaining)s is left."),
        remedy=_(
            "Send at most what is left, or wait until %(resets_at)s. A higher identity tier has higher limits."
        ),
        remedy_url="/transfer/",
        remedy_label=_("Change the amount"),
    )
    register(
        "limit_top_up_once",
        title=_("This is more than one top-up may be"),
        reason=_("One top-up may be at most %(limit)s."),
        remedy=_("Choose a smaller amount."),
        remedy_url="/top-up/",
        remedy_label=_("Change the amount"),
    )
    register(
        "limit_top_up_day",
        title=_("This is over today's limit"),
        reason=_("You may top up %(limit)s a day; %(remaining)s is left."),
        remedy=_("Top up at most what is left, or wait until %(resets_at)s."),
        remedy_url="/top-up/",
        remedy_label=_("Change the amount"),
    )
    register(
        "limit_top_up_month",
        title=_("This is over this month's limit"),
        reason=_("You may top up %(limit)s a month; %(remaining)s is left."),
        remedy=_(
            "Top up at most what is left, or wait until %(resets_at)s. A higher identity tier has higher limits."
        ),
        remedy_url="/top-up/",
        remedy_label=_("Change the amount"),
    )


def _register_new_pin() -> None:
    register(
        "limit_new_pin",
        title=_("Your payment PIN is new"),
        reason=_(
            "A forgotten PIN was replaced a short time ago. Until %(resets_at)s at most %(limit)s a day can leave this "
            "way, so that nobody else can empty the wallet; %(remaining)s is left."
        ),
        remedy=_(
            "Send at most what is left, or wait until then. If it was not you, freeze your wallet at once."
        ),
        remedy_url="/freeze/",
        remedy_label=_("Freeze my wallet"),
    )


def _register_payees() -> None:
    register(
        "payee_is_self",
        title=_("That is your own number"),
        reason=_("Money cannot be sent to yourself."),
        remedy=_("Enter the number of the person you want to pay."),
        remedy_url="/transfer/",
        remedy_label=_("Change the payee"),
    )
    register(
        "payee_cannot_receive",
        title=_("This person cannot receive money right now"),
        reason=_("Nothing has moved. We never tell others about somebody's account, so we cannot say why."),
        remedy=_("Ask the person, or try again later."),
    )
    for code in ("nothing_to_deliver", "nothing_to_close", "top_up_not_payable"):
        register(
            code,
            title=_("There was nothing left to do"),
            reason=_("This operation had already moved on."),
            remedy=_("Look at its timeline to see how it stands."),
            status=409,
        )
    register(
        "top_up_wrong_amount",
        title=_("Another amount was reported"),
        reason=_("%(paid)s was paid where %(expected)s was expected."),
        remedy=_("The payment waits with our staff until it is clear whose it is."),
    )


def _register_outcomes() -> None:
    register(
        "hold_declined",
        title=_("The transfer was declined and the money is back"),
        reason=_("After checking it we did not carry it out. %(returned)s is in your wallet again."),
        remedy=_("If you do not understand why, open a case from this bill: it already has all the facts."),
        remedy_url=_COUNTER,
        remedy_label=_("Go to the counter"),
    )
    register(
        "hold_cancelled",
        title=_("You took this transfer back"),
        reason=_("%(returned)s is in your wallet again."),
        remedy=_("Nothing more needs to be done."),
    )
    register(
        "hold_lapsed",
        title=_("The check took too long and the money is back"),
        reason=_("Nobody decided in time, so %(returned)s is in your wallet again. That was our delay."),
        remedy=_("You can send it again; it may be checked again."),
        remedy_url="/transfer/",
        remedy_label=_("Send again"),
    )
    register(
        "transfer_unclaimed",
        title=_("The transfer has come back"),
        reason=_("It was not taken within the time given, so %(returned)s is in your wallet again."),
        remedy=_("Check the number with the person you wanted to pay, then send again."),
        remedy_url="/transfer/",
        remedy_label=_("Send again"),
    )
    register(
        "top_up_expired",
        title=_("This top-up was not paid in time"),
        reason=_("We have not been told of a payment. Nothing was taken from you by us."),
        remedy=_(
            "If you did pay, wait a little: when the money arrives it is credited, also now, or goes back to whoever "
            "paid. It is never kept. Otherwise start a new top-up."
        ),
        remedy_url="/top-up/",
        remedy_label=_("Top up"),
    )


def _register_states_out() -> None:
    register(
        "transfer_out_succeeded",
        title=_("The money has arrived"),
        reason=_("%(amount)s has arrived with %(counterparty)s."),
        remedy=_("Nothing more needs to be done."),
    )
    register(
        "transfer_out_sent",
        title=_("The money is sent"),
        reason=_(
            "%(amount)s has left your wallet for %(counterparty)s. This is your first transfer to that "
            "number, so it is final only after a day."
        ),
        remedy=_("If it is not taken by %(by)s, it comes back to you by itself."),
    )
    register(
        "transfer_out_held",
        title=_("The transfer is being checked"),
        reason=_("%(amount)s is set aside and has not left us."),
        remedy=_("We decide by %(by)s; otherwise it comes back to you. You can take it back until then."),
    )
    register(
        "transfer_out_returned",
        title=_("The money has come back"),
        reason=_("%(amount)s is in your wallet again."),
        remedy=_("Nothing more needs to be done."),
    )


def _register_states_in() -> None:
    register(
        "transfer_in_succeeded",
        title=_("You have received money"),
        reason=_("%(amount)s from %(counterparty)s is in your wallet."),
        remedy=_("You can spend it now."),
    )
    register(
        "top_up_in_awaiting_payment",
        title=_("Waiting for your payment"),
        reason=_("We have not had word of your payment yet."),
        remedy=_(
            "Pay %(amount)s the way shown (%(counterparty)s), by %(by)s. If you have paid, we usually hear of it "
            "within minutes."
        ),
    )
    register(
        "top_up_in_processing",
        title=_("The payment is being worked on"),
        reason=_("Your payment is on its way to us."),
        remedy=_("There is nothing you need to do."),
    )
    register(
        "top_up_in_unknown",
        title=_("We do not know the outcome yet"),
        reason=_("We have no clear answer yet (%(counterparty)s). We keep asking by ourselves."),
        remedy=_("There is nothing you need to do. We tell you by %(by)s."),
    )
    register(
        "top_up_in_succeeded",
        title=_("The top-up has arrived"),
        reason=_("%(amount)s is in your wallet."),
        remedy=_("You can spend it now."),
    )
