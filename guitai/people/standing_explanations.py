"""Words for the codes about standing."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.explain import register


def register_standing_explanations() -> None:
    _register_out()
    _register_word()
    _register_closing()


def _register_out() -> None:
    register(
        "sign_in_locked",
        title=_("Signing in with a password is locked"),
        reason=_(
            "Too many wrong passwords were entered for this number. It opens again by itself at %(until)s. Money "
            "in the wallet is safe, and devices that are signed in stay so."
        ),
        remedy=_("Do not wait: unlock it yourself with a code by SMS, a passkey or a recovery code."),
        remedy_url="/unlock/",
        remedy_label=_("Unlock"),
        status=423,
    )
    register(
        "standing_changed",
        title=_("Something has changed meanwhile"),
        reason=_("What you were about to lift is over, or a newer freeze has taken its place."),
        remedy=_("Look at the standing of your wallet again."),
        remedy_url="/me/standing/",
        remedy_label=_("See what to do"),
        status=409,
    )
    register(
        "cause_unclear",
        title=_("Several things stop this wallet"),
        reason=_("Each is lifted by itself, so that none takes another with it."),
        remedy=_("Name the one you mean."),
        status=409,
    )
    register(
        "release_incomplete",
        title=_("Something is still missing"),
        reason=_("Every step that is listed is needed."),
        remedy=_("Do the steps that are still open."),
        remedy_url="/me/standing/",
        remedy_label=_("See what to do"),
    )
    register(
        "password_unchanged",
        title=_("That is the old password"),
        reason=_("Somebody else may know it by now."),
        remedy=_("Choose one that you have not used here."),
    )
    register(
        "recovery_code_wrong",
        title=_("This recovery code is not right"),
        reason=_("It may be mistyped, or used before: each works once."),
        remedy=_("Enter another one from your list."),
    )
    register(
        "passkey_not_accepted",
        title=_("The passkey was not accepted"),
        reason=_("It was not confirmed in time, or it belongs to another wallet."),
        remedy=_("Try again, or choose another way."),
    )
    register(
        "document_waiting",
        title=_("We are looking at your document already"),
        reason=_("One at a time is looked at."),
        remedy=_("Wait for our answer; we write to you as soon as it is there."),
        status=409,
    )
    register(
        "document_decided",
        title=_("This document has been decided"),
        reason=_("A colleague was faster."),
        remedy=_("Take the next one."),
        status=409,
    )


def _register_word() -> None:
    register(
        "freeze_word_too_simple",
        title=_("This word is too easy to guess"),
        reason=_("It needs six letters or four Chinese characters, is no number and no part of your name."),
        remedy=_("Choose something that you remember even in a fright, and nobody would try."),
    )
    register(
        "freeze_word_wrong",
        title=_("Number and word do not fit together"),
        reason=_("Either the number has no wallet here, or it has no freeze word, or it has another one."),
        remedy=_("Look at both again, or freeze with a code by SMS or with the end of your ID number."),
        remedy_url="/freeze/",
        remedy_label=_("Other ways to freeze"),
    )


def _register_closing() -> None:
    register(
        "closing_stopped",
        title=_("Your wallet cannot be closed yet"),
        reason=_("There is still money in it, or something is on its way."),
        remedy=_("See what remains, take the money out and let the rest arrive."),
        remedy_url="/me/closing/",
        remedy_label=_("See what remains"),
        status=409,
    )
    register(
        "closing_open",
        title=_("Your wallet is being closed already"),
        reason=_("You have asked for it before, and the time to think it over is running."),
        remedy=_("Sign in again if you want to keep it."),
        status=409,
    )
