"""Keys rotate beside running traffic, go on after any interruption, and leave nothing behind that cannot be opened."""

import base64
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto, files, keyring, reseal, sealed
from guitai.kit.models import DataKey, File, Topic
from guitai.people import api as people
from guitai.people.models import Pin, User
from guitai.people.sessions import SessionStore
from tests.kit.conftest import forget_keys

OLD, NEW = ("k1", bytes(32)), ("k2", bytes(range(32)))
PHONE, PASSWORD, PIN = "+8613800138000", "counter-2026-tea", "271828"
# Digests, codes and keys: nothing is sealed in them.
NOT_SEALED = {
    "kit_file.sha256", "kit_file.original_sha256", "kit_throttle_count.key", "kit_data_key.wrapped",
    "audit_seal.digest", "people_pin.code", "people_sms_code.code", "people_freeze_word.code", "people_device.token",
    "people_passkey_challenge.nonce", "people_passkey_challenge.challenge", "rails_statement_entry.identity",
    "wallet_pace.counts", "care_article.meaning", "care_article_feedback.reader", "care_unanswered_question.code",
    "care_proof.code", "wallet_reserve_request.document",
}  # fmt: skip


def quiet(name: str, done: int, total: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def ring(own: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A ring that is read from the database, by every question anew."""
    monkeypatch.setattr(keyring, "RENEWED_S", 0.0)
    own(data_keys=(OLD,))
    keyring.forget()

    def change(*masters: tuple[str, bytes]) -> None:
        own(data_keys=masters)
        keyring.forget()

    yield change
    forget_keys()


def everything() -> dict[str, Any]:
    """One of each sort of sealed thing, through the flows that make them."""
    person = people.register_customer(PHONE, "林月", PASSWORD, PIN, language="en")
    kept = files.keep(b"%PDF-1.7\n%%EOF\n", owner=person, name="a.pdf", content_type="application/pdf")
    session = SessionStore()
    session["phone"] = PHONE
    session.save()
    text = base64.b64encode(crypto.seal("SECRET", purpose="people.totp", row=sealed_row())).decode()
    codes = [text, base64.b64encode(crypto.seal("CODE", purpose="people.totp", row=sealed_row())).decode()]
    totp = Authenticator.objects.create(user_id=person, type="totp", data={"secret": text, "other": 7})
    recovery = Authenticator.objects.create(
        user_id=person, type="recovery_codes", data={"migrated_codes": codes}
    )
    key = Authenticator.objects.create(user_id=person, type="webauthn", data={"credential": {"id": "x"}})
    return {"person": person, "file": kept, "session": session.session_key, "mfa": (totp, recovery, key)}


def sealed_row():
    return reseal._NO_ROW


def check(made: dict[str, Any]) -> None:
    """Everything still says what it said."""
    profile = people.profile(made["person"], purpose=None)
    assert (profile.name, profile.phone) == ("林月", PHONE)
    assert people.find_by_phone([PHONE]) == {PHONE: made["person"]}
    assert files.read(made["file"].id) == (made["file"], b"%PDF-1.7\n%%EOF\n")
    assert SessionStore(made["session"]).load()["phone"] == PHONE
    with transaction.atomic():
        assert people.pin_checks([(made["person"], PIN)])[0].ok, (
            "codes of what is not kept outlive every rotation"
        )
    for authenticator, field in zip(made["mfa"][:2], ("secret", "migrated_codes"), strict=True):
        authenticator.refresh_from_db()
        values = authenticator.data[field]
        texts = [values] if isinstance(values, str) else values
        opened = [crypto.unseal(base64.b64decode(t), purpose="people.totp", row=sealed_row()) for t in texts]
        assert opened == (["SECRET"] if field == "secret" else ["SECRET", "CODE"])
    assert made["mfa"][0].data["other"] == 7


def keys_in_use() -> set[str]:
    return {key_id for counted in reseal.survey().values() for key_id in counted}


@pytest.mark.django_db
def test_seals_everything_anew(ring):
    made = everything()
    assert keys_in_use() == {"k1"}
    report = reseal.rotate(quiet)
    assert report.finished and not report.resumed and not report.unreadable
    assert keys_in_use() == {report.key} == {keyring.sealing()}
    assert {"people_user.name_sealed", "django_session.session_data", "mfa_authenticator.data", "files"} <= {
        name for name, count in report.resealed.items() if count
    }
    check(made)
    again = reseal.rotate(quiet)
    assert again.key != report.key and keys_in_use() == {again.key}
    check(made)


@pytest.mark.django_db
def test_old_master_keys_can_go_once_everything_is_under_the_new_one(ring):
    made = everything()
    ring(NEW, OLD)
    check(made)
    report = reseal.rotate(quiet)
    assert report.finished and set(DataKey.objects.values_list("master", flat=True)) == {"k2"}
    ring(NEW)
    forget_keys()
    keyring.forget()
    check(made)
    ring(OLD)
    forget_keys()
    keyring.forget()
    with pytest.raises(keyring.MasterKeyMissing, match="k2"):
        people.profile(made["person"], purpose=None)


@pytest.mark.django_db
def test_the_database_alone_and_the_environment_alone_open_nothing(ring):
    made = everything()
    reseal.rotate(quiet)
    wrapped = bytes(DataKey.objects.get(role="seal", retired_at=None).wrapped)
    ring(("k1", bytes(31) + b"x"))
    forget_keys()
    keyring.forget()
    with pytest.raises(keyring.MasterKeyMissing):
        people.profile(made["person"], purpose=None)
    ring(OLD)
    DataKey.objects.filter(role="seal").update(wrapped=wrapped[:-1] + bytes([wrapped[-1] ^ 1]))
    forget_keys()
    keyring.forget()
    with pytest.raises(keyring.MasterKeyMissing):
        people.profile(made["person"], purpose=None)


class Interrupted(Exception):
    """The power fails."""


@contextmanager
def interrupted_at(statement: int) -> Iterator[list[int]]:
    """Fail at the n-th statement that goes to the database."""
    counted = [0]

    def count(execute, sql, params, many, context):
        counted[0] += 1
        if counted[0] == statement:
            raise Interrupted(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield counted


@pytest.mark.django_db(transaction=True)
def test_goes_on_after_an_interruption_at_every_single_statement(ring):
    made = everything()
    statement, total = 0, 1
    while statement < total:
        statement += 1
        try:
            with interrupted_at(statement) as counted:
                reseal.rotate(quiet)
        except Interrupted:
            pass
        else:
            total = counted[0]
            break
        check(made)
        key = DataKey.objects.filter(role="seal", retired_at=None).values_list("id", "finished_at").first()
        report = reseal.rotate(quiet)
        assert report.finished and keys_in_use() == {report.key}
        if key and key[1] is None:
            assert report.resumed and report.key == key[0], "the unfinished key goes on, no other is made"
        check(made)
        total = statement + 1
    assert statement > 50, "a rotation has many statements, and it was interrupted at each of them"


@pytest.mark.django_db
def test_a_file_is_old_or_new_and_never_half(ring, monkeypatch):
    made = everything()
    path = files.sealed_path(made["file"].id)
    before = path.read_bytes()
    real = type(path).replace

    def fails(self, target):
        raise Interrupted

    monkeypatch.setattr(type(path), "replace", fails)
    with pytest.raises(Interrupted):
        reseal.rotate(quiet)
    assert path.read_bytes() == before
    monkeypatch.setattr(type(path), "replace", real)
    assert reseal.rotate(quiet).finished and path.read_bytes() != before
    check(made)


@pytest.mark.django_db(transaction=True)
def test_runs_beside_traffic_that_reads_and_writes(ring):
    made, stop, faults = everything(), threading.Event(), []
    persons = [
        people.register_customer(f"+86139001390{n:02}", f"Person {n}", PASSWORD, None) for n in range(20)
    ]

    def traffic() -> None:
        turn = 0
        try:
            while not stop.is_set():
                turn += 1
                person = persons[turn % len(persons)]
                with transaction.atomic():
                    user = User.objects.select_for_update().get(id=person)
                    assert user.name.startswith("Person"), user.name
                    user.put_name(f"Person {turn}")
                    user.save(update_fields=["name_sealed"])
                assert people.profile(person, purpose=None).name.startswith("Person")
        except Exception as error:  # noqa: BLE001  shown below
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=traffic) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        reports = [reseal.rotate(quiet) for _ in range(3)]
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not faults and all(report.finished for report in reports)
    assert keys_in_use() == {reports[-1].key}
    check(made)


@pytest.mark.django_db
def test_a_process_that_learns_late_is_met_in_the_next_pass(ring):
    made, late = everything(), []

    def sealed_late(name: str, done: int, total: int) -> None:
        if name == reseal.FILES and not late:
            late.append(people.register_customer("+8613900139000", "Late", PASSWORD, None))
            key_id, real = OLD[0], keyring.sealing
            keyring.sealing = lambda: key_id
            try:
                user = User.objects.get(id=late[0])
                user.put_name("Late")
                user.save()
            finally:
                keyring.sealing = real

    report = reseal.rotate(sealed_late)
    assert late and report.finished and keys_in_use() == {report.key}
    assert people.profile(late[0], purpose=None).name == "Late"
    check(made)


@pytest.mark.django_db(transaction=True)
def test_waits_for_transactions_that_are_older_than_the_key(ring):
    made = everything()
    opened, end = threading.Event(), threading.Event()

    def old() -> None:
        try:
            with transaction.atomic():
                User.objects.count()
                opened.set()
                end.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=old)
    thread.start()
    opened.wait(10)
    report = reseal.rotate(quiet, wait_s=0.5)
    assert not report.finished, "whoever is in the middle may still write by the old key"
    end.set()
    thread.join(30)
    again = reseal.rotate(quiet)
    assert again.resumed and again.finished and again.key == report.key
    check(made)


@pytest.mark.django_db
def test_names_what_cannot_be_opened_and_does_not_call_that_finished(ring):
    made = everything()
    broken = people.register_customer("+8613900139000", "Broken", PASSWORD, None)
    User.objects.filter(id=broken).update(name_sealed=b"\x02k1" + bytes(40))
    report = reseal.rotate(quiet)
    assert not report.finished and report.unreadable == [f"people_user.name_sealed {broken}"]
    check(made)
    User.objects.filter(id=broken).update(name_sealed=None)
    assert reseal.rotate(quiet).finished


@pytest.mark.django_db
def test_retires_only_what_is_unused_and_old(ring):
    made = everything()
    first = reseal.rotate(quiet).key
    second = reseal.rotate(quiet).key
    assert reseal.retire() == [], "younger than two days"
    DataKey.objects.filter(id=first).update(retired_at=now() - timedelta(days=3))
    assert reseal.retire() == [first]
    row = DataKey.objects.get(id=first)
    assert row.wrapped is None and row.destroyed_at is not None and keyring.key(first) is None
    assert keyring.sealing() == second
    check(made)


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_are_one(ring):
    everything()
    refused: list[str] = []

    def second(name: str, done: int, total: int) -> None:
        if refused:
            return

        def run() -> None:
            try:
                reseal.rotate(quiet)
            except reseal.RotationRefused as error:
                refused.append(str(error))
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(30)

    assert reseal.rotate(second).finished and refused == ["another rotation is running."]


@pytest.mark.django_db(transaction=True)
def test_indexes_are_computed_anew_all_or_none_and_only_alone(ring):
    made = everything()
    before = bytes(User.objects.get(id=made["person"]).phone_index)
    with pytest.raises(reseal.RotationRefused, match="topics"):
        reseal.rotate_indexes(quiet)
    Topic.objects.update(handled_at=now())
    opened, end = threading.Event(), threading.Event()

    def somebody() -> None:
        try:
            User.objects.count()
            opened.set()
            end.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=somebody)
    thread.start()
    opened.wait(10)
    with pytest.raises(reseal.RotationRefused, match="stop web and worker"):
        reseal.rotate_indexes(quiet)
    end.set()
    thread.join(30)

    def fails(name: str, done: int, total: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        reseal.rotate_indexes(fails)
    keyring.forget()
    check(made)
    assert bytes(User.objects.get(id=made["person"]).phone_index) == before, "none"
    assert reseal.rotate_indexes(quiet) >= 1
    assert bytes(User.objects.get(id=made["person"]).phone_index) != before, "all"
    check(made)
    assert Pin.objects.count() == 1


def test_every_sealed_column_of_every_room_is_named():
    named = {entry.name for entry in sealed.entries()}
    found = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if model.__module__.startswith("guitai.")
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField)
    }
    unnamed = {name for name in found - named - NOT_SEALED if not name.endswith(("_hash", "sha256"))}
    assert not unnamed, (
        f"name these in the room's sealed.py, or here when nothing is sealed in them: {unnamed}"
    )
    assert not named & NOT_SEALED
    tables = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields}
        for model in apps.get_models()
    }
    for entry in sealed.entries():
        assert entry.column in tables[entry.table], entry
        if not isinstance(entry, sealed.Unkept):
            keys = {entry.key} if isinstance(entry.key, str) else set(entry.key)
            assert keys | ({entry.row} - {""}) <= tables[entry.table], entry


@pytest.mark.django_db
def test_a_key_that_was_made_a_moment_ago_is_found(ring, monkeypatch):
    row = new_id()
    monkeypatch.setattr(keyring, "RENEWED_S", 3600.0)
    keyring.forget()
    assert keyring.sealing() == "k1"
    believed = keyring._kept
    with transaction.atomic():
        key_id = keyring.add("seal")
    sealed_text = crypto.seal("x", purpose="p", row=row)
    assert crypto.sealed_by(sealed_text) == key_id
    # Another process, which still believes what it read before.
    monkeypatch.setattr(keyring, "_kept", believed)
    crypto._key.cache_clear()
    assert crypto.unseal(sealed_text, purpose="p", row=row) == "x"


@pytest.mark.django_db
def test_an_unknown_key_is_refused(ring):
    row = new_id()
    sealed_text = crypto.seal("x", purpose="p", row=row)
    strange = bytes([11]) + b"s1234567890" + sealed_text[3:]
    with pytest.raises(crypto.Unsealable):
        crypto.unseal(strange, purpose="p", row=row)
    assert crypto.unseal(sealed_text, purpose="p", row=row) == "x" and not File.objects.exists()


def test_every_advisory_lock_has_a_number_of_its_own():
    package = Path(sealed.__file__).parent.parent
    numbers = [
        number
        for path in package.rglob("*.py")
        for number in re.findall(r"= (7_203_118_\d+)", path.read_text())
    ]
    assert len(numbers) >= 3 and len(numbers) == len(set(numbers)), "two jobs would keep each other out"
