"""Devices and sessions: what is new asks for a second step and tells; what is not wanted is ended."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from guitai.base.clock import now
from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people import device_reads, links, places
from guitai.people.models import Device, SignIn
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("careful")]
STEP = "/sign-in/second-step/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/19 "
    "Mobile/15E148 Safari/604.1"
)


def sign_in(client: Client, **headers: str):
    return client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}, headers=headers)


def second(client: Client, sent_code):
    client.get(STEP)
    return client.post(STEP, {"way": "sms", "action": "prove", "code": sent_code(PHONE)})


@pytest.fixture
def at_home(customer) -> Client:
    """The first browser this person ever signed in with."""
    client = Client(headers={"user-agent": CHROME}, REMOTE_ADDR="203.0.113.7")
    assert sign_in(client).url == "/home/"
    return client


def notices(person: UUID) -> list[str]:
    return [item.kind for item in notify.inbox(person).items]


def test_the_first_device_is_the_one_to_compare_with(at_home: Client, customer) -> None:
    assert notices(customer) == []
    token = at_home.cookies["guitai_device"]
    assert token["httponly"] and token["samesite"] == "Lax" and int(token["max-age"]) > 365 * 24 * 3600
    at_home.post("/sign-out/")
    assert sign_in(at_home).url == "/home/"
    assert Device.objects.count() == 1 and SignIn.objects.count() == 2


def test_a_new_device_asks_for_a_second_step_and_tells(at_home: Client, customer, sent_code) -> None:
    strange = Client(headers={"user-agent": IPHONE}, REMOTE_ADDR="198.51.100.9")
    assert sign_in(strange).url == STEP
    assert strange.get("/me/").status_code == 302 and notices(customer) == []
    assert strange.post(STEP, {"way": "sms", "action": "prove", "code": "000000"}).status_code == 200
    assert second(strange, sent_code).url == "/home/"
    assert notices(customer) == ["people.new_sign_in"]
    notify.deliver_due()
    told = next(item.body for item in notify.outbox(PHONE) if item.kind == "people.new_sign_in")
    assert "Safari · iPhone" in told and "198.51.100.0/24" in told and "198.51.100.9" not in told
    assert len(told) < 300, "three SMS at most"
    strange.post("/sign-out/")
    assert sign_in(strange).url == "/home/", "now it is known"
    assert notices(customer) == ["people.new_sign_in"]


def test_a_device_long_unused_counts_as_new_again(at_home: Client) -> None:
    at_home.post("/sign-out/")
    Device.objects.update(seen_at=now() - timedelta(days=181))
    assert sign_in(at_home).url == STEP


def test_somebody_elses_device_token_is_no_device_of_mine(at_home: Client, customer, sent_code) -> None:
    people.register_customer(OTHER, "王芳", PASSWORD, PIN)
    at_home.post("/sign-out/")
    answer = at_home.post("/sign-in/", {"phone": OTHER, "password": PASSWORD})
    assert answer.url == "/home/", "their first one"
    assert Device.objects.count() == 2
    codes = set(Device.objects.values_list("token", flat=True))
    assert len({bytes(code) for code in codes}) == 2


@pytest.mark.parametrize("token", ["", "short", "x" * 200, "with space and 中文 in it", "0" * 43])
def test_a_made_up_token_is_a_new_device(at_home: Client, token: str) -> None:
    strange = Client()
    strange.cookies["guitai_device"] = token.encode("ascii", "ignore").decode()
    assert sign_in(strange).url == STEP


def test_signing_up_makes_the_device_known_without_a_notice(db, sent_code) -> None:
    client = Client()
    client.post("/sign-up/", {"phone": PHONE})
    client.post("/sign-up/password/", {"password": PASSWORD, "agreement": "on"})
    client.post("/sign-up/code/", {"action": "enter", "code": sent_code(PHONE)})
    person = people.find_by_phone([PHONE])[PHONE]
    assert notices(person) == [] and Device.objects.filter(person_id=person).count() == 1
    client.post("/sign-out/")
    assert client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).url == "/sign-up/name/"


def test_an_unusual_place_asks_on_a_known_device_too(customer, monkeypatch, sent_code) -> None:
    where = {"203.0.113.7": "中国 广东省 深圳市", "198.51.100.9": "荷兰"}
    monkeypatch.setattr("guitai.people.flows.note_sign_in.place_of", lambda address: where.get(address, ""))
    client = Client(REMOTE_ADDR="203.0.113.7")
    assert sign_in(client).url == "/home/"
    for address, reached in (("203.0.113.7", "/home/"), ("192.0.2.1", "/home/"), ("198.51.100.9", STEP)):
        client.post("/sign-out/")
        answer = client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}, REMOTE_ADDR=address)
        assert answer.url == reached, address
    code_sent = client.get(STEP, REMOTE_ADDR="198.51.100.9")
    assert code_sent.context["new"]
    given = {"way": "sms", "action": "prove", "code": sent_code(PHONE)}
    assert client.post(STEP, given, REMOTE_ADDR="198.51.100.9").url == "/home/"
    assert notices(customer) == ["people.new_sign_in"]
    assert SignIn.objects.order_by("-at").first().unusual


def test_without_a_places_file_nothing_is_missing(tmp_path, monkeypatch) -> None:
    places._searcher.cache_clear()
    assert places.place_of("1.1.1.1") == ""
    assert places.place_of("not an address") == ""


@pytest.mark.parametrize(
    ("region", "place"),
    [
        ("中国|广东省|深圳市|电信|CN", "中国 广东省 深圳市"),
        ("中国|上海|上海|移动|CN", "中国 上海"),
        ("荷兰|0|0|0|NL", "荷兰"),
        ("0|0|0|内网IP|0", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_reads_places_of_the_operators_file(monkeypatch, region: str | None, place: str) -> None:
    class Searcher:
        def search(self, address: str) -> str | None:
            return region

    monkeypatch.setattr(places, "_searcher", lambda version: Searcher())
    assert places.place_of("1.1.1.1") == place
    assert places.place_of("10.0.0.1") == "", "the operator's own network is no place"


def test_a_broken_places_file_keeps_nobody_out(monkeypatch, caplog) -> None:
    class Searcher:
        def search(self, address: str) -> str:
            raise ValueError("corrupt")

    monkeypatch.setattr(places, "_searcher", lambda version: Searcher())
    assert places.place_of("1.1.1.1") == "" and "places file" in caplog.text


def test_lists_where_somebody_is_signed_in(at_home: Client, customer, sent_code) -> None:
    strange = Client(headers={"user-agent": IPHONE}, REMOTE_ADDR="198.51.100.9")
    sign_in(strange)
    second(strange, sent_code)
    page = at_home.get("/me/devices/")
    assert [one.current for one in page.context["sessions"]] == [True, False]
    text = page.content.decode()
    assert "Safari · iPhone" in text and "Chrome · Windows" in text and "198.51.100.0/24" in text
    other = page.context["sessions"][1]
    assert other.methods == ("password", "sms")
    assert at_home.post("/me/devices/", {"action": "one", "session": str(other.id)}).url == "/me/devices/"
    assert strange.get("/me/").status_code == 302 and at_home.get("/me/").status_code == 200
    assert at_home.post("/me/devices/", {"action": "one", "session": str(other.id)}).status_code == 404
    assert len(at_home.get("/me/devices/").context["sessions"]) == 1


@pytest.mark.parametrize(("action", "here", "there"), [("others", 200, 302), ("all", 302, 302)])
def test_signs_out_others_or_everything(
    at_home: Client, sent_code, action: str, here: int, there: int
) -> None:
    strange = Client()
    sign_in(strange)
    second(strange, sent_code)
    at_home.post("/me/devices/", {"action": action})
    assert at_home.get("/me/").status_code == here
    assert strange.get("/me/").status_code == there
    tokens = [at_home.session.session_key or "", strange.session.session_key or ""]
    assert people.customers_by_token(tokens).count(None) == (1 if here == 200 else 2)


def test_a_device_gets_a_name_and_can_be_forgotten(at_home: Client, customer) -> None:
    device = Device.objects.get()
    address = f"/me/devices/{device.id}/"
    assert at_home.post(address, {"action": "name", "name": " Kitchen\u200b\n tablet "}).url == "/me/devices/"
    device.refresh_from_db()
    assert device.name == "Kitchen tablet"
    at_home.post(address, {"action": "forget"})
    assert not Device.objects.exists() and at_home.get("/me/").status_code == 302
    assert sign_in(at_home).url == STEP


def test_nobody_touches_devices_and_sessions_of_others(at_home: Client, customer) -> None:
    people.register_customer(OTHER, "王芳", PASSWORD, PIN)
    stranger = Client()
    stranger.post("/sign-in/", {"phone": OTHER, "password": PASSWORD})
    mine = Device.objects.get(person_id=customer)
    session = SignIn.objects.get(person_id=customer)
    assert stranger.get(f"/me/devices/{mine.id}/").status_code == 404
    assert stranger.post(f"/me/devices/{mine.id}/", {"action": "forget"}).status_code == 404
    assert stranger.post("/me/devices/", {"action": "one", "session": str(session.id)}).status_code == 404
    assert stranger.post("/me/devices/", {"action": "one", "session": "nonsense"}).status_code == 404
    assert stranger.post(f"/me/sign-ins/{session.id}/denial/").status_code == 404
    assert at_home.get("/me/").status_code == 200


@pytest.fixture
def intruder(at_home: Client, sent_code) -> Client:
    """Somebody with the password and a way to read the SMS."""
    client = Client(headers={"user-agent": IPHONE}, REMOTE_ADDR="198.51.100.9")
    sign_in(client)
    second(client, sent_code)
    return client


def link_of(person: UUID) -> str:
    notify.deliver_due()
    body = next(item.body for item in notify.outbox(PHONE) if item.kind == "people.new_sign_in")
    found = re.search(r"https?://[^/]+(/not-me/[\w-]+/)", body)
    assert found is not None, body
    assert notify.inbox(person).items[0].url == found[1]
    return found[1]


def test_this_was_not_me_works_from_the_notice_alone(intruder: Client, at_home: Client, customer) -> None:
    anybody, address = Client(), link_of(customer)
    page = anybody.get(address)
    assert page.status_code == 200 and "Safari · iPhone" in page.content.decode()
    assert people.standing(customer).state == "active", (
        "reading a page does nothing: link previews read it too"
    )
    assert anybody.post(address).url == "/not-me/done/"
    assert anybody.get("/not-me/done/").status_code == 200
    assert people.standing(customer).state == "frozen"
    assert intruder.get("/me/").status_code == 302 and at_home.get("/me/").status_code == 302
    topic = Topic.objects.get(name="person.denied_sign_in")
    assert topic.payload["person"] == str(customer)
    assert (topic.payload["device"], topic.payload["place"]) == ("Safari · iPhone", "198.51.100.0/24")
    intruder_again = sign_in(intruder)
    assert intruder_again.url == STEP, "the device is strange again"
    again = anybody.get(address)
    assert again.status_code == 200 and again.context["denied"]
    anybody.post(address)
    assert Topic.objects.filter(name="person.denied_sign_in").count() == 1


def test_this_was_not_me_from_the_list_of_sessions(intruder: Client, at_home: Client, customer) -> None:
    strange = next(
        one for one in device_reads.sessions(customer, "") if one.device.label == "Safari · iPhone"
    )
    assert at_home.post(f"/me/sign-ins/{strange.id}/denial/").url == "/not-me/done/"
    assert people.standing(customer).state == "frozen" and intruder.get("/me/").status_code == 302


@pytest.mark.parametrize("spoil", ["0", "shorter", "other", "upper", "nonsense"])
def test_a_link_that_was_not_made_here_is_none(intruder: Client, customer, spoil: str) -> None:
    sign_in_id = SignIn.objects.latest("at").id
    good = links.path("not_me", sign_in_id)
    other = links.path("number_cancel", sign_in_id).replace("number-change", "not-me")
    spoilt = {
        "0": good[:-3] + ("A" if good[-3] != "A" else "B") + good[-2:], "shorter": good[:-4] + "/", "other": other,
        "upper": good.upper().replace("/NOT-ME/", "/not-me/"), "nonsense": "/not-me/%E4%B8%AD/",
    }[spoil]  # fmt: skip
    assert Client().get(spoilt).status_code == 404 and Client().post(spoilt).status_code == 404
    assert Client().get(good).status_code == 200
    assert people.standing(customer).state == "active"


def test_a_link_is_over_after_thirty_days(intruder: Client, customer) -> None:
    address = link_of(customer)
    SignIn.objects.update(at=now() - timedelta(days=31))
    assert Client().get(address).status_code == 410 and Client().post(address).status_code == 410
    assert people.standing(customer).state == "active"


def test_the_last_use_is_noted_now_and_then(at_home: Client, monkeypatch) -> None:
    row = SignIn.objects.get()
    SignIn.objects.update(seen_at=now() - timedelta(hours=1))
    at_home.get("/me/")
    row.refresh_from_db()
    assert now() - row.seen_at > timedelta(minutes=30), "not at every request"
    import time

    later = time.time() + 601
    monkeypatch.setattr("guitai.people.web.devices.time.time", lambda: later)
    at_home.get("/me/", REMOTE_ADDR="192.0.2.99")
    row.refresh_from_db()
    assert now() - row.seen_at < timedelta(minutes=1) and row.network == "192.0.2.0/24"


def test_an_app_names_its_device_and_gets_its_second_step_over_the_api(
    at_home: Client, customer, sent_code
) -> None:
    auth = "/_allauth/app/v1/auth"
    app = {"X-Device-Id": "5d0f4b2e-0000-4000-8000-1234567890ab", "X-Device-Name": "Lin's phone"}

    def call(method: str, path: str, body: dict | None = None, token: str = ""):
        headers = {**app, **({"X-Session-Token": token} if token else {})}
        return Client().generic(
            method,
            path,
            data=__import__("json").dumps(body or {}),
            content_type="application/json",
            headers=headers,
        )

    begun = call("POST", f"{auth}/login", {"phone": PHONE, "password": PASSWORD})
    assert begun.status_code == 401
    assert {"id": "mfa_authenticate", "is_pending": True, "types": []} in begun.json()["data"]["flows"]
    token = begun.json()["meta"]["session_token"]
    assert people.customers_by_token([token]) == [None]
    assert call("GET", f"{auth}/2fa/authenticate", token=token).json()["data"] == {
        "ways": ["sms"], "why": ["new_device"],
    }  # fmt: skip
    assert call("POST", f"{auth}/2fa/code", {"way": "sms"}, token).status_code == 202
    wrong = call("POST", f"{auth}/2fa/authenticate", {"way": "sms", "code": "000000"}, token)
    assert wrong.json()["code"] == "code_wrong"
    done = call("POST", f"{auth}/2fa/authenticate", {"way": "sms", "code": sent_code(PHONE)}, token)
    assert done.status_code == 200, done.content
    token = done.json()["meta"].get("session_token", token)
    found = call("GET", "/api/v1/me/sessions", token=token).json()
    assert [(one["current"], one["device"]["label"]) for one in found] == [
        (True, "Lin's phone"), (False, "Chrome · Windows"),
    ]  # fmt: skip
    again = call("POST", f"{auth}/login", {"phone": PHONE, "password": PASSWORD})
    assert again.status_code == 200
    assert call("DELETE", "/api/v1/me/sessions/others", token=token).status_code == 204
    assert at_home.get("/me/").status_code == 302
    assert Session.objects.filter(session_key=token).exists()
