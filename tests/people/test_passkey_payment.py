"""A payment approved by passkey: the challenge approves one payee and one amount, once, for a short while."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from fido2.utils import websafe_encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guitai.base import clock
from guitai.people import api as people
from guitai.people.errors import TooManyAttempts
from guitai.people.models import PasskeyChallenge
from guitai.people.types import PasskeyCheck
from tests.people.conftest import OTHER, PASSWORD, PIN
from tests.people.passkey import FLAG, Passkey

pytestmark = pytest.mark.django_db
BINDING = "send|payee=7|amount=12000|currency=CNY"
MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def passkey(customer) -> Passkey:
    made = Passkey()
    made.belongs_to(customer)
    return made


def options(person, binding: str = BINDING) -> dict[str, Any]:
    asked = people.payment_options(person, binding)
    assert asked is not None
    return asked


def check(person, assertion: Any, binding: str = BINDING) -> PasskeyCheck:
    with transaction.atomic():
        return people.payment_checks([(person, binding, assertion)])[0]


def test_approves_exactly_what_was_asked_for(customer, passkey: Passkey) -> None:
    asked = options(customer)
    assert asked["userVerification"] == "required" and asked["rpId"] == "localhost"
    assert [one["id"] for one in asked["allowCredentials"]] == [websafe_encode(passkey.id)]
    found = check(customer, json.dumps(passkey.get(asked)))
    assert found.ok and found.reason == "" and found.passkey is not None
    assert check(customer, passkey.get(options(customer))).ok


def test_nobody_without_a_passkey_is_asked_for_one(customer) -> None:
    assert people.payment_options(customer, BINDING) is None


@pytest.mark.parametrize(
    "binding", ["send|payee=8|amount=12000|currency=CNY", "send|payee=7|amount=12001|currency=CNY", ""]
)
def test_another_payee_or_amount_is_refused_and_the_challenge_is_gone(
    customer, passkey: Passkey, binding: str
) -> None:
    assertion = passkey.get(options(customer))
    assert check(customer, assertion, binding) == PasskeyCheck(ok=False, reason="changed")
    assert check(customer, assertion) == PasskeyCheck(ok=False, reason="used")


def test_counts_once_even_within_one_batch(customer, passkey: Passkey) -> None:
    assertion = passkey.get(options(customer))
    with transaction.atomic():
        found = people.payment_checks([(customer, BINDING, assertion)] * 2)
    assert [one.reason for one in found] == ["", "used"]
    assert check(customer, assertion).reason == "used"


def test_a_rolled_back_payment_leaves_the_challenge_as_it_was(customer, passkey: Passkey) -> None:
    assertion = passkey.get(options(customer))
    with transaction.atomic():
        assert people.payment_checks([(customer, BINDING, assertion)])[0].ok
        transaction.set_rollback(True)
    assert check(customer, assertion).ok


def test_is_over_after_five_minutes(customer, passkey: Passkey) -> None:
    with clock.stopped(MOMENT):
        late, soon = (passkey.get(options(customer)) for _ in range(2))
    with clock.stopped(MOMENT + timedelta(minutes=5, seconds=-1)):
        assert check(customer, soon).ok
    with clock.stopped(MOMENT + timedelta(minutes=5)):
        assert check(customer, late).reason == "expired"


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://wallet.localhost"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "null"},
        {"rp_id": "evil.example"},
        {"flags": FLAG.UP},
        {"flags": FLAG.UV},
        {"flags": FLAG(0)},
        {"type": "webauthn.create"},
        {"cross_origin": True},
        {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
        {"signature": b""},
    ],
)
def test_a_bent_answer_proves_nothing(customer, passkey: Passkey, bent: dict[str, Any]) -> None:
    assert check(customer, passkey.get(options(customer), **bent)).reason == "not_verified"
    assert check(customer, passkey.get(options(customer))).ok


def test_somebody_elses_passkey_or_challenge_proves_nothing(customer, passkey: Passkey) -> None:
    other = people.register_customer(OTHER, "王芳", PASSWORD, PIN)
    theirs = Passkey()
    theirs.belongs_to(other)
    assert check(customer, theirs.get(options(customer))).reason == "not_verified"
    assert check(customer, passkey.get(options(other))).reason == "unknown"
    assert check(other, theirs.get(options(other))).ok


def test_a_passkey_that_was_removed_approves_nothing(customer, passkey: Passkey) -> None:
    assertion = passkey.get(options(customer))
    spare = Passkey()
    kept = spare.belongs_to(customer)
    type(kept).objects.filter(user_id=customer).exclude(id=kept.id).delete()
    assert check(customer, assertion).reason == "not_verified"
    assert check(customer, spare.get(options(customer))).ok


def test_judges_a_batch_in_order_in_a_constant_number_of_queries(
    customer, passkey: Passkey, django_assert_num_queries
) -> None:
    good = [passkey.get(options(customer)) for _ in range(5)]
    batch = [(customer, BINDING, one) for one in good] + [(customer, BINDING, "{}"), (customer, "x", "[]")]
    with transaction.atomic(), django_assert_num_queries(4):
        found = people.payment_checks(batch)
    assert [one.ok for one in found] == [True] * 5 + [False] * 2


def test_options_are_bounded(customer, passkey: Passkey) -> None:
    for _ in range(60):
        options(customer)
    with pytest.raises(TooManyAttempts):
        options(customer)


@pytest.mark.django_db(transaction=True)
def test_must_be_judged_inside_the_payments_transaction(customer) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(TransactionManagementError):
        people.payment_checks([(customer, BINDING, "{}")])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_BASE64 = st.binary(max_size=120).map(websafe_encode)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.text(max_size=60),
        _JSON.map(json.dumps),
        st.fixed_dictionaries({"id": _BASE64 | _JSON, "rawId": _BASE64 | _JSON, "response": _JSON}),
        st.fixed_dictionaries(
            {
                "rawId": _BASE64,
                "response": st.fixed_dictionaries(
                    {
                        "clientDataJSON": _BASE64
                        | _JSON.map(lambda v: websafe_encode(json.dumps(v).encode())),
                        "authenticatorData": _BASE64,
                        "signature": _BASE64,
                    }
                ),
            }
        ),
    )
)
def test_nothing_that_is_sent_breaks_it(customer, sent: Any) -> None:
    assert check(customer, sent).reason == "unknown"


def test_a_valid_challenge_with_a_broken_rest_is_only_refused(customer, passkey: Passkey) -> None:
    for field in ("authenticatorData", "signature"):
        answer = passkey.get(options(customer))
        for broken in ("", "AA", "_" * 300):
            answer["response"][field] = broken
            assert not check(customer, answer).ok
    assert PasskeyChallenge.objects.exists()
