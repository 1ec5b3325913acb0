"""An account that WeChat names: what counts once, where, and for how long."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.people.errors import AccountLinkFailed
from guitai.people.flows.link_account import found, send_there, take_back

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
