"""The cold reserve: nothing leaves it unless enough keys have signed exactly that, once, in time, under that policy."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from guitai.audit.models import AuditRow
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.wallet import api as wallet
from guitai.wallet.models.reserve import ReserveRequest, ReserveSignature
from guitai.wallet.reserve import errors
from guitai.wallet.reserve.flows import submit as submit_flow
from guitai.wallet.reserve.proofs import verify_reserve
from guitai.wallet.reserve.rules import documents
from guitai.wallet.reserve.rules.documents import DocumentWrong, Signer
from guitai.wallet.reserve.rules.floats import Float, Position, advise
from tests.desk.conftest import staff_client
from tests.threads import at_once
from tests.wallet.conftest import fund, new_phone, register

STAFF = Actor("staff", "11111111-1111-7111-8111-111111111111")
KEYS = [Ed25519PrivateKey.generate() for _ in range(4)]
SIGNERS = [
    Signer(name, documents.public_of(key)) for name, key in zip(("Wen", "Rao", "Li", "Ma"), KEYS, strict=True)
]


def publish(**changes: Any) -> int:
    value = {
        "share": 5_000, "needed": 2, "keys": [msgspec.to_builtins(signer) for signer in SIGNERS[:3]],
        "floats": {"CNY": {"floor": 100_00}}, **changes,
    }  # fmt: skip
    return policies.publish("reserve", value, SYSTEM)


@pytest.fixture
def filled(db: None) -> UUID:
    """1,000.00 of a customer's, 400.00 of it in the reserve, two of three keys needed."""
    person = register(new_phone())
    fund(person, 1_000_00)
    publish()
    wallet.fill_reserve(Money(400_00, "CNY"), key="one", actor=STAFF)
    return person


def at(currency: str = "CNY") -> Any:
    return next(one for one in wallet.reserve().positions if one.currency == currency)


def ask(minor: int = 150_00) -> bytes:
    return wallet.request_release(Money(minor, "CNY"), destination="6228 …018", reason="payouts", actor=STAFF)


def signed(document: bytes, *keys: Ed25519PrivateKey) -> list[bytes]:
    return [msgspec.json.encode(documents.sign(document, key)) for key in keys]


def submit(document: bytes, *signatures: bytes) -> Any:
    return wallet.submit_signatures(document, list(signatures), actor=STAFF)


def changed(document: bytes, **changes: Any) -> bytes:
    """The same request with something else in it, in canonical form."""
    told = {**json.loads(document), **changes}
    return documents.canonical(msgspec.convert(told, documents.Request))


def test_enough_signatures_release_exactly_what_was_asked(filled: UUID) -> None:
    document = ask()
    first = submit(document, *signed(document, KEYS[0]))
    assert (first.state, [key.name for key in first.signed_by]) == ("open", ["Wen"])
    assert at().in_reserve == Money(400_00, "CNY")
    done = submit(document, *signed(document, KEYS[2]))
    assert (done.state, len(done.signed_by)) == ("done", 2)
    assert (at().in_reserve, at().at_hand) == (Money(250_00, "CNY"), Money(750_00, "CNY"))
    assert done.operation_reference
    told = AuditRow.objects.get(action="reserve.release_done")
    assert told.details["signed_by"] == sorted([SIGNERS[0].id, SIGNERS[2].id])
    assert verify_reserve() == []


def test_signatures_may_come_together(filled: UUID) -> None:
    document = ask()
    assert submit(document, *signed(document, *KEYS[:3])).state == "done"


def test_one_key_counts_once_however_often_it_signs(filled: UUID) -> None:
    document = ask()
    one = signed(document, KEYS[0])[0]
    assert submit(document, one, one).state == "open"
    assert submit(document, one).state == "open"
    assert ReserveSignature.objects.count() == 1
    assert at().in_reserve == Money(400_00, "CNY")


def test_the_same_request_is_carried_out_once(filled: UUID) -> None:
    document = ask()
    signatures = signed(document, *KEYS[:2])
    submit(document, *signatures)
    with pytest.raises(errors.ReserveRequestEnded):
        submit(document, *signatures)
    assert at().in_reserve == Money(250_00, "CNY")


