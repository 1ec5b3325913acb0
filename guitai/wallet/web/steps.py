"""One step of a timeline, as the component takes it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Step:
    """What a timeline takes."""

    title: str
    state: str
    at: datetime | None = None
    detail: str = ""
    by: datetime | None = None
