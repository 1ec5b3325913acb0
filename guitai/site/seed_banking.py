"""The cast and their own banks: who they are, a bound card, a withdrawal that arrives, and one that comes back."""

from collections.abc import Mapping

import httpx

from guitai.base.money import Money
from guitai.site.cast import ARRIVING, BANKED, PIN, RETURNING, Banked, Card
from guitai.site.seed_calls import checked, outside, signed, state, wait

# The bank gathers, answers and books in files: a few seconds each, more on a busy machine.
_BANK_WAIT_S = 60


def withdraw(client: httpx.Client, tokens: Mapping[str, str]) -> dict[str, str]:
    """Ask for what leaves; gives the references by key. The bank works meanwhile."""
    begun = {}
    for banked in BANKED:
        token = tokens[banked.customer.phone]
        _say_who(client, token, banked)
        begun[banked.key] = _withdrawal(client, token, banked, _bound(client, token, banked))
    return begun


def come_back(
    client: httpx.Client, tokens: Mapping[str, str], begun: Mapping[str, str], sandbox_url: str
) -> None:
    """Wait until the bank has paid, and have it send one of them back."""
    for banked in BANKED:
        token, reference = tokens[banked.customer.phone], begun[banked.key]
        _until(client, token, reference, ("succeeded", "returned"))
        if banked.key == RETURNING and state(client, token, reference) == "succeeded":
            outside(f"{sandbox_url}/bank/payouts/{reference}/return", {"code": "AC04"}, "the way back", 200)
            _until(client, token, reference, ("returned",))


def _say_who(client: httpx.Client, token: str, banked: Banked) -> None:
    known = checked(client.get("/api/v1/me/identity", headers=signed(token)), 200, "identity")
    if known["tier"]:
        return
    given = {**banked.document, "name": banked.customer.name}
    checked(client.post("/api/v1/me/identity", json=given, headers=signed(token)), 200, "a document")


def _bound(client: httpx.Client, token: str, banked: Banked) -> str:
    """The account's id; bound now, or in a start that was interrupted."""
    listed = checked(client.get("/api/v1/me/bank-accounts", headers=signed(token)), 200, "bank accounts")
    for one in listed:
        if one["number"].endswith(banked.card.number[-4:]):
            return str(one["id"])
    claim = {
        "kind": "cn_card", "number": banked.card.number, "bank": banked.card.bank,
        "holder": banked.customer.name, "pin": PIN,
    }  # fmt: skip
    made = client.post("/api/v1/me/bank-accounts", json=claim, headers=signed(token))
    return str(checked(made, 201, "a bank card")["id"])


def _withdrawal(client: httpx.Client, token: str, banked: Banked, account: str) -> str:
    body = {"account": account, "amount": banked.amount.fact(), "pin": PIN}
    headers = signed(token, f"seed-withdrawal-{banked.key}")
    return str(
        checked(client.post("/api/v1/withdrawals", json=body, headers=headers), 201, "withdrawal")["reference"]
    )


def _until(client: httpx.Client, token: str, reference: str, states: tuple[str, ...]) -> None:
    wait(lambda: state(client, token, reference) in states, f"the bank to answer {reference}", _BANK_WAIT_S)
