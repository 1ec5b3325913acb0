"""Give out an evidence pack: collected, reported, chained to the one before it, signed, and written down."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import translation

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care.directory.signing import key_set
from guitai.care.emergency.collect import Collected, collect, files_of
from guitai.care.emergency.errors import ReasonMissing
from guitai.care.emergency.pack import build
from guitai.care.emergency.report_pdf import report
from guitai.care.flows.journal import access_case, append
from guitai.care.models import Case, EvidencePack
from guitai.kit.keys import own_key
from guitai.kit.operator import operator
from guitai.kit.transactions import outermost

KEY = "evidence"
_START = "0" * 64
_REASON_MAX = 200
_TRIES = 5


@dataclass(frozen=True, slots=True)
class GivenPack:
    """The ZIP and the name it is saved under."""

    name: str
    content: bytes
    manifest_sha256: str


def give(case_id: UUID, actor: Actor, reason: str, language: str) -> GivenPack:
    """See `care.emergency_doors`."""
    reason = " ".join(reason.split())[:_REASON_MAX]
    if actor.kind == "staff" and not reason:
        raise ReasonMissing()
    case = Case.objects.get(id=case_id)
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        for _try in range(_TRIES):
            # Each look of staff is recorded in a transaction of its own, so that all is read before the pack is.
            last = _last(case)
            collected = collect(case, actor, reason or "own pack")
            if (given := _give(case.reference, last, collected, actor, reason, language)) is not None:
                return given
    raise RuntimeError(f"other packs of case {case.reference} were always faster")


def _give(
    reference: str, last: EvidencePack | None, collected: Collected, actor: Actor, reason: str, language: str
) -> GivenPack | None:
    """Sign it and write it down; None when another pack was given out meanwhile, which this one has to name."""
    number, previous = (last.number + 1, last.manifest_sha256) if last else (1, _START)
    with outermost():
        case, at = access_case(reference, actor), now()
        if _last(case) != last:
            return None
        paper = report(collected, number=number, previous=previous, language=language, at=at)
        about = {
            "operator": operator().legal_name.get("en", ""), "licence": operator().licence, "case": reference,
            "audience": actor.kind, "pack": number, "previous_manifest_sha256": previous,
        }  # fmt: skip
        content, digest = build(files_of(collected, paper), about, own_key(KEY), at)
        EvidencePack.objects.create(
            case=case, number=number, audience=actor.kind, actor_kind=actor.kind, actor_id=actor.id, at=at,
            manifest_sha256=digest, previous_sha256=previous,
        )  # fmt: skip
        facts = {"action": "evidence_pack", "pack": number, "manifest": digest}
        append(case, "action", actor, facts, internal=actor.kind == "staff")
        case.save()
        purpose = Purpose("case", str(case.id), reason) if actor.kind == "staff" else None
        audit.record(
            actor, "emergency.pack_exported", ("case", str(case.id)), purpose=purpose,
            details={"pack": number, "manifest_sha256": digest},
        )  # fmt: skip
    return GivenPack(f"evidence-{reference}-{number}.zip", content, digest)


def _last(case: Case) -> EvidencePack | None:
    return EvidencePack.objects.filter(case=case).order_by("-number").first()


def evidence_keys() -> dict[str, object]:
    """The public keys of packs, as a JWK Set."""
    return key_set(own_key(KEY).public_key())
