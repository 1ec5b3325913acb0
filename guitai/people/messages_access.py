"""Messages about getting in: codes for addresses, and notices when something about it changed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guitai.notify.api import register_kind
from guitai.notify.types import Channel, MessageKind

_SMS: frozenset[Channel] = frozenset({"sms"})
_MAIL: frozenset[Channel] = frozenset({"email"})
_LOUD: frozenset[Channel] = frozenset({"in_app", "sms", "email"})
_QUIET: frozenset[Channel] = frozenset({"in_app"})


def register_access_kinds() -> None:
    _codes()
    _sign_ins()
    _authenticators()
    _contacts()
    _reviews()


def _notice(name: str, title: Any, body: Any, url: str, channels: frozenset[Channel] = _LOUD) -> None:
    register_kind(MessageKind(f"people.{name}", channels, title, body, url))


def _codes() -> None:
    for name, channels, body in (
        (
            "step",
            _SMS,
            _(
                "%(code)s is your code to show that it is you, valid for %(minutes)s minutes. Tell nobody, not even us."
            ),
        ),
        (
            "step_mail",
            _MAIL,
            _(
                "%(code)s is your code to show that it is you, valid for %(minutes)s minutes. Tell nobody, not even us."
            ),
        ),
        (
            "number_old",
            _SMS,
            _(
                "%(code)s is your code to move your wallet to another number, valid for %(minutes)s minutes. "
                "Somebody asks you for it? Hang up."
            ),
        ),
        (
            "number_new",
            _SMS,
            _("%(code)s is your code to move your wallet to this number, valid for %(minutes)s minutes."),
        ),
        (
            "mail_new",
            _MAIL,
            _("%(code)s is your code to confirm this e-mail address, valid for %(minutes)s minutes."),
        ),
    ):
        register_kind(MessageKind(f"people.code_{name}", channels, _("Your code"), body))
    register_kind(
        MessageKind(
            "people.number_wanted",
            _SMS,
            _("This number already has a wallet"),
            _(
                "Somebody wants to move another wallet to your number, which has one of its own. If it was you, close "
                "one of them first. If it was not, you need not do anything."
            ),
        )
    )


def _sign_ins() -> None:
    register_kind(
        MessageKind(
            "people.new_sign_in",
            _LOUD,
            _("New sign-in to your wallet"),
            _(
                "Signed in %(at)s: %(device)s, %(place)s. Not you? Open this link, one tap signs it out and freezes "
                "your wallet: %(link)s"
            ),
            "%(path)s",
        )
    )


def _authenticators() -> None:
    page = "/me/second-steps/"
    freeze = _("If this was not you, freeze your wallet at once.")
    for name, title, body in (
        ("totp_set", _("Authenticator app set up"), _("An authenticator app was set up %(at)s.")),
        ("totp_removed", _("Authenticator app removed"), _("Your authenticator app was removed %(at)s.")),
        ("passkey_added", _("Passkey added"), _("A passkey was added to your wallet %(at)s.")),
        ("passkey_removed", _("Passkey removed"), _("A passkey of your wallet was removed %(at)s.")),
        (
            "second_step_off",
            _("Fewer second steps"),
            _("Sign-ins ask for a second step less often since %(at)s."),
        ),
    ):
        _notice(name, title, _Joined(body, freeze), page)
    made = _("New recovery codes were made %(at)s. The old ones no longer work.")
    _notice("recovery_codes_made", _("New recovery codes"), _Joined(made, freeze), page, _QUIET)
    on = _("Every sign-in asks for a second step since %(at)s.")
    _notice("second_step_on", _("Second step at every sign-in"), on, page, _QUIET)


def _contacts() -> None:
    for name, title, body, url in (
        (
            "email_changed",
            _("Your e-mail address was changed"),
            _(
                "The e-mail address of your wallet was changed %(at)s. If this was not you, freeze your wallet at once."
            ),
            "/me/email/",
        ),
        (
            "number_change_waiting",
            _("Your number is about to change"),
            _(
                "Somebody who showed another proof of yours asked to move your wallet to another number. It changes "
                "%(due)s. Not you? Open this link to stop it: %(link)s"
            ),
            "/me/number/",
        ),
        (
            "number_change_cancelled",
            _("Your number stays"),
            _("The change of your phone number was cancelled %(at)s."),
            "/me/number/",
        ),
        (
            "number_changed",
            _("Your number was changed"),
            _(
                "Your wallet was moved to the number %(number)s %(at)s. If this was not you, freeze your wallet at "
                "once."
            ),
            "/me/number/",
        ),
    ):
        _notice(name, title, body, url)


def _reviews() -> None:
    page = "/me/security/"
    _notice(
        "pin_replaced",
        _("A new payment PIN in place of a forgotten one"),
        _(
            "A forgotten payment PIN was replaced %(at)s. For a while only small amounts can leave your wallet. If "
            "this was not you, freeze your wallet at once."
        ),
        "/me/limits/",
    )
    _notice(
        "pin_ended",
        _("Choose a new payment PIN"),
        _("Your payment PIN was ended in your case. Nobody knows it; choose a new one before you pay again."),
        "/me/pin/",
    )
    _notice(
        "review",
        _("Your monthly safety review"),
        _("Look once at where you are signed in and what happened lately. It takes a minute."),
        page,
        _QUIET,
    )
    _notice(
        "review_weak",
        _("Your monthly safety review"),
        _("Something that protects your wallet is missing (%(number)s). Each takes a minute to mend."),
        page,
        _QUIET,
    )
    _notice(
        "password_old",
        _("Time for a new password"),
        _("Your password is older than %(days)s days. Choose a new one when it suits you."),
        "/me/password/",
        _QUIET,
    )


class _Joined:
    """Two sentences as one text, in whatever language is active when it is read."""

    def __init__(self, *parts: Any) -> None:
        self._parts = parts

    def __str__(self) -> str:
        return " ".join(str(part) for part in self._parts)

    def __mod__(self, facts: Any) -> str:
        return str(self) % facts
