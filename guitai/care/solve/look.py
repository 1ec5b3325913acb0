"""What the books say about a trouble: which operations it may be about, and what is to be done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guitai.base.clock import now
from guitai.care.solve.troubles import Trouble
from guitai.kit.explain import explain
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationDetail, OperationView

_LOOKED_AT, _SHOWN = 100, 8


@dataclass(frozen=True, slots=True)
class Way:
    """The one thing that helps: where it leads, and whether it is done by pressing."""

    label: str
    href: str
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the same diagnosis that an agent and an article have, and what to do."""

    code: str
    tone: str
    title: str
    reason: str
    next_step: str
    by_when: datetime | None = None
    way: Way | None = None
    other: tuple[Way, ...] = ()
    operation: OperationDetail | None = None


def candidates(customer: UUID, trouble: Trouble) -> list[OperationView]:
    """The operations a trouble may be about, the newest first."""
    if trouble.source != "operation":
        return []
    page = wallet.operations(customer, limit=_LOOKED_AT)
    since = now() - trouble.within
    found = [view for view in page.items if view.created_at >= since and _fits(view, trouble)]
    return found[:_SHOWN]


def finding(customer: UUID, trouble: Trouble, reference: str | None) -> Finding:
    """What the books say; refuses not_found for an operation of others."""
    if trouble.source == "standing":
        return _standing(customer)
    if reference:
        return _operation(trouble, wallet.operation(customer, reference))
    return _page(trouble)


def nothing_fits(trouble: Trouble) -> Finding:
    """No operation is like this: what else it may be."""
    if trouble.name == "top_up":
        return Finding(
            "no_open_top_up", "info", _("No top-up of yours is open"),
            _("Every top-up of the last weeks has ended. Money that came without its reference lies safely apart."),
            _("Tell us amount, day and paying account: often it is found at once."),
            way=Way(_("Find my payment"), reverse("wallet:not_arrived")),
        )  # fmt: skip
    if trouble.name == "fees":
        return Finding(
            "no_fees", "ok", _("No fee was charged lately"), _("None of your bills of the last weeks carries a fee."),
            _("What is charged for what stands in the list of fees."),
            way=Way(_("Fees"), reverse("care:article", args=["fees"])),
        )  # fmt: skip
    return Finding(
        "nothing_like_it", "ok", _("None of your bills looks like this"),
        _("We looked through your bills of the last weeks."),
        _("If it was longer ago, open the bill itself and choose Help with this."),
        way=Way(_("My bills"), reverse("wallet:bills")),
    )  # fmt: skip


def _fits(view: OperationView, trouble: Trouble) -> bool:
    if trouble.name == "fees":
        return view.fee.minor > 0
    return (
        (not trouble.kinds or view.kind in trouble.kinds)
        and (not trouble.states or view.state in trouble.states)
        and (not trouble.direction or view.direction == trouble.direction)
    )


def _operation(trouble: Trouble, detail: OperationDetail) -> Finding:
    said, view = detail.diagnosis, detail.view
    way, other = _ways(trouble, detail)
    tone = (
        "ok"
        if view.state in ("succeeded", "sent")
        else "danger"
        if view.state in ("refused", "failed")
        else "wait"
    )
    return Finding(
        said.rule, tone, said.headline, said.reason, said.next_step, said.by_when, way, other, detail
    )


def _ways(trouble: Trouble, detail: OperationDetail) -> tuple[Way | None, tuple[Way, ...]]:
    view, bill = (
        detail.view,
        Way(_("Open the bill"), reverse("wallet:operation", args=[detail.view.reference])),
    )
    if trouble.name == "wrong_person":
        if view.state == "held":
            return Way(
                _("Take it back"), reverse("wallet:cancellation", args=[view.reference]), posts=True
            ), (bill,)
        return Way(_("Ask for it back"), reverse("wallet:ask_back", args=[view.reference]), posts=True), (
            bill,
        )
    if view.kind == "withdrawal" and view.state in ("failed", "returned"):
        return Way(_("Withdraw again"), f"{reverse('wallet:withdraw')}?repeat={view.reference}"), (bill,)
    if trouble.name == "not_me":
        address = f"{reverse('care:emergency')}?bill={view.reference}"
        return Way(_("Stop everything: this was not me"), address), (bill,)
    if detail.diagnosis.next_url:
        said = explain(detail.diagnosis.rule, detail.diagnosis.inputs)
        return Way(said.remedy_label or _("Do this"), detail.diagnosis.next_url), (bill,)
    if trouble.name == "top_up":
        return bill, (Way(_("Find my payment"), reverse("wallet:not_arrived")),)
    return bill, ()


def _standing(customer: UUID) -> Finding:
    standing = people.told_standing(customer)
    if standing.state == "active":
        return Finding(
            "not_locked", "ok", _("Your wallet is not locked"), _("You are signed in and may use everything."),
            _("If a device or a payment still refuses you, look at your security check-up."),
            way=Way(_("Security check-up"), reverse("people:security")),
        )  # fmt: skip
    said = explain("frozen", {"since": standing.since.isoformat()} if standing.since else {})
    return Finding(
        f"standing_{standing.state}", "danger", said.title, said.reason,
        _("What remains to be done, and whose turn it is, stands on one page."),
        way=Way(_("Open it again"), reverse("people:standing")),
    )  # fmt: skip


def _page(trouble: Trouble) -> Finding:
    if trouble.name == "stolen":
        return Finding(
            "stolen", "danger", _("Freeze your wallet first"),
            _("A freeze takes seconds, stops everything that goes out, and keeps what comes in."),
            _("Afterwards a case opens by itself and a person looks at it before all others."),
            way=Way(_("Freeze now"), reverse("people:freeze")),
            other=(Way(_("Say which bills were not me"), reverse("care:emergency")),),
        )  # fmt: skip
    if trouble.name == "change_phone":
        return Finding(
            "change_phone", "info", _("Your number moves with you"),
            _("With the old number at hand it takes two codes. Without it we ask for a stronger proof and wait some "
              "days, and tell every other contact, so that nobody takes your wallet with a copied card."),
            _("Start here; you can stop it at any time."),
            way=Way(_("Change my number"), reverse("people:number")),
        )  # fmt: skip
    return Finding(
        trouble.name, "info", _("Payments to shops are not part of this wallet yet"),
        _("What you send to a person is a gift or a debt between the two of you: we cannot judge the goods."),
        _("Ask the payee for it back from the bill; if you were deceived, tell us."),
        way=Way(_("Ask a payee for money back"), reverse("care:solve", args=["wrong_person"])),
        other=(Way(_("I was deceived"), reverse("care:new_case") + "?category=not_me"),),
    )  # fmt: skip


def finding_signed_out(trouble: Trouble) -> Finding:
    """What can be said to somebody who is not signed in: only what is true of everybody."""
    if trouble.source != "standing":
        return _page(trouble)
    return Finding(
        "signed_out", "info", _("Which of these is it?"),
        _("A forgotten password is replaced with a code and a second proof. After several wrong tries the sign-in is "
          "locked for a while and opens by itself, or with a code at once."),
        _("A wallet that is frozen opens after you have signed in: its page says what remains to be done."),
        way=Way(_("I have forgotten my password"), reverse("people:forgotten")),
        other=(Way(_("Open a locked sign-in with a code"), reverse("people:unlock")),),
    )  # fmt: skip
