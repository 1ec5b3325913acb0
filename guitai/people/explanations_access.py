"""Words for the codes of getting in."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_access() -> None:
    _register_passkeys()
    _register_contacts()


def _register_passkeys() -> None:
    register(
        "passkey_refused",
        title=_("The passkey was not accepted"),
        reason=_("It was made for something else, was used before, is too old, or is not yours."),
        remedy=_("Nothing has happened. Try the passkey again, or use another way."),
    )
    register(
        "too_many_passkeys",
        title=_("That is enough passkeys"),
        reason=_("At most %(max)s passkeys can be kept."),
        remedy=_("Remove one that you no longer use, then add the new one."),
        remedy_url="/me/second-steps/",
        remedy_label=_("See my passkeys"),
    )
    register(
        "proof_missing",
        title=_("One more proof is needed"),
        reason=_("This changes how your wallet is opened, so one proof alone is not enough."),
        remedy=_("Show one of the others you have set up. If you have none, write to us at the counter."),
        remedy_url="/counter/",
        remedy_label=_("Go to the counter"),
    )
    register(
        "link_over",
        title=_("This link no longer works"),
        reason=_("It was used already, or is older than thirty days."),
        remedy=_("If something looks wrong, freeze your wallet now: it can be undone."),
        remedy_url="/freeze/",
        remedy_label=_("Freeze now"),
        status=410,
    )


def _register_contacts() -> None:
    register(
        "email_invalid",
        title=_("That is not an e-mail address"),
        reason=_("It cannot receive a message as it is written."),
        remedy=_("Enter it like name@example.org."),
    )
    register(
        "number_unchanged",
        title=_("This is your present number"),
        reason=_("A change needs another number."),
        remedy=_("Enter the number that you want to use from now on."),
    )
    register(
        "number_change_over",
        title=_("This change of number is over"),
        reason=_("It was finished, cancelled, or left for more than half an hour."),
        remedy=_("Start again if you still want to change your number."),
        remedy_url="/me/number/",
        remedy_label=_("Change my number"),
        status=409,
    )
