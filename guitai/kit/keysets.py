"""Rows before a moment, newest first: how several tables are read as one timeline, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page begins: rows before this moment, and of those at the very moment the ones below the key."""

    at: datetime
    key: UUID


def newest(
    rows: "QuerySet[Any]", before: Before | None, limit: int, *, at: str = "at", key: str = "id"
) -> list[Any]:
    """The newest so many before a place, newest first."""
    if before is not None:
        rows = rows.filter(Q(**{f"{at}__lt": before.at}) | Q(**{at: before.at, f"{key}__lt": before.key}))
    return list(rows.order_by(f"-{at}", f"-{key}")[:limit])
