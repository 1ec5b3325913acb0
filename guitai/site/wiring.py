"""Where rooms meet upward: topics to handlers, intents to the till, fillers to slots."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guitai.audit import api as audit
from guitai.base.money import EXPONENTS, Money
from guitai.care import api as care
from guitai.care.web import slots as care_slots
from guitai.kit import topics
from guitai.kit.operator import operator
from guitai.notify import api as notify
from guitai.notify.web import slots as notify_slots
from guitai.people import api as people
from guitai.skin import context, navigation, slots
from guitai.skin.navigation import NavItem
from guitai.wallet import api as wallet


def wire() -> None:
    """Called once, when every room is ready."""
    notify.set_address_book(people.address_of)
    context.set_operator_provider(operator)
    context.set_language_listener(_remember_language)
    audit.set_purpose_checker("case", care.is_purpose)
    audit.set_purpose_checker("review", wallet.is_purpose)
    wallet.register()
    _wire_topics()
    _wire_pages()


def _wire_topics() -> None:
    topics.on("person.registered", _open_wallet)
    topics.on("person.registered", _deliver_waiting)
    topics.on("person.released", _deliver_to_released)
    topics.on("rails.top_up_paid", _settle_top_up)
    topics.on("rails.notice_parked", _park_top_up)
    topics.on("wallet.operation_changed", _tell_parties)


def _wire_pages() -> None:
    navigation.set_bar([
        NavItem("wallet:home", _("Home"), "house"),
        NavItem("wallet:bills", _("Bills"), "receipt-text"),
        NavItem("wallet:transfer", _("Pay"), "send", centre=True),
        NavItem("care:counter", _("Counter"), "concierge-bell"),
        NavItem("people:me", _("Me"), "user-round"),
    ])  # fmt: skip
    navigation.set_doors([
        NavItem("care:help", _("Help"), "life-buoy"),
        NavItem("people:sign_in", _("Sign in"), "log-in"),
        NavItem("people:sign_up", _("Open a wallet"), "user-round-plus", centre=True),
    ])  # fmt: skip
    slots.fill("footer", care_slots.footer)
    slots.fill("operation.help", care_slots.operation_help)
    slots.fill("home.needs_you", care_slots.home_needs_you)
    slots.fill("home.needs_you", notify_slots.needs_you, order=1)


def _open_wallet(payload: dict[str, Any]) -> None:
    wallet.open_wallet(UUID(payload["person"]))


def _deliver_waiting(payload: dict[str, Any]) -> None:
    wallet.deliver_waiting(bytes.fromhex(payload["phone_index"]))


def _deliver_to_released(payload: dict[str, Any]) -> None:
    address = people.address_of(UUID(payload["person"]))
    if address is not None and address.phone:
        wallet.deliver_waiting(people.phone_index(address.phone))


def _settle_top_up(payload: dict[str, Any]) -> None:
    wallet.settle_top_up(
        payload["order_reference"],
        amount=Money(payload["amount"], payload["currency"]),
        bank_reference=payload["bank_reference"],
        inbox_id=payload["inbox_id"],
    )


def _park_top_up(payload: dict[str, Any]) -> None:
    # Whatever a payer may have sent: a currency that no wallet holds is no Money.
    known = payload["currency"] in EXPONENTS
    wallet.park_top_up(
        payload["order_reference"],
        amount=Money(payload["amount"], payload["currency"]) if known else None,
        code=payload["code"],
        key=f"park:{payload['inbox_id']}",
    )


def _tell_parties(payload: dict[str, Any]) -> None:
    wallet.tell(UUID(payload["operation_id"]), payload["event"])


def _remember_language(request: HttpRequest, language: str) -> None:
    if request.user.is_authenticated:
        people.set_language(UUID(str(request.user.pk)), language)
