"""The intents behind withdrawals: what people wish for, and what rails say."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit.crypto import mac
from guitai.wallet.flows.intents import check_offered
from guitai.wallet.kinds import withdraw, withdraw_changes, withdraw_late
from guitai.wallet.till.types import Intent, Json
from guitai.wallet.types import Proof, Terms


def start(
    owner: UUID,
    account: UUID,
    amount: Money,
    proof: Proof,
    key: str,
    terms: Terms | None = None,
    *,
    closing: bool = False,
    rail: str = "",
) -> Intent:
    """refuses amount_*, currency_unknown"""
    check_offered(amount)
    body: dict[str, Json] = {
        "account": str(account), "amount": amount.minor, "currency": amount.currency, "closing": closing,
    }  # fmt: skip
    if rail:
        body["rail"] = rail
    given = {"pin": proof.pin, "passkey": proof.passkey}
    secrets: Mapping[str, str] = {name: value for name, value in given.items() if value is not None}
    return Intent(withdraw.NAME, Actor("customer", str(owner)), key, body, new_id(), secrets, terms=terms)


def binding(account: UUID, amount: Money, rail: str = "") -> str:
    """What a passkey has to approve for this withdrawal; refuses amount_*, currency_unknown."""
    check_offered(amount)
    return withdraw.binding(account, amount, rail)


def refusal_key(key: str, account: UUID, amount: Money, code: str, rail: str = "") -> str:
    """The same review looked at again is the same refusal; another amount, way or reason is another one."""
    return f"refused:{mac('wallet.refusal', key, str(account), str(amount), code, rail).hex()[:32]}"


def release(operation_id: UUID, actor: Actor, purpose: Purpose | None) -> Intent:
    return _decision(withdraw_changes.RELEASE, operation_id, actor, purpose)


def cancel(
    operation_id: UUID, actor: Actor, code: str, purpose: Purpose | None = None, *, only_held: bool = False
) -> Intent:
    """`only_held`: whoever decides about a hold does not take back what is in the queue."""
    return _decision(withdraw_changes.CANCEL, operation_id, actor, purpose, code=code, only_held=only_held)


def late(operation_id: UUID) -> Intent:
    return _decision(withdraw_late.LATE, operation_id, SYSTEM)


def unknown(operation_id: UUID) -> Intent:
    return _decision(withdraw_late.UNKNOWN, operation_id, SYSTEM)


def told(rail: str, operation_id: UUID, what: str, said: Mapping[str, Any]) -> Intent:
    """What a rail says of a payout, under a key that is the same when it says the same again.

    takes    the rail, the operation, `sent`, `accepted`, `settled`, `rejected` or `returned`, and the topic's payload
    """
    body: dict[str, Json] = {
        "operation": str(operation_id), "amount": said["amount"], "currency": said["currency"],
    }  # fmt: skip
    if what in ("sent", "accepted"):
        name, body = withdraw_changes.ADVANCE, {"operation": str(operation_id), "stage": what}
    elif what == "settled":
        name = withdraw_changes.SETTLE
    else:
        name = withdraw_changes.FAIL if what == "rejected" else withdraw_changes.RETURN_MONEY
        body |= {"code": said["code"], "reason": said.get("reason") or ""}
        if what == "returned":
            body |= {"returned": said["returned"]}
    about = mac("wallet.payout", name, *(f"{field}={value}" for field, value in sorted(body.items()))).hex()[
        :32
    ]
    return Intent(name, Actor("rail", rail), f"payout_{what}:{about}", body, operation_id)


def _decision(
    name: str, operation_id: UUID, actor: Actor, purpose: Purpose | None = None, **more: Json
) -> Intent:
    # A key of its own each time: "not now" must not be the answer for ever. The operation's state takes it once.
    key = f"{name}:{operation_id}:{new_id()}"
    return Intent(name, actor, key, {"operation": str(operation_id), **more}, operation_id, purpose=purpose)
