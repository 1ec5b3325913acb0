"""Every message that people sends."""

from django.utils.translation import gettext_lazy as _

from guitai.notify.api import register_kind, set_customer_check
from guitai.notify.types import MessageKind
from guitai.people.access import customer_auth
from guitai.people.identity_messages import register_identity_kinds
from guitai.people.messages_access import register_access_kinds
from guitai.people.standing_messages import register_standing_kinds

_SMS, _EVERYWHERE = frozenset({"sms"}), frozenset({"in_app", "sms"})


def register_kinds() -> None:
    _register_codes()
    _register_notices()
    register_identity_kinds()
    register_standing_kinds()
    register_access_kinds()
    set_customer_check(customer_auth)


def _register_codes() -> None:
    for name, body in (
        (
            "people.code",
            _(
                "%(code)s is your code to sign in or sign up, valid for %(minutes)s minutes. Tell "
                "nobody, not even us."
            ),
        ),
        (
            "people.code_freeze",
            _(
                "%(code)s is your code to freeze your wallet, valid for %(minutes)s minutes. Tell "
                "nobody, not even us."
            ),
        ),
        (
            "people.code_release",
            _(
                "%(code)s is your code to unfreeze your wallet, valid for %(minutes)s minutes. "
                "Somebody asks you for it? Hang up."
            ),
        ),
        (
            "people.code_reset",
            _(
                "%(code)s is your code to choose a new password, valid for %(minutes)s minutes. Tell "
                "nobody, not even us."
            ),
        ),
    ):
        register_kind(MessageKind(name, _SMS, _("Your code"), body))
    register_kind(
        MessageKind(
            "people.number_taken",
            _SMS,
            _("You already have a wallet"),
            _(
                "Somebody tried to open a wallet with your number, which already has one. If it was "
                "you, sign in. "
                "If it was not, you need not do anything."
            ),
        )
    )
    register_kind(
        MessageKind(
            "people.number_unknown",
            _SMS,
            _("No wallet with this number"),
            _(
                "Somebody asked for a code for this number, but it has no wallet. If it was you, "
                "check the number "
                "you registered with."
            ),
        )
    )


def _register_notices() -> None:
    for name, title, body, url in (
        (
            "people.frozen_by_self",
            _("Your wallet is frozen"),
            _(
                "You froze your wallet %(at)s. Nothing can be paid or withdrawn; incoming money is "
                "kept. All devices are signed out."
            ),
            "/me/standing/",
        ),
        (
            "people.frozen",
            _("Your wallet is frozen"),
            _(
                "Your wallet was frozen %(at)s. Nothing can be paid or withdrawn; incoming money is "
                "kept. Sign in to see what to do."
            ),
            "/me/standing/",
        ),
        (
            "people.released",
            _("Your wallet works again"),
            _("Your wallet was unfrozen %(at)s. If this was not you, freeze it again at once."),
            "/me/standing/",
        ),
        (
            "people.pin_changed",
            _("Your payment PIN was changed"),
            _("Your payment PIN was changed %(at)s. If this was not you, freeze your wallet at once."),
            "/me/",
        ),
        (
            "people.pin_locked",
            _("Your payment PIN is locked"),
            _(
                "A wrong payment PIN was entered five times. It can be used again from %(until)s. If "
                "this was not you, freeze your wallet."
            ),
            "/me/pin/",
        ),
        (
            "people.password_changed",
            _("Your password was changed"),
            _(
                "Your password was changed %(at)s and all devices were signed out. If this was not "
                "you, freeze your wallet at once."
            ),
            "/me/",
        ),
    ):
        register_kind(MessageKind(name, _EVERYWHERE, title, body, url))
