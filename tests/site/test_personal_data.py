"""One's own data over all rooms: no table is forgotten, a copy has it all, nothing outlives its day."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models, transaction

from guitai.audit import purposes
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.care import api as care
from guitai.kit import personal, policies, sealed
from guitai.kit.models import File
from guitai.ledger import api as ledger
from guitai.people import api as people
from guitai.people.flows.leave import end_retentions
from guitai.people.flows.personal_data import make_export
from guitai.people.identity_policy import PersonalDataPolicy
from guitai.rails import api as rails
from guitai.rails.models import InboxMessage, Order
from guitai.risk import api as risk
from guitai.risk.models import Signal
from guitai.wallet import api as wallet
from guitai.wallet.models import Dealing, Operation, Party
from tests.people.identity_support import BY_PIN, CARD, LIN, card, photo
from tests.people.identity_support import staff as member
from tests.wallet.conftest import fund, new_phone, register, send, settle_topics

# Columns that name a person: keys to people's table, and ids under these names.
NAMES = frozenset({"person", "owner", "customer", "payee", "counterparty", "other", "others", "user"})
# Why a table with somebody in it, or something sealed, is not a room's to give out and to erase.
ELSEWHERE = {
    "kit_file": "what a file is for is known to the room that keeps it: that room gives it out and erases it",
    "django_session": "a session ends with its sign-in, and is unreadable without its cookie",
    "people_sign_in_failure": "counts by a keyed code of a number, whoever holds it; forgotten after a day",
    "account_emailaddress": "allauth's own; empty, our addresses lie sealed in people_email",
    "account_emailconfirmation": "allauth's own; empty",
    "people_user_groups": "Django's own; empty",
    "people_user_user_permissions": "Django's own; empty",
    "django_admin_log": "Django's own; there is no admin",
    "rails_setting": "keys of the operator at gateways: nobody's data",
    "rails_statement_draft": "lines of a file while it is read in; gone with the end of the reading",
}
_keys = count()


def tables_with_somebody() -> set[str]:
    named = {column.table for column in sealed.sealed_columns()}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            related = field.related_model is not None and field.related_model._meta.db_table == "people_user"
            if related or (field.name in NAMES and not isinstance(field, models.BooleanField)):
                named.add(model._meta.db_table)
    return named


def test_every_table_with_somebody_in_it_is_answered_for():
    forgotten = tables_with_somebody() - personal.tables() - ELSEWHERE.keys()
    assert not forgotten, f"no room's personal.py names these tables: {sorted(forgotten)}"


def test_no_room_answers_for_a_table_that_does_not_exist():
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert not personal.tables() - known


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setitem(purposes._checkers, "case", lambda actor, purpose: True)
    monkeypatch.setitem(purposes._checkers, "signal", risk.is_purpose)
    policies.forget()


@pytest.fixture
def somebody() -> tuple[UUID, str, str]:
    """A person who has left something in every room: the person, their number, a payee's number."""
    phone, payee = new_phone(), new_phone()
    person, other = register(phone), register(payee, "陈晨")
    people.declare_identity(person, LIN)
    people.bind_account(person, card(), BY_PIN)
    fund(person, 50_000)
    fund(other, 1_000)
    send(person, payee, 12_34, note="for the tea house")
    send(other, phone, 1_00, note="thank you")
    settle_topics()
    case = care.open_case(
        person,
        category="other",
        words="My own words about it",
        uploads=[photo("receipt")],
        key=f"case-{next(_keys)}",
    )
    assert case
    with transaction.atomic():
        risk.signal(person, "document_taken", source="somebody", others=[other])
    return person, phone, payee


def parcel_of(person: UUID) -> tuple[dict, zipfile.ZipFile]:
    asked = people.ask_for_export(person)
    make_export(asked.id)
    _, content = people.open_export(person, asked.id, BY_PIN)
    archive = zipfile.ZipFile(io.BytesIO(content))
    return json.loads(archive.read("data.json"))["rooms"], archive


def test_a_copy_has_what_every_room_holds(somebody):
    person, phone, payee = somebody
    rooms, archive = parcel_of(person)
    assert {"people", "wallet", "care", "notify"} <= set(rooms)
    bills = rooms["wallet"]["movements"]
    sent = next(bill for bill in bills if bill["note"] == "for the tea house")
    assert (sent["phone"], sent["amount"], sent["direction"]) == (payee, "12.34 CNY", "out")
    assert {bill["note"] for bill in bills} >= {"thank you"}
    assert rooms["wallet"]["account_lines"] and rooms["wallet"]["limits_used"] and rooms["wallet"]["moments"]
    assert rooms["wallet"]["dealt_with"][0]["who"].startswith("陈")
    assert "13900139000" not in json.dumps(rooms["wallet"]["dealt_with"]), "others stay masked"
    assert "My own words about it" in json.dumps(rooms["care"], ensure_ascii=False)
    assert any(name.startswith("files/conversations/") for name in archive.namelist())
    assert rooms["people"]["person"][0]["phone"] == phone and rooms["people"]["means"][0]["what"]
    assert "risk" not in rooms, "a check that is going on is not given out"
    page = archive.read("index.html").decode()
    assert "for the tea house" in page and "My own words about it" in page and CARD in page