def test_a_signature_of_another_request_counts_for_none(filled: UUID) -> None:
    first, second = ask(), ask()
    with pytest.raises(errors.ReserveSignatureWrong):
        submit(second, *signed(first, KEYS[0]))
    renamed = json.loads(signed(first, KEYS[0])[0])
    named = {**renamed, "request": json.loads(second)["id"], "digest": documents.digest_of(second.strip())}
    with pytest.raises(errors.ReserveSignatureWrong):
        submit(second, json.dumps(named).encode())
    assert ReserveSignature.objects.count() == 0


def test_a_forged_signature_refuses_all_that_came_with_it(filled: UUID) -> None:
    document = ask()
    good = signed(document, KEYS[0])[0]
    forged = json.loads(signed(document, KEYS[1])[0])
    forged["signature"] = base64.b64encode(bytes(64)).decode()
    with pytest.raises(errors.ReserveSignatureWrong):
        submit(document, good, json.dumps(forged).encode())
    assert ReserveSignature.objects.count() == 0
    stranger = Ed25519PrivateKey.generate()
    with pytest.raises(errors.ReserveKeyUnknown):
        submit(document, *signed(document, stranger))
    disguised = json.loads(signed(document, stranger)[0]) | {"key": SIGNERS[0].id}
    with pytest.raises(errors.ReserveSignatureWrong):
        submit(document, json.dumps(disguised).encode())
    assert submit(document, *signed(document, *KEYS[:2])).state == "done", "the right ones still count"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 400_00}, {"destination": "6228 …019"}, {"currency": "HKD"}, {"reason": "x"}, {"policy": 9},
        {"expires_at": "2099-01-01T00:00:00Z"}, {"nonce": "0" * 32}, {"kind": "rehearsal"},
    ],
)  # fmt: skip
def test_an_altered_request_is_unknown_even_when_enough_keys_signed_it(
    filled: UUID, changes: dict[str, Any]
) -> None:
    altered = changed(ask(), **changes)
    with pytest.raises(errors.ReserveRequestUnknown):
        submit(altered, *signed(altered, *KEYS[:2]))
    assert at().in_reserve == Money(400_00, "CNY")


def test_an_expired_request_is_refused_and_stays_ended(filled: UUID) -> None:
    document = ask()
    signatures = signed(document, *KEYS[:2])
    with stopped(now() + timedelta(hours=73)), pytest.raises(errors.ReserveRequestEnded) as refused:
        submit(document, *signatures)
    assert refused.value.facts == {"state": "expired"}
    with pytest.raises(errors.ReserveRequestEnded):
        submit(document, *signatures)
    assert ReserveRequest.objects.get().state == "expired"


def test_a_request_of_another_policy_version_is_refused(filled: UUID) -> None:
    document = ask()
    publish(share=4_000)
    with pytest.raises(errors.ReservePolicyChanged):
        submit(document, *signed(document, *KEYS[:2]))
    again = ask()
    assert submit(again, *signed(again, *KEYS[:2])).state == "done"


def test_a_withdrawn_request_is_over(filled: UUID) -> None:
    document = ask()
    wallet.withdraw_reserve_request(UUID(json.loads(document)["id"]), actor=STAFF)
    with pytest.raises(errors.ReserveRequestEnded):
        submit(document, *signed(document, *KEYS[:2]))


def test_no_more_leaves_than_there_is(filled: UUID) -> None:
    with pytest.raises(errors.ReserveAmountNotThere):
        ask(400_01)
    first, second = ask(300_00), ask(300_00)
    submit(first, *signed(first, *KEYS[:2]))
    with pytest.raises(errors.ReserveAmountNotThere):
        submit(second, *signed(second, *KEYS[:2]))
    assert ReserveRequest.objects.get(id=json.loads(second)["id"]).state == "open", "it can be tried again"
    with pytest.raises(errors.ReserveAmountNotThere):
        wallet.fill_reserve(Money(10_000_00, "CNY"), key="two", actor=STAFF)


def test_filling_twice_by_one_key_is_one_movement(filled: UUID) -> None:
    wallet.fill_reserve(Money(400_00, "CNY"), key="one", actor=STAFF)
    assert at().in_reserve == Money(400_00, "CNY")


def test_nothing_is_moved_into_a_reserve_that_nobody_could_release(db: None) -> None:
    fund(register(new_phone()), 1_000_00)
    with pytest.raises(errors.ReserveNotSetUp):
        wallet.fill_reserve(Money(1, "CNY"), key="one", actor=STAFF)


