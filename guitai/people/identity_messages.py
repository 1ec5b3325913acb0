"""What people say about identity, bank accounts and copies of data."""

from django.utils.translation import gettext_lazy as _

from guitai.notify.api import register_kind
from guitai.notify.types import MessageKind

_EVERYWHERE, _IN_APP = frozenset({"in_app", "sms"}), frozenset({"in_app"})


def register_identity_kinds() -> None:
    for name, channels, title, body, url in (
        (
            "people.identity_declared",
            _IN_APP,
            _("Your document is recorded"),
            _("Your name and document number were recorded %(at)s. If this was not you, freeze your wallet."),
            "/me/identity/",
        ),
        (
            "people.identity_approved",
            _EVERYWHERE,
            _("Your identity is confirmed"),
            _("We compared your photos and your document. You have the highest limits now."),
            "/me/identity/",
        ),
        (
            "people.identity_better_photos",
            _EVERYWHERE,
            _("We need better photos"),
            _("A photo could not be read. Your identity page says which one and how to take it."),
            "/me/identity/",
        ),
        (
            "people.identity_refused",
            _EVERYWHERE,
            _("We could not confirm your identity"),
            _("Your identity page says why and what you can do. Your money is where it was."),
            "/me/identity/",
        ),
        (
            "people.identity_ends",
            _EVERYWHERE,
            _("Your document ends soon"),
            _("Your identity document is valid until %(on)s. Give a new one in time, and your limits stay."),
            "/me/identity/",
        ),
        (
            "people.identity_ended",
            _EVERYWHERE,
            _("Your document has ended"),
            _("Your identity document is no longer valid, so your limits are lower. Give a new one."),
            "/me/identity/",
        ),
        (
            "people.account_bound",
            _EVERYWHERE,
            _("A bank account was added"),
            _(
                "The account %(account)s was added %(at)s and can be used from %(usable_at)s. If this was not you, "
                "freeze your wallet at once."
            ),
            "/me/bank-accounts/",
        ),
        (
            "people.account_unbound",
            _EVERYWHERE,
            _("A bank account was removed"),
            _("The account %(account)s was removed %(at)s. If this was not you, freeze your wallet at once."),
            "/me/bank-accounts/",
        ),
        (
            "people.export_ready",
            _IN_APP,
            _("The copy of your data is ready"),
            _("You can fetch it until %(expires_at)s, with your payment PIN or password."),
            "/me/data/",
        ),
    ):
        register_kind(MessageKind(name, channels, title, body, url))
