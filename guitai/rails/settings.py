"""The settings of rails, with history; secrets are sealed and never shown again.

A rail is set up when its settings have no problems. Every process sees a publication within a second.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec
import msgspec.inspect
from django.db import IntegrityError, connection, transaction

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.crypto import seal, unseal
from guitai.kit.environment import environment
from guitai.kit.transactions import outermost
from guitai.rails.errors import (
    RailSettingsChanged,
    RailSettingsInvalid,
    RailSettingsNeedTwo,
    RailUnavailable,
    RailUnknown,
)
from guitai.rails.models import RailSetting
from guitai.rails.terms import RailTerms
from guitai.rails.types import SettingsVersion, SettingsView


class RailSettings(Protocol):
    """A frozen msgspec.Struct; every field has a default, and an empty text is a field that is not set."""

    SECRET: ClassVar[frozenset[str]]

    def problems(self) -> tuple[str, ...]:
        """The fields that are missing or cannot be used."""


S = TypeVar("S", bound=RailSettings)
PURPOSE = "rails.setting"
_CACHE_NS = 1_000_000_000
# Numbers, switches and choices are for one, and these texts; every other says where money and messages go, or who may
# speak for whom: it takes two to change it.
_PLAIN = msgspec.inspect.IntType | msgspec.inspect.BoolType | msgspec.inspect.LiteralType
_FOR_ONE = frozenset({"transfer_scene", "transfer_scene_infos"})
_HISTORY_MAX = 50
_NOTE_MAX = 200


@dataclass(frozen=True, slots=True)
class _InForce:
    """The newest version, opened."""

    version: int
    values: dict[str, Any]
    secrets: dict[str, Any]
    secrets_set: dict[str, str]
    terms: RailTerms


_NOTHING = _InForce(0, {}, {}, {}, RailTerms())
_types: dict[str, type[RailSettings]] = {}
_fallbacks: dict[str, Callable[[], dict[str, Any]]] = {}
_cache: dict[str, tuple[int, _InForce]] = {}


def configured(
    rail: str, type_: type[S], fallback: Callable[[], dict[str, Any]] | None = None
) -> Callable[[], S]:
    """Declare what settings a rail has, and what fills fields that nobody set; gives what its adapter asks for them."""
    _types[rail] = type_
    if fallback is not None:
        _fallbacks[rail] = fallback
    return lambda: settings_of(rail, type_)


def settings_of(rail: str, type_: type[S]) -> S:
    """A rail's settings, whole and usable.

    takes    the rail's name and the type that its adapter declares
    gives    the settings in force, at most a second old
    refuses  rail_unavailable (problem `not_configured`) while something is missing
    """
    found = _typed(rail, type_, _in_force(rail))
    if found is None or found.problems():
        raise RailUnavailable(rail=rail, problem="not_configured")
    return found


def terms_of(rail: str) -> RailTerms:
    """What the operator decided about using a rail."""
    return _in_force(rail).terms


def problems_of(rail: str) -> tuple[str, ...]:
    """The fields of a rail's settings that are missing or cannot be used; none for a rail that needs no settings."""
    if rail not in _types:
        return ()
    found = _typed(rail, _types[rail], _in_force(rail))
    return ("settings",) if found is None else found.problems()


def pays_out(rail: str) -> bool:
    """Whether a rail is set up for money out: of some, the contract or the keys are enough for money in alone."""
    if problems_of(rail):
        return False
    found = _typed(rail, _types[rail], _in_force(rail)) if rail in _types else None
    may = getattr(found, "pays_out", None)
    return may is None or bool(may())


def fields_of(rail: str) -> dict[str, msgspec.inspect.Type]:
    """The fields of a rail's settings with their types, for whoever asks an operator for them; refuses rail_unknown."""
    info = msgspec.inspect.type_info(_type_of(rail))
    assert isinstance(info, msgspec.inspect.StructType)
    return {field.name: field.type for field in info.fields}


