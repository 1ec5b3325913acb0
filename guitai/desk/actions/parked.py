"""A payment that came and did not fit: credit what came, or send it back. Proposed here, approved by another there."""

from collections.abc import Mapping
from typing import Literal, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, Field, ServiceAction, clean_choice
from guitai.desk.errors import ActionStale
from guitai.wallet import api as wallet
from guitai.wallet.types import Decided, ParkedView


class Parked(ServiceAction):
    """The wallet has its own two persons for this: the proposal waits for the second one under Reconciliation."""

    name = "parked"
    title = _("Refund or credit a payment that did not fit")
    does = _("Proposes to send the payment back, or to credit what really came. Another person approves it.")
    told = _("The customer is told when it is credited or sent back.")
    verb = "wallet.propose_parked"
    icon = "undo-2"
    tells = False

    def missing(self, about: About) -> str:
        return "" if _open(about) else "action_nothing_parked"

    def fields(self, about: About) -> tuple[Field, ...]:
        payments = tuple((str(one.id), f"{one.amount or '–'} · {one.bank_reference}") for one in _open(about))
        ways = (("return", _("Send it back")), ("credit", _("Credit what came")))
        return (
            Field("payment", "choice", _("Which payment"), payments),
            Field("way", "choice", _("What"), ways),
        )

    def clean(self, about: About, given: Mapping[str, str]) -> Facts:
        return {
            "payment": clean_choice(given, "payment", tuple(str(one.id) for one in _open(about))),
            "way": clean_choice(given, "way", ("return", "credit")),
        }

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        if facts["payment"] not in {str(one.id) for one in _open(about)}:
            raise ActionStale()
        way = cast(Literal["credit", "return"], facts["way"])
        purpose = about.purpose(decided.reason)
        wallet.propose_parked(
            UUID(facts["payment"]), way, reason=decided.reason, actor=actor, purpose=purpose
        )
        return {"way": facts["way"]}


def _open(about: About) -> list[ParkedView]:
    found = about.operation
    if found is None or found.view.kind != "top_up":
        return []
    return [one for one in wallet.parked_of(found.view.id) if one.state == "open" and not one.proposed_action]
