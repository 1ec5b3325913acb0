"""What must hold of the reserve, proved from the rows and the signatures themselves: part of `guitai verify`."""

from collections import defaultdict
from collections.abc import Iterator

from django.db import connection

from guitai.wallet.models.reserve import ReserveRequest, ReserveSignature, ReserveSigners
from guitai.wallet.reserve.flows.authority import keys_of
from guitai.wallet.reserve.kinds import MOVE
from guitai.wallet.reserve.rules.documents import (
    DocumentWrong,
    Signature,
    digest_of,
    read_request,
    signed_by,
    signers_digest,
)
from guitai.wallet.rules import chart

_PROOFS: tuple[tuple[str, str], ...] = (
    (
        "movement {} of the reserve is not by the reserve's own kind",
        f"""
        SELECT t.id FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_account
        JOIN ledger_account c ON c.id = t.credit_account
        WHERE {chart.RESERVE} IN (d.code, c.code)
          AND (t.kind <> '{MOVE}' OR {chart.BANK} NOT IN (d.code, c.code))
        """,
    ),
    (
        "movement {} left the reserve and no request of exactly its amount was carried out by it",
        f"""
        SELECT t.id FROM ledger_transfer t JOIN ledger_account c ON c.id = t.credit_account AND c.code = {chart.RESERVE}
        LEFT JOIN wallet_reserve_request r ON r.operation_id = t.user_data AND r.kind = 'release' AND r.state = 'done'
          AND r.amount_minor = t.amount AND r.currency = t.currency
        WHERE r.id IS NULL
        """,
    ),
    (
        "request {} was carried out and no money left the reserve by it",
        f"""
        SELECT r.id FROM wallet_reserve_request r LEFT JOIN ledger_transfer t ON t.user_data = r.operation_id
          AND t.credit_account IN (SELECT id FROM ledger_account WHERE code = {chart.RESERVE})
        WHERE r.kind = 'release' AND r.state = 'done' AND t.id IS NULL
        """,
    ),
)


def verify_reserve() -> list[str]:
    """Every finding: movements without signatures, signatures that do not hold, keys that nobody agreed to."""
    problems = []
    with connection.cursor() as cursor:
        for words, query in _PROOFS:
            cursor.execute(f"{query} LIMIT 20")
            problems += [f"reserve: {words.format(row[0])}" for row in cursor.fetchall()]
    return [*problems, *_requests(), *_signers()]


def _requests() -> Iterator[str]:
    """Every request that was carried out is signed, over exactly its text, by as many keys as its set needs."""
    signatures = defaultdict(list)
    for each in ReserveSignature.objects.iterator():
        signatures[each.request_id].append(each)
    for row in ReserveRequest.objects.filter(state="done").select_related("signers").order_by("created_at"):
        document = bytes(row.document)
        try:
            request = read_request(document)
        except DocumentWrong:
            yield f"reserve: the text of request {row.id} cannot be read"
            continue
        copied = (
            request.id,
            request.kind,
            request.amount,
            request.currency,
            request.policy,
            request.expires_at,
        )
        columns = (row.id, row.kind, row.amount_minor, row.currency, row.policy_version, row.expires_at)
        if copied != columns or row.digest != digest_of(document) or request.signers != row.signers.digest:
            yield f"reserve: request {row.id} is not what its text says"
        keys = [signer for signer in keys_of(row.signers) if signer.id != request.without]
        kept = [Signature(row.id, row.digest, each.key, each.signature) for each in signatures[row.id]]
        if len(signed_by(kept, document, keys)) < row.signers.needed:
            yield f"reserve: request {row.id} was carried out without as many signatures as it needs"
        if row.ended_at is None or row.ended_at > row.expires_at:
            yield f"reserve: request {row.id} was carried out after its time"


def _signers() -> Iterator[str]:
    """The first set stands for itself; each later one is exactly what the set before has signed."""
    before = None
    for agreed in ReserveSigners.objects.order_by("number"):
        keys = keys_of(agreed)
        if signers_digest(keys, agreed.needed) != agreed.digest:
            yield f"reserve: the keys of set {agreed.number} are not those that were agreed"
        if before is not None:
            row = ReserveRequest.objects.filter(id=agreed.request_id, kind="rotation", state="done").first()
            request = (
                read_request(bytes(row.document)) if row is not None and row.signers_id == before.id else None
            )
            if request is None or signers_digest(request.keys, request.needed) != agreed.digest:
                yield f"reserve: nobody agreed to the keys of set {agreed.number}"
        elif agreed.request_id is not None:
            yield "reserve: the first set of keys is gone"
        before = agreed
