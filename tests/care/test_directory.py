"""The signed directory, the well-known pages, reports of false contacts, codes in pictures, waiting times."""

import io
import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guitai.audit.models import AuditRow
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.care import api, waits
from guitai.care.directory.signing import NotOurs, key_set, sign, verify
from guitai.care.errors import ContactIsOurs, ContactUnreadable, NoCodeInPicture, TooFast
from guitai.care.models import Case, ContactReport
from guitai.kit import policies
from guitai.people import api as people
from guitai.site.command import main

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
CHANNELS = {
    "channels": [
        {"kind": "sms", "value": "95000", "name": {"en": "codes"}, "regions": ["cn"]},
        {"kind": "account", "value": "6228480010002026018"},
        {"kind": "app", "value": "https://get.guitai.example/a.apk", "sha256": "ab" * 32},
    ]
}


@pytest.fixture(autouse=True)
def _published() -> None:
    policies.publish("care.directory", CHANNELS, SYSTEM)


def _content(**changes: object) -> dict[str, object]:
    at = clock.now()
    plain = {
        "issued_at": at.isoformat(),
        "expires_at": (at + timedelta(days=1)).isoformat(),
        "canonical": "x",
    }
    return {**plain, **changes}


def test_a_copy_says_what_is_ours_and_proves_it() -> None:
    verified = verify(api.signed_directory(), api.directory_keys(), clock.now())
    said = {(channel["kind"], channel["value"]) for channel in verified.content["channels"]}
    assert ("sms", "95000") in said and ("account", "6228480010002026018") in said
    assert verified.content["canonical"].endswith("/.well-known/contact-directory.jws")
    assert "pin" in verified.content["never"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda copy, key: copy[:-9] + "AAAAAAAAA", "forged"),
        (lambda copy, key: "nonsense", "unreadable"),
        (lambda copy, key: "x" * (1 << 21), "unreadable"),
        (lambda copy, key: sign(_content(), Ed25519PrivateKey.generate()), "wrong_key"),
        (lambda copy, key: sign(_content(expires_at=clock.now().isoformat()), key), "expired"),
        (lambda copy, key: sign(_content(issued_at="2999-01-01T00:00:00+00:00"), key), "not_yet"),
        (lambda copy, key: sign(_content(issued_at="yesterday"), key), "unreadable"),
        (lambda copy, key: sign({}, key), "unreadable"),
    ],
)
def test_a_copy_that_cannot_be_relied_on_is_refused(change, problem: str) -> None:
    key = Ed25519PrivateKey.generate()
    good = sign(_content(), key)
    assert verify(good, key_set(key.public_key()), clock.now(), canonical="x")
    with pytest.raises(NotOurs) as refused:
        verify(change(good, key), key_set(key.public_key()), clock.now())
    assert refused.value.problem == problem


def test_a_copy_of_another_place_is_refused_where_the_place_is_asked_for() -> None:
    key = Ed25519PrivateKey.generate()
    with pytest.raises(NotOurs, match="elsewhere"):
        verify(sign(_content(), key), key_set(key.public_key()), clock.now(), canonical="y")


def test_the_well_known_pages_are_public_and_agree(client: Client) -> None:
    copy = client.get("/.well-known/contact-directory.jws")
    keys = client.get("/.well-known/contact-directory-keys.json")
    assert copy["Content-Type"] == "application/jose" and "public" in copy["Cache-Control"]
    assert verify(copy.content.decode(), json.loads(keys.content), clock.now())
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: " in text and "Expires: " in text and "Canonical: " in text


def test_a_copy_is_checked_on_a_machine_without_us(tmp_path, capsys) -> None:
    copy, keys = tmp_path / "copy.jws", tmp_path / "keys.json"
    copy.write_text(api.signed_directory())
    keys.write_text(json.dumps(api.directory_keys()))
    there = [str(copy), "--keys", str(keys)]
    assert main(["directory", "verify", *there]) == 0
    assert "95000" in capsys.readouterr().out
    assert main(["directory", "check", *there, "--contact", "95000"]) == 0
    assert main(["directory", "check", *there, "--contact", "6228480010002026019"]) == 1
    assert "look_alike (ours is 6228480010002026018)" in capsys.readouterr().out
    assert main(["directory", "verify", *there, "--at", "2099-01-01"]) == 1
    assert "expired" in capsys.readouterr().err
    assert main(["directory", "verify", "missing", "--keys", str(keys)]) == 2


