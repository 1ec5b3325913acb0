"""`/healthz`: this process lives. `/readyz`: it can serve, because the database answers and is up to date."""

import asyncio
import json

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from guitai.site.plain import Receive, Scope, Send, say

_TIMEOUT_S = 5
# Once true for this process it stays true: migrations are only ever added by a newer program.
_migrated = False


async def alive(scope: Scope, receive: Receive, send: Send) -> None:
    await say(send, 200, "ok\n")


async def ready(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        problem = await asyncio.wait_for(asyncio.to_thread(_problem), _TIMEOUT_S)
    except TimeoutError:
        problem = "the database does not answer"
    body = json.dumps({"ready": problem is None, "problem": problem}) + "\n"
    await say(send, 200 if problem is None else 503, body, content_type="application/json")


def _problem() -> str | None:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return None if _migrated else "migrations are missing: run `guitai migrate`"
    except DatabaseError:
        return "the database does not answer"
    finally:
        connection.close()
