"""Words for the codes of people."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register
from guitai.people.explanations_access import register_access
from guitai.people.identity_explanations import register_identity_explanations
from guitai.people.standing_explanations import register_standing_explanations


def register_explanations() -> None:
    _register_getting_in()
    _register_pin()
    register_identity_explanations()
    register_access()
    _register_standing()
    register_standing_explanations()


def _register_getting_in() -> None:
    register(
        "phone_invalid",
        title=_("That is not a mobile number"),
        reason=_("The number cannot receive an SMS as it is written."),
        remedy=_("Enter it like 138 0013 8000, or with its country code like +44 7700 900123."),
    )
    register(
        "code_wrong",
        title=_("The code is not right"),
        reason=_("It may be mistyped, used before, or older than ten minutes."),
        remedy=_("Enter the six digits of the newest message, or ask for a new code."),
    )
    register(
        "identity_number_wrong",
        title=_("The document number is not right"),
        reason=_("It is the whole number of the document that confirms who you are here."),
        remedy=_("Enter it again, or choose another way to show that it is you."),
    )
    register(
        "password_wrong",
        title=_("The password is not right"),
        reason=_("It is the password you sign in with, not the payment PIN."),
        remedy=_("Enter it again, or choose a new one by SMS."),
        remedy_url="/sign-in/forgotten/",
        remedy_label=_("Forgotten password"),
    )
    register(
        "password_too_weak",
        title=_("This password is too weak"),
        reason=_("It is too short, too common or easy to guess."),
        remedy=_("Put three or four words together that do not belong together."),
    )
    register(
        "sign_in_refused",
        title=_("These do not fit together"),
        reason=_("The address, the password or the code is not right."),
        remedy=_("Enter them again."),
        status=401,
    )
    register(
        "name_missing",
        title=_("A name is needed"),
        reason=_("It is what people who pay you look for."),
        remedy=_("Enter your name as it stands in your ID document."),
    )
    register(
        "already_registered",
        title=_("This number already has a wallet"),
        reason=_("You have shown that the number is yours, and it was registered before."),
        remedy=_("Sign in with it."),
        remedy_url="/sign-in/",
        remedy_label=_("Sign in"),
        status=409,
    )
    register(
        "email_taken",
        title=_("This address is in use"),
        reason=_("Another member of staff signs in with it."),
        remedy=_("Use another address."),
        status=409,
    )


def _register_pin() -> None:
    register(
        "pin_wrong",
        title=_("The payment PIN is not right"),
        reason=_("Nothing was paid. You have %(attempts_left)s tries left before it is locked."),
        remedy=_("Enter your six digits again. If you forgot them, choose new ones."),
        remedy_url="/me/pin/forgotten/",
        remedy_label=_("Choose a new PIN"),
    )
    register(
        "pin_locked",
        title=_("Your payment PIN is locked"),
        reason=_("It was entered wrongly five times. It can be used again from %(until)s."),
        remedy=_("Wait until then, or choose a new PIN. Was it somebody else? Freeze your wallet."),
        remedy_url="/me/pin/forgotten/",
        remedy_label=_("Choose a new PIN"),
        status=423,
    )
    register(
        "pin_not_set",
        title=_("You have no payment PIN yet"),
        reason=_("Every payment is confirmed with six digits that only you know."),
        remedy=_("Choose your payment PIN, then pay."),
        remedy_url="/me/pin/",
        remedy_label=_("Choose a PIN"),
    )
    register(
        "pin_in_document",
        title=_("Choose another payment PIN first"),
        reason=_(
            "Your payment PIN is a birthday or the end of a number that stands in this document. Whoever holds the "
            "document could pay with it."
        ),
        remedy=_("Choose six other digits, then come back here. Nothing has been sent."),
        remedy_url="/me/pin/",
        remedy_label=_("Change my PIN"),
    )
    register(
        "pin_too_simple",
        title=_("This PIN is too easy to guess"),
        reason=_(
            "Six digits that do not repeat, do not run like 123456, are no birthday and are not part of your number."
        ),
        remedy=_("Choose six other digits."),
    )


def _register_standing() -> None:
    register(
        "frozen",
        title=_("Your wallet is frozen"),
        reason=_(
            "Paying and withdrawing have been stopped since %(since)s. Your money is safe and incoming money is kept."
        ),
        remedy=_("See why, and what remains to be done."),
        remedy_url="/me/standing/",
        remedy_label=_("See what to do"),
        status=423,
    )
    register(
        "release_needs_proof",
        title=_("The customer lifts this"),
        reason=_("What somebody stopped themselves, they open again by proofs of their own."),
        remedy=_(
            "Tell the customer where: Me, Standing. Who has no proof left can show an identity document there."
        ),
    )
    register(
        "release_needs_staff",
        title=_("We have to look at this together"),
        reason=_("This freeze cannot be lifted by yourself."),
        remedy=_("Write to us at the counter; the case already carries what we know."),
        remedy_url="/counter/",
        remedy_label=_("Go to the counter"),
        status=403,
    )
