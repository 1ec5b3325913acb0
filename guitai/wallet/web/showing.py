"""Operations as rows, days and timelines: what the templates are given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guitai.kit.explain import Explanation, explain
from guitai.skin.templatetags.guitai_text import money, signed_money
from guitai.skin.text import money_text
from guitai.wallet.rail_words import rail_icon, rail_name
from guitai.wallet.types import OperationDetail, OperationView, TraceStep
from guitai.wallet.web import withdrawal_words, words
from guitai.wallet.web.steps import Step

_MOVED = frozenset({"sent", "succeeded"})
_HAS_RECEIPT = frozenset({"sent", "succeeded", "returned"})
_ICONS = {
    "transfer": "arrow-up-right",
    "withdrawal": "landmark",
    "adjustment": "hand-heart",
    "claim": "scale",
    "chargeback": "scale",
}
_FORMS = {"top_up": "wallet:top_up", "transfer": "wallet:transfer", "withdrawal": "wallet:withdraw"}


@dataclass(frozen=True, slots=True)
class BillRow:
    """One line of the bills."""

    reference: str
    title: str
    detail: str
    icon: str
    avatar: str
    tone: str
    value: SafeString | str
    note: str


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    rows: list[BillRow]


@dataclass(frozen=True, slots=True)
class TraceRow:
    at: datetime
    source: str
    what: str
    ids: list[tuple[str, str]]


def days(views: Iterable[OperationView]) -> list[Day]:
    """Bills grouped by the reader's day, in the order they come."""
    return [
        Day(day, [bill_row(view) for view in group])
        for day, group in groupby(views, key=lambda view: timezone.localtime(view.created_at).date())
    ]


def bill_row(view: OperationView) -> BillRow:
    """One operation as a line."""
    state = words.STATES[view.state]
    top_up, moved = view.kind == "top_up", view.state in _MOVED
    name = "" if view.kind != "transfer" else words.name_and_phone(view.counterparty)[0]
    at = timezone.localtime(view.created_at).strftime("%H:%M")
    note = view.note or words.kind_of(view)
    return BillRow(
        reference=view.reference,
        title=_("Top-up") if top_up else view.counterparty or words.kind_of(view),
        detail=f"{at} · {rail_name(view.rail) if top_up else note}",
        icon=_icon(view),
        avatar=name if moved else "",
        tone=state.tone if not moved and state.tone in ("wait", "danger") else "",
        value=signed_money(view.amount, view.direction) if moved else money(view.amount),
        note=words.note_of(view),
    )


def timeline(detail: OperationDetail) -> list[Step]:
    """What happened, what happens now, what comes next and by when."""
    view = detail.view
    rail = detail.withdrawal.rail if detail.withdrawal else view.rail
    steps = [
        Step(words.event_words(view.kind, view.direction, step.code, rail), "done", at=step.at)
        for step in detail.timeline
    ]
    if view.state in ("refused", "failed", "expired") and steps:
        last = steps.pop()
        steps.append(Step(last.title, "failed", at=last.at, detail=detail.diagnosis.headline))
    return steps + (withdrawal_words.ahead(detail) if view.kind == "withdrawal" else _ahead(view))


def trace(steps: Sequence[TraceStep], rail: str = "bank") -> list[TraceRow]:
    """Where the movement is found, line by line."""
    return [
        TraceRow(
            step.at,
            words.source_words(step.source, rail or "bank"),
            words.trace_words(step.what, rail or "bank"),
            [(words.id_words(k), v) for k, v in step.ids.items() if v and k in words.SHOWN_IDS],
        )
        for step in steps
    ]


def has_receipt(view: OperationView) -> bool:
    """Whether money moved, so that there is something to prove."""
    return view.state in _HAS_RECEIPT


def why(detail: OperationDetail) -> Explanation:
    """The diagnosis as a component takes it; a remedy that means doing it again keeps what was entered."""
    said, url = detail.diagnosis, detail.diagnosis.next_url
    label = explain(said.rule, said.inputs).remedy_label if url else None
    if url == again_url(detail.view).partition("?")[0]:
        url = again_url(detail.view)
    return Explanation(said.rule, said.headline, said.reason, said.next_step, url, label)


def again_url(view: OperationView) -> str:
    """Where the same thing is done once more; nowhere for what the house does of its own accord."""
    if view.kind not in _FORMS:
        return ""
    return f"{reverse(_FORMS[view.kind])}?repeat={view.reference}"


def attention(view: OperationView) -> tuple[str, str]:
    """What a customer should know about an open operation, as a headline and the way on."""
    amount = money_text(view.amount)
    if view.state == "awaiting_payment":
        return _("Your top-up of %(amount)s waits for your payment") % {"amount": amount}, _("See how to pay")
    if view.state == "held":
        held = _("Your withdrawal of %(amount)s is being checked")
        if view.kind != "withdrawal":
            held = _("Your transfer of %(amount)s is being checked")
        return held % {"amount": amount}, _("See why and until when")
    if view.code == "withdrawal_is_late":
        return _("Your withdrawal of %(amount)s is late") % {"amount": amount}, _("See where it is")
    if view.state == "unknown":
        return _("We do not know yet how %(amount)s ended") % {"amount": amount}, _("See where it is")
    return _("%(amount)s is on its way") % {"amount": amount}, _("See where it is")


def _icon(view: OperationView) -> str:
    if view.state not in _MOVED:
        return words.STATES[view.state].icon
    if view.kind == "top_up":
        return rail_icon(view.rail)
    return "arrow-down-left" if view.kind == "transfer" and view.direction == "in" else _ICONS[view.kind]


def _ahead(view: OperationView) -> list[Step]:
    by = view.resolves_by
    match view.state:
        case "awaiting_payment":
            return [
                Step(_("Waiting for your payment"), "wait", by=by),
                Step(_("Money in your wallet"), "next", detail=_confirmed(view)),
            ]
        case "held":
            return [
                Step(_("Being checked by us"), "wait", by=by),
                Step(_("Sent on, or back in your wallet"), "next"),
            ]
        case "sent":
            return [Step(_("Completed, or back in your wallet if nobody took it"), "next", by=by)]
        case "processing" | "unknown":
            return [Step(_waiting_for(view), "wait", by=by), Step(_("Outcome known"), "next")]
    return []


def _confirmed(view: OperationView) -> str:
    if view.rail in ("", "bank"):
        return _("as soon as the bank confirms it")
    return _("as soon as %(rail)s confirms it") % {"rail": rail_name(view.rail)}


def _waiting_for(view: OperationView) -> str:
    if view.kind == "top_up" and view.state == "unknown" and view.code == "top_up_payer_asked":
        return _("Waiting for you to name an account")
    if view.kind == "top_up" and view.state == "unknown" and view.code:
        # What came lies here and does not fit: no bank decides about it, we do.
        return _("Our staff decide what becomes of it")
    if view.kind != "top_up" or view.rail in ("", "bank"):
        return _("Waiting for the bank")
    return _("Waiting for %(rail)s") % {"rail": rail_name(view.rail)}
