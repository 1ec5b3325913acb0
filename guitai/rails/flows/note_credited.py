"""A notice of a payment without an order: once a statement's line of it has been settled, nobody need look at it."""

from uuid import UUID

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.transactions import required
from guitai.rails.models import InboxMessage

CREDITED = "credited_by_line"
_UNKNOWN = "unknown_reference"
_WAITING = ("waiting", "exception")


def note_credited(inbox_id: UUID, line_id: int, reference: str) -> bool:
    """See `rails.api.note_credited`."""
    required()
    message = InboxMessage.objects.select_for_update().filter(id=inbox_id).first()
    if message is None or message.state not in _WAITING or message.code != _UNKNOWN:
        return False
    if InboxMessage.objects.filter(line_id=line_id).exists():
        return False
    message.state, message.code, message.line_id = "noted", CREDITED, line_id
    message.facts = {**message.facts, "operation": reference}
    message.judged_at, message.next_attempt_at = now(), None
    message.save()
    record(
        Actor("rail", message.rail),
        "rails.notice_credited",
        ("rails.inbox", str(message.id)),
        details={"line": line_id, "reference": reference},
    )
    # The bank may have told of the same payment under another number.
    again = InboxMessage.objects.filter(
        rail=message.rail, bank_reference=message.bank_reference, state__in=_WAITING, code=_UNKNOWN
    )
    again.update(
        state="duplicate", code="duplicate", facts={"bank_reference": message.bank_reference},
        next_attempt_at=None, judged_at=now(),
    )  # fmt: skip
    return True
