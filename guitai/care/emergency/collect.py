"""What goes into a pack: facts as they stand in the books, files as they were handed in, and who touched them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care import reads
from guitai.care.emergency import pack
from guitai.care.emergency.reads import RECENT, police_of, recent_bills
from guitai.care.models import Case, Emergency, Evidence, EvidencePack
from guitai.care.types import CaseView
from guitai.kit import files as stored
from guitai.kit import personal
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationDetail

# What of a person's own data tells how somebody got in; by the names that the room people gives it.
_ACCESS = ("sign_ins", "devices", "means", "contacts")
_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
}
_COLUMNS = (
    "created_at", "reference", "kind", "direction", "state", "code", "amount", "fee", "currency", "counterparty",
    "note",
)  # fmt: skip
_LOOKS_MAX = 200


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything of one case: plain records, and the files that were handed in."""

    case: CaseView
    operations: tuple[Mapping[str, Any], ...]
    access: Mapping[str, Any]
    standing: tuple[Mapping[str, Any], ...]
    contact: tuple[Mapping[str, Any], ...]
    claims: tuple[Mapping[str, Any], ...]
    custody: tuple[Mapping[str, Any], ...]
    police: Mapping[str, str] | None
    evidence: Mapping[str, bytes]


def collect(case: Case, actor: Actor, reason: str) -> Collected:
    """Read everything; for staff each look is for the case, and recorded."""
    for_staff = actor.kind == "staff"
    purpose = Purpose("case", str(case.id), reason) if for_staff else None
    view = reads.view(case, internal=for_staff)
    details = [_detail(case.customer, bill.reference, actor, purpose) for bill in recent_bills(case.customer)]
    evidence, handed_in = _evidence(case, internal=for_staff)
    emergency = Emergency.objects.filter(case=case).first()
    police = police_of(emergency) if emergency else None
    claims = wallet.claims_about([detail.view.id for detail in details]) if for_staff else {}
    return Collected(
        case=view,
        operations=tuple(_operation(detail) for detail in details),
        access=_access(case.customer),
        standing=tuple(_standing(case.customer, purpose, actor)),
        contact=tuple(_contact(view)),
        claims=tuple(_plain(asdict(claim)) for claim in claims.values()),
        custody=tuple(pack.chain_up(_custody(case, handed_in, actor, reason))),
        police={"station": police.station, "number": police.number} if police else None,
        evidence=evidence,
    )


def files_of(collected: Collected, report: bytes) -> dict[str, bytes]:
    """The files of a pack by name, in the order in which they are chained."""
    made = {
        "operations.json": _json(collected.operations),
        "operations.csv": _csv(collected.operations),
        "sessions.json": _json(collected.access),
        "standing.json": _json(collected.standing),
        "contact.json": _json(collected.contact),
        "custody.json": _json(collected.custody),
        "report.pdf": report,
        **collected.evidence,
    }
    if collected.police:
        made["police.json"] = _json(collected.police)
    if collected.claims:
        made["claims.json"] = _json(collected.claims)
    return made


def _detail(customer: UUID, reference: str, actor: Actor, purpose: Purpose | None) -> OperationDetail:
    if purpose is None:
        return wallet.operation(customer, reference)
    return wallet.operation_for_staff(reference, actor=actor, purpose=purpose)


def _operation(detail: OperationDetail) -> Mapping[str, Any]:
    view = detail.view
    return {
        "reference": view.reference, "id": str(view.id), "kind": view.kind, "direction": view.direction,
        "state": view.state, "code": view.code or "", "amount": view.amount.decimal(),
        "fee": view.fee.decimal(), "currency": view.amount.currency,
        "counterparty": view.counterparty, "note": view.note, "created_at": view.created_at.isoformat(),
        "timeline": [{"at": step.at.isoformat(), "what": step.code, "state": step.state} for step in detail.timeline],
        "ledger": [
            {"transfer": leg.transfer_id, "at": leg.at.isoformat(), "kind": leg.kind, "amount": leg.amount.decimal()}
            for leg in detail.legs
        ],
    }  # fmt: skip


