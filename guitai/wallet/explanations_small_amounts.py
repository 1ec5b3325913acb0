"""Why the two small amounts that show whose an account is were refused."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_small_amount_explanations() -> None:
    """Called once, when the room is ready."""
    register(
        "small_amounts_off",
        title=_("This account cannot be confirmed with small amounts"),
        reason=_("We cannot send small amounts to it now."),
        remedy=_("You can withdraw to it all the same."),
        status=409,
    )
    register(
        "small_amounts_not_sent",
        title=_("No small amounts are waiting to be told"),
        reason=_("They were never sent, came back, were told wrongly too often, or it was too long ago."),
        remedy=_("Have two new ones sent."),
        status=409,
    )
    register(
        "small_amounts_too_often",
        title=_("Small amounts were sent often enough"),
        reason=_("To one account we send them only a few times within %(days)s days."),
        remedy=_("Wait some days. You can withdraw to the account all the same."),
        status=429,
    )
    register(
        "small_amounts_wrong",
        title=_("These are not the two amounts"),
        reason=_("At least one of them differs. %(left)s more tries."),
        remedy=_("Look them up on the statement of your bank; their order does not matter."),
    )
    register(
        "small_amounts_spent",
        title=_("The amounts were told wrongly too often"),
        reason=_("These two cannot be used any more."),
        remedy=_("Have two new ones sent, and look them up on the statement of your bank."),
        status=409,
    )
    register(
        "account_confirmed_already",
        title=_("This account is confirmed already"),
        reason=_("We know that %(account)s is there and yours."),
        remedy=_("There is nothing left to do."),
        status=409,
    )
