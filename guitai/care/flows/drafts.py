"""What was typed and left: kept sealed for a week, masked like everything that is typed, offered again."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.errors import DraftTooLarge
from guitai.care.models.draft import Draft as Row
from guitai.care.rules.masking import mask_secrets
from guitai.care.types import Draft
from guitai.kit.crypto import Unsealable, seal, unseal
from guitai.kit.transactions import outermost

PURPOSE = "care.draft"
KEPT_DAYS = 7
_BYTES_MAX, _FIELDS_MAX, _A_CUSTOMER_MAX = 24_000, 30, 20
_FORM = re.compile(r"(?:new|reply):[A-Za-z0-9_:-]{0,70}", re.ASCII)
_NAME = re.compile(r"[a-z_]{1,30}", re.ASCII)


def keep(customer: UUID, form: str, fields: Mapping[str, str]) -> None:
    """See `care.api.keep_draft`."""
    kept = {
        name: mask_secrets(str(value).replace("\x00", ""))[0]
        for name, value in fields.items()
        if _NAME.fullmatch(name) and str(value).strip()
    }
    content = msgspec.json.encode(kept).decode("utf-8", "replace")
    if not _FORM.fullmatch(form) or len(kept) > _FIELDS_MAX or len(content.encode()) > _BYTES_MAX:
        raise DraftTooLarge()
    # A choice by itself is not worth keeping: there are words, or there is nothing to lose.
    if not kept.get("words"):
        drop(customer, form)
        return
    with outermost():
        row = Row.objects.select_for_update().filter(customer=customer, form=form).first()
        row = row or Row(id=new_id(), customer=customer, form=form)
        row.fields_sealed = seal(content, purpose=PURPOSE, row=row.id)
        row.kept_at = now()
        row.save()
        beyond = Row.objects.filter(customer=customer).order_by("-kept_at")[_A_CUSTOMER_MAX:]
        Row.objects.filter(id__in=list(beyond.values_list("id", flat=True))).delete()


def find(customer: UUID, form: str) -> Draft | None:
    """See `care.api.draft`."""
    row = Row.objects.filter(customer=customer, form=form, kept_at__gte=_oldest()).first()
    if row is None:
        return None
    try:
        content = unseal(row.fields_sealed, purpose=PURPOSE, row=row.id)
    except Unsealable:
        # Its key is gone: as good as thrown away.
        return None
    return Draft(msgspec.json.decode(content, type=dict[str, str]), row.kept_at)


def drop(customer: UUID, form: str) -> None:
    """See `care.api.drop_draft`."""
    Row.objects.filter(customer=customer, form=form).delete()


def forget_old() -> int:
    """See `care.api.forget_drafts`."""
    return Row.objects.filter(kept_at__lt=_oldest()).delete()[0]


def _oldest() -> datetime:
    return now() - timedelta(days=KEPT_DAYS)