def test_a_copy_does_not_tell_whether_a_number_has_a_wallet(somebody):
    person, _, _ = somebody
    risk.decide_signal(
        Signal.objects.get().id, member("supervisor", "Rao"), "harmless", "the same person twice"
    )
    here, nowhere = new_phone(), new_phone()
    register(here, "Maya Patel")
    lines = []
    for phone in (here, nowhere):
        send(person, phone, 5_00)
        wallet_part = parcel_of(person)[0]["wallet"]
        bill = wallet_part["movements"][0]
        told = [
            moment["what"] for moment in wallet_part["moments"] if moment["reference"] == bill["reference"]
        ]
        lines.append((bill["state"], bill["counterparty"] != "", told, len(wallet_part["account_lines"])))
    assert lines[0] == lines[1]


def test_notes_of_staff_and_silent_checks_are_not_in_the_copy(somebody):
    person, _, _ = somebody
    staff = member("agent", "Wen")
    reference = care.cases_of(person).items[0].reference
    care.note(reference, staff, "looks like a mule")
    people.freeze(person, Actor("system", "risk"), "by_risk", disclosure="silent")
    assert "mule" not in json.dumps(parcel_of(person)[0])
    assert "by_risk" not in json.dumps(parcel_of(person)[0])


def test_a_harmless_check_is_given_out_without_whom_it_touched(somebody):
    person, _, _ = somebody
    staff = member("supervisor", "Rao")
    risk.decide_signal(Signal.objects.get().id, staff, "harmless", "the same person twice")
    checks = parcel_of(person)[0]["risk"]["checks"]
    assert set(checks[0]) == {"began_at", "ended_at"}


def leave(person: UUID) -> dict[str, personal.Erasure]:
    with transaction.atomic():
        return personal.erase(person)


def opened_values(person: UUID) -> str:
    """Everything sealed that can still be opened, of any room."""
    return json.dumps(personal.export(person), default=str, ensure_ascii=False)


def test_whoever_leaves_is_forgotten_on_the_day_the_law_says_and_the_books_stay_whole(somebody):
    person, phone, payee = somebody
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        done = leave(person)
        kept = personal.kept(done)
        assert {item.until for item in kept} == {date(2031, 11, 22)}
        assert {"people", "wallet", "care", "risk"} <= {room for room, one in done.items() if one.kept}
        assert (
            not Dealing.objects.filter(owner=person).exists()
            and not Dealing.objects.filter(other=person).exists()
        )
        assert "for the tea house" in opened_values(person), "bills are kept as long as the law says"
    with clock.stopped(datetime(2031, 11, 22, tzinfo=UTC)):
        assert end_retentions() == 1
        left = opened_values(person)
    for secret in ("for the tea house", payee, "My own words about it", LIN.number, CARD, phone):
        assert secret not in left, secret
    assert not Operation.objects.filter(payee=person).exclude(payee_phone=None).exists(), (
        "in nobody's bills either"
    )
    assert not Party.objects.filter(counterparty=person).exclude(counterparty_phone=None).exists()
    assert not File.objects.filter(owner=person).exists() and not Signal.objects.exists()
    # What others wrote to them stays with the others; what was moved stays in the books.
    assert Operation.objects.filter(owner=person).exists()
    assert ledger.verify() + wallet.verify() == []


def test_without_a_duty_everything_goes_at_once(somebody):
    policies.publish("personal_data", PersonalDataPolicy(kept_years=0), SYSTEM)
    person, _, payee = somebody
    done = leave(person)
    assert [item for item in personal.kept(done) if item.until] == []
    left = opened_values(person)
    assert payee not in left and "My own words about it" not in left and LIN.number not in left
    assert ledger.verify() + wallet.verify() == []


def test_what_a_bank_said_is_given_out_and_goes_with_its_day(somebody, monkeypatch):
    person, _, _ = somebody
    monkeypatch.setattr(
        "guitai.rails.personal.references", lambda whose: ["RAILREF123"] if whose == person else []
    )
    Order.objects.create(
        rail="bank",
        order_reference="RAILREF123",
        payment_reference="RAILREF123",
        amount_minor=77_00,
        currency="CNY",
    )
    receipt = rails.receive_notice("bank", {"x": "y"}, b'{"payer": "Lin Yue, 6222"}')
    InboxMessage.objects.filter(id=receipt.id).update(payment_reference="RAILREF123")
    rooms = parcel_of(person)[0]
    assert rooms["rails"]["payment_orders"][0]["amount"] == "77.00 CNY"
    assert "Lin Yue, 6222" in rooms["rails"]["bank_notices"][0]["said"]
    policies.publish("personal_data", PersonalDataPolicy(kept_years=0), SYSTEM)
    leave(person)
    assert "Lin Yue" not in opened_values(person) and InboxMessage.objects.filter(id=receipt.id).exists()


def test_references_are_those_of_ones_own_bills(somebody):
    person, _, _ = somebody
    own = set(Operation.objects.filter(owner=person).values_list("reference", flat=True))
    assert set(personal.references(person)) == own and own
