"""Recompute the whole chain and say where it breaks."""

from itertools import islice

from guitai.audit.flows.seal import in_sealing_order, plain
from guitai.audit.models import AuditRow, AuditSeal
from guitai.audit.rules.chain import GENESIS, digest_of
from guitai.audit.types import Findings


def verify() -> Findings:
    """Walk the links and the rows side by side."""
    rows, before, sealed, problems = in_sealing_order(), GENESIS, 0, []
    for link in AuditSeal.objects.order_by("id").iterator():
        taken = list(islice(rows, link.rows))
        sealed += len(taken)
        last = taken[-1] if taken else None
        where = f"audit chain: link {link.id} (rows up to {link.last_row})"
        if last is None or (last["transaction"], last["id"]) != (link.last_transaction, link.last_row):
            problems.append(f"{where} does not end where it was sealed: rows were removed or added")
        elif digest_of(before, map(plain, taken)) != bytes(link.digest):
            problems.append(f"{where} does not match its digest: a row or a link was changed")
        if problems:
            break  # whatever follows rests on a broken link
        before = bytes(link.digest)
    total = AuditRow.objects.count()
    return Findings(sealed=sealed, unsealed=max(total - sealed, 0), problems=tuple(problems))
