"""Opening accounts: at most once each, and never as something else."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction

from guitai.base.ids import new_id
from guitai.ledger import api
from guitai.ledger.types import AccountFlag, NewAccount
from tests.ledger.conftest import ALICE, BANK, BOB, CHART, OWNER, WITHIN_CREDITS, WITHIN_DEBITS

NEW = NewAccount(UUID(int=0xAAA), OWNER, 5, "CNY", WITHIN_CREDITS)


def open_accounts(*new: NewAccount) -> list[str]:
    with transaction.atomic():
        return [result.result for result in api.create_accounts(new)]


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"flags": AccountFlag(1 << 10)}, "reserved_flag"),
        ({"id": UUID(int=0)}, "id_must_not_be_zero"),
        ({"id": UUID(int=2**128 - 1)}, "id_must_not_be_int_max"),
        ({"flags": WITHIN_CREDITS | WITHIN_DEBITS}, "flags_are_mutually_exclusive"),
        ({"currency": "XXX"}, "ledger_must_not_be_zero"),
        ({"code": 0}, "code_must_not_be_zero"),
        ({"flags": WITHIN_DEBITS}, "created"),
        ({}, "created"),
    ],
)
def test_opens_what_is_sound(db, changes, result):
    assert open_accounts(replace(NEW, **changes)) == [result]
    assert len(api.accounts([replace(NEW, **changes).id])) == (result == "created")


@pytest.mark.parametrize("together", [True, False], ids=["same batch", "later"])
@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, "exists"),
        ({"flags": AccountFlag.NONE}, "exists_with_different_flags"),
        ({"owner": UUID(int=8)}, "exists_with_different_user_data_128"),
        ({"currency": "USD"}, "exists_with_different_ledger"),
        ({"book": "test"}, "exists_with_different_ledger"),
        ({"code": 6}, "exists_with_different_code"),
        ({"flags": WITHIN_CREDITS | AccountFlag.CLOSED}, "exists"),
    ],
)
def test_the_same_id_again(db, changes, result, together):
    again = replace(NEW, **changes)
    if together:
        assert open_accounts(NEW, again) == ["created", result]
    else:
        assert open_accounts(NEW) == ["created"] and open_accounts(again) == [result]
    assert api.accounts([NEW.id])[0].code == 5


def test_reads_in_the_order_asked_and_leaves_out_the_unknown(chart):
    assert [a.id for a in api.accounts([BOB, new_id(), ALICE])] == [BOB, ALICE]
    assert [a.id for a in api.accounts_of([OWNER], 2)] == [BANK]
    assert len(api.accounts_of([OWNER], 1)) == len(CHART) - 1
    assert api.accounts_of([new_id()], 1) == []
