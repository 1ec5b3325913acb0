"""Lin and her own banks: who she is, two bound cards, a withdrawal that arrives, and one that comes back."""

import httpx

from guitai.site.cast import LIN, LIN_DOCUMENT, PIN, WITHDRAWALS, Withdrawal
from guitai.site.seed_calls import checked, outside, signed, state, wait

# The bank gathers, answers and books in files: a few seconds each, more on a busy machine.
_BANK_WAIT_S = 60


def withdraw(client: httpx.Client, token: str) -> dict[str, str]:
    """Ask for what leaves; gives the references by the card's number. The bank works meanwhile."""
    _say_who(client, token)
    return {one.card: _withdrawal(client, token, one, _bound(client, token, one)) for one in WITHDRAWALS}


def come_back(client: httpx.Client, token: str, begun: dict[str, str], sandbox_url: str) -> None:
    """Wait until the bank has paid, and have it send back what is to come back."""
    for one in WITHDRAWALS:
        reference = begun[one.card]
        _until(client, token, reference, ("succeeded", "returned"))
        if one.comes_back and state(client, token, reference) == "succeeded":
            outside(f"{sandbox_url}/bank/payouts/{reference}/return", {"code": "AC04"}, "the way back", 200)
            _until(client, token, reference, ("returned",))


def _say_who(client: httpx.Client, token: str) -> None:
    known = checked(client.get("/api/v1/me/identity", headers=signed(token)), 200, "identity")
    if not known["tier"]:
        given = {**LIN_DOCUMENT, "name": LIN.name}
        checked(client.post("/api/v1/me/identity", json=given, headers=signed(token)), 200, "a document")


def _bound(client: httpx.Client, token: str, one: Withdrawal) -> str:
    """The account's id; bound now, or in a start that was interrupted."""
    listed = checked(client.get("/api/v1/me/bank-accounts", headers=signed(token)), 200, "bank accounts")
    for known in listed:
        if known["number"].endswith(one.card[-4:]):
            return str(known["id"])
    claim = {"kind": "cn_card", "number": one.card, "bank": one.bank, "holder": LIN.name, "pin": PIN}
    made = client.post("/api/v1/me/bank-accounts", json=claim, headers=signed(token))
    return str(checked(made, 201, "a bank card")["id"])


def _withdrawal(client: httpx.Client, token: str, one: Withdrawal, account: str) -> str:
    body = {"account": account, "amount": one.amount.fact(), "pin": PIN}
    asked = client.post(
        "/api/v1/withdrawals", json=body, headers=signed(token, f"seed-withdrawal-{one.card[-4:]}")
    )
    return str(checked(asked, 201, "a withdrawal")["reference"])


def _until(client: httpx.Client, token: str, reference: str, states: tuple[str, ...]) -> None:
    wait(lambda: state(client, token, reference) in states, f"the bank to answer {reference}", _BANK_WAIT_S)
