"""What a reviewer may decide, and what follows from it."""

from datetime import date, timedelta
from typing import get_args

from guitai.people.errors import DocumentExpired, ReviewReasonMissing
from guitai.people.identity_types import BetterReason, RefuseReason, Verdict

# A review that its holder has left alone for so long may be taken by a colleague.
CLAIM_HOLDS = timedelta(hours=2)
BETTER_REASONS: tuple[str, ...] = get_args(BetterReason)
REFUSE_REASONS: tuple[str, ...] = get_args(RefuseReason)
# After these the declared identity does not hold; the others only say that this document cannot raise the tier.
_NOT_SO = frozenset({"number_differs", "name_differs", "face_differs", "document_altered"})


def check_verdict(verdict: Verdict, today: date) -> None:
    """Refuse what is no decision.

    takes    the verdict, the day of deciding
    refuses  review_reason_missing without a reason of the right sort, document_expired when approved after its end
    """
    known = {"approve": ("",), "better_photos": BETTER_REASONS, "refuse": REFUSE_REASONS}[verdict.what]
    if verdict.reason not in known:
        raise ReviewReasonMissing()
    if verdict.what == "approve" and verdict.expires_on is not None and verdict.expires_on <= today:
        raise DocumentExpired(on=verdict.expires_on.isoformat())


def lowers_tier(reason: str) -> bool:
    """Whether a refusal for this reason takes the declared identity back."""
    return reason in _NOT_SO
