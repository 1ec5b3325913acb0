"""Words for what reconciliation refuses, and for where a top-up is that has not arrived."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_reconciliation_explanations() -> None:
    """Called once, when the room is ready."""
    _register_items()
    _register_targets()
    _register_closes()
    _register_found()
    _register_causes()


def _register_items() -> None:
    register(
        "receipt_not_open",
        title=_("This line is settled already"),
        reason=_("Somebody else was faster, or its money is on its way back."),
        remedy=_("Go back to the queue: it shows what is still open."),
        status=409,
    )
    register(
        "receipt_not_proposed",
        title=_("This is not what was proposed"),
        reason=_("Nothing is proposed for this line, or something else than you have looked at."),
        remedy=_("Look at the line again, and approve what stands there now."),
        status=409,
    )
    register(
        "receipt_own_proposal",
        title=_("You proposed this yourself"),
        reason=_("What one person proposes, another one approves."),
        remedy=_("Ask a colleague who may approve."),
        status=403,
    )
    register(
        "receipt_reason_missing",
        title=_("The reason is missing"),
        reason=_("Whoever approves, and whoever asks later, has to know why."),
        remedy=_("Say it in a sentence."),
    )
    register(
        "receipt_action_not_possible",
        title=_("This cannot be done with this line"),
        reason=_("It is not the kind of line for it, or the books do not hold the money for it."),
        remedy=_("Choose something else."),
    )


def _register_targets() -> None:
    register(
        "receipt_target_unknown",
        title=_("Nobody and nothing is found under that"),
        reason=_("There is no such operation, or no customer with that number."),
        remedy=_("Check the reference or the phone number."),
    )
    register(
        "receipt_target_unfit",
        title=_("That operation does not wait for this money"),
        reason=_(
            "It has another amount or currency, is settled already, or its movement belongs to another line."
        ),
        remedy=_("Choose another operation, or credit the customer instead."),
    )
    register(
        "receipt_payer_unknown",
        title=_("The bank did not say where it came from"),
        reason=_("Without the payer's name and account there is nowhere to send it back to."),
        remedy=_("Ask the bank for the payer, or find the customer it was for."),
    )
    register(
        "receipt_owner_stopped",
        title=_("This wallet may not receive"),
        reason=_("It is closed or stopped, so nothing can be credited to it."),
        remedy=_("Send the money back to its payer."),
    )


def _register_closes() -> None:
    register(
        "close_signed",
        title=_("This day is signed"),
        reason=_("The figures of a signed day never change."),
        remedy=_("What comes later counts in the next day."),
        status=409,
    )
    register(
        "close_not_prepared",
        title=_("Nobody has looked at this day yet"),
        reason=_("One person looks at the items, then another one signs."),
        remedy=_("Look at the items and confirm that you have; a colleague signs."),
        status=409,
    )
    register(
        "close_own_work",
        title=_("You prepared this day yourself"),
        reason=_("A day is signed by somebody else than the person who looked at its items."),
        remedy=_("Ask a colleague who may sign."),
        status=403,
    )
    register(
        "close_note_missing",
        title=_("Say what the difference is"),
        reason=_("A part of it is not explained, and whoever signs has to know what is being done about it."),
        remedy=_("Write a sentence."),
    )
    register(
        "close_day_not_over",
        title=_("This day is not over yet"),
        reason=_("Its figures can still change."),
        remedy=_("Close it tomorrow."),
    )


def _register_found() -> None:
    register(
        "not_arrived_solved",
        title=_("Found, and credited to you just now"),
        reason=_("Your payment had arrived without a reference that we could read."),
        remedy=_(
            "The money is in your wallet. Next time, copy the reference exactly as shown: it arrives by itself."
        ),
    )
    register(
        "not_arrived_arrived",
        title=_("It is in your wallet already"),
        reason=_("A top-up of this amount was credited at %(at)s."),
        remedy=_("Look at the bill. If you paid twice, tell us the amount and time of the other payment."),
    )
    register(
        "not_arrived_platform_fault",
        title=_("Our fault: a message was lost on our side"),
        reason=_("The bank has your payment, and its message to us did not arrive."),
        remedy=_("You need to do nothing. It is credited from the bank's statement."),
    )
    register(
        "not_arrived_being_checked",
        title=_("Your payment is here and is being checked"),
        reason=_("It came in and stands safely aside for you."),
        remedy=_("You need to do nothing now. The bill says how it goes on."),
    )


def _register_causes() -> None:
    register(
        "not_arrived_wrong_reference",
        title=_("It came with another reference"),
        reason=_("A payment of this amount came whose reference is nearly yours. A person compares them."),
        remedy=_("Send us the bank's slip with a case: that settles it fastest."),
    )
    register(
        "not_arrived_different_amount",
        title=_("Another amount came"),
        reason=_("You ordered %(expected)s, and %(received)s came. It stands safely aside for you."),
        remedy=_("Tell us with a case whether to credit it or to send it back."),
    )
    register(
        "not_arrived_paid_by_another",
        title=_("It was paid from somebody else's account"),
        reason=_("The payment for your order came from an account that is not in your name."),
        remedy=_(
            "Tell us with a case who paid for you. Until then it stands safely aside, or goes back to its payer."
        ),
    )
    register(
        "not_arrived_bank_delay",
        title=_("The bank has not told us yet"),
        reason=_("The bank's statement for the day on which you paid (%(paid_on)s) is not here yet."),
        remedy=_(
            "It is here by %(by)s. What is on it is credited by itself; you need to do nothing until then."
        ),
    )
    register(
        "not_arrived_unpaid",
        title=_("No such payment has reached us"),
        reason=_("On the bank's statements since %(paid_on)s there is none of this amount that is yours."),
        remedy=_(
            "Check amount, day and account with your bank: was it booked, and to the account and reference shown? "
            "If it was, open a case with the bank's slip."
        ),
    )
