"""One of everything: an installation in which each page has something to show."""

import json
import re
from typing import Any

import httpx

from guitai.site.cast import PASSWORD, PIN
from tests.journeys.client import Customer, cny, fresh_phone, new_key, until
from tests.journeys.staff import Desk
from tests.journeys.test_identity import resident_number
from tests.journeys.test_withdraw import card_ending
from tests.live import Live

LONG = "Averyveryverylongwordwithoutanyblank" * 3
# What has no address of the API or the desk that leads there in one step.
_DOORS = """
import json
from datetime import timedelta
from uuid import UUID
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core import signing
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.care import api as care
from guitai.care.announcement_types import AnnouncementDraft
from guitai.kit import policies
from guitai.people import api as people
from guitai.people.models import User
from guitai.people.sessions import SessionStore
from guitai.wallet import api as wallet
from guitai.wallet.reserve.rules import documents

given = json.loads({given!r})
staff, above = (Actor("staff", str(User.objects.get(email=given[who]).pk)) for who in ("agent", "supervisor"))
robbed, customer = (people.find_by_phone([given[who]])[given[who]] for who in ("robbed", "customer"))
words = {{"en": "Transfers to banks are slow today", "zh-hans": "今天转到银行的款项较慢"}}
told = care.draft_announcement(AnnouncementDraft(kind="outage", title=words, words=words, service="rail.bank"), staff)
care.publish_announcement(told, above)
care.report_contact("400-999-1234", "They said that they were you. " * 4, source="198.51.100.7")
denied = care.ask_proof(given["other_case"], "app", staff)
care.deny_proof(customer, denied, alone=True)
proof = care.ask_proof(given["held_case"], "app", staff)
reported = care.report_stolen(robbed, [given["stolen"]], "My phone is gone.", "en").reference
wallet.close_of_day((now() - timedelta(days=1)).date())
parked = wallet.parked_of(wallet.operation(customer, given["parked_top_up"]).view.id)[0].id
wallet.ask_parked_payer(parked, actor=staff, purpose=Purpose("reconciliation", str(parked), "whose is it?"))
keys = [
    {{"name": name, "public_key": documents.public_of(Ed25519PrivateKey.from_private_bytes(name.encode() * 8))}}
    for name in ("Wen.", "Rao.", "Liu.")
]
policies.publish(
    "reserve", {{"share": 5000, "needed": 2, "floats": {{"CNY": {{"floor": 10000}}}}, "keys": keys}}, SYSTEM
)
wallet.fill_reserve(Money(40000, "CNY"), key=given["key"], actor=staff)
asked = json.loads(wallet.request_release(
    Money(15000, "CNY"), destination="6228 …018", reason="payouts of the week", actor=staff
))
session = dict(SessionStore(given["session"]).items())
for record in session.get("account_authentication_methods", []):
    record["at"] -= 3600
people.create_staff(given["new_staff"], "Nell New", "agent", given["password"])
long_in = SessionStore()
long_in.update(session)
long_in.save()
print(json.dumps({{
    "announcement": str(told), "proof": str(proof), "emergency_case": reported, "parked": str(parked),
    "reserve_request": asked["id"], "new_staff": given["new_staff"],
    "reported": signing.dumps([str(robbed), reported], salt="care.emergency"), "long_in": long_in.session_key,
}}))
"""


