"""One's own data: who looked, a copy of it, and what remains when one leaves."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client

from guitai.audit import api as audit
from guitai.audit import purposes
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.kit import personal, policies
from guitai.kit.models import File
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows.leave import end_retentions
from guitai.people.flows.personal_data import end_exports, make_export
from guitai.people.identity_policy import PersonalDataPolicy
from guitai.people.models import Binding, DataExport, IdentityDocument, IdentityReview, Pin, Retention, User
from guitai.people.types import Proof
from tests.people.identity_support import (
    APPROVED,
    BY_PIN,
    CARD,
    LIN,
    PASSWORD,
    card,
    customer,
    decided,
    sent,
    staff,
    tier_one,
)

pytestmark = pytest.mark.django_db
CASE = Purpose("case", "C1", "the customer asked for it")


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(purposes._checkers, "identity", people.is_identity_review)
    for kind in ("case", "review"):
        monkeypatch.setitem(purposes._checkers, kind, lambda actor, purpose: True)


def refused(code: str, work) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code
    return caught.value


def test_who_looked_and_why_newest_first():
    person, wen, rao = customer(), staff(), staff("supervisor", "Rao")
    people.profile(person, purpose=None)
    assert people.looks(person).items == [], "looking at one's own data is no look"
    with clock.stopped(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        people.profile(person, purpose=CASE, reader=wen)
    with clock.stopped(datetime(2026, 11, 22, 10, tzinfo=UTC)):
        people.name_of(person, purpose=Purpose("case", "C2", "to write a letter"), reader=rao)
    second, first = people.looks(person).items
    assert (first.action, first.who, first.purpose, first.reason) == (
        "person.profile_read", "agent", "case", "the customer asked for it",
    )  # fmt: skip
    assert (second.who, second.purpose_id, second.at.hour) == ("supervisor", "C2", 10)
    people.name_of(person, purpose=Purpose("payout", "WD1"), reader=SYSTEM)
    assert len(people.looks(person).items) == 2


def test_the_photos_of_one_review_are_one_look():
    person, review = sent()
    wen = staff()
    people.claim_review(review, wen)
    people.review_work(review, wen)
    for which in ("front", "back", "selfie"):
        people.review_photo(review, which, wen)
    people.decide_review(review, wen, APPROVED)
    looks = people.looks(person).items
    assert [look.action for look in looks] == ["person.identity_seen"] and looks[0].purpose == "identity"
    people.profile(person, purpose=CASE, reader=wen)
    assert [look.action for look in people.looks(person).items] == [
        "person.profile_read",
        "person.identity_seen",
    ]


def test_a_silent_investigation_is_not_told_by_its_looks():
    person, wen = customer(), staff("supervisor", "Rao")
    people.profile(person, purpose=CASE, reader=wen)
    people.freeze(person, Actor("system", "risk"), "by_risk", disclosure="silent")
    people.profile(person, purpose=Purpose("review", "x", "mule account?"), reader=wen)
    people.profile(person, purpose=Purpose("case", "C9", "they asked"), reader=wen)
    assert [look.reason for look in people.looks(person).items] == ["they asked", "the customer asked for it"]


def test_looks_come_in_pages():
    person, wen = customer(), staff()
    for number in range(35):
        people.profile(person, purpose=Purpose("case", f"C{number}", f"reason {number}"), reader=wen)
    page = people.looks(person)
    rest = people.looks(person, page.next_cursor)
    assert len(page.items) == 30 and len(rest.items) == 5 and rest.next_cursor is None
    assert page.items[0].reason == "reason 34" and rest.items[-1].reason == "reason 0"


def full_person() -> UUID:
    """Somebody of whom we hold everything."""
    person, review = sent()
    decided(review, staff(), APPROVED)
    people.bind_account(person, card(), BY_PIN)
    people.profile(person, purpose=CASE, reader=staff("agent", "Ada"))
    return person


def test_a_copy_holds_everything_for_machines_and_for_people():
    person = full_person()
    asked = people.ask_for_export(person)
    assert asked.state == "waiting" and people.ask_for_export(person).id == asked.id
    refused("export_not_ready", lambda: people.open_export(person, asked.id, BY_PIN))
    assert make_export(asked.id) is True and make_export(asked.id) is False
    assert any(item.kind == "people.export_ready" for item in notify.inbox(person).items)
    stored, content = people.open_export(person, asked.id, BY_PIN)
    assert stored.content_type == "application/zip" and re.fullmatch(
        r"guitai-\d{4}-\d\d-\d\d\.zip", stored.name
    )
    parcel = zipfile.ZipFile(io.BytesIO(content))
    data = json.loads(parcel.read("data.json"))
    own = data["rooms"]["people"]
    assert own["person"][0]["name"] == "林月" and own["person"][0]["phone"] == "+8613800138000"
    assert own["identity_documents"][0]["number"] == LIN.number
    assert (
        own["bank_accounts"][0]["number"] == CARD and own["looks"][0]["reason"] == "the customer asked for it"
    )
    assert data["rooms"]["notify"]["messages"], "what other rooms hold is in it too"
    page = parcel.read("index.html").decode()
    assert LIN.number in page and CARD in page and "<script" not in page
    photos_in = [name for name in parcel.namelist() if name.startswith("files/identity_reviews/")]
    assert len(photos_in) == 3 and parcel.read(photos_in[0]).startswith(b"\x89PNG")
    assert audit.entries_about(("person", str(person)), 1)[0].entry.action == "person.export_fetched"


def test_a_copy_opens_for_its_owner_with_a_proof_and_for_some_days():
    person, other = tier_one(), customer("+8613900139000", "Somebody")
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        asked = people.ask_for_export(person)
        make_export(asked.id)
        with pytest.raises(NotFound):
            people.open_export(other, asked.id, BY_PIN)
        refused("pin_wrong", lambda: people.open_export(person, asked.id, Proof(pin="111111")))
        refused("proof_needed", lambda: people.open_export(person, asked.id, Proof()))
        assert people.open_export(person, asked.id, Proof(password=PASSWORD))[1]
    held = DataExport.objects.get().file
    with clock.stopped(datetime(2026, 11, 29, tzinfo=UTC)):
        refused("export_not_ready", lambda: people.open_export(person, asked.id, BY_PIN))
        assert end_exports() == 1 and end_exports() == 0
    assert DataExport.objects.get().state == "expired" and not File.objects.filter(id=held).exists()


def test_copies_are_few():
    person = customer()
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        for _ in range(3):
            make_export(people.ask_for_export(person).id)
        refused("too_many_attempts", lambda: people.ask_for_export(person))


def leave(person: UUID) -> dict[str, personal.Erasure]:
    with transaction.atomic():
        return personal.erase(person)


def test_what_need_not_be_kept_goes_at_once_and_the_rest_in_its_time():
    person = full_person()
    Authenticator.objects.create(user_id=person, type="totp", data={})
    make_export(people.ask_for_export(person).id)
    notify.deliver_due()
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        done = leave(person)
    kept = personal.kept(done)
    assert [item.until for item in kept] == [date(2031, 11, 22)] and str(kept[0].duty)
    assert not Pin.objects.exists() and not Authenticator.objects.exists()
    assert Binding.objects.get().number_sealed is None and Binding.objects.get().number_index is None
    assert DataExport.objects.get().state == "expired" and notify.inbox(person).items == []
    user = User.objects.get(id=person)
    assert user.phone_index is None and not user.has_usable_password() and not user.is_active
    assert (user.name, IdentityDocument.objects.get().number) == ("林月", LIN.number), "the law says so"
    again = leave(person)
    assert again["people"].kept == done["people"].kept and again["people"].erased == 0, (
        "a second time changes nothing"
    )
    with clock.stopped(datetime(2031, 11, 21, tzinfo=UTC)):
        assert end_retentions() == 0
    with clock.stopped(datetime(2031, 11, 22, tzinfo=UTC)):
        assert end_retentions() == 1 and end_retentions() == 0
    user, document, review = (
        User.objects.get(id=person),
        IdentityDocument.objects.get(),
        IdentityReview.objects.get(),
    )
    assert (user.name, user.phone, document.number, document.name, document.birth) == ("", "", "", "", "")
    assert document.state == "erased" and not review.photos and not File.objects.exists()
    assert Retention.objects.get().erased_at is not None
    assert people.masked([person])[person].phone == ""


def test_who_has_left_frees_number_and_document():
    person = tier_one()
    leave(person)
    back = tier_one()
    assert (
        back != person
        and people.identity(back).tier == 1
        and people.find_by_phone(["+8613800138000"]) == {"+8613800138000": back}
    )


def test_without_a_duty_nothing_is_kept():
    policies.publish("personal_data", PersonalDataPolicy(kept_years=0), SYSTEM)
    person, review = sent()
    done = leave(person)
    assert personal.kept(done) == () and IdentityReview.objects.get(id=review).state == "withdrawn"
    assert User.objects.get(id=person).name == "" and IdentityDocument.objects.get().state == "erased"
    assert not File.objects.exists()


def test_the_record_stays_whole_and_provable_when_a_person_is_erased():
    person = full_person()
    before = audit.entries_about(("person", str(person)), 200)
    audit.seal()
    leave(person)
    audit.seal()
    assert not audit.verify().problems
    assert audit.entries_about(("person", str(person)), 200)[-len(before) :] == before
    text = str([entry.entry for entry in before])
    assert not any(secret in text for secret in (LIN.number, CARD, "林月", "13800138000"))


def test_erasing_needs_a_transaction_and_is_all_or_nothing(monkeypatch):
    person = full_person()

    def fails(_: UUID) -> personal.Erasure:
        raise RuntimeError("another room")

    monkeypatch.setitem(personal._rooms, "audit", personal._Hooks(lambda _: [], fails))
    with pytest.raises(RuntimeError):
        leave(person)
    assert (
        Pin.objects.exists()
        and Binding.objects.get().number == CARD
        and people.find_by_phone(["+8613800138000"])
    )


@pytest.fixture
def signed_in() -> Client:
    full = full_person()
    assert full
    client = Client()
    assert client.post("/sign-in/", {"phone": "138 0013 8000", "password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_show_and_the_copy_comes_as_a_download(signed_in, language):
    signed_in.cookies["guitai_language"] = language
    page = signed_in.get("/me/data/").content.decode()
    assert "the customer asked for it" in page and LIN.number not in page
    assert signed_in.post("/me/data/exports/").status_code == 302
    export = DataExport.objects.get()
    assert signed_in.get(f"/me/data/exports/{export.id}/").status_code == 302, "not ready"
    make_export(export.id)
    assert signed_in.get(f"/me/data/exports/{export.id}/").status_code == 200
    wrong = signed_in.post(f"/me/data/exports/{export.id}/", {"pin": "111111"})
    assert wrong.status_code == 200 and "zip" not in wrong["Content-Type"]
    parcel = signed_in.post(f"/me/data/exports/{export.id}/", {"pin": "271828"})
    assert parcel["Content-Type"] == "application/zip" and "attachment" in parcel["Content-Disposition"]
    assert "no-store" in parcel["Cache-Control"] and parcel.content[:2] == b"PK"
    assert signed_in.get("/me/data/exports/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_photos_and_copies_need_a_sign_in():
    for path in (
        "/me/data/",
        "/me/identity/",
        "/me/bank-accounts/",
        "/me/identity/photos/",
        "/me/bank-accounts/new/",
    ):
        assert Client().get(path).status_code == 302
