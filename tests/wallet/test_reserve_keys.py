"""Whose signatures release the reserve: two of three at least, changed by signatures only, a lost one rehearsed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import override

from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.explain import explain
from guitai.kit.models import PolicyVersion
from guitai.kit.transactions import outermost
from guitai.wallet import api as wallet
from guitai.wallet.models.reserve import ReserveSigners
from guitai.wallet.reserve import errors
from guitai.wallet.reserve.flows.authority import agree
from guitai.wallet.reserve.policy import ReserveSettings
from guitai.wallet.reserve.proofs import verify_reserve
from guitai.wallet.reserve.rules import documents
from guitai.wallet.reserve.rules.documents import Signer
from tests.wallet.conftest import fund, new_phone, register
from tests.wallet.test_reserve import KEYS, SIGNERS, STAFF, ask, at, filled, publish, signed, submit

__all__ = ["filled"]
OTHERS = [Signer(f"Other {at}", documents.public_of(Ed25519PrivateKey.generate())) for at in range(3)]


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": [msgspec.to_builtins(SIGNERS[at]) for at in (0, 1, 3)]},
        {"keys": [msgspec.to_builtins(signer) for signer in OTHERS]},
        {"keys": [msgspec.to_builtins(signer) for signer in SIGNERS], "needed": 2},
        {"keys": [msgspec.to_builtins(signer) for signer in SIGNERS], "needed": 3},
    ],
)
def test_keys_that_nobody_agreed_to_release_nothing(filled: UUID, changes: dict[str, Any]) -> None:
    """Whoever may publish policies still cannot name themselves as the signer."""
    publish(**changes)
    with pytest.raises(errors.ReserveKeysNotAuthorised):
        ask()
    assert wallet.reserve().problem == "reserve_keys_not_authorised"
    publish()
    document = ask()
    assert submit(document, *signed(document, *KEYS[:2])).state == "done"


def test_a_lost_key_is_rehearsed_without_moving_anything(filled: UUID) -> None:
    assert wallet.reserve().rehearsal_due
    lost = SIGNERS[1].id
    document = wallet.request_rehearsal(without=lost, reason="yearly", actor=STAFF)
    with pytest.raises(errors.ReserveKeyUnknown):
        submit(document, *signed(document, KEYS[1]))
    assert submit(document, *signed(document, KEYS[0])).state == "open"
    assert submit(document, *signed(document, KEYS[2])).state == "done"
    assert at().in_reserve == Money(400_00, "CNY")
    assert set(wallet.reserve().rehearsed_at) == {lost}
    for key in (0, 2):
        document = wallet.request_rehearsal(without=SIGNERS[key].id, reason="yearly", actor=STAFF)
        submit(document, *signed(document, *(KEYS[other] for other in range(3) if other != key)))
    assert not wallet.reserve().rehearsal_due
    with stopped(now() + timedelta(days=181)):
        assert wallet.reserve().rehearsal_due


def test_a_lost_key_is_replaced_by_the_signatures_of_the_others(filled: UUID) -> None:
    before = ask()
    document = wallet.request_rotation(remove=SIGNERS[1].id, add=SIGNERS[3], reason="lost", actor=STAFF)
    submit(document, *signed(document, KEYS[0], KEYS[2]))
    view = wallet.reserve()
    assert {key.name for key in view.keys} == {"Wen", "Li", "Ma"}
    assert view.problem is None
    with pytest.raises(errors.ReservePolicyChanged):
        submit(before, *signed(before, KEYS[0], KEYS[2]))
    after = ask()
    with pytest.raises(errors.ReserveKeyUnknown):
        submit(after, *signed(after, KEYS[1]))
    assert submit(after, *signed(after, KEYS[0], KEYS[3])).state == "done"
    assert ReserveSigners.objects.count() == 2
    assert verify_reserve() == []


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"remove": "0" * 16}, errors.ReserveKeyUnknown),
        ({"add": SIGNERS[0]}, errors.ReserveRotationImpossible),
        ({"needed": 4}, errors.ReserveRotationImpossible),
        ({"needed": 0}, errors.ReserveRotationImpossible),
        ({"needed": 1}, errors.ReserveKeysTooFew),
        ({"needed": 3}, errors.ReserveKeysTooFew),
        ({"remove": SIGNERS[1].id}, errors.ReserveKeysTooFew),
        ({"add": SIGNERS[3], "needed": 4}, errors.ReserveKeysTooFew),
        ({"add": Signer("x", "f" * 63)}, errors.ReserveRotationImpossible),
    ],
)
def test_a_rotation_that_cannot_be_is_refused(
    filled: UUID, wish: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        wallet.request_rotation(**wish, reason="x", actor=STAFF)


@pytest.mark.parametrize(("needed", "keys"), [(1, 1), (1, 3), (2, 2), (3, 3)])
def test_keys_by_which_one_alone_or_one_loss_decides_are_refused(db: None, needed: int, keys: int) -> None:
    fund(register(new_phone()), 1_000_00)
    few = {"needed": needed, "keys": [msgspec.to_builtins(signer) for signer in SIGNERS[:keys]]}
    with pytest.raises(errors.ReserveKeysTooFew) as refused:
        publish(**few)
    assert refused.value.facts == {"needed": needed, "keys": keys}
    for language in ("en", "zh-hans"):
        with override(language):
            told = explain(refused.value.code, refused.value.facts)
        assert str(keys) in told.reason and told.remedy
    # Nor do they count when they were written into the database past the check.
    PolicyVersion.objects.create(name="reserve", version=1, value={"share": 5_000, **few}, published_by="x")
    policies.forget()
    with pytest.raises(errors.ReserveKeysTooFew):
        wallet.fill_reserve(Money(1_00, "CNY"), key="one", actor=STAFF)
    assert not ReserveSigners.objects.exists()


def test_a_set_that_was_agreed_before_may_grow_and_says_when_it_cannot_lose_a_key(db: None) -> None:
    fund(register(new_phone()), 1_000_00)
    few = {"share": 5_000, "needed": 3, "keys": [msgspec.to_builtins(signer) for signer in SIGNERS[:3]]}
    PolicyVersion.objects.create(name="reserve", version=1, value=few, published_by="x")
    policies.forget()
    with outermost():
        agree(msgspec.convert(few, ReserveSettings), None)
    wallet.fill_reserve(Money(1_00, "CNY"), key="one", actor=STAFF)
    with pytest.raises(errors.ReserveRotationImpossible):
        wallet.request_rehearsal(without=SIGNERS[0].id, reason="x", actor=STAFF)
    document = wallet.request_rotation(add=SIGNERS[3], reason="one more", actor=STAFF)
    assert submit(document, *signed(document, *KEYS[:3])).state == "done"
    document = wallet.request_rehearsal(without=SIGNERS[0].id, reason="x", actor=STAFF)
    assert submit(document, *signed(document, *KEYS[1:])).state == "done"
