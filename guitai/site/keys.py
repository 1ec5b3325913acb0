"""What `guitai keys` does, once Django is set up."""

from collections import Counter
from typing import Any

from guitai.kit.models import DataKey
from guitai.kit.reseal import RotationRefused, retire, rotate, rotate_indexes, survey

__all__ = ["RotationRefused", "retire", "rotate", "rotate_indexes", "status"]


def status() -> tuple[list[dict[str, Any]], dict[str, Counter[str]]]:
    """The keys of the ring without their content, oldest first, and what each key has sealed."""
    rows = [
        {
            "id": row.id,
            "role": row.role,
            "master": row.master,
            "held": row.wrapped is not None,
            "made_at": row.made_at,
            "finished_at": row.finished_at,
            "retired_at": row.retired_at,
            "destroyed_at": row.destroyed_at,
        }
        for row in DataKey.objects.order_by("made_at", "id")
    ]
    return rows, survey()
