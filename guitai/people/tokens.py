"""Whom session tokens belong to, for whole batches: two queries, however many tokens, and nothing written."""

import hmac
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from guitai.base.clock import now
from guitai.people.models.user import session_fingerprint
from guitai.people.sessions import SessionStore

_TOKEN = re.compile(r"[0-9a-z]{8,40}")
_SESSIONS = (
    "SELECT session_key, session_data FROM django_session WHERE session_key = ANY(%s) AND expire_date > %s"
)
_PERSONS = """
SELECT id, password, session_generation FROM people_user
WHERE id = ANY(%s) AND is_active AND kind = 'customer' AND registered_at IS NOT NULL
"""


def customers_by_token(tokens: Sequence[str]) -> list[UUID | None]:
    """The customer behind each token, by the rules of `access.CustomerAuth`; nothing is remembered in between."""
    wanted = {token for token in tokens if token and _TOKEN.fullmatch(token)}
    if not wanted:
        return [None] * len(tokens)
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS, [list(wanted), now()])
        claims = {key: claim for key, sealed in cursor.fetchall() if (claim := _claim(sealed))}
        if not claims:
            return [None] * len(tokens)
        cursor.execute(_PERSONS, [list({person for person, _ in claims.values()})])
        fingerprints = {
            person: session_fingerprint(password, generation, active=True)
            for person, password, generation in cursor.fetchall()
        }
    found = {
        token: person
        for token, (person, shown) in claims.items()
        if person in fingerprints and hmac.compare_digest(shown.encode(), fingerprints[person].encode())
    }
    return [found.get(token) for token in tokens]


def _claim(sealed: str) -> tuple[UUID, str] | None:
    """Who a session says it is, and the fingerprint it was made with."""
    content: dict[str, Any] = _store.decode(sealed)
    person, shown = content.get(SESSION_KEY), content.get(HASH_SESSION_KEY)
    if not (person and shown) or content.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    try:
        return UUID(str(person)), str(shown)
    except ValueError:
        return None


_store = SessionStore()
