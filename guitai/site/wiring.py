"""Where rooms meet upward: topics to handlers, intents to the till, fillers to slots."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.audit import api as audit
from guitai.base.money import EXPONENTS, Money
from guitai.base.reference import spoken
from guitai.care import api as care
from guitai.care.web import slots as care_slots
from guitai.desk import api as desk
from guitai.kit import topics
from guitai.kit.operator import operator
from guitai.notify import api as notify
from guitai.notify.web import slots as notify_slots
from guitai.people import api as people
from guitai.people.web import slots as people_slots
from guitai.rails import api as rails
from guitai.risk import api as risk
from guitai.risk.web.views import safety_row
from guitai.skin import context, navigation, slots
from guitai.skin.navigation import NavItem
from guitai.wallet import api as wallet
from guitai.wallet.web import slots as wallet_slots
from guitai.wallet.web.views import small_amounts


def wire() -> None:
    """Called once, when every room is ready."""
    notify.set_address_book(people.address_of)
    context.set_operator_provider(operator)
    context.set_language_listener(_remember_language)
    audit.set_purpose_checker("case", care.is_purpose)
    audit.set_purpose_checker("review", wallet.is_purpose)
    audit.set_purpose_checker("release_document", people.is_document_purpose)
    audit.set_purpose_checker("identity", people.is_identity_review)
    audit.set_purpose_checker("statement", rails.is_statement_purpose)
    audit.set_purpose_checker("reconciliation", wallet.is_reconciliation)
    audit.set_purpose_checker("reserve", wallet.is_reserve_purpose)
    audit.set_purpose_checker("recall", wallet.is_recall_purpose)
    audit.set_purpose_checker("policy", people.is_policy_purpose)
    audit.set_purpose_checker("signal", risk.is_purpose)
    audit.set_purpose_checker("break_glass", desk.is_glass)
    people.set_closing_check(wallet_slots.closing_check)
    people.set_account_check(wallet.reaches_accounts)
    people.set_account_link("wechat", RailAccounts("wechat"))
    rails.set_payout_check(wallet.stopped_payouts)
    wallet.register()
    care.register_report_words(_REPORTS)
    _wire_topics()
    _wire_pages()


@dataclass(frozen=True, slots=True)
class RailAccounts:
    """Whose an account at a rail is, as the rail itself says it."""

    rail: str

    def address(self, state: str, return_url: str) -> str:
        return rails.payee_sign_in(self.rail, state, return_url)

    def account(self, code: str) -> str | None:
        return rails.payee_of(self.rail, code)


# What stands in a case that nobody had to write.
_REPORTS = {
    # From where stands with the sign-ins, which are forgotten in time; a case's timeline is not.
    "denied_sign_in": _("This was not me: a sign-in at %(at)s."),
    "provisional_freeze": _(
        "My account was frozen for a short while without my phone. Please look at it with me."
    ),
    "document_shown": _("I showed an identity document to get into my account again. Please look at it."),
    "outcome_overdue": _("The outcome of %(reference)s was to be known by now, and I have not been told it."),
    "bank_contradicts": _("The bank said something about %(reference)s that does not fit what I was told."),
    "payment_disputed": _(
        "My top-up %(reference)s is disputed at the bank. Please tell me what you need from me."
    ),
    "movement_overdue": _("The bank says that money of %(reference)s came back, and it has not reached me."),
}


def _wire_topics() -> None:
    topics.on("person.registered", _open_wallet)
    topics.on("person.registered", _deliver_waiting)
    topics.on("person.denied_sign_in", _report_denied_sign_in)
    topics.on("person.provisionally_frozen", _report_provisional_freeze)
    topics.on("person.number_changed", _deliver_waiting)
    topics.on("person.released", _deliver_to_released)
    topics.on("person.document_shown", _report_document)
    topics.on("care.proof_denied", _signal_false_agent)
    topics.on("person.document_taken", _signal_document)
    topics.on("person.account_shared", _signal_account)
    topics.on("people.number_locked", people.number_locked)
    topics.on("people.pin_locked", people.pin_locked)
    topics.on("people.freeze_claimed", people.freeze_claimed)
    topics.on("person.erasure_due", people.erase_closed)
    topics.on("rails.top_up_paid", _settle_top_up)
    topics.on("rails.notice_parked", _park_top_up)
    topics.on("rails.top_up_processing", _note_top_up_processing)
    topics.on("rails.top_up_failed", _note_top_up_failed)
    topics.on("rails.refund_done", _note_refund)
    topics.on("rails.refund_rejected", _note_refund)
    for what in ("sent", "accepted", "settled", "rejected", "returned"):
        topics.on(f"rails.payout_{what}", partial(wallet.note_payout, what))
        topics.on(f"rails.payout_{what}", partial(wallet.note_return, what))
        topics.on(f"rails.payout_{what}", partial(wallet.note_small_amount, what))
    topics.on("rails.payout_to_confirm", partial(wallet.note_payout, "to_confirm"))
    for stopped in ("frozen", "locked", "dormant", "closed"):
        topics.on(f"person.{stopped}", _stop_withdrawals)
    topics.on("rails.statement_imported", _reconcile)
    topics.on("wallet.operation_changed", _tell_parties)
    topics.on("wallet.operation_changed", _close_at_rail)
    topics.on("wallet.operation_changed", _follow_promise)
    topics.on("wallet.operation_changed", wallet.follow_recall)
    topics.on("wallet.recall_wanted", wallet.tell_recall)
    topics.on("wallet.recall_late", partial(wallet.tell_recall, late=True))
    topics.on("wallet.receipt_unmatched", wallet.tell_unmatched)
    topics.on("rails.payment_disputed", wallet.note_dispute)
    topics.on("wallet.payment_disputed", wallet.tell_payment_disputed)
    topics.on("wallet.payment_disputed", _report_dispute)
    topics.on("wallet.movement_overdue", wallet.tell_movement_overdue)
    topics.on("wallet.movement_overdue", _report_movement)
    topics.on("wallet.daily_close_differs", wallet.tell_close_differs)
    topics.on("wallet.reserve_advised", wallet.tell_reserve_advised)
    topics.on("rails.statement_refused", wallet.tell_statement_refused)
    topics.on("rails.health_changed", wallet.tell_rail_health)
    topics.on("wallet.outcome_overdue", _report_overdue)
    topics.on("wallet.withdrawal_contradicted", _report_contradiction)


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
    navigation.set_desk(
        [
            ("", [
                NavItem("desk:desk", _("Queue"), "inbox"),
                NavItem("desk:held", pgettext_lazy("desk", "Held"), "hand"),
                NavItem("care:callbacks", pgettext_lazy("desk", "Calls"), "phone"),
                NavItem("desk:approvals", pgettext_lazy("desk", "Approvals"), "users"),
                NavItem("desk:reviews", pgettext_lazy("desk", "Identity"), "id-card"),
            ]),
            (pgettext_lazy("desk", "Safety"), [
                NavItem("people:safety", _("What waits"), "shield-check"),
                NavItem("people:release_documents", _("Documents shown"), "id-card"),
                NavItem("desk:break_glass", _("Without a case"), "siren", permission="holds.decide"),
                NavItem("risk:signals", _("Signals"), "shield-alert", permission="holds.decide"),
                NavItem("people:on_call", _("On call"), "bell", permission="operator.settings"),
            ]),
            (pgettext_lazy("desk", "Money"), [
                NavItem("desk:exceptions", pgettext_lazy("desk", "Exceptions"), "circle-alert"),
                NavItem("wallet:recalls", _("Recalls"), "undo-2"),
                NavItem("wallet:reconciliation", _("Reconciliation"), "scale"),
                NavItem("wallet:daily_close", _("Daily close"), "calendar-check"),
                NavItem("wallet:safeguarding", _("Safeguarding"), "shield"),
                NavItem("rails:statements", _("Statements"), "file-text"),
                NavItem("rails:settings", _("Ways in and out"), "plug", permission="operator.settings"),
                NavItem("wallet:reserve", _("Reserve"), "vault", permission="operator.settings"),
                NavItem("desk:policies", _("Policies"), "sliders-horizontal", permission="operator.settings"),
            ]),
            (pgettext_lazy("desk", "Words"), [
                NavItem("care:library", _("Articles"), "book-open"),
                NavItem("care:solved", _("Solved without a person"), "circle-check"),
                NavItem("care:surveys", _("What customers say"), "star", permission="holds.decide"),
                NavItem("care:staff_announcements", _("Announcements"), "megaphone"),
                NavItem("care:reported", _("False contacts"), "flag"),
            ]),
        ],
        people.may,
    )  # fmt: skip
    slots.fill("footer", care_slots.footer)
    slots.fill("operation.help", care_slots.operation_help)
    slots.fill("freeze.done", care_slots.freeze_done)
    slots.fill("home.needs_you", care_slots.home_needs_you)
    slots.fill("home.needs_you", care_slots.announced, order=0)
    slots.fill("home.needs_you", care_slots.proofs_waiting, order=0)
    slots.fill("standing.sections", wallet_slots.standing_section)
    slots.fill("me.sections", wallet_slots.me_section)
    slots.fill("identity.limits", wallet_slots.limits_row)
    slots.fill("binding.actions", small_amounts.binding_slot)
    slots.fill("home.needs_you", notify_slots.needs_you, order=1)
    slots.fill("case.standing", people_slots.case_standing)
    slots.fill("case.standing", wallet_slots.case_slips)
    slots.fill("case.standing", care_slots.case_more, order=9)
    slots.fill("safety.rows", safety_row)


def _open_wallet(payload: dict[str, Any]) -> None:
    wallet.open_wallet(UUID(payload["person"]))


def _deliver_waiting(payload: dict[str, Any]) -> None:
    wallet.deliver_waiting(bytes.fromhex(payload["phone_index"]))


def _deliver_to_released(payload: dict[str, Any]) -> None:
    address = people.address_of(UUID(payload["person"]))
    if address is not None and address.phone:
        wallet.deliver_waiting(people.phone_index(address.phone))


def _report_denied_sign_in(payload: dict[str, Any]) -> None:
    """ "This wasn't me" is a case that a person reads at once; the account is frozen already."""
    _report(UUID(payload["person"]), "not_me", "denied_sign_in", {"at": payload["at"]})


def _report_provisional_freeze(payload: dict[str, Any]) -> None:
    _report(UUID(payload["person"]), "stolen_account", "provisional_freeze", {})


def _report_document(payload: dict[str, Any]) -> None:
    """Whoever shows a document to get out waits for a person: the case is where both can write."""
    _report(UUID(payload["person"]), "sign_in", "document_shown", {})


def _signal_document(payload: dict[str, Any]) -> None:
    holder = payload["holder"]
    others = [UUID(holder)] if holder and holder != payload["person"] else []
    risk.signal(UUID(payload["person"]), "document_taken", source=holder or "", others=others)


def _signal_false_agent(payload: dict[str, Any]) -> None:
    risk.signal(UUID(payload["customer"]), "false_agent", source=payload["case"])


def _signal_account(payload: dict[str, Any]) -> None:
    others = [UUID(other) for other in payload["others"]]
    risk.signal(UUID(payload["person"]), "account_shared", source=payload["account"], others=others)


def _report(person: UUID, category: str, code: str, facts: dict[str, str]) -> None:
    address = people.address_of(person)
    care.report(person, category, code, facts, address.language if address else "en")


def _report_overdue(payload: dict[str, Any]) -> None:
    """A promise that was not kept is a case by itself: nobody has to ask for it."""
    category = payload["kind"] if payload["kind"] in ("top_up", "withdrawal") else "transfer"
    _report(UUID(payload["owner"]), category, "outcome_overdue", {"reference": spoken(payload["reference"])})


def _report_contradiction(payload: dict[str, Any]) -> None:
    """A bank that says what cannot be true beside the books: nothing was moved, and a person looks."""
    facts = {"reference": spoken(payload["reference"])}
    _report(UUID(payload["owner"]), "withdrawal", "bank_contradicts", facts)


def _report_dispute(payload: dict[str, Any]) -> None:
    """Whoever topped up is heard before the bank decides: what they know is the answer to it."""
    if payload["case"]:
        facts = {"reference": spoken(payload["reference"])}
        _report(UUID(payload["owner"]), "top_up", "payment_disputed", facts)


def _report_movement(payload: dict[str, Any]) -> None:
    """Money that came back and reached nobody: its owner has not seen it, and need not ask."""
    if payload["owner"] is not None:
        facts = {"reference": spoken(payload["reference"])}
        _report(UUID(payload["owner"]), "withdrawal", "movement_overdue", facts)


def _stop_withdrawals(payload: dict[str, Any]) -> None:
    wallet.stop_withdrawals(UUID(payload["person"]), payload["scope"])


def _settle_top_up(payload: dict[str, Any]) -> None:
    wallet.settle_top_up(
        payload["order_reference"],
        amount=Money(payload["amount"], payload["currency"]),
        bank_reference=payload["bank_reference"],
        inbox_id=payload["inbox_id"],
        rail=payload.get("rail", "bank"),
    )


def _park_top_up(payload: dict[str, Any]) -> None:
    # Whatever a payer may have sent: a currency that no wallet holds is no Money.
    known = payload["currency"] in EXPONENTS
    wallet.park_top_up(
        payload["order_reference"],
        amount=Money(payload["amount"], payload["currency"]) if known else None,
        code=payload["code"],
        key=f"park:{payload['inbox_id']}",
        rail=payload.get("rail", "bank"),
        bank_reference=payload.get("bank_reference") or "",
        inbox_id=payload["inbox_id"],
    )


def _note_top_up_processing(payload: dict[str, Any]) -> None:
    wallet.note_top_up_processing(payload["order_reference"], rail=payload["rail"])


def _note_top_up_failed(payload: dict[str, Any]) -> None:
    wallet.note_top_up_failed(payload["order_reference"], rail=payload["rail"], code=payload["code"])


def _note_refund(payload: dict[str, Any]) -> None:
    code = payload.get("code")
    wallet.note_refund(payload["refund_reference"], done=code is None, code=code or "")


def _reconcile(payload: dict[str, Any]) -> None:
    wallet.reconcile_statement(UUID(payload["file_id"]))


def _tell_parties(payload: dict[str, Any]) -> None:
    wallet.tell(UUID(payload["operation_id"]), payload["event"])


def _close_at_rail(payload: dict[str, Any]) -> None:
    wallet.close_top_up_at_rail(UUID(payload["operation_id"]), payload["event"])


# Events by which a bill says itself that its time was not kept.
_SAID_LATE = frozenset({"delayed", "late", "unknown", "overdue"})


def _follow_promise(payload: dict[str, Any]) -> None:
    """A time that a bill tells its owner is a promise; as the books say now, in whatever order words of them come."""
    if payload.get("kind") not in ("withdrawal", "top_up"):
        return
    operation = UUID(payload["operation_id"])
    told, subject = wallet.time_told(operation), ("operation", operation)
    if told is None:
        return
    if payload["event"] in _SAID_LATE:
        care.miss_promise(*subject)
    if told.by_when is not None:
        care.promise(told.owner, "arrival", told.by_when, told_by="page", subject=subject)
    elif told.state == "kept":
        care.keep_promise(*subject)
    else:
        care.void_promise(*subject)


def _remember_language(request: HttpRequest, language: str) -> None:
    if request.user.is_authenticated:
        people.set_language(UUID(str(request.user.pk)), language)
