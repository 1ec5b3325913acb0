"""A picture of the slip: judged and cleaned like any upload, kept while the payment is not found, seen by staff."""

import io
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guitai.audit import api as audit
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import personal
from guitai.kit.files import FileNotAccepted
from guitai.kit.models import File
from guitai.kit.transactions import outermost
from guitai.wallet import api as wallet
from guitai.wallet.models import Slip
from tests.desk.conftest import staff_client
from tests.people.identity_support import photo
from tests.wallet.reconciliation.banking import Bank, item, operation, start
from tests.wallet.reconciliation.test_find import verified
from tests.wallet.test_pages_browser import browser, text_of

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]


def today() -> date:
    return now().date()


def with_place() -> SimpleUploadedFile:
    """A photo that says where it was taken."""
    image, output = Image.new("RGB", (400, 300), "#dde6ee"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "at home, 5 Secret Lane"
    image.save(output, "JPEG", exif=exif)
    return SimpleUploadedFile("slip.jpg", output.getvalue(), content_type="image/jpeg")


def ask(owner: UUID, minor: int = 20_000, **more: object) -> str:
    answer = wallet.find_top_up(
        owner, amount=Money(minor, "CNY"), paid_from="0001", paid_on=today(), picture=photo("slip"), **more
    )  # type: ignore[arg-type]
    return answer.cause


def line(minor: int = 20_000, words: str = "hello", payer: str = "Somebody Else") -> str:
    bank = Bank()
    made = bank.line(minor, words, payer=payer, day=today().isoformat())
    bank.send(today().isoformat())
    return made


def test_a_slip_of_a_payment_that_is_not_found_is_beside_its_line_and_each_look_is_recorded(
    customer: Customer,
) -> None:
    owner, _ = customer()
    assert ask(owner) == "bank_delay"
    found = item(line())
    [slip] = wallet.slips_like(Money(20_000, "CNY"), found.booked_on)
    agent, actor = staff_client("wen@guitai.example", "Wen", "agent")
    assert "slip.png" in text_of(agent.get(f"/desk/reconciliation/{found.id}/"))
    shown = agent.get(f"/desk/reconciliation/slips/{slip.id}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert "sandbox" in shown["Content-Security-Policy"]
    looks = [e.entry for e in audit.entries_about(("person", str(owner)))]
    assert [e.actor for e in looks if e.action == "reconciliation.slip_read"] == [actor]


def test_what_a_photo_says_beside_its_picture_is_not_kept(customer: Customer) -> None:
    owner, _ = customer()
    wallet.find_top_up(
        owner, amount=Money(20_000, "CNY"), paid_from="0001", paid_on=today(), picture=with_place()
    )
    actor = staff_client("wen@guitai.example", "Wen", "agent")[1]
    _, content = wallet.open_slip(Slip.objects.get().id, actor=actor)
    assert b"Secret Lane" not in content and not Image.open(io.BytesIO(content)).getexif()


def test_a_slip_of_another_amount_is_seen_beside_the_payment_that_named_the_top_up(
    customer: Customer,
) -> None:
    owner, _ = customer()
    reference = start(owner, 20_000)
    line(19_000, reference)
    assert ask(owner, 19_000) == "different_amount"
    [parked] = wallet.parked_of(operation(reference).id)
    agent, _ = staff_client("wen@guitai.example", "Wen", "agent")
    assert "slip.png" in text_of(agent.get(f"/desk/reconciliation/parked/{parked.id}/"))


def test_nobody_keeps_the_slip_of_a_payment_that_was_found(customer: Customer) -> None:
    owner = verified(customer)
    start(owner, 20_000), start(owner, 20_000)
    line(payer="林月")
    assert ask(owner) == "solved"
    assert not Slip.objects.exists() and not File.objects.exists()


def test_what_is_no_picture_is_refused_at_its_field_and_nothing_is_kept(customer: Customer) -> None:
    owner, _ = customer()
    bad = SimpleUploadedFile("slip.exe", b"MZ\x90\x00nonsense", content_type="image/png")
    with pytest.raises(FileNotAccepted):
        wallet.find_top_up(owner, amount=Money(20_000, "CNY"), paid_from="0001", paid_on=today(), picture=bad)
    told = {"amount": "200", "paid_from": "0001", "paid_on": today().isoformat()}
    answer = browser(owner).post(
        "/top-up/not-arrived/", {**told, "picture": io.BytesIO(b"MZ\x90\x00nonsense")}
    )
    assert answer.status_code == 422 and 'id="id_picture_error"' in answer.content.decode()
    assert not Slip.objects.exists() and not File.objects.exists()


def test_the_page_takes_it_and_says_that_it_is_kept(customer: Customer) -> None:
    owner, _ = customer()
    client = browser(owner)
    assert 'enctype="multipart/form-data"' in client.get("/top-up/not-arrived/").content.decode()
    told = {"amount": "200", "paid_from": "0001", "paid_on": today().isoformat(), "picture": photo("slip")}
    assert "Your picture is kept" in text_of(client.post("/top-up/not-arrived/", told))
    slip = Slip.objects.get()
    assert client.get(f"/desk/reconciliation/slips/{slip.id}/").status_code in (302, 403, 404)


def test_it_is_given_out_and_erased_with_its_owner(customer: Customer) -> None:
    owner, _ = customer()
    ask(owner)
    [section] = [one for one in personal.export(owner)["wallet"] if one.name == "slips"]
    assert section.files == [Slip.objects.get().file_id]
    with outermost():
        personal.erase(owner)
    assert not Slip.objects.exists() and not File.objects.exists()
