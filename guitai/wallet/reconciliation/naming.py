"""The last rules: a line without a reference pays a top-up when amount, day and payer leave no other choice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.types import StatementLine
from guitai.wallet.reconciliation import store
from guitai.wallet.reconciliation.policy import ReconciliationSettings
from guitai.wallet.reconciliation.rules.likeness import names_agree, tail_agrees
from guitai.wallet.reconciliation.rules.matching import Line, Op, Rule, Verdict
from guitai.wallet.rules.withdrawals import is_at_bank

_CODES = frozenset({"no_reference", "unknown_reference"})
# Opened by hand beyond that: a statement without any references is no work for names.
_OPENED_MAX = 500
_TAIL = 4


def named(
    judged: Sequence[tuple[Line, Verdict]], config: ReconciliationSettings
) -> list[tuple[Line, Verdict]]:
    """Verdicts with those changed that amount, day and account, or the payer's name, decide.

    Only when one open top-up of that amount fits one line of that amount, both ways: anything else is for a person.
    """
    doubtful = [line for line, verdict in judged if verdict.outcome == "hold" and verdict.code in _CODES]
    if not config.by_name or not doubtful or len(doubtful) > _OPENED_MAX:
        return list(judged)
    lines = {line.id: line for line in rails.statement_lines([one.id for one in doubtful])}
    days = [line.booked_on for line in lines.values() if line.booked_on]
    if not days:
        return list(judged)
    since = datetime.combine(min(days) - timedelta(days=config.within_days), time(), UTC)
    until = datetime.combine(max(days) + timedelta(days=1), time(), UTC)
    waiting = defaultdict(list)
    for top_up in store.waiting_top_ups({(one.amount, one.currency) for one in doubtful}, since, until):
        waiting[top_up.amount, top_up.currency].append(top_up)
    settled = {v.operation.id for _, v in judged if v.outcome == "settle" and v.operation}
    owners = _Owners(one.owner for same in waiting.values() for one in same)
    fits: dict[int, list[tuple[store.WaitingRow, Rule]]] = {}
    for line in doubtful:
        choices = [one for one in waiting[line.amount, line.currency] if one.id not in settled]
        fits[line.id] = [
            (one, rule) for one in choices if (rule := _rule(lines[line.id], one, config, owners)) is not None
        ]
    taken: dict[UUID, int] = defaultdict(int)
    for found in fits.values():
        for one, _ in found:
            taken[one.id] += 1
    sure = {line: found[0] for line, found in fits.items() if len(found) == 1 and taken[found[0][0].id] == 1}
    return [(line, _settle(line, *sure[line.id]) if line.id in sure else verdict) for line, verdict in judged]


class _Owners:
    """Whoever has a top-up that waits: their accounts and tiers in one read each, and a name once when it is asked."""

    def __init__(self, owners: Iterable[UUID]) -> None:
        persons = set(owners)
        self._accounts = people.bindings_of(persons) if persons else {}
        self._standings = people.standings(persons) if persons else {}
        self._names: dict[UUID, str] = {}

    def ends(self, owner: UUID) -> list[str]:
        # What an account at a gateway is called by is no number that a bank tells of a payer.
        at_banks = (one for one in self._accounts.get(owner, ()) if is_at_bank(one.kind))
        return [one.masked[-_TAIL:] for one in at_banks]

    def is_verified(self, owner: UUID) -> bool:
        return owner in self._standings and self._standings[owner].tier >= 1

    def name(self, owner: UUID, about: str) -> str:
        if owner not in self._names:
            self._names[owner] = full_name(owner, about)
        return self._names[owner]


def _rule(
    line: StatementLine, top_up: store.WaitingRow, config: ReconciliationSettings, owners: _Owners
) -> Rule | None:
    if line.booked_on is None or abs((line.booked_on - top_up.created_at.date()).days) > config.within_days:
        return None
    account = line.counterparty_account or ""
    if any(tail_agrees(account, tail) for tail in owners.ends(top_up.owner)):
        return "account"
    if not line.counterparty or not owners.is_verified(top_up.owner):
        return None
    if names_agree(line.counterparty, owners.name(top_up.owner, f"line:{line.id}")):
        return "name"
    return None


def full_name(owner: UUID, about: str) -> str:
    """A customer's name in full, to compare it with a payer's; the look is recorded."""
    return people.name_of(owner, purpose=Purpose("reconciliation", about), reader=SYSTEM)


def _settle(line: Line, top_up: store.WaitingRow, rule: Rule) -> Verdict:
    operation = Op(top_up.id, top_up.reference, "top_up", top_up.state, top_up.amount, top_up.currency)
    facts: dict[str, str | int] = {
        "amount": line.amount,
        "currency": line.currency,
        "names": top_up.reference,
    }
    return Verdict("settle", rule, "", operation, (), 0, facts)