def settings_view(rail: str) -> SettingsView:
    """A rail's settings as an operator may see them; refuses rail_unknown."""
    type_ = _type_of(rail)
    kept = _in_force(rail)
    found = _typed(rail, type_, kept)
    plain = msgspec.to_builtins(found) if found is not None else kept.values
    return SettingsView(
        rail=rail,
        version=kept.version,
        values={name: value for name, value in plain.items() if name not in type_.SECRET},
        secrets={name: _moment(kept.secrets_set.get(name)) for name in sorted(type_.SECRET)},
        problems=problems_of(rail),
        history=tuple(
            SettingsVersion(
                row.version, row.published_by, row.published_at, row.note, tuple(row.changed), row.decided_by
            )
            for row in _published(rail)[:_HISTORY_MAX]
        ),
    )


def publish_settings(
    rail: str,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    terms: RailTerms | None = None,
    note: str = "",
    based_on: int | None = None,
) -> int:
    """Put new settings of a rail in force.

    takes    the rail's name, fields to change (a secret that is empty stays as it is, one that is None is removed),
             who, the terms of use when they change, why, and the version that was looked at when they were written
    gives    the new version's number
    refuses  rail_unknown, rail_settings_invalid, rail_settings_changed, rail_settings_need_two (staff, for what one
             alone does not change); purpose_not_real
    source   this room's README, settings
    """
    with outermost():
        row = drafted(rail, values, actor, terms=terms, note=note, based_on=based_on)
        if actor.kind == "staff" and needs_two(row):
            raise RailSettingsNeedTwo(rail=rail)
        put_in_force(row, actor)
    return row.version


def needs_two(row: RailSetting) -> bool:
    """Whether a version changes an address, a key or an account: a second member of staff puts it in force."""
    types = fields_of(row.rail)
    texts = (name for name in row.changed if name in types and not isinstance(types[name], _PLAIN))
    return any(name not in _FOR_ONE for name in texts)


def put_in_force(row: RailSetting, actor: Actor) -> None:
    """Write a version that counts from now on, in the caller's transaction; refuses rail_settings_changed."""
    row.state = "in_force"
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RailSettingsChanged(rail=row.rail) from error
    _record(row, actor)
    forget()
    transaction.on_commit(forget)


def drafted(
    rail: str,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    terms: RailTerms | None,
    note: str,
    based_on: int | None,
) -> RailSetting:
    """The next version, checked and not yet written; refuses what `publish_settings` does."""
    type_ = _type_of(rail)
    before = _load(rail)
    if based_on is not None and based_on != before.version:
        raise RailSettingsChanged(rail=rail)
    fields = _changed_fields(type_, before, values)
    _checked(rail, type_, fields)
    plain = {name: value for name, value in fields.items() if name not in type_.SECRET}
    secrets = {name: value for name, value in fields.items() if name in type_.SECRET}
    after_terms = _checked_terms(rail, terms) if terms is not None else before.terms
    row = RailSetting(
        rail=rail,
        version=before.version + 1,
        values=plain,
        terms=msgspec.to_builtins(after_terms),
        secrets_set=_stamps(before, secrets),
        changed=_changes(rail, before, {**plain, **secrets}, after_terms),
        note=note[:_NOTE_MAX],
        published_by=str(actor),
    )
    row.secrets_sealed = seal(msgspec.json.encode(secrets).decode(), purpose=PURPOSE, row=row.id)
    return row


def is_rail_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of the kind `rail` names one that there is."""
    return purpose.id in _types


def forget() -> None:
    """Drop this process's cached settings."""
    _cache.clear()


def _stamps(before: _InForce, secrets: dict[str, Any]) -> dict[str, str]:
    """When each secret was set: one that stays the same keeps its day."""
    moment = now().isoformat()
    same = {name for name, value in secrets.items() if before.secrets.get(name) == value}
    return {name: before.secrets_set.get(name, moment) if name in same else moment for name in secrets}


