"""What people are told when their standing changes, and when something stands around it."""

from django.utils.translation import gettext_lazy as _

from guitai.notify.api import register_kind
from guitai.notify.types import Channel, MessageKind, Text

_BOTH: frozenset[Channel] = frozenset({"in_app", "sms"})
# Whoever has lost the phone still reads mail.
_ALL: frozenset[Channel] = _BOTH | {"email"}
_STANDING, _UNLOCK = "/me/standing/", "/unlock/"


def register_standing_kinds() -> None:
    for name, channels, title, body, url in (
        *_codes(),
        *_locks(),
        *_freezes(),
        *_sleep(),
        *_closing(),
        *_documents(),
    ):
        register_kind(MessageKind(name, channels, title, body, url))


_Row = tuple[str, frozenset[Channel], Text, Text, str | None]


def _locks() -> tuple[_Row, ...]:
    return (
        ("people.sign_in_locked", _ALL, _("Your sign-in is locked"), _(
            "Too many wrong passwords were entered for your number, so signing in is locked until %(until)s. Your "
            "money is safe. Unlock it yourself with a code by SMS or a passkey; no need to wait."), _UNLOCK),
        ("people.sign_in_unlocked", _BOTH, _("Your sign-in works again"), _(
            "Signing in was unlocked %(at)s. If this was not you, freeze your wallet at once."), _STANDING),
        ("people.locked_by_pin", _ALL, _("Paying is locked"), _(
            "Wrong payment PINs were entered again and again. Paying and withdrawing are locked since %(at)s; choose "
            "a new PIN to unlock them. If it was not you, freeze your wallet."), _STANDING),
        ("people.locked", _ALL, _("We need to be sure that it is you"), _(
            "Paying and withdrawing are locked since %(at)s. Open your wallet to see what to do; it takes a minute."),
            _STANDING),
    )  # fmt: skip


def _codes() -> tuple[_Row, ...]:
    return (
        ("people.code_unlock", frozenset({"sms"}), _("Your code"), _(
            "%(code)s is your code to unlock your wallet, valid for %(minutes)s minutes. Somebody asks you for it? "
            "Hang up."), None),
    )  # fmt: skip


def _freezes() -> tuple[_Row, ...]:
    return (
        ("people.frozen_provisionally", _ALL, _("Your wallet is frozen for some hours"), _(
            "Somebody who knows the end of your ID or card number froze your wallet until %(until)s. If it was you, "
            "make it firm with a code or your freeze word. If it was not, unfreeze it at once."), _STANDING),
        ("people.provisional_over", _BOTH, _("Your wallet works again"), _(
            "The freeze for some hours is over since %(at)s. Is your phone still missing? Freeze again."), _STANDING),
        ("people.released_partly", _BOTH, _("One lock is lifted, another remains"), _(
            "Something that stopped your wallet was lifted %(at)s. Something else still stops it: see what remains "
            "to be done."), _STANDING),
        ("people.on_call", frozenset({"sms", "email"}), _("A wallet was frozen without the phone"), _(
            "A customer's wallet was frozen on little proof, until %(until)s. An urgent case waits at the desk."),
            None),
        ("people.on_call_set", frozenset({"sms", "email"}), _("You are on call"), _(
            "From now on you are told here, at any hour, when a customer's wallet is frozen without the phone. "
            "If this is a mistake, write to your supervisor."), None),
        ("people.freeze_word_set", _BOTH, _("Your freeze word was chosen"), _(
            "A freeze word was chosen for your wallet %(at)s. If this was not you, freeze your wallet at once."),
            "/me/freeze-word/"),
    )  # fmt: skip


def _sleep() -> tuple[_Row, ...]:
    return (
        ("people.dormancy_warning", _ALL, _("Your wallet will soon fall asleep"), _(
            "You have not been here for a long time. From %(until)s paying and withdrawing will be stopped until you "
            "come back; your money stays yours. Sign in once, and nothing changes."), "/sign-in/"),
        ("people.asleep", _ALL, _("Your wallet is asleep"), _(
            "You have not been here for a long time, so paying and withdrawing are stopped since %(at)s. Your money is "
            "safe. Sign in and wake it up with your proofs."), _STANDING),
        ("people.woken", _BOTH, _("Your wallet is awake"), _(
            "Your wallet was woken up %(at)s. If this was not you, freeze it at once."), _STANDING),
    )  # fmt: skip


def _closing() -> tuple[_Row, ...]:
    return (
        ("people.closing_asked", _ALL, _("Your wallet will be closed"), _(
            "You asked %(at)s to close your wallet. If you change your mind, or if it was not you, just sign in: that "
            "takes it back."), "/sign-in/"),
        ("people.closing_cancelled", _BOTH, _("Your wallet stays open"), _(
            "The closing of your wallet was taken back %(at)s. Everything works as before."), _STANDING),
        ("people.closing_blocked", _ALL, _("Your wallet could not be closed"), _(
            "Something came in meanwhile, so your wallet stays open. Sign in to see what it is."), "/me/closing/"),
        ("people.closed", _ALL, _("Your wallet is closed"), _(
            "Your wallet is closed since %(at)s. What the law does not make us keep is erased. Thank you for your "
            "trust."), None),
    )  # fmt: skip


def _documents() -> tuple[_Row, ...]:
    return (
        ("people.document_accepted", _BOTH, _("Your document is accepted"), _(
            "We have seen your document. Open your wallet to finish what remains."), _STANDING),
        ("people.document_declined", _BOTH, _("Your document could not be accepted"), _(
            "We could not accept your document. Open your wallet to see why, and show another one."), _STANDING),
    )  # fmt: skip
