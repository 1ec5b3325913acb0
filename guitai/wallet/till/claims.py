"""Idempotency: the same key and body gives the original outcome, however often and however concurrently it comes."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from guitai.base.refusal import Refusal
from guitai.kit.crypto import mac
from guitai.wallet.errors import KeyInFlight, KeyMissing, KeyReused
from guitai.wallet.till.types import Intent, Outcome

_KEY_MAX = 200
# A twin in flight is waited for: its insert holds the unique key until it commits.
_TWIN_WAIT_MS = 5_000
_CLAIM = """
INSERT INTO wallet_claim (actor, key, body_hash, claimed_at)
SELECT actor, key, body_hash, now() FROM unnest(%s::text[], %s::text[], %s::bytea[]) AS c(actor, key, body_hash)
ORDER BY actor, key
ON CONFLICT DO NOTHING RETURNING actor, key
"""
_KEPT = """
SELECT c.actor, c.key, c.body_hash, c.outcome FROM wallet_claim c
JOIN unnest(%s::text[], %s::text[]) AS w(actor, key) ON w.actor = c.actor AND w.key = c.key
"""
_KEEP = """
UPDATE wallet_claim c SET outcome = v.outcome FROM unnest(%s::text[], %s::text[], %s::jsonb[]) AS v(actor, key, outcome)
WHERE c.actor = v.actor AND c.key = v.key
"""

ClaimKey = tuple[str, str]
Answer = Outcome | Refusal | None


def claim(intents: Sequence[Intent]) -> list[Answer]:
    """Claim the keys of a batch.

    takes    intents, each with an actor and a key
    gives    one answer an intent: None when it is to be judged now, the original Outcome when its key was used
             with the same body, KeyReused when with another, KeyMissing without a key. A twin within the batch
             is None only for the first; the others are answered by `echo`
    refuses  idempotency_key_in_flight when a twin in another transaction does not end within 5 s
    """
    keys = [(str(intent.actor), intent.key) for intent in intents]
    hashes = [body_hash(intent) for intent in intents]
    wanted: dict[ClaimKey, bytes] = {}
    for key, digest in zip(keys, hashes, strict=True):
        if 0 < len(key[1]) <= _KEY_MAX:
            wanted.setdefault(key, digest)
    fresh = _insert(wanted)
    kept = _kept([key for key in wanted if key not in fresh])
    answers: list[Answer] = []
    for key, digest in zip(keys, hashes, strict=True):
        if key not in wanted:
            answers.append(KeyMissing())
        elif key in fresh:
            answers.append(None if digest == wanted[key] else KeyReused())
        else:
            before, outcome = kept[key]
            answers.append(_replayed(outcome) if before == digest else KeyReused())
    return answers


def keep(outcomes: Sequence[tuple[Intent, Outcome]]) -> None:
    """Store what the keys were answered with."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                [str(intent.actor) for intent, _ in outcomes],
                [intent.key for intent, _ in outcomes],
                [json.dumps(_plain(outcome)) for _, outcome in outcomes],
            ],
        )


def body_hash(intent: Intent) -> bytes:
    """A keyed code over what is asked for; a PIN goes into it and cannot be got out again."""
    return mac(
        "wallet.claim",
        intent.kind,
        json.dumps(dict(intent.body), sort_keys=True, separators=(",", ":")),
        json.dumps(dict(intent.secrets), sort_keys=True, separators=(",", ":")),
    )


def _insert(wanted: dict[ClaimKey, bytes]) -> set[ClaimKey]:
    ordered = sorted(wanted)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {_TWIN_WAIT_MS}")
            cursor.execute(
                _CLAIM, [[a for a, _ in ordered], [k for _, k in ordered], [wanted[key] for key in ordered]]
            )
            fresh = {(row[0], row[1]) for row in cursor.fetchall()}
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise KeyInFlight() from error
        raise
    return fresh


def _kept(keys: Sequence[ClaimKey]) -> dict[ClaimKey, tuple[bytes, Any]]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [[a for a, _ in keys], [k for _, k in keys]])
        return {(row[0], row[1]): (bytes(row[2]), _json(row[3])) for row in cursor.fetchall()}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "operation_id": str(outcome.operation_id),
        "reference": outcome.reference,
        "outcome": outcome.outcome,
        "state": outcome.state,
        "code": outcome.code,
        "facts": dict(outcome.facts),
    }


def _replayed(kept: dict[str, Any]) -> Outcome:
    return Outcome(**{**kept, "operation_id": UUID(kept["operation_id"])}, replayed=True)