class Staged:
    """Who lives here, and the names that addresses are made from."""

    def __init__(self, live: Live, agent: Desk, supervisor: Desk) -> None:
        self.live, self.agent, self.supervisor = live, agent, supervisor
        self.names: dict[str, str] = {}
        self.payee = Customer(live, "Paula Payee").signed_up()
        self.customer = Customer(live, "Bartholomew Featherstonehaugh-Cholmondeley").rich(30_000_00)
        self.robbed = Customer(live, "Rob Bed").rich(900_00)
        self._money()
        self._cases()
        self._doors()
        self._desk()

    def at(self, path: str) -> str:
        return path.format(**self.names)

    def _money(self) -> None:
        own, names = self.customer, self.names
        names["sent"] = own.transfer(self.payee.phone, 66_00, note="A long note " * 8).json()["reference"]
        names["held"] = own.transfer(fresh_phone(), 5_500_00).json()["reference"]
        names["refused"] = own.transfer(fresh_phone(), 90_000_00).json()["facts"]["reference"]
        names["stolen"] = self.robbed.transfer(self.payee.phone, 300_00).json()["reference"]
        identity = {"kind": "national_id", "country": "CN", "number": resident_number(), "name": own.name}
        own.ok("POST", "/me/identity", identity)
        names["account"] = self._bound("0008")
        names["failed"] = self._withdrawn(names["account"])
        names["silent"] = self._withdrawn(self._bound("0003"))
        order = own.order(500_00)
        own.pay(order, amount=cny(480_00), payer_account="")
        names["parked_top_up"] = order["reference"]
        until(lambda: own.operation(order["reference"])["diagnosis"]["rule"] != "awaiting_payment")

    def _bound(self, end: str) -> str:
        claim = {"kind": "cn_card", "number": card_ending(end), "holder": self.customer.name, "pin": PIN}
        return str(self.customer.ok("POST", "/me/bank-accounts", claim, status=201)["id"])

    def _withdrawn(self, account: str) -> str:
        body = {"account": account, "amount": cny(200_00), "pin": PIN}
        made = self.customer.ok("POST", "/withdrawals", body, key=new_key(), status=201)
        return str(made["reference"])

    def _case(self, **body: Any) -> str:
        asked = {"words": f"Why? {LONG}", **body}
        return str(self.customer.ok("POST", "/cases", asked, key=new_key(), status=201)["reference"])

    def _cases(self) -> None:
        names, own = self.names, self.customer
        names["held_case"] = self._case(operation=names["held"])
        names["other_case"] = self._case(category="fees")
        names["top_up_case"] = self._case(operation=names["parked_top_up"])
        names["solved_case"] = self._case(category="other")
        self.agent.solve(names["solved_case"], f"That is how it is. {LONG}")
        rated = {"rating": 2, "words": f"Hm. {LONG}", "solved": False, "effort": 4}
        assert own.call("POST", f"/cases/{names['solved_case']}/rating", rated).status_code < 300
        slot = own.ok("GET", "/callbacks/slots")[0]["starts_at"]
        booked = own.call("POST", f"/cases/{names['other_case']}/callback", {"starts_at": slot})
        assert booked.status_code == 204, booked.text

    def _doors(self) -> None:
        given = {
            **self.names, "robbed": self.robbed.phone, "customer": self.customer.phone, "key": new_key(),
            "new_staff": f"nell-{new_key()[:8]}@guitai.example", "password": PASSWORD,
            "agent": self.agent.colleague.email, "supervisor": self.supervisor.colleague.email,
            "session": next(one.value for one in self.agent.http.cookies.jar if "session" in one.name),
        }  # fmt: skip
        done = self.live.run("shell", "-c", _DOORS.format(given=json.dumps(given)), timeout_s=90)
        assert done.returncode == 0, done.stderr[-3000:]
        self.names |= json.loads(done.stdout.splitlines()[-1])

    def _desk(self) -> None:
        names = self.names
        case = f"/desk/cases/{names['held_case']}"
        self.agent.send(f"{case}/assignment/", verb="take")
        self.agent.send(
            f"{case}/messages/", verb="reply", words="Please wait.", next_turn="customer", key=new_key()
        )
        for minor, amount in ((1, "15"), (2, "500")):
            fields = {"amount": amount, "currency": "CNY", "reason": f"sorry {minor}", "key": new_key()}
            self.agent.send(f"{case}/actions/goodwill/", **fields)
        names["credit"] = next(
            o["reference"] for o in self.customer.operations() if o["kind"] == "adjustment"
        )
        opened = self.supervisor.send(
            "/desk/break-glass/", whose=self.customer.phone, reason="robbed right now"
        )
        names["glass"] = opened.url.path.rstrip("/").rpartition("/")[2]
        emergency = f"/desk/emergency/{names['emergency_case']}/"
        claim = re.search(r'name="claim" value="([0-9a-f-]{36})"', self.agent.http.get(emergency).text)
        assert claim is not None
        self.agent.send(
            f"{emergency}propose/", claim=claim[1], verdict="return", reason="the phone was stolen"
        )
        self._statement()
        self._found("item", "/desk/reconciliation/", r"/desk/reconciliation/([0-9a-f-]{36})/")
        self._found("close", "/desk/reconciliation/days/", r"/desk/reconciliation/days/([0-9a-f-]{36})/")
        self._found("statement", "/desk/statements/", r"/desk/statements/([0-9a-f-]{36})/")
        self._found("signal", "/staff/signals/", r"/staff/signals/([0-9a-f-]{36})/")

    def _statement(self) -> None:
        """A payment that names nothing, and the bank's report of the day. After it the bank has named every payer."""
        loose = {"amount": cny(123_45), "payment_reference": LONG[:60]}
        for path, body in (("/bank/payments/", loose), ("/bank/reports", {})):
            answer = httpx.post(self.live.sandbox_url + path, json=body, timeout=30, trust_env=False)
            assert answer.status_code < 400, answer.text

    def _found(self, name: str, path: str, link: str) -> None:
        """The first of its sort that a page of the desk leads to; some are made by jobs."""
        found = until(lambda: re.search(link, self.supervisor.http.get(path).text), 60)
        assert found is not None
        self.names[name] = found[1]
