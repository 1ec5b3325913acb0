"""Where a trouble is staged: the demonstration's cast over the API, and a name for each customer that is made."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.site.cast import PASSWORD, PIN
from guitai.site.seed_calls import SeedFailed, checked, outside, signed, state, wait

_CODE = re.compile(r"\b(\d{6})\b")


@dataclass(frozen=True, slots=True)
class Scene:
    """What was staged: who to sign in as, where to look, and what should happen."""

    who: tuple[str, ...]
    look: tuple[str, ...]
    expect: tuple[str, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Player:
    """A customer who was made for one rehearsal, so that each can be staged again and again."""

    name: str
    phone: str
    token: str

    def line(self) -> str:
        """How to sign in as them."""
        return f"{self.name}  {people.written_phone(self.phone)}  password {PASSWORD}  payment PIN {PIN}"


class Stage:
    """The doors of a running demonstration."""

    def __init__(self, client: httpx.Client, sandbox_url: str) -> None:
        self.client, self.sandbox_url = client, sandbox_url

    def player(self, name: str, minor: int = 0, language: str = "zh-hans") -> Player:
        """Somebody new, signed up with the SMS code, with money when it is named."""
        phone = f"+86170{secrets.randbelow(10**8):08}"
        headers, began_at = {"Accept-Language": language}, now()
        body = {"phone": phone, "password1": PASSWORD, "password": PASSWORD, "agreement": True}
        began = self.client.post("/_allauth/app/v1/auth/signup", json=body, headers=headers)
        token = checked(began, 401, "sign-up")["meta"]["session_token"]
        code = wait(lambda: self._code(phone, began_at), f"the SMS code of {name}")
        verified = self.client.post(
            "/_allauth/app/v1/auth/phone/verify",
            json={"code": code},
            headers={**headers, "X-Session-Token": token},
        )
        token = checked(verified, 200, "phone verification")["meta"].get("session_token", token)
        self.post(token, "/api/v1/me/name", {"name": name}, 200)
        self.post(token, "/api/v1/me/pin", {"pin": PIN, "password": PASSWORD}, 200)
        made = Player(name, phone, token)
        if minor:
            self.fund(made, minor)
        return made

    def post(
        self, token: str, path: str, body: Mapping[str, Any], expected: int, *, moves: bool = False
    ) -> Any:
        """One call of the API, with a key when it moves money."""
        key = secrets.token_hex(16) if moves else ""
        return checked(self.client.post(path, json=body, headers=signed(token, key)), expected, path)

    def fund(self, who: Player, minor: int) -> str:
        """A top-up that is paid; gives its reference."""
        started = self.ask_top_up(who, minor)
        outside(started["instructions"]["pay_url"] or started["instructions"]["qr"], {}, "the payment")
        reference = str(started["reference"])
        wait(lambda: state(self.client, who.token, reference) == "succeeded", "the top-up to arrive")
        return reference

    def ask_top_up(self, who: Player, minor: int) -> Any:
        """A top-up that is asked for and not paid."""
        body = {"amount": Money(minor, "CNY").fact(), "rail": "bank"}
        return self.post(who.token, "/api/v1/top-ups", body, 201, moves=True)

    def send(self, who: Player, phone: str, minor: int, note: str = "", *, pin: str = PIN) -> str:
        """A transfer, whatever becomes of it; gives its reference."""
        body = {"phone": phone, "amount": Money(minor, "CNY").fact(), "note": note, "pin": pin}
        key = secrets.token_hex(16)
        answer = self.client.post("/api/v1/transfers", json=body, headers=signed(who.token, key))
        if answer.status_code not in (201, 202, 422):
            raise SeedFailed(f"transfer: got {answer.status_code} {answer.text[:300]}")
        told = answer.json()
        return str(told.get("reference") or told["facts"]["reference"])

    def identify(self, who: Player) -> None:
        """Show a resident's document of a number that is right and nobody's."""
        born = f"110105{1970 + secrets.randbelow(30)}0615{secrets.randbelow(1000):03}"
        number = born + mod_11_2.calc_check_digit(born)
        given = {"kind": "national_id", "country": "CN", "number": number, "name": who.name}
        self.post(who.token, "/api/v1/me/identity", given, 200)

    def bind_card(self, who: Player) -> str:
        """A bank card of theirs; gives its id."""
        digits = f"62220202{secrets.randbelow(10**9):09}"
        number = digits + luhn.calc_check_digit(digits)
        claim = {"kind": "cn_card", "number": number, "bank": "海湾银行", "holder": who.name, "pin": PIN}
        return str(self.post(who.token, "/api/v1/me/bank-accounts", claim, 201)["id"])

    def state(self, who: Player, reference: str) -> str:
        """Where an operation stands."""
        return state(self.client, who.token, reference)

    def _code(self, phone: str, since: Any) -> str | None:
        for item in notify.outbox(phone, 5):
            if item.at >= since and (found := _CODE.search(item.body)):
                return found[1]
        return None


def bill(reference: str) -> str:
    """Where a bill is looked at, and how its reference is said."""
    return f"/bills/{reference}/  ({spoken(reference)})"