def test_a_crash_between_signatures_and_movement_changes_nothing(
    filled: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = ask()
    signatures = signed(document, *KEYS[:2])

    def crash(*anything: Any, **named: Any) -> None:
        raise RuntimeError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr(submit_flow, "end", crash)
        with pytest.raises(RuntimeError):
            submit(document, *signatures)
    assert ReserveRequest.objects.get().state == "open"
    assert ReserveSignature.objects.count() == 0
    assert at().in_reserve == Money(400_00, "CNY")
    assert submit(document, *signatures).state == "done"
    assert at().in_reserve == Money(250_00, "CNY")


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (
            "DELETE FROM wallet_reserve_signature WHERE key = (SELECT min(key) FROM wallet_reserve_signature)",
            "without as",
        ),
        ("UPDATE wallet_reserve_request SET amount_minor = 1", "is not what its text says"),
        ("UPDATE wallet_reserve_request SET document = document || '\\x20'", "cannot be read"),
        ("UPDATE wallet_reserve_request SET expires_at = created_at", "is not what its text says"),
        ("UPDATE wallet_reserve_signers SET needed = 1", "are not those that were agreed"),
        (
            "UPDATE wallet_reserve_request SET state = 'open', operation_id = null, ended_at = null",
            "left the reserve",
        ),
    ],
)
def test_verify_finds_what_was_done_to_the_rows(filled: UUID, change: str, finding: str) -> None:
    document = ask()
    submit(document, *signed(document, *KEYS[:2]))
    assert verify_reserve() == []
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute(change)
        assert any(finding in problem for problem in verify_reserve())
        cursor.execute("ROLLBACK TO SAVEPOINT before")


@pytest.mark.parametrize(
    ("position", "bounds", "move"),
    [
        (Position(1_000, 1_000, 0), Float(), 500),
        (Position(1_000, 500, 500), Float(), 0),
        (Position(1_000, 200, 800), Float(), -300),
        (Position(1_000, 1_000, 0), Float(floor=700), 300),
        (Position(1_000, 500, 500), Float(floor=700), -200),
        (Position(1_000, 100, 100), Float(floor=700), -100),
        (Position(1_000, 900, 500), Float(ceiling=300), 600),
        (Position(1_000, 1_000, 0), Float(step=501), 0),
        (Position(1_001, 1_001, 0), Float(), 500),
        (Position(0, 0, 0), Float(), 0),
        (Position(-5, 10, 0), Float(), 0),
        (Position(1_000, 0, 0), Float(floor=10), 0),
    ],
)
def test_advice_keeps_what_is_at_hand_within_bounds_first(
    position: Position, bounds: Float, move: int
) -> None:
    assert advise(position, 5_000, bounds).move == move


@given(
    st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10_000),
    st.integers(0, 10**9), st.integers(0, 10**9),
)  # fmt: skip
def test_advice_never_moves_what_is_not_there(
    owed: int, hand: int, kept: int, share: int, floor: int, room: int
) -> None:
    advice = advise(
        Position(owed, hand, kept), share, Float(floor=floor, ceiling=floor + room if room else 0)
    )
    assert -kept <= advice.move <= hand
    if advice.move > 0:
        assert hand - advice.move >= floor


@given(st.binary(max_size=400))
def test_any_bytes_are_a_file_of_the_reserve_or_refused(content: bytes) -> None:
    for read in (documents.read_request, documents.read_signature, documents.read_key):
        with pytest.raises(DocumentWrong):
            read(content)


def test_a_request_has_one_form(filled: UUID) -> None:
    document = ask()
    told = json.loads(document)
    for other in (
        json.dumps(told).encode(),
        document.replace(b'"amount":15000', b'"amount": 15000'),
        document.replace(b'"amount":15000', b'"amount":15000.0'),
        document.replace(b"}", b',"more":1}'),
        document.replace(b'"reason":"payouts"', b'"reason":"payouts","reason":"payouts"'),
        b" " + document,
    ):
        with pytest.raises(errors.ReserveRequestUnreadable):
            submit(other, *signed(document, KEYS[0]))


