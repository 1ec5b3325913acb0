"""What notify holds about somebody: what was said to them."""

from uuid import UUID

from django.utils.translation import gettext as _

from guitai.kit.personal import Erasure, Section, register
from guitai.notify.models import Delivery, Message
from guitai.notify.reads import inbox

_PAGE, _PAGES_MAX = 50, 200


def export(person: UUID) -> list[Section]:
    """Every message to a person, newest first, in the active language."""
    records, cursor = [], None
    for _number in range(_PAGES_MAX):
        page = inbox(person, cursor, _PAGE)
        records += [
            {"at": item.at, "title": item.title, "body": item.body, "read": item.read} for item in page.items
        ]
        cursor = page.next_cursor
        if cursor is None:
            break
    labels = {"at": _("When"), "title": _("About"), "body": _("Words"), "read": _("Read")}
    return [Section("messages", _("Messages to you"), records, labels)] if records else []


def erase(person: UUID) -> Erasure:
    """What was said goes; the last words, still on their way, are met again when the rest is erased."""
    waiting = Delivery.objects.filter(
        message__owner=person, state__in=(Delivery.State.QUEUED, Delivery.State.SENDING)
    )
    said = Message.objects.filter(owner=person).exclude(id__in=waiting.values("message_id"))
    Delivery.objects.filter(message_id__in=said.values("id")).delete()
    _, by_model = said.delete()
    return Erasure(by_model.get("notify.Message", 0))


register("notify", export=export, erase=erase, tables=("notify_message", "notify_delivery"))
