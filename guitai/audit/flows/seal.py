"""Seal what has been written since the last link."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import connection, transaction

from guitai.audit.models import AuditRow, AuditSeal
from guitai.audit.rules.chain import GENESIS, digest_of

_LOCK = 0x617564  # "aud": one sealer at a time
_LINK_ROWS_MAX = 5_000
FIELDS = (
    "id", "transaction", "at", "actor_kind", "actor_id", "action", "subject_kind", "subject_id",
    "purpose_kind", "purpose_id", "reason", "details",
)  # fmt: skip


def seal() -> int:
    """Add one link over the rows of transactions that have ended; gives how many rows it sealed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
            # Every transaction below the horizon has ended, so no row can appear behind the chain's end.
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            horizon = cursor.fetchone()[0]
        last = AuditSeal.objects.order_by("-id").first()
        rows = list(rows_after(last, horizon)[:_LINK_ROWS_MAX])
        if not rows:
            return 0
        digest = digest_of(bytes(last.digest) if last else GENESIS, map(plain, rows))
        AuditSeal.objects.create(
            rows=len(rows), last_transaction=rows[-1]["transaction"], last_row=rows[-1]["id"], digest=digest
        )
        return len(rows)


def rows_after(last: AuditSeal | None, horizon: int | None) -> Any:
    """The rows behind a link, in sealing order, as dictionaries."""
    rows = AuditRow.objects.order_by("transaction", "id").values(*FIELDS)
    if horizon is not None:
        rows = rows.filter(transaction__lt=horizon)
    if last is not None:
        rows = rows.extra(
            where=["(transaction, id) > (%s, %s)"], params=[last.last_transaction, last.last_row]
        )
    return rows


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its moment as text, the same whatever time zone the connection shows."""
    return {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")}


def in_sealing_order(chunk: int = 2_000) -> Iterator[dict[str, Any]]:
    """All rows, streamed."""
    return iter(AuditRow.objects.order_by("transaction", "id").values(*FIELDS).iterator(chunk))
