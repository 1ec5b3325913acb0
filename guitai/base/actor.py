"""Who is acting: every verb, audit row and idempotency key names one."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["customer", "staff", "system", "rail"]


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SYSTEM = Actor("system", "guitai")
