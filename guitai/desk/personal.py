"""What the desk holds about somebody: what staff decided for them, and looks without a case."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guitai.desk.models import Approval, BreakGlass
from guitai.desk.web.action_words import STATES, action_title
from guitai.kit.personal import Erasure, Section, register
from guitai.kit.transactions import required
from guitai.people.api import still_kept

TABLES = ("desk_approval", "desk_break_glass")


def export(person: UUID) -> list[Section]:
    """What was done for a person by staff, and who opened their data without a case."""
    done = [
        {
            "what": action_title(row.action),
            "case": row.case,
            "at": row.asked_at,
            "state": str(STATES[row.state][0]),
        }
        for row in Approval.objects.filter(customer=person).order_by("asked_at")
    ]
    looks = [
        {"at": row.opened_at, "why": row.reason}
        for row in BreakGlass.objects.filter(customer=person).order_by("opened_at")
    ]
    sections = [
        Section("service_actions", _("What our staff did for you"), done, {
            "what": _("What was done"), "case": _("Case"), "at": _("When"), "state": _("What became of it"),
        }),
        Section("looks_without_a_case", _("Looks at your data without a case"), looks, {
            "at": _("When"), "why": _("Why was it opened"),
        }),
    ]  # fmt: skip
    return [section for section in sections if section.records]


def erase(person: UUID) -> Erasure:
    """Decisions about money and looks are kept as long as the law asks for the bills."""
    required()
    approvals, looks = Approval.objects.filter(customer=person), BreakGlass.objects.filter(customer=person)
    if not approvals.exists() and not looks.exists():
        return Erasure(0)
    kept = still_kept(person, gettext_lazy("What staff decided for you, and looks at your data"))
    if kept is not None:
        return Erasure(0, (kept,))
    return Erasure(approvals.delete()[0] + looks.delete()[0])


register("desk", export=export, erase=erase, tables=TABLES)
