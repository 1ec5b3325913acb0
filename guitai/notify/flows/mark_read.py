"""Opening the inbox marks everything in it as read."""

from uuid import UUID

from guitai.base.clock import now
from guitai.notify.models import Message


def mark_read(owner: UUID) -> int:
    return Message.objects.filter(owner=owner, in_app=True, read_at=None).update(read_at=now())
