"""Idempotency: the same key and body gives the original outcome, however often and however concurrently it comes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable

from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit import sql
from guitai.kit.crypto import mac
from guitai.wallet.errors import KeyInFlight, KeyMissing, KeyReused
from guitai.wallet.till.types import Intent, Outcome

KEY_MAX = 200
# A twin in flight is waited for: its insert holds the unique key until it commits.
_TWIN_WAIT = "SET LOCAL lock_timeout = '5s'"
# Whatever else holds a row for so long will not let go soon: better to say so than to hold up a whole batch.
_LOCK_WAIT = "SET LOCAL lock_timeout = '10s'"
_CLAIM = """
INSERT INTO wallet_claim (actor, key, body_hash, operation_id, event_id, claimed_at)
SELECT * FROM unnest(%b::text[], %b::text[], %b::bytea[], %b::uuid[], %b::uuid[], %b::timestamptz[]) AS c(actor, key)
ORDER BY actor, key ON CONFLICT DO NOTHING
"""
_KEPT = """
SELECT c.actor, c.key, c.body_hash, c.operation_id, c.event_id, o.reference, e.outcome, e.state, e.code, e.facts
FROM unnest(%b::text[], %b::text[]) AS w(actor, key)
JOIN wallet_claim c ON c.actor = w.actor AND c.key = w.key
LEFT JOIN wallet_operation_event e ON e.operation_id = c.operation_id AND e.id = c.event_id
LEFT JOIN wallet_operation o ON o.id = c.operation_id
"""

ClaimKey = tuple[str, str]
Answer = Outcome | Refusal | None


def claim(intents: Sequence[Intent], events: Sequence[UUID]) -> list[Answer]:
    """Claim the keys of a batch.

    takes    intents, each with an actor and a key, and the id that each one's answer will have
    gives    one answer an intent: None when it is to be judged now, the original Outcome when its key was used
             with the same body, KeyReused when with another, KeyMissing without a key. A twin within the batch
             is None like the first one; the pipeline answers both alike
    refuses  idempotency_key_in_flight when a twin in another transaction does not end within 5 s
    """
    keys = [key_of(intent) for intent in intents]
    hashes = [body_hash(intent) for intent in intents]
    wanted: dict[ClaimKey, tuple[bytes, UUID, UUID]] = {}
    for key, digest, intent, event in zip(keys, hashes, intents, events, strict=True):
        if 0 < len(key[1]) <= KEY_MAX:
            wanted.setdefault(key, (digest, intent.operation_id, event))
    kept = _kept(list(wanted)) if _insert(wanted) < len(wanted) else {}
    answers: list[Answer] = []
    for key, digest in zip(keys, hashes, strict=True):
        if key not in wanted:
            answers.append(KeyMissing())
            continue
        before, outcome = kept.get(key, (wanted[key][0], None))
        if before != digest:
            answers.append(KeyReused())
        else:
            answers.append(_outcome(outcome, mine=wanted[key][2]) if outcome is not None else None)
    return answers


def key_of(intent: Intent) -> ClaimKey:
    """What a key is unique for."""
    return f"{intent.actor.kind}:{intent.actor.id}", intent.key


def body_hash(intent: Intent) -> bytes:
    """A keyed code over what is asked for; a PIN goes into it and cannot be got out again."""
    return mac(
        "wallet.claim",
        intent.kind,
        _canonical(intent.body),
        _canonical(intent.secrets) if intent.secrets else "{}",
    )


def _canonical(body: Any) -> str:
    return msgspec.json.encode(body, order="sorted").decode()


def _insert(wanted: dict[ClaimKey, tuple[bytes, UUID, UUID]]) -> int:
    if not wanted:
        return 0
    moment = now()
    rows = [(actor, key, *claimed, moment) for (actor, key), claimed in wanted.items()]
    try:
        # A savepoint: a caller that is told "in flight" may go on with what else it does.
        with transaction.atomic(), sql.cursor() as cursor:
            cursor.execute(_TWIN_WAIT)
            cursor.execute(_CLAIM, sql.columns(rows))
            fresh = int(cursor.rowcount)
            cursor.execute(_LOCK_WAIT)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise KeyInFlight() from error
        raise
    return fresh


def _kept(keys: Sequence[ClaimKey]) -> dict[ClaimKey, tuple[bytes, sql.Row | None]]:
    """What is claimed: by others with its answer, by this transaction without one."""
    rows = sql.fetch(_KEPT, sql.columns(keys))
    return {(row[0], row[1]): (row[2], row[3:] if row[6] is not None else None) for row in rows}


def _outcome(row: sql.Row, mine: UUID) -> Outcome:
    operation_id, event_id, reference, outcome, state, code, facts = row
    # An answer under our own id is from an attempt whose commit we did not get to hear of.
    return Outcome(operation_id, reference, outcome, state, code, facts, replayed=event_id != mine)
