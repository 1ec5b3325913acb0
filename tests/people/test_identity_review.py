"""Tier 2: photos, the queue, one person or two, and what each decision does."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guitai.audit import api as audit
from guitai.audit import purposes
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound, Refusal
from guitai.kit import files, policies
from guitai.kit.models import File, Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people import ocr
from guitai.people.flows.identity_reading import read_photos
from guitai.people.identity_policy import IdentityPolicy
from guitai.people.models import IdentityDocument, IdentityReview
from guitai.people.rules.reading import understand
from guitai.people.types import Verdict
from tests.people.identity_support import (
    APPROVED,
    LIN,
    PASSPORT,
    customer,
    decided,
    photo,
    photos,
    sent,
    staff,
    tier_one,
)
from tests.people.printed import resident_card

pytestmark = pytest.mark.django_db
OTHER_PHONE = "+8613900139000"


@pytest.fixture(autouse=True)
def identity_purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(purposes._checkers, "identity", people.is_identity_review)


def refused(code: str, work) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code, caught.value.facts
    return caught.value


def actions(person) -> list[str]:
    return [recorded.entry.action for recorded in audit.entries_about(("person", str(person)), 200)]


def test_photos_are_reviewed_by_staff_and_raise_the_tier():
    person, review = sent()
    own = people.identity(person)
    assert own.review.state == "waiting" and own.review.due_at - own.review.sent_at == timedelta(hours=24)
    wen = staff()
    line = people.reviews(wen_id(wen)).items[0]
    assert (line.id, line.name, line.state) == (review, "林*", "waiting") and people.reviews_waiting() == 1
    refused("review_not_open", lambda: people.review_work(review, wen))
    people.claim_review(review, wen)
    work = people.review_work(review, wen)
    assert (work.name, work.number, work.birth) == ("林月", LIN.number, "1949-12-31")
    assert work.photos == ("front", "back", "selfie") and not work.needs_second
    stored, content = people.review_photo(review, "front", wen)
    assert stored.content_type == "image/png" and stored.owner == person and content.startswith(b"\x89PNG")
    people.decide_review(review, wen, APPROVED)
    own = people.identity(person)
    assert (own.tier, own.review.state, own.expires_on) == (2, "approved", date(2035, 3, 7))
    assert people.standing(person).tier == 2 and own.verified_at is not None
    assert people.reviews(wen_id(wen)).items == [] and people.reviews_waiting() == 0
    assert any(item.kind == "people.identity_approved" for item in notify.inbox(person).items)
    seen = actions(person)
    assert {
        "person.review_claimed",
        "person.identity_seen",
        "person.photo_seen",
        "person.review_approved",
    } <= set(seen)
    by_staff = audit.entries_about(("person", str(person)), 50, actor_kind="staff")
    assert all(row.entry.purpose and row.entry.purpose.kind == "identity" for row in by_staff)


def wen_id(actor: Actor):
    return UUID(actor.id)


def test_a_foreign_document_needs_a_second_person_who_is_another():
    person, review = sent(claim=PASSPORT)
    wen, rao, ada = staff(), staff("supervisor", "Rao"), staff("agent", "Ada")
    decided(review, wen, APPROVED)
    own = people.identity(person)
    assert (own.tier, own.review.state) == (1, "second_look"), "nothing is granted yet"
    refused("review_needs_another", lambda: people.claim_review(review, wen))
    refused("not_permitted", lambda: people.claim_review(review, ada))
    refused("review_needs_claim", lambda: people.decide_review(review, rao, APPROVED))
    people.claim_review(review, rao)
    assert people.review_work(review, rao).first_expiry == date(2035, 3, 7)
    people.decide_review(review, rao, APPROVED)
    row = IdentityReview.objects.get()
    assert people.identity(person).tier == 2 and (str(row.first_by), str(row.decided_by)) == (wen.id, rao.id)


@pytest.mark.parametrize(("policy", "claim", "second"), [("never", PASSPORT, False), ("always", LIN, True)])
def test_the_policy_says_when_a_second_person_is_needed(policy, claim, second):
    policies.publish("identity", IdentityPolicy(second_person=policy), Actor("system", "test"))
    person, review = sent(claim=claim)
    decided(review, staff(), APPROVED)
    assert people.identity(person).tier == (1 if second else 2)


def test_a_supervisor_who_agreed_first_does_not_agree_twice():
    _, review = sent(claim=PASSPORT)
    rao = staff("supervisor", "Rao")
    decided(review, rao, APPROVED)
    refused("review_needs_another", lambda: people.claim_review(review, rao))


def test_better_photos_come_back_into_the_same_review():
    person, review = sent()
    wen = staff()
    before = people.identity(person)
    decided(review, wen, Verdict("better_photos", "photo_blurred", "Please  put it\non a table."))
    own = people.identity(person)
    assert (own.tier, own.review.state, own.review.reason) == (1, "better_photos", "photo_blurred")
    assert own.review.words == "Please put it on a table."
    assert people.reviews(wen_id(wen)).items == [], "it is the customer's turn"
    old = IdentityReview.objects.get()
    refused("photos_missing", lambda: people.send_photos(person, {}))
    people.send_photos(person, {"front": photo("sharper")})
    row = IdentityReview.objects.get()
    assert row.id == review == before.review.id and row.turn == 2 and row.state == "waiting"
    assert row.front != old.front and row.selfie == old.selfie
    assert not File.objects.filter(id=old.front).exists(), "the blurred one is gone"
    assert people.reviews(wen_id(wen)).items[0].turn == 2


def test_a_refusal_that_says_the_claim_is_wrong_takes_it_back():
    person, review = sent()
    decided(review, staff(), Verdict("refuse", "number_differs"))
    own = people.identity(person)
    assert (own.tier, own.kind, own.review.state) == (0, None, "refused")
    other = customer(OTHER_PHONE, "林月")
    assert people.declare_identity(other, LIN).tier == 1, "whom the number belongs to can give it"
    assert Topic.objects.get(name="person.identity_refused").payload["reason"] == "number_differs"


def test_a_refusal_that_is_only_about_this_document_keeps_tier_one():
    person, review = sent()
    decided(review, staff(), Verdict("refuse", "document_unknown"))
    own = people.identity(person)
    assert (own.tier, own.review.state) == (1, "refused")
    people.send_photos(person, photos(words="again"))
    assert people.reviews(wen_id(staff("agent", "Ada"))).items[0].flags == ("refused_before",)


@pytest.mark.parametrize(
    "verdict", [Verdict("refuse"), Verdict("refuse", "photo_blurred"), Verdict("approve", "x")]
)
def test_a_decision_without_a_fitting_reason_is_none(verdict):
    _, review = sent()
    wen = staff()
    people.claim_review(review, wen)
    refused("review_reason_missing", lambda: people.decide_review(review, wen, verdict))
    refused(
        "document_expired",
        lambda: people.decide_review(review, wen, Verdict("approve", expires_on=date(2020, 1, 1))),
    )
    assert IdentityReview.objects.get().state == "claimed"


def test_who_holds_a_review_keeps_it_for_two_hours():
    _, review = sent()
    wen, ada = staff(), staff("agent", "Ada")
    with clock.stopped(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        people.claim_review(review, wen)
        assert people.reviews(wen_id(ada)).items == [] and len(people.reviews(wen_id(wen)).items) == 1
        refused("review_taken", lambda: people.claim_review(review, ada))
        refused("review_needs_claim", lambda: people.review_photo(review, "front", ada))
    with clock.stopped(datetime(2026, 11, 22, 11, 1, tzinfo=UTC)):
        people.claim_review(review, ada)
        refused("review_needs_claim", lambda: people.decide_review(review, wen, APPROVED))
        people.release_review(review, ada)
        assert people.reviews(wen_id(wen)).items[0].state == "waiting"


def test_a_purpose_is_real_only_for_whoever_holds_the_review():
    _, review = sent()
    wen, ada = staff(), staff("agent", "Ada")
    assert not people.is_identity_review(wen, Purpose("identity", str(review)))
    people.claim_review(review, wen)
    assert people.is_identity_review(wen, Purpose("identity", str(review)))
    assert not people.is_identity_review(ada, Purpose("identity", str(review)))
    assert not people.is_identity_review(wen, Purpose("identity", "rubbish"))


def test_photos_can_be_taken_back_while_nobody_looks():
    person, review = sent()
    held = list(IdentityReview.objects.get().photos.values())
    people.withdraw_review(person)
    assert IdentityReview.objects.get().state == "withdrawn" and people.identity(person).review is None
    assert not File.objects.filter(id__in=held).exists()
    refused("review_not_open", lambda: people.withdraw_review(person))
    _, second = person, people.send_photos(person, photos(words="new")).review.id
    people.claim_review(second, staff())
    refused("review_not_open", lambda: people.withdraw_review(person))
    assert second != review


def test_only_one_review_at_a_time_and_only_with_all_photos():
    person = tier_one()
    missing = refused("photos_missing", lambda: people.send_photos(person, photos("front", "selfie")))
    assert missing.facts == {"missing": ["back"]} and not File.objects.exists()
    people.send_photos(person, photos())
    refused("review_open", lambda: people.send_photos(person, photos(words="more")))
    assert File.objects.count() == 3
    nobody = customer(OTHER_PHONE, "Somebody")
    refused("identity_needed", lambda: people.send_photos(nobody, photos()))


def test_minors_send_no_photos():
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        person = tier_one(claim=replace(PASSPORT, birth=date(2011, 1, 1)))
        assert refused("too_young", lambda: people.send_photos(person, photos("front", "selfie"))).facts == {
            "minimum": 18
        }


def _jpeg(**options) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (900, 600)).save(output, "JPEG", **options)
    return output.getvalue()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = "SECRET", {1: "N", 2: (31.0, 12.0, 0.0)}
    return _jpeg(exif=exif)


HOSTILE = {
    "a PDF": (b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>endobj\n%%EOF\n", "file_not_a_picture"),
    "HTML named .jpg": (b"<html><script>alert(1)</script></html>", "file_not_accepted"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_not_accepted"),
    "half a JPEG": (_jpeg()[:400], "file_not_accepted"),
    "a GIF with a script behind": (b"GIF89a/*" + bytes(40) + b"*/=1;alert(1)", "file_not_accepted"),
    "a thumbnail": (photo("x", (300, 200)).read(), "picture_too_small"),
    "a long thin line": (photo("x", (4000, 20)).read(), "picture_too_small"),
    "nothing": (b"", "file_empty"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_uploads_leave_nothing_behind(content, code):
    person = tier_one()
    evil = SimpleUploadedFile("front.jpg", content, content_type="image/jpeg")
    refused(code, lambda: people.send_photos(person, {**photos(), "front": evil}))
    assert not File.objects.exists() and people.identity(person).review is None


def test_a_polyglot_and_its_metadata_do_not_survive():
    person = tier_one()
    original = _exif() + b"<?php system('id'); ?><script>SECRET</script>"
    assert b"SECRET" in original
    front = SimpleUploadedFile("front.jpg", original, content_type="image/jpeg")
    people.send_photos(person, {**photos(), "front": front})
    row = IdentityReview.objects.get()
    stored, content = files.read(row.front)
    assert stored.content_type == "image/jpeg" and b"SECRET" not in content and b"php" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    on_disk = files.sealed_path(row.front).read_bytes()
    assert b"JFIF" not in on_disk and content[:64] not in on_disk, "sealed at rest"
    assert bytes(File.objects.get(id=row.front).original_sha256) == hashlib.sha256(original).digest()


def test_the_reviewer_is_told_when_another_customer_sent_the_same_photo():
    first, _ = sent()
    second = tier_one(OTHER_PHONE, replace(LIN, number="440524198001010013", name="Somebody"))
    same = {**photos(words=OTHER_PHONE), "selfie": photo("selfie+8613800138000")}
    people.send_photos(second, same)
    flags = {line.person: line.flags for line in people.reviews(wen_id(staff())).items}
    assert flags == {first: (), second: ("photo_of_another",)}


def test_without_the_reader_the_reviewer_types(monkeypatch):
    _, review = sent()
    monkeypatch.setattr(ocr, "available", lambda: False)
    assert read_photos(review) is False
    wen = staff()
    people.claim_review(review, wen)
    assert people.review_work(review, wen).reading is None


def test_what_was_read_is_sealed_and_shown_to_the_reviewer(monkeypatch):
    _, review = sent()
    monkeypatch.setattr(ocr, "available", lambda: True)
    lines = ["姓名林月", "公民身份号码11010519491231002X", "有效期限2015.03.07-2035.03.07"]
    monkeypatch.setattr(ocr, "read_lines", lambda picture: tuple(lines))
    assert read_photos(review) is True
    assert b"110105" not in bytes(IdentityReview.objects.get().reading_sealed)
    wen = staff()
    people.claim_review(review, wen)
    reading = people.review_work(review, wen).reading
    assert (reading.number, reading.name, reading.expires_on) == (LIN.number, "林月", date(2035, 3, 7))
    people.decide_review(review, wen, APPROVED)
    assert IdentityReview.objects.get().reading_sealed is None and read_photos(review) is False


@pytest.mark.skipif(not ocr.available(), reason="the extra of requirements/ocr.in is not installed")
def test_reads_a_card_on_this_machine():
    lines = ocr.read_lines(resident_card("林月", LIN.number))
    found = understand(lines, date(2026, 11, 22))
    assert (found.number, found.name) == (LIN.number, "林月")


def test_unknown_reviews_are_not_found():
    wen = staff()
    for work in (people.claim_review, people.release_review, people.review_work):
        with pytest.raises(NotFound):
            work(new_id(), wen)
    assert not IdentityDocument.objects.exists()
