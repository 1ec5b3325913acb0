"""Try a connection: a question whose answer costs nobody anything, and that only a rail that knows us answers."""

import time

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.reference import new_reference
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.rails import breaker
from guitai.rails.adapters import rail_named, supports
from guitai.rails.errors import RailUnsupported
from guitai.rails.types import RailCheck


def check_rail(rail: str, actor: Actor) -> RailCheck:
    """Ask about an order that we never gave; also while the rail is left alone: an answer ends that."""
    adapter = rail_named(rail)
    began = time.monotonic_ns()
    problem: str | None = None
    if supports(adapter, "query"):
        try:
            breaker.through(rail, lambda: adapter.query(new_reference("operation")), forced=True)
        except Refusal as refusal:
            problem = _words(refusal)
    else:
        problem = RailUnsupported.code
    took_ms = (time.monotonic_ns() - began) // 1_000_000
    with outermost():
        purpose = Purpose("rail", rail, "tried the connection") if actor.kind == "staff" else None
        details = {"problem": problem, "took_ms": took_ms}
        record(actor, "rails.connection_tried", ("rail", rail), purpose=purpose, details=details)
    return RailCheck(rail, problem is None, problem, took_ms)


def _words(refusal: Refusal) -> str:
    facts = refusal.facts
    return str(facts.get("problem") or facts.get("rail_code") or facts.get("bank_code") or refusal.code)[:120]
