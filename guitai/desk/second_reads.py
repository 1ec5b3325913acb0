"""What waits for a second person in the other rooms, in one list. One read a room, whatever the list's length."""

from datetime import datetime
from uuid import UUID

from guitai.base.actor import Actor
from guitai.care import api as care
from guitai.desk.types import SecondLine
from guitai.people import api as people
from guitai.people.types import ReviewLine
from guitai.rails import api as rails
from guitai.rails.types import SettingsProposal
from guitai.wallet import api as wallet
from guitai.wallet.types import Proposal, ReserveRequestView

_SETTINGS = "operator.settings"


def elsewhere(staff: Actor) -> list[SecondLine]:
    """See `desk.api.seconds_elsewhere`."""
    proposals, looks = wallet.proposals(), people.second_looks()
    may_set = _SETTINGS in people.staff_member(UUID(staff.id)).permissions
    settings = rails.settings_proposals() if may_set else []
    # Signatures decide these, so that the list only leads to their page, and only whoever may open it.
    releases = wallet.open_reserve_requests() if may_set else ()
    makers = [one.proposed_by for one in (*proposals, *settings)] + [one.asked_by for one in releases]
    makers += [f"staff:{one.first_by}" for one in looks if one.first_by]
    ids = {UUID(maker.removeprefix("staff:")) for maker in makers if maker.startswith("staff:")}
    names = {f"staff:{person}": found.name for person, found in people.masked(ids).items()}
    cases = care.references_of([one.case for one in proposals if one.case])
    found = [
        *(_proposal(one, names, cases) for one in proposals),
        *(_setting(one, names) for one in settings),
        *(_look(one, names) for one in looks),
        *(_release(one, names) for one in releases),
    ]
    return sorted(found, key=_asked_at)


def _asked_at(line: SecondLine) -> datetime:
    return line.asked_at


def _proposal(one: Proposal, names: dict[str, str], cases: dict[UUID, str]) -> SecondLine:
    return SecondLine(
        one.kind, one.id, one.about, one.action, one.amount, one.reason, one.proposed_by.removeprefix("staff:"),
        names.get(one.proposed_by, "–"), one.proposed_at, one.decide_by, cases.get(one.case, "") if one.case else "",
    )  # fmt: skip


def _setting(one: SettingsProposal, names: dict[str, str]) -> SecondLine:
    return SecondLine(
        "settings", one.id, one.rail, "change", None, one.note, one.proposed_by.removeprefix("staff:"),
        names.get(one.proposed_by, "–"), one.proposed_at, None, "",
    )  # fmt: skip


def _release(one: ReserveRequestView, names: dict[str, str]) -> SecondLine:
    return SecondLine(
        "reserve", one.id, one.destination or one.digest[:16], f"reserve_{one.kind}", one.amount, one.reason,
        one.asked_by.removeprefix("staff:"), names.get(one.asked_by, ""), one.created_at, one.expires_at, "",
        len(one.signed_by), one.needed,
    )  # fmt: skip


def _look(one: ReviewLine, names: dict[str, str]) -> SecondLine:
    maker = str(one.first_by or "")
    return SecondLine(
        "identity", one.id, one.name, "confirm", None, "", maker, names.get(f"staff:{maker}", "–"), one.sent_at,
        one.due_at, "",
    )  # fmt: skip
