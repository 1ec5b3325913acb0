"""Upward effects. A topic is a row written with its cause; the worker hands it to the rooms above."""

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from django.db import transaction

from guitai.base.clock import now
from guitai.kit import sql
from guitai.kit.models import Topic
from guitai.kit.topic_names import check
from guitai.kit.transactions import required

Handler = Callable[[dict[str, Any]], None]
CHANNEL = "guitai_topics"
_TOPICS = sql.Table(
    "kit_topic",
    name="text", payload="jsonb", emitted_at="timestamptz", attempts="int", due_at="timestamptz", error="text",
)  # fmt: skip
# A topic is never given up: what it was to cause may be somebody's money. It is only asked less often.
_PAUSE_MAX_S = 600
# From here on it is not a passing failure, and the log says so as an error.
_ATTEMPTS_WORRYING = 10
_log = logging.getLogger(__name__)
_handlers: dict[str, list[Handler]] = {}


def handled() -> frozenset[str]:
    """The topics that somebody above does something about."""
    return frozenset(_handlers)


def on(name: str, handler: Handler) -> None:
    """Register what happens on a topic. Only `site.wiring` calls this."""
    _handlers.setdefault(name, []).append(handler)


def emit(name: str, payload: Mapping[str, Any]) -> None:
    """Tell the rooms above that something happened, if and when the caller's transaction commits."""
    emit_many([(name, payload)])


def emit_many(topics: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """`emit` for a batch, in one statement."""
    required()
    moment = now()
    topics = list(topics)
    check(name for name, _payload in topics)
    rows = [(name, msgspec.json.encode(payload).decode(), moment, 0, moment, "") for name, payload in topics]
    if not rows:
        return
    _TOPICS.insert(rows)
    sql.send("SELECT pg_notify(%s, '')", [CHANNEL])


def relay(limit: int = 100) -> int:
    """Hand on what is due, oldest first.

    takes    the most topics to handle in this turn
    gives    how many were taken up; a handler's effects and the mark that it ran commit together
    refuses  nothing: a failing handler is retried later, with growing intervals, and its error is kept
    """
    taken = 0
    while taken < limit and _relay_one():
        taken += 1
    return taken


def pause_s(attempts: int) -> int:
    """Seconds to wait after so many failures: doubling, up to ten minutes."""
    return min(2 ** min(attempts, 16), _PAUSE_MAX_S)


def _relay_one() -> bool:
    with transaction.atomic():
        topic = (
            Topic.objects.select_for_update(skip_locked=True)
            .filter(handled_at=None, due_at__lte=now())
            .order_by("due_at", "id")
            .first()
        )
        if topic is None:
            return False
        try:
            with transaction.atomic():
                for handler in _handlers.get(topic.name, ()):
                    handler(topic.payload)
            topic.handled_at, topic.error = now(), ""
        except Exception as error:  # noqa: BLE001  whatever a room above does wrong must not stop the others
            topic.attempts += 1
            topic.due_at = now() + timedelta(seconds=pause_s(topic.attempts))
            level = logging.ERROR if topic.attempts >= _ATTEMPTS_WORRYING else logging.WARNING
            _log.log(
                level,
                "topic %s %s failed %s times: %s",
                topic.id,
                topic.name,
                topic.attempts,
                type(error).__name__,
            )
            topic.error = "".join(traceback.format_exception_only(error))[:2000]
        topic.save(update_fields=["handled_at", "attempts", "due_at", "error"])
    return True
