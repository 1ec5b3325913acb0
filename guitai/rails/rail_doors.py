"""Verbs of the door about rails themselves: what there is to use, how it is, its settings; and refunds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.rails import payout_reads, rail_reads
from guitai.rails import settings as _settings
from guitai.rails.adapters import RAILS, rail_named
from guitai.rails.flows import check_rail as _checking
from guitai.rails.flows import leaving as _leaving
from guitai.rails.flows import pay_back as _back
from guitai.rails.flows import pay_out as _paying
from guitai.rails.flows import propose_settings as _proposing
from guitai.rails.flows import query_orders as _orders
from guitai.rails.flows import refund as _refunds
from guitai.rails.terms import RailTerms
from guitai.rails.types import (
    Acknowledgement,
    ConfirmationPage,
    Direction,
    PaymentBack,
    PayoutRecord,
    RailCheck,
    RailHealth,
    RailOffer,
    RefundRecord,
    SettingsProposal,
    SettingsView,
)


def close_order(order_reference: str, *, rail: str = "bank") -> None:
    """Have an order closed at its rail, in the caller's transaction, because nobody waits for it any more.

    takes    the operation's canonical reference, the rail's name
    gives    nothing; a payment that comes all the same is told like any other
    refuses  nothing: an order that is paid or closed stays as it is
    """
    _orders.close_order(order_reference, rail)


def came_back(rail: str, order_reference: str) -> str | None:
    """The payer's browser came back from a rail: it proves nothing, and the rail is asked at once.

    takes    the rail's name, the order it says it was about
    gives    the page of ours to show, None when there is no such order or page
    refuses  rail_unknown
    """
    return _orders.came_back(rail, order_reference)


def payments_made(order_references: Sequence[str], *, rail: str) -> dict[str, PaymentBack]:
    """Payments that came by a rail which pays back to payments, with what refunds have sent back of each.

    takes    our references of the orders
    gives    PaymentBack by reference; orders that were not paid are left out
    refuses  rail_unknown
    """
    rail_named(rail)
    return _back.payments(rail, order_references)


def query_payout(order_reference: str) -> PayoutRecord:
    """Ask a rail now what became of a payout; never inside a transaction.

    takes    the operation's canonical reference
    gives    PayoutRecord with what is known then: a rail that takes files has no more to say than its answers and
             statements, which are taken in as they come
    refuses  payout_unknown
    """
    _paying.query_payout(order_reference)
    return payout_reads.known(order_reference)


def call_back(order_references: Sequence[str]) -> None:
    """Wait no more for payees who have not confirmed: the rail is asked for the money at once, in the caller's
    transaction; who confirms first keeps it.

    takes    canonical references; what waits for nobody is left as it is
    """
    _paying.call_back(order_references)


def payee_sign_in(rail: str, state: str, return_url: str) -> str:
    """The rail's own page on which a customer shows which account there is theirs.

    takes    the rail's name, what comes back with them, the page of ours to come back to with `code` and `state`
    gives    its address
    refuses  rail_unknown, rail_unsupported, rail_unavailable
    """
    return rail_named(rail).payee_sign_in(state, return_url)


def payee_of(rail: str, code: str) -> str | None:
    """Whose code it is that somebody came back with, asked of the rail; never inside a transaction.

    takes    the rail's name, the code
    gives    the account as payouts name it; None for a code that counts no more
    refuses  rail_unknown, rail_unsupported, rail_unavailable
    """
    return rail_named(rail).payee_of(code)


def confirms_within(rail: str) -> timedelta | None:
    """How long the payee of a payment out has to confirm it where it arrives, once the rail has taken it on.

    takes    the rail's name
    gives    that long; None where nobody is asked
    refuses  rail_unknown
    """
    return rail_named(rail).confirms_within()


def payouts_to_confirm(since: datetime, until: datetime) -> list[PayoutRecord]:
    """Payments out that still wait for their payee, by the end of their time: after a moment, up to another."""
    return payout_reads.to_confirm(since, until)


def confirmation_page(order_reference: str, page_url: str) -> ConfirmationPage | None:
    """What a page of ours needs to ask for a payee's confirmation; never inside a transaction.

    takes    the operation's canonical reference, the page's whole address
    gives    ConfirmationPage; None where the payout does not wait for one
    refuses  rail_unavailable
    source   WeChat Pay APIv3, transfers that the payee confirms
    """
    return payout_reads.confirmation_page(order_reference, page_url)


def set_payout_check(check: Callable[[Sequence[str]], frozenset[str]]) -> None:
    """A room above says which payouts must not leave now; `site.wiring` names it.

    takes    what gives, of canonical references, those that are stopped: asked in the transaction that hands payouts
             over, and what it locks holds until that has ended
    gives    nothing
    """
    _leaving.set_payout_check(check)


def acknowledgement(rail: str) -> Acknowledgement:
    """What a rail wants to hear once its notice is stored.

    takes    the rail's name
    gives    Acknowledgement
    refuses  rail_unknown
    """
    return rail_named(rail).acknowledge()


def rails_for(direction: Direction, currency: str) -> list[RailOffer]:
    """The ways in or out that are set up and switched on.

    takes    `in` or `out`, an ISO 4217 code
    gives    RailOffer values, each with its bounds, usual arrival and how the rail is now
    refuses  nothing
    source   the operator's settings of rails
    """
    return rail_reads.offers(direction, currency)


def health() -> list[RailHealth]:
    """How each rail is that is set up: for honest words while something waits.

    gives    RailHealth values; changes are told as `rails.health_changed {rail, state}`
    source   the outcomes of the last calls, policy `breaker`
    """
    return rail_reads.health()


def health_of(rail: str) -> RailHealth:
    """How one rail is, set up or not.

    takes    the rail's name
    gives    RailHealth
    refuses  rail_unknown
    """
    return rail_reads.health_of(rail_named(rail))


def rail_problems(rail: str) -> tuple[str, ...]:
    """What is missing before a rail can be used.

    takes    the rail's name
    gives    names of settings that are missing or cannot be used; none for a rail that is set up
    """
    return _settings.problems_of(rail)


def start_refund(
    order_reference: str,
    refund_reference: str,
    amount: Money,
    *,
    bank_reference: str,
    rail: str,
    priority: int = 0,
) -> None:
    """Queue money back to the payer of an order, in the caller's transaction.

    takes    the operation's reference, a reference of the refund's own, the amount (at most what was paid), the rail's
             number of the payment, the rail's name, a priority (higher leaves first)
    gives    nothing; the same refund again changes nothing. Afterwards `rails.refund_done` or `rails.refund_rejected
             {refund_reference, order_reference, amount, currency, rail, code}`
    refuses  rail_unknown, rail_unsupported, refund_conflict
    source   this room's README, refunds
    """
    _refunds.start_refund(order_reference, refund_reference, amount, bank_reference, rail, priority)


def refund_record(refund_reference: str, *, rail: str) -> RefundRecord | None:
    """A refund as rails knows it: for traces.

    takes    its reference, the rail's name
    gives    RefundRecord, or None when there is none
    """
    return rail_reads.refund_record(refund_reference, rail)


def rail_names() -> tuple[str, ...]:
    """Every rail that this version knows, set up or not.

    gives    names, in the order in which they are shown
    """
    return tuple(RAILS)


def rail_ways(rail: str) -> frozenset[Direction]:
    """In which directions a rail can be used at all, switched on or not.

    takes    the rail's name
    gives    `in`, `out`
    refuses  rail_unknown
    """
    return rail_reads.ways_of(rail_named(rail))


def rail_settings(rail: str) -> SettingsView:
    """A rail's settings as an operator may see them: of a secret only the day on which it was set.

    takes    the rail's name
    gives    SettingsView
    refuses  rail_unknown
    """
    return _settings.settings_view(rail)


def rail_terms(rail: str) -> RailTerms:
    """What the operator decided about using a rail: switches, bounds, fee, promised arrival.

    takes    the rail's name
    gives    RailTerms
    """
    return _settings.terms_of(rail)


def publish_settings(
    rail: str,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    terms: RailTerms | None = None,
    note: str = "",
    based_on: int | None = None,
) -> int:
    """Put new settings of a rail in force.

    takes    the rail's name, fields to change (a secret that is empty stays as it is, None removes), who, the terms of
             use when they change, why, the version that was looked at
    gives    the new version's number
    refuses  rail_unknown, rail_settings_invalid, rail_settings_changed; for staff rail_settings_need_two when an
             address, a key or an account changes
    source   this room's README, settings
    """
    return _settings.publish_settings(rail, values, actor, terms=terms, note=note, based_on=based_on)


def propose_settings(
    rail: str,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    terms: RailTerms | None = None,
    note: str = "",
    based_on: int | None = None,
) -> UUID | None:
    """Put in force what one person changes alone; what it takes two for waits for another.

    takes    as `publish_settings`
    gives    the proposal's id, or None when it is in force already
    refuses  rail_unknown, rail_settings_invalid, rail_settings_changed, rail_proposal_waits
    source   this room's README, settings
    """
    return _proposing.propose_settings(rail, values, actor, terms=terms, note=note, based_on=based_on)


def approve_settings(proposal_id: UUID, actor: Actor) -> int:
    """Put in force what another has proposed.

    takes    the proposal's id, who approves
    gives    the new version's number
    refuses  not_found, rail_proposal_over, rail_proposal_own, rail_settings_changed
    source   this room's README, settings
    """
    return _proposing.approve_settings(proposal_id, actor)


def decline_settings(proposal_id: UUID, actor: Actor) -> None:
    """Put a proposal aside, also one's own.

    takes    the proposal's id, who declines
    gives    nothing
    refuses  not_found, rail_proposal_over
    source   this room's README, settings
    """
    _proposing.decline_settings(proposal_id, actor)


def settings_proposal(rail: str) -> SettingsProposal | None:
    """What waits for a second person at a rail, or None; secrets are in it by name only."""
    return _proposing.proposal_of(rail)


def settings_proposals() -> list[SettingsProposal]:
    """What waits for a second person at any rail, the oldest first."""
    return _proposing.proposals()


def check_rail(rail: str, actor: Actor) -> RailCheck:
    """Ask a rail about an order that does not exist: whoever answers that has understood our signature.

    takes    the rail's name, who asks; never inside a transaction
    gives    RailCheck
    refuses  rail_unknown
    """
    return _checking.check_rail(rail, actor)


def is_rail_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of the kind `rail` names a rail that there is.

    takes    who, the purpose
    gives    True or False
    """
    return _settings.is_rail_purpose(actor, purpose)
