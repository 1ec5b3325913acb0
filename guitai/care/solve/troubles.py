"""The ten troubles: what each is about, which operations it can be about, and what helps."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guitai.care.types import Category

TroubleName = Literal[
    "locked", "refused", "top_up", "withdrawal", "wrong_person", "not_me", "stolen", "change_phone", "fees",
    "refund", "goods",
]  # fmt: skip
# Where the answer is found: in an operation, in the person's standing, or on a page of its own.
Source = Literal["operation", "standing", "page"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble. Candidates are operations of these kinds, directions and states within some days."""

    name: TroubleName
    title: Promise
    detail: Promise
    icon: str
    category: Category
    source: Source
    kinds: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    direction: Literal["in", "out", ""] = ""
    within: timedelta = timedelta(days=60)
    topics: tuple[str, ...] = ()
    signed_out: bool = False


TROUBLES: dict[str, Trouble] = {
    trouble.name: trouble
    for trouble in (
        Trouble(
            "locked", _("I cannot sign in, or my wallet is locked"), _("See why, and what opens it again"), "lock",
            "sign_in", "standing", topics=("account-locked", "unlock", "forgot-password"), signed_out=True,
        ),
        Trouble(
            "refused", _("A payment was refused"), _("See the reason, and what you can do"), "circle-x", "refused",
            "operation", states=frozenset({"refused"}), direction="out", topics=("payment-refused", "limits"),
        ),
        Trouble(
            "top_up", _("A top-up has not arrived"), _("See where the money is"), "circle-plus", "top_up", "operation",
            kinds=frozenset({"top_up"}), topics=("top-up-not-arrived", "top-up-bank"),
            states=frozenset({"awaiting_payment", "processing", "unknown", "expired", "failed"}),
        ),
        Trouble(
            "withdrawal", _("A withdrawal failed or is slow"), _("See where it is, and by when it arrives"),
            "circle-minus", "withdrawal", "operation", kinds=frozenset({"withdrawal"}),
            topics=("withdraw-time", "withdraw-failed"),
        ),
        Trouble(
            "wrong_person", _("I sent money to the wrong person"), _("Take it back, or ask for it"), "user-x",
            "transfer", "operation", kinds=frozenset({"transfer"}), direction="out",
            states=frozenset({"held", "sent", "succeeded"}), topics=("transfer-wrong-person",),
        ),
        Trouble(
            "not_me", _("There is a bill that was not me"), _("Stop it, and have it looked at"), "shield-alert",
            "not_me", "operation", direction="out", topics=("suspicious-transaction", "account-stolen"),
        ),
        Trouble(
            "stolen", _("Somebody else is in my wallet"), _("Freeze it first, then we help"), "snowflake",
            "stolen_account", "page", topics=("account-stolen", "freeze"), signed_out=True,
        ),
        Trouble(
            "change_phone", _("I have a new phone number"), _("With the old phone, or without it"), "smartphone",
            "sign_in", "page", topics=("change-phone", "new-device"), signed_out=True,
        ),
        Trouble(
            "fees", _("I do not understand a fee"), _("See what was charged, and why"), "receipt-text", "fees",
            "operation", topics=("fees", "withdraw-fee"),
        ),
        Trouble(
            "refund", _("I want my money back from a shop"), _("See what is possible"), "undo-2", "other", "page",
            topics=("refund", "goods-not-received"),
        ),
        Trouble(
            "goods", _("The goods never came"), _("See what is possible"), "package-x", "other", "page",
            topics=("goods-not-received", "dispute"),
        ),
    )
}  # fmt: skip