def _record(row: RailSetting, actor: Actor) -> None:
    purpose = Purpose("rail", row.rail, row.note) if actor.kind == "staff" else None
    # Names only: addresses and figures are read from the versions, secrets from nowhere.
    details = {"version": row.version, "changed": row.changed}
    record(actor, "rails.settings_published", ("rail", row.rail), purpose=purpose, details=details)


def _changed_fields(type_: type[RailSettings], before: _InForce, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be in force: the fields of before, those that were given over them."""
    known = {field.name for field in msgspec.structs.fields(type_)}  # type: ignore[arg-type]
    fields = {name: value for name, value in {**before.values, **before.secrets}.items() if name in known}
    for name, value in values.items():
        if name not in known:
            raise RailSettingsInvalid(field=name[:60], problem="unknown field")
        if name in type_.SECRET and value == "":
            continue
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value.strip() if isinstance(value, str) else value
    return fields


def _checked(rail: str, type_: type[RailSettings], fields: dict[str, Any]) -> None:
    try:
        msgspec.convert(fields, type_, strict=False)
    except msgspec.ValidationError as error:
        raise RailSettingsInvalid(rail=rail, field="settings", problem=str(error)[:200]) from error


def _checked_terms(rail: str, terms: RailTerms) -> RailTerms:
    """Structs check their figures only when they are read."""
    try:
        return msgspec.convert(msgspec.to_builtins(terms), RailTerms)
    except msgspec.ValidationError as error:
        raise RailSettingsInvalid(rail=rail, field="terms", problem=str(error)[:200]) from error


def _changes(rail: str, before: _InForce, after: dict[str, Any], terms: RailTerms) -> list[str]:
    """What is not as it was; a field that is written as it would have been anyway is no change."""
    usual = {**msgspec.to_builtins(_types[rail]()), **_fallbacks.get(rail, dict)()}
    old, new = {**usual, **before.values, **before.secrets}, {**usual, **after}
    fields = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    then, now_ = msgspec.to_builtins(before.terms), msgspec.to_builtins(terms)
    return [*fields, *(f"terms.{name}" for name in then if then[name] != now_[name])]


def _in_force(rail: str) -> _InForce:
    kept = None if _publishing() else _cache.get(rail)
    if kept and kept[0] > time.monotonic_ns():
        return kept[1]
    found = _load(rail)
    if not _publishing() and environment().mode != "test":
        _cache[rail] = (time.monotonic_ns() + _CACHE_NS, found)
    return found


def _load(rail: str) -> _InForce:
    row = _published(rail).first()
    if row is None:
        return _NOTHING
    secrets = msgspec.json.decode(
        unseal(row.secrets_sealed, purpose=PURPOSE, row=row.id), type=dict[str, Any]
    )
    return _InForce(row.version, row.values, secrets, row.secrets_set, msgspec.convert(row.terms, RailTerms))


def _published(rail: str) -> Any:
    """A rail's versions that are or were in force, the newest first."""
    return RailSetting.objects.filter(rail=rail, state="in_force").order_by("-version")


def _typed(rail: str, type_: type[S], kept: _InForce) -> S | None:
    """The settings as their type; None when what was stored does not fit it any more."""
    known = {field.name for field in msgspec.structs.fields(type_)}  # type: ignore[arg-type]
    given = {name: value for name, value in {**kept.values, **kept.secrets}.items() if name in known}
    fallback = _fallbacks.get(rail, dict)()
    missing = {name: value for name, value in fallback.items() if not given.get(name)}
    try:
        return msgspec.convert({**given, **missing}, type_, strict=False)
    except msgspec.ValidationError:
        return None


def _type_of(rail: str) -> type[RailSettings]:
    if rail not in _types:
        raise RailUnknown(rail=rail[:32])
    return _types[rail]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _publishing() -> bool:
    """Whether this transaction has published a version that is not yet committed."""
    return any(entry[1] is forget for entry in connection.run_on_commit)
