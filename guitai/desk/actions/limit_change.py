"""Let one limit of this customer differ for a while."""

from collections.abc import Mapping
from datetime import timedelta
from typing import cast, get_args

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.desk.actions.base import (
    About,
    Facts,
    Field,
    ServiceAction,
    clean_choice,
    clean_days,
    clean_money,
    money_of,
)
from guitai.wallet import api as wallet
from guitai.wallet.types import Decided, Limited, LimitWindow

_KINDS = {
    "transfer": _("Transfers"),
    "withdrawal": _("Withdrawals"),
    "top_up": _("Top-ups"),
    "payment": _("Payments"),
}
_WINDOWS = {"once": pgettext_lazy("limit", "at once"), "day": _("a day"), "month": _("a month")}


class LimitChange(ServiceAction):
    """Ends by itself; the customer sees it with the other limits."""

    name = "limit_change"
    title = _("Change a limit for this customer")
    does = _("One limit differs until a day you name, then the usual one holds again.")
    told = _("The customer is told; the limit stands under Limits.")
    verb = "wallet.change_limit"
    icon = "gauge"
    proof = 2
    second = "always"

    def fields(self, about: About) -> tuple[Field, ...]:
        return (
            Field("kind", "choice", _("Of what"), tuple(_KINDS.items())),
            Field("window", "choice", _("Counted"), tuple(_WINDOWS.items())),
            Field("amount", "amount", _("New limit")),
            Field("days", "days", _("For how many days"), help=_("1 to 90")),
        )

    def clean(self, about: About, given: Mapping[str, str]) -> Facts:
        return {
            "kind": clean_choice(given, "kind", get_args(Limited)),
            "window": clean_choice(given, "window", get_args(LimitWindow)),
            **clean_money(given),
            "days": clean_days(given),
        }

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        until = now() + timedelta(days=facts["days"])
        kind, window = cast(Limited, facts["kind"]), cast(LimitWindow, facts["window"])
        wallet.change_limit(about.customer, kind, window, money_of(facts), until=until, decided=decided)
        return {"amount": money_of(facts).fact(), "until": until.isoformat(), "kind": kind, "window": window}
