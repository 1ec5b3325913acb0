"""A copy of one's own data: asked for, made by a job, fetched with a proof, gone after some days."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.kit import files, personal
from guitai.kit.operator import operator, word
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import data_reads
from guitai.people.errors import ExportNotReady, TooManyAttempts
from guitai.people.flows.prove import prove
from guitai.people.identity_policy import personal_data_policy
from guitai.people.identity_types import ExportView, Proof
from guitai.people.models import DataExport, User
from guitai.people.queue import defer_export
from guitai.skin.text import moment_full

_A_DAY = 3
_AT_ONCE = 200


def ask_for_export(person: UUID) -> ExportView:
    """See `people.api.ask_for_export`."""
    waiting = DataExport.objects.filter(person_id=person, state="waiting").first()
    if waiting is not None:
        return data_reads.export_view(waiting)
    if not allow("people.export", str(person), limit=_A_DAY, window_s=86_400):
        raise TooManyAttempts()
    try:
        with outermost():
            row = DataExport.objects.create(id=new_id(), person_id=person)
            actor, subject = Actor("customer", str(person)), ("person", str(person))
            audit.record(actor, "person.export_asked", subject, details={"export": str(row.id)})
            defer_export(row.id)
    except IntegrityError:
        row = DataExport.objects.get(person_id=person, state="waiting")
    return data_reads.export_view(row)


def make_export(export: UUID) -> bool:
    """The job: gather from every room, pack, seal, tell. Gives whether there was anything to do."""
    row = DataExport.objects.filter(id=export, state="waiting").first()
    if row is None:
        return False
    parcel = _parcel(User.objects.get(id=row.person_id))
    with outermost():
        row = DataExport.objects.select_for_update().get(id=export)
        if row.state != "waiting":
            return False
        name = f"guitai-{now():%Y-%m-%d}.zip"
        row.file = files.keep(parcel, owner=row.person_id, name=name, content_type="application/zip").id
        row.state, row.ready_at = "ready", now()
        row.expires_at = row.ready_at + timedelta(days=personal_data_policy().export_days)
        row.save(update_fields=["file", "state", "ready_at", "expires_at"])
        facts = {"expires_at": row.expires_at.isoformat()}
        notify.send(row.person_id, "people.export_ready", facts, key=f"export:{row.id}")
    return True


def open_export(person: UUID, export: UUID, proof: Proof) -> tuple[files.StoredFile, bytes]:
    """See `people.api.open_export`."""
    row = data_reads.export_row(person, export)
    if row.state != "ready" or row.file is None or row.expires_at is None or row.expires_at <= now():
        raise ExportNotReady()
    proven = prove(person, proof)
    with outermost():
        actor, subject = Actor("customer", str(person)), ("person", str(person))
        details = {"export": str(row.id), "proof": proven}
        audit.record(actor, "person.export_fetched", subject, details=details)
        return files.read(row.file)


def end_exports() -> int:
    """The job: copies whose days are over are erased; gives how many."""
    rows = DataExport.objects.filter(state="ready", expires_at__lte=now())
    due = list(rows.values_list("id", flat=True)[:_AT_ONCE])
    for export in due:
        with transaction.atomic():
            _end(DataExport.objects.select_for_update().get(id=export))
    return len(due)


def drop_exports(person: UUID) -> int:
    """Erase every copy of a person who leaves; gives how many."""
    rows = list(DataExport.objects.select_for_update().filter(person_id=person).exclude(state="expired"))
    for row in rows:
        _end(row)
    return len(rows)


def _end(row: DataExport) -> None:
    files.erase([row.file] if row.file else [])
    row.state, row.file = "expired", None
    row.save(update_fields=["state", "file"])


def _parcel(user: User) -> bytes:
    """`data.json` for machines, `index.html` for people, and the person's own files."""
    zone = ZoneInfo(user.time_zone)
    with translation.override(user.language), timezone.override(zone):
        rooms = personal.export(user.id)
        made = now().isoformat()
        plain = {
            "format": "guitai-personal-data-1",
            "made_at": made,
            "rooms": {
                room: {section.name: list(section.records) for section in sections}
                for room, sections in rooms.items()
            },
        }
        sections = [section for found in rooms.values() for section in found]
        facts = {
            "brand": word(operator().brand, user.language),
            "made_at": now(),
            "language": user.language,
            "sections": [_readable(section) for section in sections],
        }
        page = render_to_string("people/export.html", facts)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(plain, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr("data.json", text)
            archive.writestr("index.html", page)
            for section in sections:
                _add_files(archive, section)
    return packed.getvalue()


def _readable(section: personal.Section) -> dict[str, object]:
    """A section as rows of (label, value), so that the page needs to know no room."""
    records = [
        [(section.labels.get(key, key), _said(value)) for key, value in record.items()]
        for record in section.records
    ]
    return {"title": section.title, "records": records}


def _said(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return moment_full(value)
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, list | tuple):
        return ", ".join(_said(item) for item in value) or "–"
    return str(value)


def _add_files(archive: zipfile.ZipFile, section: personal.Section) -> None:
    for file_id in section.files:
        try:
            stored, content = files.read(file_id)
        except NotFound:
            continue
        archive.writestr(f"files/{section.name}/{file_id.hex[-8:]}-{stored.name}", content)
