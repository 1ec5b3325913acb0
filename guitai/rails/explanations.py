"""Words for the codes of rails. A parked payment is never lost: it waits in the list of exceptions."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register
from guitai.rails.gateway_words import register_gateways
from guitai.rails.payment_words import register_payments
from guitai.rails.payout_words import register_payouts
from guitai.rails.statement_words import register_statement_refusals


def register_explanations() -> None:
    """Called once, when the room is ready."""
    _register_refusals()
    _register_settings()
    _register_parked()
    _register_unheard()
    register_statement_refusals()
    register_payouts()
    register_gateways()
    register_payments()


def _register_refusals() -> None:
    register(
        "rail_unavailable",
        title=_("The bank cannot be reached right now"),
        reason=_("It did not give an answer that we can rely on. No money has moved."),
        remedy=_("Try again in a few minutes; the same top-up is never started twice."),
        status=503,
    )
    register(
        "rail_declined",
        title=_("The bank declined"),
        reason=_("It understood the request and said no. No money has moved."),
        remedy=_("Check the amount, or choose another way to top up."),
    )
    register(
        "rail_unknown",
        title=_("There is no such way in or out"),
        reason=_("This wallet does not offer it."),
        remedy=_("Choose one of those shown."),
        status=404,
    )
    register(
        "rail_unsupported",
        title=_("This way does not offer that"),
        reason=_("Not every way in works in both directions or can be asked."),
        remedy=_("Choose another way."),
    )
    register(
        "order_conflict",
        title=_("This top-up already exists with another amount"),
        reason=_("A reference names one amount only."),
        remedy=_("Start a new top-up for the new amount."),
        status=409,
    )
    register(
        "return_address_not_ours",
        title=_("That page is not ours"),
        reason=_("A payer is only ever sent back to a page of this wallet."),
        remedy=_("Give the address of one of our own pages."),
    )
    register(
        "refund_conflict",
        title=_("This refund cannot be made like that"),
        reason=_(
            "Its reference stands for another refund, or it is more than was paid, or nothing was paid."
        ),
        remedy=_("Compare it with the payment, then ask for it under a new reference."),
        status=409,
    )
    register(
        "notice_too_large",
        title=_("Too large"),
        reason=_("A notice may be at most %(bytes_max)s bytes."),
        remedy=_("Send one notice for each payment."),
        status=413,
    )


def _register_settings() -> None:
    """Addresses and keys are changed by two people."""
    register(
        "rail_settings_invalid",
        title=_("These settings cannot be used"),
        reason=_("%(field)s: %(problem)s"),
        remedy=_("Correct them and put them in force again."),
    )
    register(
        "rail_settings_changed",
        title=_("Somebody else changed these settings"),
        reason=_("A newer version was put in force while you were editing."),
        remedy=_("Look at the newer version, then change what is still to be changed."),
        status=409,
    )
    register(
        "rail_settings_need_two",
        title=_("This takes two people"),
        reason=_("Addresses, keys and accounts decide where money goes and whose word counts."),
        remedy=_("Propose the change; somebody else with the same permission puts it in force."),
        status=403,
    )
    register(
        "rail_proposal_waits",
        title=_("A change waits already"),
        reason=_("Somebody has proposed a change of this way that nobody has decided about yet."),
        remedy=_("Have it put in force or declined first."),
        status=409,
    )
    register(
        "rail_proposal_over",
        title=_("This proposal is decided"),
        reason=_("It was put in force or declined before."),
        remedy=_("Look at the settings as they are now."),
        status=409,
    )
    register(
        "rail_proposal_own",
        title=_("This is your own proposal"),
        reason=_("Whoever proposes a change of addresses or keys does not put it in force."),
        remedy=_("Ask another supervisor to look at it."),
        status=403,
    )


def _register_parked() -> None:
    """Genuine payments that wait for a person: nothing is lost, nothing has moved."""
    register(
        "wrong_amount",
        title=_("A different amount arrived"),
        reason=_(
            "%(received)s arrived where %(expected)s was expected. Our reconciliation team has it, set aside safely; "
            "it is not yet in the balance."
        ),
        remedy=_(
            "By %(decided_by)s two of our staff credit what arrived or send it back, and you are told. To say which "
            "you want, choose “Help with this” on the bill."
        ),
    )
    register(
        "wrong_currency",
        title=_("Another currency arrived"),
        reason=_(
            "%(received)s arrived where %(expected)s was expected. Our reconciliation team has it, set aside safely; "
            "it is not yet in the balance."
        ),
        remedy=_(
            "By %(decided_by)s two of our staff credit what arrived or send it back, and you are told. To say which "
            "you want, choose “Help with this” on the bill."
        ),
    )
    register(
        "wrong_payee",
        title=_("The payment went to another of our accounts"),
        reason=_("%(received)s arrived, but not on the account that was given for this top-up."),
        remedy=_(
            "By %(decided_by)s two of our staff credit it or send it back, and you are told. To say which you want, "
            "choose “Help with this” on the bill."
        ),
    )
    register(
        "already_paid",
        title=_("A second payment arrived"),
        reason=_("This top-up had been paid before; %(received)s more arrived and is set aside safely."),
        remedy=_(
            "By %(decided_by)s two of our staff credit it as well or send it back, and you are told. To say which "
            "you want, choose “Help with this” on the bill."
        ),
    )
    register(
        "unknown_reference",
        title=_("A payment with a reference that names nothing here"),
        reason=_("%(received)s arrived and is set aside safely until we know whose it is."),
        remedy=_(
            "It is matched by itself as soon as its order appears; otherwise find the payer and match it."
        ),
    )


def _register_unheard() -> None:
    """Messages that say nothing about money, or nothing new: for staff."""
    register(
        "duplicate",
        title=_("The same notice again"),
        reason=_("The payment %(bank_reference)s had been told before. Nothing has moved twice."),
        remedy=_("Nothing to do."),
    )
    register(
        "conflicting_notice",
        title=_("Two notices with one number and different content"),
        reason=_("The notice %(notice)s came again, saying something else. Only the first one counts."),
        remedy=_("Ask the bank which one is right, and compare the statement."),
    )
    register(
        "bad_signature",
        title=_("A notice that is not known to be genuine"),
        reason=_("Its signature does not hold (%(problem)s). Nothing has moved."),
        remedy=_(
            "If the bank did send it, compare its public key and its clock with ours; otherwise ignore it."
        ),
    )
    register(
        "malformed",
        title=_("A genuine notice that cannot be read"),
        reason=_("It does not follow the format: %(problem)s. Nothing has moved."),
        remedy=_("Ask the bank to send it again in the agreed format."),
    )