def _access(customer: UUID) -> Mapping[str, Any]:
    sections = {section.name: section for section in personal.export(customer).get("people", ())}
    return {
        name: [_plain(record) for record in sections[name].records] for name in _ACCESS if name in sections
    }


def _standing(customer: UUID, purpose: Purpose | None, actor: Actor) -> Iterable[Mapping[str, Any]]:
    if purpose is None:
        changes: Sequence[Any] = people.told_history(customer)
    else:
        changes = people.standing_for_staff(customer, purpose=purpose, reader=actor).history
    for change in changes:
        yield {
            "at": change.at.isoformat(), "action": change.action, "state": change.state, "reason": change.reason,
            "stopped": sorted(change.scope), **({"actor": change.actor} if purpose else {}),
        }  # fmt: skip


def _contact(view: CaseView) -> Iterable[Mapping[str, Any]]:
    """What was said and done in the case, calls included, without the words: those are the case's own."""
    for event in view.events:
        said = event.message
        yield {
            "at": event.at.isoformat(), "what": event.kind, "by": event.actor_kind,
            "facts": _plain(dict(event.facts)),
            **({"words": said.words, "files": [one.sha256 for one in said.evidence]} if said else {}),
        }  # fmt: skip


def _evidence(case: Case, *, internal: bool) -> tuple[dict[str, bytes], list[Evidence]]:
    rows = Evidence.objects.filter(case=case).select_related("message").order_by("id")
    chosen = [row for row in rows if internal or not row.message.internal]
    found = {}
    for number, row in enumerate(chosen, 1):
        _, content = stored.read(row.file)
        found[f"evidence/{number:02}-{row.sha256[:8]}.{_EXTENSIONS.get(row.content_type, 'bin')}"] = content
    return found, chosen


def _custody(case: Case, handed_in: Sequence[Evidence], actor: Actor, reason: str) -> list[dict[str, Any]]:
    """Who collected, viewed and exported, in the order of time; this export is the last line."""
    lines = [
        {"at": row.added_at.isoformat(), "what": "collected", "by": f"{row.message.author_kind}", "sha256": row.sha256,
         "original_sha256": row.original_sha256 or row.sha256}
        for row in handed_in
    ]  # fmt: skip
    hashes = {str(row.id): row.sha256 for row in handed_in}
    for evidence, sha256 in hashes.items():
        lines += [
            {"at": look.at.isoformat(), "what": "viewed", "by": _who(look.entry.actor, actor),
             "sha256": sha256}
            for look in audit.entries_about(("evidence", evidence), _LOOKS_MAX, actions=("care.evidence_read",))
        ]  # fmt: skip
    lines += [
        {"at": row.at.isoformat(), "what": "exported", "by": _who(Actor(row.actor_kind, row.actor_id), actor),
         "pack": row.number, "manifest_sha256": row.manifest_sha256}
        for row in EvidencePack.objects.filter(case=case).order_by("number")
    ]  # fmt: skip
    lines.sort(key=lambda line: str(line["at"]))
    return [*lines, {"at": now().isoformat(), "what": "exported", "by": str(actor), "reason": reason}]


def _who(who: Actor, reader: Actor) -> str:
    """Names of staff are not the customer's: their own pack says only that it was a member of staff."""
    return str(who) if reader.kind == "staff" or who.kind != "staff" else "staff"


def _csv(operations: Sequence[Mapping[str, Any]]) -> bytes:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow((*_COLUMNS, "ledger"))
    for row in operations:
        ledger = " ".join(leg["transfer"] for leg in row["ledger"])
        writer.writerow([_cell(str(value)) for value in (*(row[name] for name in _COLUMNS), ledger)])
    # With a mark, so that spreadsheets read Chinese.
    return output.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """A spreadsheet must not take what somebody typed for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _json(records: Any) -> bytes:
    return pack.canonical(records)


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, (str, int, bool, list, dict)) or value is None else str(value)
        for name, value in record.items()
    }


def since() -> str:
    """The day from which a pack looks at movements."""
    return (now() - RECENT).date().isoformat()
