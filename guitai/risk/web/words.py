"""Signals in words, for staff alone."""

from django.utils.translation import gettext as _

from guitai.risk.types import SignalKind


def signal_words(kind: SignalKind) -> tuple[str, str]:
    """What happened, and what to look for."""
    words: dict[SignalKind, tuple[str, str]] = {
        "document_taken": (
            _("Showed a document that confirms somebody else"),
            _(
                "The same document number stands for another wallet. One person with two wallets, a mistyped number, "
                "or somebody who uses another's papers: compare names, numbers and devices."
            ),
        ),
        "account_shared": (
            _("Bound a bank account that another wallet has"),
            _(
                "The same account is, or was, bound elsewhere. One person with two wallets, or several wallets that "
                "pay out to one hand: look at where their money comes from."
            ),
        ),
        "false_agent": (
            _("Said that they speak to nobody while staff asked for a proof"),
            _(
                "Somebody else speaks for this customer, or a colleague asked without being called. Read the case, "
                "and call the customer back on the number we know."
            ),
        ),
    }
    return words[kind]
