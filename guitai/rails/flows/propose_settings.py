"""Changes of a rail's addresses, keys and accounts: one proposes, another puts them in force."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.kit.transactions import outermost
from guitai.rails import settings
from guitai.rails.errors import RailProposalOver, RailProposalOwn, RailProposalWaits, RailSettingsChanged
from guitai.rails.models import RailSetting
from guitai.rails.terms import RailTerms
from guitai.rails.types import SettingsProposal


def propose_settings(
    rail: str,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    terms: RailTerms | None = None,
    note: str = "",
    based_on: int | None = None,
) -> UUID | None:
    """Put in force what one changes alone; all else waits for another. Gives the proposal, if it is one."""
    with outermost():
        row = settings.drafted(rail, values, actor, terms=terms, note=note, based_on=based_on)
        if not settings.needs_two(row):
            settings.put_in_force(row, actor)
            return None
        row.state = "proposed"
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise RailProposalWaits(rail=rail) from error
        _audit("rails.settings_proposed", row, actor)
    return UUID(str(row.id))


def approve_settings(proposal_id: UUID, actor: Actor) -> int:
    """Put what another has proposed in force; gives the version."""
    with outermost():
        row = _open(proposal_id)
        if row.published_by == str(actor):
            raise RailProposalOwn()
        if _version(row.rail) != row.version - 1:
            raise RailSettingsChanged(rail=row.rail)
        row.decided_by, row.decided_at, row.published_at = str(actor), now(), now()
        settings.put_in_force(row, actor)
    return int(row.version)


def decline_settings(proposal_id: UUID, actor: Actor) -> None:
    """Put a proposal aside; whoever wrote it may, too."""
    with outermost():
        row = _open(proposal_id)
        row.state, row.decided_by, row.decided_at = "declined", str(actor), now()
        row.save()
        _audit("rails.settings_declined", row, actor)


def proposal_of(rail: str) -> SettingsProposal | None:
    """What waits for a second person at a rail."""
    return next((one for one in proposals() if one.rail == rail), None)


def proposals() -> list[SettingsProposal]:
    """What waits for a second person at any rail, the oldest first."""
    rows = list(RailSetting.objects.filter(state="proposed").order_by("published_at"))
    in_force = RailSetting.objects.filter(state="in_force", rail__in=[row.rail for row in rows])
    versions = dict(in_force.values("rail").annotate(newest=Max("version")).values_list("rail", "newest"))
    return [_proposal(row, versions.get(row.rail, 0)) for row in rows]


def _proposal(row: RailSetting, newest: int) -> SettingsProposal:
    terms = {f"terms.{key}": value for key, value in row.terms.items()}
    shown = {name: value for name, value in {**row.values, **terms}.items() if name in row.changed}
    return SettingsProposal(
        UUID(str(row.id)), row.rail, row.version, row.published_by, row.published_at, row.note, tuple(row.changed),
        shown, newest != row.version - 1,
    )  # fmt: skip


def _open(proposal_id: UUID) -> RailSetting:
    row = RailSetting.objects.select_for_update().filter(id=proposal_id).first()
    if row is None:
        raise NotFound()
    if row.state != "proposed":
        raise RailProposalOver()
    return row


def _version(rail: str) -> int:
    """Of what is in force; 0 before anything was."""
    newest = RailSetting.objects.filter(rail=rail, state="in_force").order_by("-version").first()
    return newest.version if newest else 0


def _audit(action: str, row: RailSetting, actor: Actor) -> None:
    # Names only, as for a version that is in force.
    details = {"version": row.version, "changed": row.changed}
    record(actor, action, ("rail", row.rail), purpose=Purpose("rail", row.rail, row.note), details=details)
