"""Counting attempts in the database, so that a limit holds over all processes together."""

from datetime import UTC, datetime

from django.db import connection

from guitai.base.clock import now
from guitai.kit.crypto import mac

_COUNT = """
INSERT INTO kit_throttle_count (bucket, key, window_start, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (bucket, key, window_start) DO UPDATE SET count = kit_throttle_count.count + 1
RETURNING count
"""


def allow(bucket: str, key: str, *, limit: int, window_s: int) -> bool:
    """Count one attempt and say whether it is still within the limit.

    takes    a bucket name, whose attempts they are (kept only as a keyed code), attempts a window, seconds a window
    gives    True while the attempts of this window are at most `limit`
    """
    epoch = int(now().timestamp())
    window_start = datetime.fromtimestamp(epoch - epoch % window_s, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [bucket, mac("throttle", bucket, key), window_start])
        row = cursor.fetchone()
    return int(row[0]) <= limit


def forget_old(before: datetime) -> None:
    """Delete counters of windows that began before a moment."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_throttle_count WHERE window_start < %s", [before])
