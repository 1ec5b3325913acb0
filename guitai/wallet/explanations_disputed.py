"""Words for payments that their sender says somebody else made."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_disputed_explanations() -> None:
    """Give the codes of claims their words."""
    _register_states()
    _register_refused()


def _register_states() -> None:
    why = _(
        "The owner of the sending wallet says that somebody else made payment %(disputed)s. What was unspent of it, "
        "%(amount)s, is set aside and nobody has taken it. You are not accused of anything."
    )
    register(
        "claim_out_processing",
        title=_("A payment you received is disputed"),
        reason=why,
        remedy=_(
            "Tell us what the payment was for; two people decide. Undecided, it is yours again at the deadline."
        ),
        remedy_url="/cases/new/",
        remedy_label=_("Tell us what it was for"),
    )
    register(
        "claim_checked",
        title=_("A sum is being checked"),
        reason=_("%(amount)s is set aside while we check a payment. Nobody has taken it."),
        remedy=_("You need to do nothing. Undecided, it is yours again at the deadline."),
    )
    register(
        "claim_out_succeeded",
        title=_("Given back to the sender"),
        reason=_("Two people decided that %(amount)s had been paid by somebody who was not allowed to."),
        remedy=_("If you do not agree, open a case: somebody who had no part in it looks again."),
        remedy_url="/cases/new/",
        remedy_label=_("Ask for another look"),
    )
    register(
        "claim_in_succeeded",
        title=_("Money that was taken from you is back"),
        reason=_(
            "What was still unspent of a payment that was not yours, %(amount)s, was given back to you."
        ),
        remedy=_("You need to do nothing."),
    )
    for code, reason in (
        ("claim_released", _("Two people decided that %(amount)s is yours. It can be spent again.")),
        ("claim_lapsed", _("Nobody decided in time, so %(amount)s can be spent again. It is yours.")),
    ):
        register(code, title=_("Yours again"), reason=reason, remedy=_("You need to do nothing."))


def _register_refused() -> None:
    register(
        "claim_not_possible",
        title=_("This payment cannot be held"),
        reason=_(
            "Only a transfer that has arrived in a wallet here can be; "
            "on its sender's word alone only while it is fresh."
        ),
        remedy=_(
            "Our staff look at it in your case. What has not arrived yet can be stopped in another way."
        ),
        status=409,
    )
    register(
        "claim_nothing_unspent",
        title=_("Nothing of it is left there"),
        reason=_("The receiving wallet has spent or withdrawn what it got."),
        remedy=_("It is asked for back, and the police pack shows where it went."),
        status=409,
    )
    register(
        "claim_made_before",
        title=_("This payment is disputed already"),
        reason=_("A payment is held once."),
        remedy=_("Its state stands beside it."),
        status=409,
    )
    register(
        "claim_not_open",
        title=_("This was decided already"),
        reason=_("It has an end, or its deadline has passed."),
        remedy=_("Look at its state."),
        status=409,
    )
    register(
        "claim_not_proposed",
        title=_("Nobody has proposed this"),
        reason=_("One person proposes a verdict and another one approves exactly that."),
        remedy=_("Read the page again: a colleague may have changed the proposal."),
        status=409,
    )
    register(
        "claim_own_proposal",
        title=_("Another person decides"),
        reason=_("Whoever proposes a verdict does not approve it."),
        remedy=_("Ask a colleague who may decide."),
        status=403,
    )
    register(
        "claim_reason_missing",
        title=_("Say why"),
        reason=_("A verdict without its reason cannot be checked later."),
        remedy=_("Write one sentence."),
    )
    register(
        "claim_owner_stopped",
        title=_("The wallet it would go back to cannot receive"),
        reason=_("It is closed, or receiving is stopped."),
        remedy=_("Look at that wallet's standing first."),
        status=409,
    )
