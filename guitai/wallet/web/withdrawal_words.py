"""Words for withdrawals: what happened to them, what comes next, what they cost, when they leave."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guitai.kit.explain import render_fact
from guitai.people.api import told_standing
from guitai.rails.api import health_of
from guitai.skin.text import calendar_day, moment_text, money_text
from guitai.wallet.rail_words import rail_icon, rail_name
from guitai.wallet.recall_doors import recalls_of
from guitai.wallet.rules.withdrawals import BACK_TO_CARD, BANK, CARD, ways_of
from guitai.wallet.types import OperationDetail, OperationView, PublishedFee
from guitai.wallet.web.steps import Step
from guitai.wallet.withdrawal_types import Destination, RecallView, WayOut, WithdrawalQuote, WithdrawalView

EVENTS: dict[tuple[str, str], str | Promise] = {
    ("withdrawal", "queued"): gettext_lazy("Set aside and queued for the bank"),
    ("withdrawal", "held"): gettext_lazy("Set aside to be checked"),
    ("withdrawal", "released"): gettext_lazy("Checked and queued for the bank"),
    ("withdrawal", "sent"): gettext_lazy("Handed over to the bank"),
    ("withdrawal", "accepted"): gettext_lazy("Accepted by the bank"),
    ("withdrawal", "delayed"): gettext_lazy("It could not leave in time; promised anew"),
    ("withdrawal", "late"): gettext_lazy("The promised moment passed without the bank's word"),
    ("withdrawal", "unknown"): gettext_lazy("No word from the bank; we keep asking"),
    ("withdrawal", "succeeded"): gettext_lazy("The bank has confirmed it"),
    ("withdrawal", "failed"): gettext_lazy("Not carried out; everything is back in your wallet"),
    ("withdrawal", "cancelled"): gettext_lazy("Taken back before it left"),
    ("withdrawal", "returned"): gettext_lazy("Sent back by the bank"),
}
# The same by another way than the bank, which `rail` names.
_EVENTS_OF_RAIL: dict[str, str | Promise] = {
    "queued": gettext_lazy("Set aside and queued for %(rail)s"),
    "released": gettext_lazy("Checked and queued for %(rail)s"),
    "sent": gettext_lazy("Handed over to %(rail)s"),
    "accepted": gettext_lazy("Accepted by %(rail)s"),
    "late": gettext_lazy("The promised moment passed without word from %(rail)s"),
    "unknown": gettext_lazy("No word from %(rail)s; we keep asking"),
    "succeeded": gettext_lazy("%(rail)s has confirmed it"),
    "returned": gettext_lazy("Sent back by %(rail)s"),
}
# Back to a card it is nobody's account that is paid: a payment is sent back by whoever took it.
_EVENTS_OF_CARD: dict[str, str | Promise] = {
    "queued": gettext_lazy("Set aside, to go back to your card"),
    "released": gettext_lazy("Checked, to go back to your card"),
    "sent": gettext_lazy("The card company was asked to send it back"),
    "accepted": gettext_lazy("Accepted by the card company"),
    "late": gettext_lazy("The promised moment passed without word from the card company"),
    "unknown": gettext_lazy("No word from the card company; we keep asking"),
    "succeeded": gettext_lazy("The card company has sent it to your card"),
    "returned": gettext_lazy("The bank of the card did not keep it"),
}
TRACE_OF_RAIL: dict[str, str | Promise] = {
    "rail.payout_queued": gettext_lazy("Queued for %(rail)s"),
    "rail.payout_sent": gettext_lazy("%(rail)s was asked to pay it out"),
    "bank.payout_answered": gettext_lazy("Answered by %(rail)s"),
    "bank.payout_settled": gettext_lazy("Paid out by %(rail)s"),
    "bank.payout_rejected": gettext_lazy("Refused by %(rail)s"),
}
TRACE: dict[str, str | Promise] = {
    "operation.queued": gettext_lazy("Withdrawal recorded"),
    "operation.accepted": gettext_lazy("Acceptance recorded"),
    "operation.delayed": gettext_lazy("New promise recorded"),
    "operation.late": gettext_lazy("Delay recorded"),
    "operation.unknown": gettext_lazy("Recorded as not known yet"),
    "operation.failed": gettext_lazy("Recorded as failed"),
    "operation.cancelled": gettext_lazy("Recorded as taken back"),
    "rail.payout_queued": gettext_lazy("Queued for the bank"),
    "rail.payout_sent": gettext_lazy("Handed over in a payment file"),
    "rail.payout_cancelled": gettext_lazy("Taken out of the queue"),
    "bank.payout_answered": gettext_lazy("Answered by the bank"),
    "bank.payout_settled": gettext_lazy("Paid out at the bank"),
    "bank.payout_rejected": gettext_lazy("Refused by the bank"),
    "bank.payout_returned": gettext_lazy("Came back to our account"),
}
ID_NAMES: dict[str, str | Promise] = {
    "file": gettext_lazy("Payment file"),
    "bank_reason": gettext_lazy("Bank's reason"),
}
_KINDS: dict[str, str | Promise] = {
    "cn_card": gettext_lazy("Bank card"),
    "iban": gettext_lazy("Bank account"),
    "us_account": gettext_lazy("Bank account"),
    "gb_account": gettext_lazy("Bank account"),
    "hk_account": gettext_lazy("Bank account"),
    "alipay": gettext_lazy("Alipay"),
    BACK_TO_CARD: gettext_lazy("Bank card"),
    "wechat": gettext_lazy("WeChat"),
}


def account_title(account: Destination) -> str:
    """What an account is called: its bank, or else what sort of account it is."""
    return account.bank or str(_KINDS[account.kind])


def account_icon(account: Destination) -> str:
    """The picture that stands for an account."""
    return rail_icon(ways_of(account.kind)[0])


def choice_title(account: Destination) -> str:
    """How an account or a payment stands among those to choose from."""
    payment = account.payment
    if payment is None:
        return account_title(account)
    if not payment.last4:
        return _("Back to the card you paid with")
    return _("Back to the card ending %(figures)s") % {"figures": payment.last4}


def choice_detail(account: Destination) -> str:
    """What tells it from the others: number and name of an account; of a payment when it was made and what is left."""
    payment = account.payment
    if payment is None:
        return f"{account.masked} · {account.holder}"
    paid = _("paid on %(day)s") % {"day": calendar_day(timezone.localtime(payment.paid_at).date())}
    return f"{paid} · " + _("up to %(most)s") % {"most": money_text(payment.left)}


def event_words(event: str, rail: str) -> str:
    """What happened at a moment of a withdrawal that leaves by a rail."""
    if rail == CARD and event in _EVENTS_OF_CARD:
        return str(_EVENTS_OF_CARD[event])
    if rail != BANK and event in _EVENTS_OF_RAIL:
        return str(_EVENTS_OF_RAIL[event]) % {"rail": rail_name(rail)}
    return str(EVENTS.get(("withdrawal", event), ""))


def title_of(view: OperationView) -> str:
    """The heading of a withdrawal's page."""
    if not view.counterparty:
        return _("Withdrawal")
    return _("Withdrawal to %(account)s") % {"account": view.counterparty}