def test_signing_works_on_a_machine_with_nothing_but_files(filled: UUID, tmp_path: Path) -> None:
    """The command in a process of its own, without a database, a home or settings."""
    import os
    import subprocess
    import sys

    request = tmp_path / "request.json"
    request.write_bytes(ask())
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "guitai", "reserve", *words], cwd=tmp_path, env=bare | {"PYTHONPATH": os.getcwd()},
            input=given, text=True, capture_output=True, timeout=60, check=False,
        )  # fmt: skip

    made = run("new-key", "--out", "key.pem")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    assert run("new-key", "--out", "key.pem").returncode == 2, "a key is never written over"
    told = run("sign", "request.json", "--key", "key.pem", "--out", "a.sig", given="yes\n")
    assert told.returncode == 0, told.stderr
    assert "150.00 CNY" in told.stdout and "6228 …018" in told.stdout
    signature = documents.read_signature((tmp_path / "a.sig").read_bytes())
    key = documents.read_key((tmp_path / "key.pem").read_bytes())
    assert documents.holds(signature, request.read_bytes().strip(), [Signer("x", documents.public_of(key))])
    assert run("sign", "request.json", "--key", "key.pem", "--out", "b.sig", given="no\n").returncode == 1
    assert not (tmp_path / "b.sig").exists()
    broken = run("sign", "key.pem", "--key", "key.pem", "--yes")
    assert (broken.returncode, "unreadable" in broken.stderr) == (2, True)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_carry_it_out_once(filled: UUID) -> None:
    """Each brings enough signatures in the same moment; and two who each bring one make it full together."""
    first, second = ask(), ask(50_00)
    outcomes = at_once([lambda: submit(first, *signed(first, *KEYS[:2]))] * 3)
    assert sorted(getattr(outcome, "state", "refused") for outcome in outcomes) == [
        "done",
        "refused",
        "refused",
    ]
    assert at().in_reserve == Money(250_00, "CNY")
    outcomes = at_once([lambda key=key: submit(second, *signed(second, key)) for key in KEYS[:2]])  # type: ignore[misc]
    assert {getattr(outcome, "state", "refused") for outcome in outcomes} == {"open", "done"}
    assert at().in_reserve == Money(200_00, "CNY")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def operator_client(filled: UUID) -> Any:
    """A member of staff who may change the operator's settings, signed in with the second step."""
    return staff_client("rao@guitai.example", "Rao", "supervisor")[0]


def test_the_page_shows_asks_and_takes_signatures_in(operator_client: Any, filled: UUID) -> None:
    page = operator_client.get("/desk/reserve/")
    assert page.status_code == 200
    assert "400<" in page.content.decode() and SIGNERS[0].id in page.content.decode()
    wrong = operator_client.post(
        "/desk/reserve/", {"verb": "ask", "ask-amount": "9999", "ask-currency": "CNY"}
    )
    assert wrong.status_code == 422
    asked = operator_client.post(
        "/desk/reserve/",
        {
            "verb": "ask", "ask-amount": "150", "ask-currency": "CNY", "ask-destination": "6228 …018",
            "ask-reason": "payouts",
        },
    )  # fmt: skip
    assert asked.status_code == 302
    file = operator_client.get(asked["Location"] + "file/")
    assert file["Content-Disposition"].startswith("attachment")
    good = [SimpleUploadedFile(f"{n}.sig", one) for n, one in enumerate(signed(file.content, *KEYS[:2]))]
    bad = SimpleUploadedFile("x.sig", b"{}")
    assert operator_client.post(asked["Location"], {"signatures": [good[0], bad]}).status_code == 422
    assert ReserveSignature.objects.count() == 0
    for one in good:
        one.seek(0)
    assert operator_client.post(asked["Location"], {"signatures": good}).status_code == 302
    assert "150<" in operator_client.get(asked["Location"]).content.decode()
    assert at().in_reserve == Money(250_00, "CNY")


def test_the_page_moves_in_once_and_withdraws(operator_client: Any, filled: UUID) -> None:
    pressed = {"verb": "fill", "fill-amount": "10", "fill-currency": "CNY", "fill-key": "k1"}
    for _press in range(2):
        assert operator_client.post("/desk/reserve/", pressed).status_code == 302
    assert at().in_reserve == Money(410_00, "CNY")
    request_id = json.loads(ask())["id"]
    assert operator_client.post(f"/desk/reserve/{request_id}/", {"verb": "withdraw"}).status_code == 302
    assert ReserveRequest.objects.get().state == "withdrawn"
    assert operator_client.get(f"/desk/reserve/{new_id()}/").status_code == 404


def test_only_who_may_change_settings_sees_the_reserve(filled: UUID) -> None:
    assert staff_client("wen@guitai.example", "Wen", "agent")[0].get("/desk/reserve/").status_code == 403
