"""Put queued payouts into a file for the bank, exactly once, wherever a crash falls.

made: the file's content and the payouts in it are decided in one transaction. drafted: the content lies, whole and on
disk, in a folder that nobody else looks at. written: it was renamed into the outbox. Renaming happens once: a file that
is drafted and whose draft is gone has been renamed, and may have been fetched since, so it is never written again.
Until then it can be given up (`drop_file.py`): whose owner is stopped meanwhile does not leave.
"""

import hashlib
import logging
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from guitai.audit.api import record
from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit.crypto import seal_bytes, unseal_bytes
from guitai.kit.topics import emit_many
from guitai.kit.transactions import outermost
from guitai.rails.adapters import rail_named
from guitai.rails.flows.drop_file import draft_of, drop, take_away
from guitai.rails.flows.leaving import free_to_leave, stopped_of
from guitai.rails.flows.start_payout import payee_of
from guitai.rails.models import PayoutFile, PayoutRow
from guitai.rails.models.payout import FILES_OPEN
from guitai.rails.policies import OwnAccount, PayoutSettings, payout_settings
from guitai.rails.rules.names import written_name, written_words
from guitai.rails.types import PayeeBank, Payout, PayoutBatch, PayoutDebtor

PURPOSE = "rails.payout_file"
_RAIL = "bank"
_log = logging.getLogger(__name__)


def file_payouts() -> list[UUID]:
    """Make and hand over what is due; gives the files that were handed over in this turn."""
    settings = payout_settings()
    if not settings.folder:
        return []
    for account in settings.accounts:
        while _make(settings, account) is not None:
            pass
    handed = []
    for file_id in (
        PayoutFile.objects.filter(state__in=FILES_OPEN).order_by("made_at").values_list("id", flat=True)
    ):
        try:
            handed += [file_id] if hand_over(file_id, Path(settings.folder)) else []
        except OSError as error:
            # Nothing is lost: the file is decided, and is handed over when the folder is there again.
            _log.error("a payout file cannot be written: %s", type(error).__name__)
    return handed


def hand_over(file_id: UUID, folder: Path) -> bool:
    """Bring one decided file into the outbox; gives whether this call did it."""
    with outermost():
        file = PayoutFile.objects.select_for_update().get(id=file_id)
        draft = draft_of(file, folder)
        if file.state == "dropping":
            take_away(file, folder)
        if file.state == "made":
            _write_draft(file, draft)
            file.state = "drafted"
            file.save(update_fields=["state"])
    with outermost():
        file = PayoutFile.objects.select_for_update().get(id=file_id)
        if file.state != "drafted":
            return False
        if draft.exists():
            rows = PayoutRow.objects.filter(file_id=file.id, state="filed")
            if stopped_of(list(rows.values_list("order_reference", flat=True))):
                # Stopped since it was made: the others leave with the next file.
                drop(file, "stopped")
                return False
            draft.rename(folder / draft.name)
            _sync(folder)
        _mark_sent(file)
    return True


def _make(settings: PayoutSettings, account: OwnAccount) -> UUID | None:
    moment = now()
    leaves = settings.leaves_at(moment)
    if leaves > moment:
        return None
    with outermost():
        queued = PayoutRow.objects.filter(rail=_RAIL, state="queued", currency=account.currency)
        queued = queued.order_by("-priority", "queued_at", "id")
        free = free_to_leave(queued, settings.count_max)
        rows = list(queued.select_for_update(skip_locked=True).filter(id__in=free))
        waited = moment - min((row.queued_at for row in rows), default=moment)
        if not rows or (len(rows) < settings.count_max and waited < timedelta(seconds=settings.gather_s)):
            return None
        file_id = new_id()
        batch = PayoutBatch(
            message_id=f"G{file_id.hex[:30].upper()}",
            made_at=moment,
            execution_on=leaves.date(),
            currency=account.currency,
            debtor=_debtor(account, settings),
            payouts=tuple(_payout(row, settings) for row in rows),
            version=settings.version,
            charges=settings.charges,
            service_level=settings.service_level,
        )
        content = rail_named(_RAIL).start_payout(batch)
        control = sum(row.amount_minor for row in rows)
        PayoutFile.objects.create(
            id=file_id,
            rail=_RAIL,
            message_id=batch.message_id,
            currency=account.currency,
            count=len(rows),
            control_minor=control,
            sha256=hashlib.sha256(content).digest(),
            content_sealed=seal_bytes(content, purpose=PURPOSE, row=file_id),
        )
        PayoutRow.objects.filter(id__in=[row.id for row in rows]).update(state="filed", file_id=file_id)
        record(
            SYSTEM,
            "rails.payouts_filed",
            ("rails.payout_file", str(file_id)),
            details={
                "message_id": batch.message_id,
                "count": len(rows),
                "control": Money(control, account.currency).fact(),
            },
        )
    return file_id


def _payout(row: PayoutRow, settings: PayoutSettings) -> Payout:
    payee = payee_of(row)
    return Payout(
        order_reference=row.order_reference,
        amount=Money(row.amount_minor, row.currency),
        payee_name=written_name(payee.name, settings.charset),
        payee_account=payee.account,
        payee_bank=payee.bank,
        remittance=written_words(payee.remittance, settings.charset),
    )


def _debtor(account: OwnAccount, settings: PayoutSettings) -> PayoutDebtor:
    bank = PayeeBank(account.bic, account.clearing_system, account.clearing_number)
    known = bool(account.bic or account.clearing_number)
    return PayoutDebtor(
        written_name(account.name, settings.charset), account.account, bank if known else None
    )


def _write_draft(file: PayoutFile, draft: Path) -> None:
    content = unseal_bytes(file.content_sealed, purpose=PURPOSE, row=file.id)
    draft.parent.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    _sync(draft.parent)


def _sync(folder: Path) -> None:
    """Names are durable only when their folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mark_sent(file: PayoutFile) -> None:
    moment = now()
    file.state, file.written_at = "written", moment
    file.save(update_fields=["state", "written_at"])
    rows = list(PayoutRow.objects.select_for_update().filter(file_id=file.id, state="filed").order_by("id"))
    PayoutRow.objects.filter(id__in=[row.id for row in rows]).update(state="sent", sent_at=moment)
    emit_many(
        (
            "rails.payout_sent",
            {
                "rail": row.rail,
                "order_reference": row.order_reference,
                "amount": row.amount_minor,
                "currency": row.currency,
                "message_id": file.message_id,
            },
        )
        for row in rows
    )
    record(SYSTEM, "rails.payouts_sent", ("rails.payout_file", str(file.id)), details={"count": len(rows)})
