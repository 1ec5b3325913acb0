"""What the wallet knew about an operation when a case was opened: facts and codes, never rendered text."""

from typing import Any
from uuid import UUID

from guitai.wallet import api as wallet
from guitai.wallet.types import OperationDetail


def operation_of(customer: UUID, reference: str) -> OperationDetail:
    """The customer's own operation; refuses not_found for everybody else's."""
    return wallet.operation(customer, reference)


def snapshot(detail: OperationDetail) -> dict[str, Any]:
    """The diagnosis as the customer may know it, with the ids that lead through ledger, rail and bank."""
    view, diagnosis = detail.view, detail.diagnosis
    return {
        "operation": view.reference,
        "operation_kind": view.kind,
        "operation_state": view.state,
        "direction": view.direction,
        "amount": view.amount.fact(),
        "code": view.code,
        "facts": dict(view.facts),
        "rule": diagnosis.rule,
        "inputs": dict(diagnosis.inputs),
        "ledger_ids": list(diagnosis.ledger_ids),
        "by_when": diagnosis.by_when.isoformat() if diagnosis.by_when else None,
        "disclosure": diagnosis.disclosure,
        "trace": [
            {"at": step.at.isoformat(), "what": step.what, "source": step.source, "ids": dict(step.ids)}
            for step in detail.trace
        ],
    }
