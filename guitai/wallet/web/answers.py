"""What the API says of a transfer, whichever way it came in."""

from collections.abc import Sequence
from typing import Any

from guitai.base.refusal import Refusal
from guitai.kit.problems import problem
from guitai.wallet.detail import facts_of
from guitai.wallet.till.types import Outcome

REPLAYED = "Idempotency-Replayed"
_OF_OUTCOME = {"approved": 201, "held": 202, "refused": 422}


def said(outcome: Outcome) -> tuple[int, dict[str, Any]]:
    """Status and body: 201 sent, 202 held for a check, 422 a recorded refusal, with its reference among the facts."""
    facts = facts_of(outcome.code, dict(outcome.facts), "customer")
    status = _OF_OUTCOME[outcome.outcome]
    if outcome.outcome == "refused":
        return status, problem(
            outcome.code or "refused", {**facts, "reference": outcome.reference}, status=status
        )
    return status, {
        "reference": outcome.reference,
        "outcome": outcome.outcome,
        "state": outcome.state,
        "code": outcome.code,
        "facts": facts,
    }


def batch_answer(outcomes: Sequence[Outcome | Refusal], atomic: bool) -> tuple[int, dict[str, Any], bool]:
    """Status, body and whether it was all said before: one result an item, in the items' order.

    Each by itself: 200, whatever became of them. Atomic: 201 when all went through, 422 and a problem when none did.
    """
    results = [_result(outcome) for outcome in outcomes]
    failed = sum(1 for outcome in outcomes if isinstance(outcome, Refusal) or outcome.outcome == "refused")
    replayed = all(isinstance(outcome, Outcome) and outcome.replayed for outcome in outcomes)
    answer = {"made": len(results) - failed, "refused": failed, "results": results}
    if not atomic:
        return 200, answer, replayed
    if not failed:
        return 201, answer, replayed
    return 422, {**problem("batch_refused", {"count": len(results)}, status=422), **answer}, replayed


def _result(outcome: Outcome | Refusal) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        answer = problem(outcome.code, outcome.facts)
        return {"status": answer["status"], "problem": answer, "transfer": None}
    status, answer = said(outcome)
    refused = outcome.outcome == "refused"
    return {"status": status, "problem": answer if refused else None, "transfer": None if refused else answer}
