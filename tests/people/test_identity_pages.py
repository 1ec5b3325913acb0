"""The pages and the API of identity and bank accounts, in both languages."""

from uuid import UUID

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from guitai.audit import purposes
from guitai.people import api as people
from guitai.people.flows.personal_data import make_export
from guitai.people.models import Binding, DataExport, IdentityReview
from guitai.people.types import Verdict
from tests.people.identity_support import (
    APPROVED,
    BY_PIN,
    CARD,
    LIN,
    NUMBER,
    PASSWORD,
    PIN,
    card,
    decided,
    photo,
    photos,
    sent,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def identity_purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(purposes._checkers, "identity", people.is_identity_review)


@pytest.fixture(params=["en", "zh-hans"])
def web(request: pytest.FixtureRequest, signed_in: Client) -> Client:
    signed_in.cookies["guitai_language"] = request.param
    return signed_in


def text(answer) -> str:
    return answer.content.decode()


def test_tier_one_on_the_pages(web: Client, customer: UUID):
    assert "/me/identity/documents/" in text(web.get("/me/identity/"))
    assert "/me/identity/documents/passport/" in text(web.get("/me/identity/documents/"))
    address = "/me/identity/documents/national_id/?country=CN"
    page = text(web.get(address))
    assert 'name="number"' in page and 'name="birth"' not in page and 'value="林月"' in page
    wrong = web.post(address, {"name": "林月", "number": "110105194912310021"})
    assert wrong.status_code == 200 and "110105194912310021" in text(wrong), "what was typed stays"
    assert web.post(address, {"name": "林月", "number": NUMBER})["Location"] == "/me/identity/"
    page = text(web.get("/me/identity/"))
    assert NUMBER not in page and "1****************X" in page and people.identity(customer).tier == 1


def test_documents_ask_only_for_what_they_do_not_say(web: Client):
    for address, asked, silent in (
        ("/me/identity/documents/passport/", ("country", "birth", "expires_on"), ()),
        ("/me/identity/documents/national_id/", ("country", "birth"), ("expires_on",)),
        ("/me/identity/documents/national_id/?country=HK", ("birth",), ("country", "expires_on")),
        ("/me/identity/documents/home_return_permit/?country=CN", ("birth", "expires_on"), ("country",)),
    ):
        page = text(web.get(address))
        assert all(f'name="{name}"' in page for name in asked), address
        assert not any(f'name="{name}"' in page for name in silent), address
    assert web.get("/me/identity/documents/passport/?country=CN").status_code == 404
    assert web.get("/me/identity/documents/library_card/").status_code == 404


def test_photos_on_the_pages(web: Client, customer: UUID):
    assert web.get("/me/identity/photos/")["Location"] == "/me/identity/", "first the number"
    people.declare_identity(customer, LIN)
    page = text(web.get("/me/identity/photos/"))
    assert all(f'name="{which}"' in page for which in ("front", "back", "selfie"))
    assert web.post("/me/identity/photos/", photos("front", "selfie")).status_code == 200
    small = web.post("/me/identity/photos/", {**photos(), "front": photo("x", (200, 100))})
    assert small.status_code == 200 and "640" in text(small)
    assert web.post("/me/identity/photos/", photos())["Location"] == "/me/identity/"
    assert web.get("/me/identity/photos/")["Location"] == "/me/identity/", "it is our turn"
    review = IdentityReview.objects.get()
    decided(review.id, staff(), Verdict("better_photos", "photo_glare", "The lamp!"))
    assert "The lamp!" in text(web.get("/me/identity/"))
    assert web.post("/me/identity/photos/", {"front": photo("better")}).status_code == 302
    assert web.post("/me/identity/withdrawal/").status_code == 302
    assert IdentityReview.objects.get().state == "withdrawn"
    assert web.post("/me/identity/withdrawal/", follow=True).status_code == 200


def test_a_card_on_the_pages(web: Client, customer: UUID):
    assert "/me/identity/" in text(web.get("/me/bank-accounts/"))
    assert web.get("/me/bank-accounts/new/").status_code == 302
    people.declare_identity(customer, LIN)
    assert web.get("/me/bank-accounts/new/").status_code == 200
    given = {"number": CARD, "bank": "茶银行", "holder": "林月", "pin": PIN}
    wrong = web.post("/me/bank-accounts/new/cn_card/", {**given, "pin": "111111"})
    assert wrong.status_code == 200 and not Binding.objects.exists()
    assert web.post("/me/bank-accounts/new/cn_card/", given)["Location"] == "/me/bank-accounts/"
    page = text(web.get("/me/bank-accounts/"))
    assert "**** 0128" in page and CARD not in page and "茶银行" in page
    account = Binding.objects.get().id
    removal = f"/me/bank-accounts/{account}/removal/"
    assert 'name="password"' in text(web.get(f"{removal}?by=password"))
    assert web.post(f"{removal}?by=password", {"password": PASSWORD}).status_code == 302
    assert web.get(removal).status_code == 404 and people.bindings(customer) == []
    assert web.get("/me/bank-accounts/new/shell/").status_code == 404


def test_another_persons_account_does_not_exist(web: Client, customer: UUID):
    other, review = sent("+8613900139000")
    bound = people.bind_account(other, card(), BY_PIN)
    assert web.get(f"/me/bank-accounts/{bound.id}/removal/").status_code == 404
    assert web.post(f"/me/bank-accounts/{bound.id}/removal/", {"pin": PIN}).status_code == 404
    assert web.get(f"/desk/reviews/{review}/photos/front/").status_code == 404, (
        "the desk is not for customers"
    )


@pytest.fixture
def api(customer: UUID):
    """The API, signed in, as an app."""
    client = Client()
    path = "/_allauth/app/v1/auth/login"
    body = {"phone": "+8613800138000", "password": PASSWORD}
    token = client.post(path, body, content_type="application/json").json()["meta"]["session_token"]

    def call(method: str, path: str, body=None, **options):
        options.setdefault("content_type", "application/json")
        return getattr(Client(), method)(
            f"/api/v1{path}", body, headers={"X-Session-Token": token}, **options
        )

    return call


def test_identity_over_the_api(api, customer: UUID):
    assert api("get", "/me/identity").json()["tier"] == 0
    body = {"kind": "national_id", "country": "CN", "number": NUMBER, "name": "林月"}
    wrong = api("post", "/me/identity", {**body, "number": "1"})
    assert wrong.status_code in (400, 422)
    assert wrong.json()["code"] == "document_invalid"
    own = api("post", "/me/identity", body).json()
    assert (own["tier"], own["number"], own["review"]) == (1, "1****************X", None)
    missing = Client()
    assert missing.get("/api/v1/me/identity").status_code == 401


def test_photos_over_the_api(api, customer: UUID):
    people.declare_identity(customer, LIN)
    sent_in = api("post", "/me/identity/photos", photos(), content_type=MULTIPART_CONTENT)
    assert sent_in.status_code == 200, sent_in.content
    assert sent_in.json()["review"]["state"] == "waiting"
    people.claim_review(IdentityReview.objects.get().id, staff())
    assert api("get", "/me/identity").json()["review"]["state"] == "waiting", "who looks is not told"
    assert api("delete", "/me/identity/photos").status_code == 409


def test_accounts_over_the_api(api, customer: UUID):
    body = {"kind": "cn_card", "number": CARD, "holder": "林月", "pin": PIN}
    assert api("post", "/me/bank-accounts", body).json()["code"] == "identity_needed"
    people.declare_identity(customer, LIN)
    assert api("post", "/me/bank-accounts", {**body, "pin": ""}).json()["code"] == "proof_needed"
    added = api("post", "/me/bank-accounts", body)
    assert added.status_code == 201 and added.json()["number"] == "**** 0128" and not added.json()["usable"]
    assert CARD not in added.content.decode()
    account = added.json()["id"]
    assert [one["id"] for one in api("get", "/me/bank-accounts").json()] == [account]
    assert api("post", f"/me/bank-accounts/{account}/removal", {"pin": PIN}).status_code == 204
    assert api("post", f"/me/bank-accounts/{account}/removal", {"pin": PIN}).status_code == 404


def test_data_over_the_api(api, customer: UUID):
    assert api("get", "/me/data").json() == {"items": [], "next_cursor": None}
    assert api("get", "/me/data?cursor=rubbish").json()["code"] == "cursor_invalid"
    asked = api("post", "/me/data/exports")
    assert asked.status_code == 202 and asked.json()["state"] == "waiting"
    address = f"/me/data/exports/{asked.json()['id']}/content"
    assert api("post", address, {"pin": PIN}).json()["code"] == "export_not_ready"
    make_export(DataExport.objects.get().id)
    parcel = api("post", address, {"pin": PIN})
    assert parcel.status_code == 200 and parcel.content[:2] == b"PK"
    assert api("get", "/me/data/exports").json()[0]["state"] == "ready"


def test_the_pages_of_who_is_confirmed(web: Client, customer: UUID):
    people.declare_identity(customer, LIN)
    people.send_photos(customer, photos())
    decided(IdentityReview.objects.get().id, staff(), APPROVED)
    page = text(web.get("/me/identity/"))
    assert "2035" in page and "/me/identity/photos/" not in page
    assert web.get("/me/identity/photos/").status_code == 302
    taken = web.post("/me/identity/documents/national_id/?country=CN", {"name": "林月", "number": NUMBER})
    assert taken.status_code == 200 and people.identity(customer).tier == 2