def ahead(detail: OperationDetail) -> list[Step]:
    """What comes next, and by when: a person who waits for money sees every step of it."""
    view, withdrawal = detail.view, detail.withdrawal
    if withdrawal is None or view.state not in ("held", "processing", "unknown"):
        return []
    if view.state == "held":
        return [
            Step(_("Being checked by us"), "wait", by=view.resolves_by),
            Step(_("On its way to your account, or back in your wallet"), "next"),
        ]
    if view.state == "unknown":
        return [Step(_("Outcome known"), "wait", by=view.resolves_by)]
    if withdrawal.rail != BANK:
        return _ahead_online(view, withdrawal)
    arrives = Step(_("At your bank"), "next", by=view.resolves_by)
    match withdrawal.stage:
        case "queued":
            return [
                Step(_("Handed over to the bank"), "wait", detail=_queue(withdrawal.ahead)),
                Step(_("Accepted by the bank"), "next"),
                arrives,
            ]
        case "sent":
            return [Step(_("Accepted by the bank"), "wait"), arrives]
    return [Step(_("At your bank"), "wait", by=view.resolves_by)]


def _ahead_online(view: OperationView, withdrawal: WithdrawalView) -> list[Step]:
    """A gateway that is asked online takes it on and pays it in one."""
    card = withdrawal.rail == CARD
    there = (
        _("On your card")
        if card
        else _("In your account with %(rail)s") % {"rail": rail_name(withdrawal.rail)}
    )
    if withdrawal.confirm_by is not None:
        # Translators: a step of a withdrawal that its owner has to take in WeChat.
        asked = Step(
            _("Confirmed by you in %(rail)s") % {"rail": _("WeChat")}, "wait", by=withdrawal.confirm_by
        )
        return [asked, Step(there, "next", by=view.resolves_by)]
    if withdrawal.stage != "queued":
        return [Step(there, "wait", by=view.resolves_by)]
    handed = _("Handed over to %(rail)s") % {"rail": rail_name(withdrawal.rail)}
    if card:
        handed = _("The card company sends it back")
    return [
        Step(handed, "wait", detail=_queue(withdrawal.ahead)),
        Step(there, "next", by=view.resolves_by),
    ]


def context_of(detail: OperationDetail) -> dict[str, object]:
    """What the page of a withdrawal adds: where the rest of a return stayed, and how the bank connection is."""
    view, withdrawal = detail.view, detail.withdrawal
    if withdrawal is None:
        return {}
    return {
        "came_back": _came_back(view),
        "rail_notice": _rail_notice(withdrawal),
        "recall": _recall(detail),
        "confirm_by": withdrawal.confirm_by,
        "way_out": rail_name(withdrawal.rail),
    }


def _recall(detail: OperationDetail) -> RecallView | None:
    """That it is called back: said to whoever may know that the wallet is stopped."""
    found = recalls_of([detail.view.id]).get(detail.view.id)
    return found if found is not None and told_standing(detail.owner).stops("withdrawal") else None


