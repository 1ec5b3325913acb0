"""Words for the refusals of proofs of identity."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_proof_explanations() -> None:
    """Called once, when the room is ready."""
    register(
        "proof_over",
        title=_("This request is over"),
        reason=_("It was answered already, or its ten minutes have passed."),
        remedy=_("Whoever asked can ask again."),
        status=409,
    )
    register(
        "proof_too_often",
        title=_("Asked too often"),
        reason=_("Requests and tries are limited, so that nobody can be pestered or guessed at."),
        remedy=_("Wait a while, then try again."),
        status=429,
    )
    register(
        "proof_method_missing",
        title=_("This way is not set up"),
        reason=_("This customer has no passkey, no payment PIN or no phone number for it."),
        remedy=_("Choose another way."),
        status=409,
    )
    register(
        "proof_code_wrong",
        title=_("This code is not right"),
        reason=_("It was mistyped, used or is too old; after five tries a code is worth nothing."),
        remedy=_("Look at the latest message, or ask for a new code."),
    )
    register(
        "proof_pin_wrong",
        title=_("This PIN is not right"),
        reason=_("Nothing was approved. %(left)s more tries before it is locked."),
        remedy=_("Try again, or choose a new PIN."),
        remedy_url="/me/pin/",
        remedy_label=_("Choose a new PIN"),
    )
    register(
        "proof_pin_locked",
        title=_("Your PIN is locked for a while"),
        reason=_("Too many wrong tries. It opens by itself at %(until)s."),
        remedy=_("Wait, or choose a new PIN."),
        remedy_url="/me/pin/",
        remedy_label=_("Choose a new PIN"),
    )
    register(
        "proof_passkey_refused",
        title=_("The passkey was not accepted"),
        reason=_("It did not answer this request, or too late."),
        remedy=_("Try again, or use your PIN where it is offered."),
    )
    register(
        "proof_phrase_wrong",
        title=_("These are not the words"),
        reason=_("The caller does not see what our customer sees. %(left)s more tries."),
        remedy=_(
            "Ask once more, slowly. If it stays wrong, end the call and write to the customer in the case."
        ),
    )
