"""Every component with made-up content, so that a designer and a test can see them all at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from guitai.base import clock
from guitai.base.money import Money
from guitai.skin.navigation import Place
from guitai.skin.web.errors import error_page

_REFERENCE = "7KMR3AXWH2"


@dataclass(frozen=True, slots=True)
class Step:
    """What a timeline takes."""

    at: datetime | None
    title: Any
    detail: Any
    state: str
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a problem takes: the shape of `kit.explain.Explanation`."""

    title: Any
    reason: Any
    remedy: Any
    remedy_url: str = ""
    remedy_label: Any = ""


class Sample(forms.Form):
    phone = forms.CharField(label=_("Phone number"), help_text=_("We send a code to it by SMS."))
    amount = forms.CharField(label=_("Amount"))
    bank = forms.ChoiceField(label=_("Bank"), choices=[("a", "Jade River Bank"), ("b", "Harbour Bank")])
    words = forms.CharField(label=_("What happened?"), widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label=_("I have read the agreement and the privacy notice."))
    reason = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        choices=[("late", _("The money has not arrived")), ("wrong", _("I paid the wrong person"))],
    )
    pin = forms.CharField(label=_("Payment PIN"), widget=forms.PasswordInput)
    code = forms.CharField(label=_("Code from the SMS"))
    files = forms.FileField(
        label=_("Pictures or papers"), required=False, help_text=_("PNG, JPEG, WebP or PDF.")
    )
    score = forms.IntegerField(label=_("How well was this solved?"))


def components(request: HttpRequest) -> HttpResponse:
    """Every component, each with its states."""
    wrong = Sample({"phone": "1380013", "amount": "12,000.005", "bank": "a", "reason": "late"})
    wrong.add_error("phone", _("A mobile number in mainland China has 11 digits; this one has 7."))
    wrong.add_error("amount", _("CNY amounts have at most two decimals."))
    return render(request, "skin/catalogue.html", {**_sample(), "form": Sample(), "wrong": wrong})


def wallet(request: HttpRequest) -> HttpResponse:
    """A wallet's home as it could be, with the longest amounts and names when `?long`."""
    return render(request, "skin/sample_wallet.html", _sample(long="long" in request.GET))


def question(request: HttpRequest) -> HttpResponse:
    """One question a screen."""
    form = Sample({"amount": "50000", "pin": ""}) if "wrong" in request.GET else Sample()
    return render(request, "skin/sample_form.html", {**_sample(), "form": form})


def desk(request: HttpRequest) -> HttpResponse:
    """The desk's three panes."""
    return render(request, "skin/sample_desk.html", _sample())


def receipt(request: HttpRequest) -> HttpResponse:
    """A receipt for the printer."""
    return render(request, "skin/sample_receipt.html", _sample())


def error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page, with status 200 so that a browser shows it like any other."""
    try:
        response = error_page(request, status, wait_s=90 if status in (429, 503) else None)
    except ValueError as unknown:
        raise Http404 from unknown
    response.status_code = 200
    return response


def _sample(*, long: bool = False) -> dict[str, Any]:
    now = clock.now()
    name = "Maximiliana Featherstonehaugh-Villanueva" if long else "Maya Patel"
    return {
        "long": long,
        "balance": Money(1_234_567_890_123 if long else 428_650, "CNY"),
        "incoming": Money(20_000, "CNY"),
        "outgoing": Money(1_234_567_890_123 if long else 12_850, "CNY"),
        "fee": Money(0, "CNY"),
        "moment": now - timedelta(minutes=14),
        "yesterday": now - timedelta(days=1, hours=2),
        "older": now - timedelta(days=40),
        "reference": _REFERENCE,
        "name": name,
        "steps": [
            Step(now - timedelta(minutes=14), _("Order placed"), "", "done"),
            Step(
                now - timedelta(minutes=13),
                _("Bank notified us"),
                _("Jade River Bank, signed notice"),
                "done",
            ),
            Step(
                now - timedelta(minutes=12),
                _("Matching your payment"),
                _("The amount is being compared."),
                "now",
            ),
            Step(None, _("Balance credited"), "", "next", now + timedelta(minutes=30)),
        ],
        "failed_steps": [
            Step(now - timedelta(hours=3), _("Order placed"), "", "done"),
            Step(now - timedelta(hours=2), _("Refused"), _("The payee cannot receive money now."), "failed"),
        ],
        "said": Said(
            _("There is not enough money for this"),
            _("You have ¥86.20 available and the transfer needs ¥120.00."),
            _("Top up ¥33.80 or more, then send it again. Nothing has left your account."),
            "#top-up",
            _("Top up"),
        ),
        "tabs": [
            {"label": _("Conversation"), "href": "#a", "current": True, "count": 3},
            {"label": _("Operation"), "href": "#b", "current": False, "count": None},
            {"label": _("History"), "href": "#c", "current": False, "count": 12},
        ],
        "filters": [
            {"label": _("All"), "href": "#", "current": True, "count": None},
            {"label": _("Money in"), "href": "#in", "current": False, "count": None},
            {"label": _("Money out"), "href": "#out", "current": False, "count": None},
            {"label": _("Refused"), "href": "#no", "current": False, "count": 2},
        ],
        "quick_amounts": ["100", "200", "500", "1000"],
        "facts": [(_("Fee"), "¥0.00"), (_("Arrives"), _("at once")), (_("From"), _("Balance"))],
        "sample_bar": [
            Place("#home", str(_("Home")), "house", False, True),
            Place("#bills", str(_("Bills")), "receipt-text", False, False),
            Place("#pay", str(_("Pay")), "scan-line", True, False),
            Place("#counter", str(_("Counter")), "life-buoy", False, False),
            Place("#me", str(_("Me")), "circle-user-round", False, False),
        ],
        "queue": _queue(now),
    }


def _queue(now: datetime) -> list[dict[str, Any]]:
    subjects = [
        (_("Top-up has not arrived"), "张*", "wait", 62, _("New")),
        (_("Account may be stolen"), "M** P****", "danger", 91, _("Urgent")),
        (_("Transfer refused, why?"), "李*", "quiet", 20, _("Mine")),
        (_("Change of phone number"), "陈*", "quiet", 35, _("Waiting")),
        (_("Receipt for my employer"), "O** S****", "quiet", 8, _("New")),
        (_("Paid the wrong person"), "王*", "wait", 74, _("New")),
    ]
    return [
        {
            "title": title,
            "who": who,
            "tone": tone,
            "percent": percent,
            "state": state,
            "current": index == 0,
            "at": now - timedelta(minutes=7 * (index + 1)),
        }
        for index, (title, who, tone, percent, state) in enumerate(subjects * 3)
    ]