def _came_back(view: OperationView) -> list[tuple[str, str]]:
    """A return that is less than what was sent, line by line."""
    if view.state != "returned" or "charge" not in view.facts:
        return []
    lines = (
        (_("Sent"), view.amount.fact()),
        (_("Kept by the banks as their charge"), view.facts["charge"]),
        (_("Came back"), view.facts["came_back"]),
        (_("Our fee, given back"), view.facts.get("fee_back")),
        (_("In your wallet again"), view.facts["returned"]),
    )
    return [(label, render_fact(value)) for label, value in lines if value]


def _rail_notice(withdrawal: WithdrawalView) -> str:
    if withdrawal.stage != "queued":
        return ""
    return slow_or_down(withdrawal.rail, health_of(withdrawal.rail).state)


def slow_or_down(rail: str, state: str) -> str:
    """How a way out is, where that is worth saying."""
    name = rail_name(rail)
    match state:
        case "down" if rail == CARD:
            return _("The card company cannot be reached at the moment")
        case "slow" if rail == CARD:
            return _("The card company is slow at the moment")
        case "down" if rail != BANK:
            return _("%(rail)s cannot be reached at the moment") % {"rail": name}
        case "slow" if rail != BANK:
            return _("%(rail)s is slow at the moment") % {"rail": name}
        case "down":
            return _("The bank connection is down at the moment")
        case "slow":
            return _("The bank is slow at the moment")
    return ""


def leaves(quote: WithdrawalQuote | WayOut) -> str:
    """When it leaves us, and until when that holds."""
    if quote.cut_off_at is not None:
        return _("today, if you confirm it before %(time)s") % {"time": _time(quote.cut_off_at)}
    if _day(quote.leaves_at) == timezone.localdate():
        return _("today")
    return moment_text(quote.leaves_at)


def confirmation(quote: WithdrawalQuote) -> list[str]:
    """What its owner will be asked for where it arrives, until when, and what happens otherwise: each a sentence."""
    if quote.confirm_within is None:
        return []
    hours = int(quote.confirm_within.total_seconds()) // 3600
    words = [
        _("Once it has left us you have %(hours)s hours to confirm it in WeChat: the bill shows where.")
        % {"hours": hours}
    ]
    if quote.outcome == "approved":
        by = moment_text(quote.leaves_at + quote.confirm_within)
        words.append(_("If it leaves at once, that is until %(by)s.") % {"by": by})
    words.append(_("What you do not confirm comes back into your wallet with its fee."))
    return words


def arrives(quote: WithdrawalQuote | WayOut) -> str:
    """Between when and when it arrives, as days."""
    first, last = _day(quote.earliest_at), _day(quote.latest_at)
    if first == last:
        return _("%(day)s, by %(time)s") % {"day": _date(quote.latest_at), "time": _time(quote.latest_at)}
    return _("%(first)s to %(last)s") % {"first": _date(quote.earliest_at), "last": _date(quote.latest_at)}


def way(out: WayOut) -> str:
    """A way to choose: what it costs, when it arrives, how much it carries, and how it is where that matters."""
    if not out.funded:
        return _("cannot pay out right now; nothing of yours is affected")
    arrival = _("arrives %(when)s") % {"when": arrives(out)}
    parts = [_short_fee(out.fee), arrival, _bounds(out), slow_or_down(out.rail, out.state)]
    return " · ".join(part for part in parts if part)


def _short_fee(terms: PublishedFee) -> str:
    if not terms.fixed and not terms.basis_points and terms.minimum is None:
        return _("no fee")
    said = fee(terms)
    return said.removesuffix(".").removesuffix("。")


def _bounds(out: WayOut) -> str:
    if out.maximum is None:
        return ""
    if not out.maximum:
        return _("your limit is used up")
    return _("up to %(most)s") % {"most": money_text(out.maximum)}


def fee(terms: PublishedFee) -> str:
    """What a withdrawal costs, in a sentence."""
    if not terms.fixed and not terms.basis_points and terms.minimum is None:
        return _("Withdrawals are free.")
    parts = []
    if terms.fixed:
        parts.append(money_text(terms.fixed))
    if terms.basis_points:
        parts.append(_rate(terms.basis_points))
    said = _(" plus ").join(parts) or money_text(terms.fixed)
    words = _("A withdrawal costs %(fee)s.") % {"fee": said}
    if terms.minimum is not None:
        words += " " + _("At least %(amount)s.") % {"amount": money_text(terms.minimum)}
    if terms.maximum is not None:
        words += " " + _("At most %(amount)s.") % {"amount": money_text(terms.maximum)}
    if terms.free_a_month is not None:
        words += " " + _("The first %(amount)s of a month are free.") % {
            "amount": money_text(terms.free_a_month)
        }
    return words


def _queue(before: int) -> str:
    if not before:
        return ""
    return _("%(count)s others leave before yours") % {"count": before}


def _rate(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "%"


def _day(moment: datetime) -> object:
    return timezone.localtime(moment).date()


def _date(moment: datetime) -> str:
    # Translators: a Django date format for a day in the near future: `Wed 25 Nov`.
    return date_format(timezone.localtime(moment), _("D j M"))


def _time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i")
