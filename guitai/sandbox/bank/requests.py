"""Reading what a clerk or a test asks for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guitai.base.money import Money, parse_amount
from guitai.base.refusal import Refusal
from guitai.sandbox.asgi import Problem, Request
from guitai.sandbox.bank.orders import read_amount
from guitai.sandbox.bank.payments import COPIES_MAX, DELAY_S_MAX, Payment

_TEXT_MAX = 140


def read_payment(request: Request, usual: Payment) -> Payment:
    """A payment from a page's form or from JSON; whatever is not named stays as usual."""
    if request.is_form:
        return _from_form(request.form(), usual)
    return _from_json(request.json(), usual)


def read_money(request: Request, usual: Money) -> Money:
    """An amount alone, from a form or from JSON."""
    if not request.is_form:
        content = request.json()
        return read_amount(content["amount"]) if "amount" in content else usual
    form = request.form()
    try:
        return parse_amount(form.get("amount", usual.decimal()), form.get("currency", usual.currency))
    except Refusal as refusal:
        raise Problem(422, "amount_invalid", f"The amount is not accepted: {refusal}.") from refusal


def _from_form(form: Mapping[str, str], usual: Payment) -> Payment:
    try:
        amount = parse_amount(
            form.get("amount", usual.amount.decimal()), form.get("currency", usual.amount.currency)
        )
    except Refusal as refusal:
        raise Problem(422, "amount_invalid", f"The amount is not accepted: {refusal}.") from refusal
    delay = form.get("delay_s", "0")
    return replace(
        usual,
        amount=amount,
        payment_reference=_text(form.get("payment_reference", usual.payment_reference)),
        payer_name=_text(form.get("payer_name", usual.payer_name)),
        payer_account=_text(form.get("payer_account", usual.payer_account))[:64],
        payee_account=_text(form.get("payee_account", usual.payee_account))[:64] or usual.payee_account,
        delay_s=_whole(
            int(delay) if delay.isascii() and delay.isdigit() else None, 0, DELAY_S_MAX, "delay_s"
        ),
        copies=2 if form.get("twice") else 1,
        bad_signature=bool(form.get("bad_signature")),
        lost=bool(form.get("lost")),
    )


def _from_json(content: Mapping[str, Any], usual: Payment) -> Payment:
    unknown = set(content) - {
        "amount", "payment_reference", "payer_name", "payer_account", "payee_account", "delay_s", "copies",
        "bad_signature", "lost", "notify_url",
    }  # fmt: skip
    if unknown:
        raise Problem(422, "field_unknown", f"Unknown fields: {', '.join(sorted(unknown))[:200]}.")
    return replace(
        usual,
        amount=read_amount(content["amount"]) if "amount" in content else usual.amount,
        payment_reference=_text(content.get("payment_reference", usual.payment_reference)),
        payer_name=_text(content.get("payer_name", usual.payer_name)),
        payer_account=_text(content.get("payer_account", usual.payer_account))[:64],
        payee_account=_text(content.get("payee_account", usual.payee_account))[:64],
        delay_s=_whole(content.get("delay_s", 0), 0, DELAY_S_MAX, "delay_s"),
        copies=_whole(content.get("copies", 1), 1, COPIES_MAX, "copies"),
        bad_signature=content.get("bad_signature") is True,
        lost=content.get("lost") is True,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Problem(422, "text_invalid", "References and names are texts.")
    return value.strip()[:_TEXT_MAX]


def _whole(value: object, least: int, most: int, name: str) -> int:
    if type(value) is not int or not least <= value <= most:
        raise Problem(422, f"{name}_invalid", f"{name} must be a whole number from {least} to {most}.")
    return value
