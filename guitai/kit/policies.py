"""The operator's settings, with history. Every recorded decision pins the version it was made under."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from guitai.base.actor import Actor
from guitai.base.refusal import Refusal

T = TypeVar("T")
# A published policy is seen by every process within this time.
_CACHE_S = 1.0


class PolicyInvalid(Refusal):
    code = "policy_invalid"


class PolicyChangedMeanwhile(Refusal):
    code = "policy_changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Versioned(Generic[T]):
    name: str
    version: int
    value: T

    @property
    def pin(self) -> str:
        """How a fact names the version it came from: `limits@3`; version 0 is the built-in default."""
        return f"{self.name}@{self.version}"


Cache = dict[type, tuple[float, Versioned[Any]]]
_declared: dict[type, tuple[str, Any]] = {}
_checks: dict[type, Callable[[Any], None]] = {}
_cache: Cache = {}


class _Unsettled:
    """What a transaction sees that has published a version itself: nobody else may see it before it commits."""

    def __init__(self) -> None:
        self.seen: Cache = {}

    def __call__(self) -> None:
        forget()


def declare(name: str, type_: type[T], default: T, *, check: Callable[[T], None] | None = None) -> None:
    """A room announces a policy of its own: its name, its frozen msgspec type, and the default in force.

    `check` refuses, with a code of the room's, a value that may not be put in force; what is in force stays readable.
    """
    _declared[type_] = (name, default)
    if check is not None:
        _checks[type_] = check


def current(type_: type[T]) -> Versioned[T]:
    """The policy in force.

    takes    the declared type
    gives    its value with name and version, at most a second old
    """
    cache = _seen_here()
    kept = cache.get(type_)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    name, default = _declared[type_]
    row = _versions().filter(name=name).order_by("-version").first()
    found = (
        Versioned(name, row.version, msgspec.convert(row.value, type_))
        if row
        else Versioned(name, 0, default)
    )
    cache[type_] = (time.monotonic() + _CACHE_S, found)
    return found


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy as it is now: its plain value, and since when and by whom; version 0 is the built-in default."""

    name: str
    version: int
    value: Any
    since: datetime | None
    by: str


def in_force() -> list[InForce]:
    """Every declared policy by name, in two statements at most however many there are."""
    latest = _versions().order_by("name", "-version").distinct("name")
    rows = {row.name: row for row in latest}
    found = []
    for name, default in sorted(_declared.values(), key=_name):
        row = rows.get(name)
        if row is None:
            found.append(InForce(name, 0, msgspec.to_builtins(default), None, ""))
        else:
            found.append(InForce(name, row.version, row.value, row.published_at, row.published_by))
    return found


def _name(declared: tuple[str, Any]) -> str:
    return declared[0]


def publish(name: str, value: object, actor: Actor) -> int:
    """Put a new version in force.

    takes    the policy's name, its plain JSON value or its type, and who publishes it
    gives    the new version's number
    refuses  policy_invalid, policy_changed_meanwhile, what the policy's own check refuses
    """
    type_ = next((t for t, (declared, _) in _declared.items() if declared == name), None)
    if type_ is None:
        raise PolicyInvalid(name=name[:60], problem="unknown policy")
    try:
        # Stored in full, defaults included: what was in force stays readable when a default changes.
        wanted = msgspec.convert(msgspec.to_builtins(value), type_)
    except msgspec.ValidationError as error:
        raise PolicyInvalid(name=name, problem=str(error)[:300]) from error
    if type_ in _checks:
        _checks[type_](wanted)
    plain = msgspec.to_builtins(wanted)
    latest = _versions().filter(name=name).order_by("-version").values_list("version", flat=True).first()
    version = (latest or 0) + 1
    try:
        with transaction.atomic():
            _versions().create(name=name, version=version, value=plain, published_by=str(actor))
    except IntegrityError as error:
        raise PolicyChangedMeanwhile(name=name) from error
    forget()
    # Others must not see a version that may yet be rolled back, nor this process after it was.
    transaction.on_commit(_Unsettled())
    return version


def _seen_here() -> Cache:
    """The cache of all, or of this transaction alone after it has published a version that is not yet committed."""
    own = [entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Unsettled)]
    return own[-1].seen if own else _cache


def _versions() -> Any:
    # Rooms declare their policies while apps are still loading, when models cannot be imported yet.
    return apps.get_model("kit", "PolicyVersion").objects


def forget() -> None:
    """Drop what this process has cached."""
    _cache.clear()
    _seen_here().clear()
