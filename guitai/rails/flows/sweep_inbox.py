"""Put messages back on the queue whose job was lost: a stored message is always judged in the end."""

from datetime import timedelta

from django.db.models import Q

from guitai.base.clock import now
from guitai.kit.transactions import outermost
from guitai.rails.models import InboxMessage
from guitai.rails.queue import defer_settlement

_GRACE = timedelta(minutes=2)
_LIMIT = 500


def sweep_inbox() -> int:
    """Defer what should have been judged some minutes ago; gives how many."""
    late = now() - _GRACE
    with outermost():
        overdue = list(
            InboxMessage.objects.filter(
                Q(state="received", received_at__lt=late) | Q(state="waiting", next_attempt_at__lt=late)
            )
            .order_by("received_at")
            .values_list("id", flat=True)[:_LIMIT]
        )
        for inbox_id in overdue:
            defer_settlement(inbox_id)
    return len(overdue)