def test_a_badge_of_somebody_who_works_here_is_ours() -> None:
    staff = people.create_staff("wen@guitai.example", "Wen", "agent", "counter-2026-tea")
    badge = people.badge_of(staff)
    assert api.check_contact(f"badge {badge[:4]} {badge[4:]}").answer == "ours"
    other = f"{(int(badge) + 1) % 10**8:08d}"
    assert api.check_contact(f"badge {other}").answer == "not_ours"


def test_what_is_reported_is_counted_once_a_person_and_shown_to_whoever_checks_it(client: Client) -> None:
    for source in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        api.report_contact("+86 138 0000 0009", "They called me", source=source)
    assert api.times_reported("+86 138 0000 0008") == 0
    assert api.times_reported("+8613800000009") == 2
    page = client.get("/contact/", {"check": "+86 138 0000 0009"}, headers=EN).content.decode()
    assert "2 people have reported it." in page and "not one of our numbers" in page
    row = ContactReport.objects.first()
    assert row is not None and b"138" not in bytes(row.text_sealed)


def test_what_is_ours_or_says_nothing_is_not_taken_as_a_report() -> None:
    for typed, refusal in (("95000", ContactIsOurs), ("12", ContactUnreadable)):
        with pytest.raises(refusal):
            api.report_contact(typed, source="192.0.2.1")
    for number in range(10):
        api.report_contact(f"https://fake{number}.test", source="192.0.2.1")
    with pytest.raises(TooFast):
        api.report_contact("https://fake10.test", source="192.0.2.1")


def test_staff_see_reports_and_mark_them() -> None:
    api.report_contact("https://guitai-safe.test", "by SMS", source="192.0.2.1")
    staff = people.create_staff("wen@guitai.example", "Wen", "agent", "counter-2026-tea")
    (line,) = api.reported_contacts()
    assert (line.text, line.words, line.people) == ("https://guitai-safe.test", "by SMS", 1)
    api.handle_reported_contact(line.id, Actor("staff", str(staff)))
    assert not api.reported_contacts() and api.reported_contacts(handled=True)
    assert AuditRow.objects.filter(action="care.contact_report_handled").count() == 1


def _picture(content: bytes, name: str = "code.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_a_code_in_a_picture_is_read_and_judged_not_followed(client: Client) -> None:
    out = io.BytesIO()
    segno.make("https://guitai-safe.test/pay").save(out, kind="png", scale=6)
    page = client.post("/contact/", {"picture": _picture(out.getvalue())}, headers=EN).content.decode()
    assert "guitai-safe.test" in page and "not one of our websites" in page


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_picture_without_a_code_is_refused_kindly(client: Client, content: bytes) -> None:
    answer = client.post("/contact/", {"picture": _picture(content)}, headers=EN)
    assert answer.status_code == 422


def test_a_blank_picture_has_no_code() -> None:
    out = io.BytesIO()
    segno.make("x").save(out, kind="png", scale=1, dark="#fff")
    with pytest.raises(NoCodeInPicture):
        api.text_of_code(_picture(out.getvalue()))


def test_the_expected_wait_rests_on_our_own_history() -> None:
    with clock.stopped(datetime.fromisoformat("2026-11-20T10:20:00+00:00")):
        assert api.expected_wait().now is None
        for minutes in (10, 20, 30, 40, 50):
            asked = clock.now() - timedelta(days=2)
            Case.objects.create(
                reference=f"CASE{minutes}", customer=UUID(int=1), category="other", priority=3, language="en",
                due_at=asked, opened_at=asked, first_reply_at=asked + timedelta(minutes=minutes),
            )  # fmt: skip
        waits._measured.cache_clear()
        found = api.expected_wait()
        assert found.now == found.best == timedelta(minutes=30) and found.questions == 5


def test_the_contact_page_filters_by_region(client: Client) -> None:
    assert client.get("/contact/?region=nowhere", headers=EN).status_code == 200
    page = client.get("/contact/", headers=EN).content.decode()
    assert "Also ours" in page and "95000" in page and "signed copy" in page
