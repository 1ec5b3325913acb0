"""Look into a statement file as it came: it names payers, so that every look is recorded before it happens."""

from collections.abc import Iterator
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound
from guitai.kit.transactions import outermost
from guitai.rails.flows.receive_statement import content
from guitai.rails.models import StatementFile

STATEMENT = "statement"


def inspect_statement(file_id: UUID, reason: str, actor: Actor) -> Iterator[bytes]:
    """Record who looks and why, then give the content in pieces."""
    with outermost():
        row = StatementFile.objects.filter(id=file_id).exclude(state="receiving").first()
        if row is None:
            raise NotFound()
        record(
            actor,
            "rails.statement_inspected",
            ("rails.statement_file", str(file_id)),
            purpose=Purpose(STATEMENT, str(file_id), reason),
            details={"state": row.state},
        )
    return content(file_id)


def is_statement_purpose(purpose: Purpose) -> bool:
    """Whether a purpose of the kind `statement` names a file that there is, or is just being taken in."""
    try:
        return StatementFile.objects.filter(id=UUID(purpose.id)).exists()
    except ValueError:
        return False
