"""What tests of identity share: photos, documents, staff, and persons of a tier."""

import io
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from guitai.base.actor import Actor
from guitai.people import api as people
from guitai.people.types import AccountClaim, IdentityClaim, Proof, Verdict

PASSWORD, PIN = "counter-2026-tea", "271828"
NUMBER, OTHER_NUMBER = "11010519491231002X", "440524198001010013"
CARD, OTHER_CARD = "6222021234567890128", "6200000000000005"
LIN = IdentityClaim("national_id", "CN", NUMBER, "林月")
PASSPORT = IdentityClaim("passport", "GB", "925665416", "Maya Patel", date(1990, 5, 1), date(2035, 1, 1))
BY_PIN = Proof(pin=PIN)


def photo(words: str = "front", size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    """A photo that is large enough; other words make another file."""
    image = Image.new("RGB", size, "#dde6ee")
    ImageDraw.Draw(image).text((40, 40), words, fill="#111")
    output = io.BytesIO()
    image.save(output, "PNG")
    return SimpleUploadedFile(f"{words}.png", output.getvalue(), content_type="image/png")


def photos(*sides: str, words: str = "") -> dict[str, SimpleUploadedFile]:
    return {side: photo(f"{side}{words}") for side in sides or ("front", "back", "selfie")}


def customer(phone: str = "+8613800138000", name: str = "林月") -> UUID:
    return people.register_customer(phone, name, PASSWORD, PIN, language="en")


def staff(role: str = "agent", name: str = "Wen") -> Actor:
    made = people.create_staff(f"{name.lower()}@guitai.example", name, role, "correct-horse-battery-staple")
    return Actor("staff", str(made))


def card(number: str = CARD, holder: str = "林月") -> AccountClaim:
    return AccountClaim("cn_card", number, holder, bank="Bank of Tea")


def tier_one(phone: str = "+8613800138000", claim: IdentityClaim = LIN) -> UUID:
    person = customer(phone, claim.name)
    people.declare_identity(person, claim)
    return person


def sent(phone: str = "+8613800138000", claim: IdentityClaim = LIN) -> tuple[UUID, UUID]:
    """A person whose photos wait: the person and the review."""
    person = tier_one(phone, claim)
    sides = ("front", "selfie") if claim.kind == "passport" else ("front", "back", "selfie")
    review = people.send_photos(person, photos(*sides, words=phone)).review
    assert review is not None
    return person, review.id


def decided(review: UUID, who: Actor, verdict: Verdict) -> None:
    people.claim_review(review, who)
    people.decide_review(review, who, verdict)


APPROVED = Verdict("approve", expires_on=date(2035, 3, 7))
