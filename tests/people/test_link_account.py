"""An account that WeChat names: what counts once, where, and for how long."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from guitai.audit.types import Purpose
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.kit.environment import environment
from guitai.people import api as people
from guitai.people.errors import AccountLinkFailed
from guitai.people.flows.link_account import found, send_there, take_back
from guitai.people.models import Binding
from guitai.people.web.views import linked_accounts
from tests.people.identity_support import LIN, PASSWORD, PIN

pytestmark = pytest.mark.django_db
KIND, OPENID = "wechat", "oUpF8uMuAJO"


class Keeper:
    def address(self, state: str, return_url: str) -> str:
        return f"{return_url}?{state}"

    def account(self, code: str) -> str | None:
        return OPENID if code == "good" else None


def sent(person: UUID) -> tuple[dict[str, Any], str]:
    session: dict[str, Any] = {}
    return session, send_there(session, person, KIND, Keeper(), "back").partition("?")[2]


def test_it_comes_back_once_and_is_kept_sealed_for_a_short_while() -> None:
    person = new_id()
    session, state = sent(person)
    take_back(session, person, KIND, Keeper(), state, "good")
    assert found(session, person, KIND) == OPENID and OPENID not in str(session)
    assert found(session, new_id(), KIND) is None and found(session, person, "alipay") is None
    with stopped(now() + timedelta(minutes=11)):
        assert found(session, person, KIND) is None
    with pytest.raises(AccountLinkFailed):
        take_back(session, person, KIND, Keeper(), state, "good")


@pytest.mark.parametrize(
    ("changed", "minutes"),
    [
        ({"state": "another"}, 0),
        ({"state": ""}, 0),
        ({"code": ""}, 0),
        ({"code": "used"}, 0),
        ({"code": "x" * 513}, 0),
        ({"person": UUID(int=1)}, 0),
        ({"kind": "alipay"}, 0),
        ({"session": {}}, 0),
        ({}, 11),
    ],
)
def test_whatever_else_comes_back_names_nobody(changed: dict[str, Any], minutes: int) -> None:
    person = new_id()
    session, state = sent(person)
    given = {"session": session, "person": person, "kind": KIND, "state": state, "code": "good", **changed}
    with stopped(now() + timedelta(minutes=minutes)), pytest.raises(AccountLinkFailed):
        take_back(given["session"], given["person"], given["kind"], Keeper(), given["state"], given["code"])
    assert found(given["session"], person, KIND) is None


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch, customer: UUID, signed_in: Client) -> Keeper:
    """WeChat is set up and pays out, and the customer has said who they are."""
    own = Keeper()
    monkeypatch.setattr(linked_accounts, "link_of", lambda kind: own if kind == KIND else None)
    monkeypatch.setattr(linked_accounts, "offered_kinds", lambda: (KIND,))
    people.declare_identity(customer, LIN)
    return own


PAGE = f"/me/bank-accounts/new/{KIND}/"


def go_there(client: Client, **more: str) -> str:
    """The state with which a browser is sent; its way back is ours, whatever the browser asks for."""
    answer = client.get(
        f"{PAGE}there/", {"redirect_uri": "https://evil.test/", "return_url": "//evil.test"}, **more
    )
    address, _, state = answer["Location"].partition("?")
    assert answer.status_code == 302 and address == f"{environment().public_url}{PAGE}back/"
    return state


def test_whoever_comes_back_binds_what_wechat_said_with_their_proof(
    keeper: Keeper, signed_in: Client
) -> None:
    assert "there/" in signed_in.get(PAGE).content.decode()
    given = {
        "state": go_there(signed_in),
        "code": "good",
        "next": "https://evil.test/",
        "openid": "o-invented",
    }
    back = signed_in.get(f"{PAGE}back/", given)
    assert (back.status_code, back["Location"]) == (302, PAGE) and not Binding.objects.exists()
    assert signed_in.post(PAGE, {"pin": "111111"}).status_code == 200 and not Binding.objects.exists()
    assert signed_in.post(PAGE, {"pin": PIN, "account": "o-invented"})["Location"] == "/me/bank-accounts/"
    row = Binding.objects.get()
    assert row.kind == KIND and OPENID.encode() not in b"".join(
        bytes(value) for value in vars(row).values() if isinstance(value, bytes | memoryview)
    )
    assert people.account_details(row.id, purpose=Purpose("test", "1", "a look")).number == OPENID
    # It counted once: neither the page nor the code names an account any more.
    assert "there/" in signed_in.get(PAGE).content.decode()
    assert signed_in.get(f"{PAGE}back/", given).status_code == 422


def test_another_browser_or_customer_gets_nothing_out_of_it(keeper: Keeper, signed_in: Client) -> None:
    given = {"state": go_there(signed_in), "code": "good"}
    people.register_customer("+8613900139001", "王雨", PASSWORD, PIN, language="en")
    other = Client()
    assert other.get(f"{PAGE}back/", given)["Location"].startswith("/sign-in/")
    other.post("/sign-in/", {"phone": "139 0013 9001", "password": PASSWORD})
    answer = other.get(f"{PAGE}back/", given)
    assert answer.status_code == 422 and "Location" not in answer
    assert not Binding.objects.exists()


def test_what_is_not_set_up_leads_nowhere(signed_in: Client) -> None:
    for path in ("", "there/", "back/"):
        assert signed_in.get(f"{PAGE}{path}").status_code == 404


def test_nobody_is_sent_there_without_end(keeper: Keeper, signed_in: Client) -> None:
    for _ in range(30):
        go_there(signed_in)
    answer = signed_in.get(f"{PAGE}there/")
    assert answer.status_code == 422 and "Location" not in answer
