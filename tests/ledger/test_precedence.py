"""The order of checks, pair by pair: what breaks two rules answers the earlier, and, with that repaired, the later."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from guitai.base import clock
from guitai.base.ids import new_id
from guitai.ledger import api
from guitai.ledger.rules.refusals import TRANSIENT, of_balances
from guitai.ledger.rules.running import Running
from guitai.ledger.types import AMOUNT_MAX, AccountFlag, AccountRow, NewAccount, NewTransfer, TransferFlag
from tests.ledger.conftest import ALICE, BANK, BOB, NOON, OWNER, SHUT, YEN, hold, post, take, transfer

pytestmark = pytest.mark.usefixtures("books")
NOBODY, LAST, UNKNOWN = UUID(int=0), UUID(int=2**128 - 1), UUID(int=0xBAD)
FREE, SHUT_TOO = UUID(int=0xF1), UUID(int=0xF2)
NONE, PENDING = TransferFlag.NONE, TransferFlag.PENDING
POST, VOID, CLOSING = TransferFlag.POST_PENDING, TransferFlag.VOID_PENDING, TransferFlag.CLOSING_DEBIT
RESERVED = TransferFlag(256)


@pytest.fixture(autouse=True)
def more_accounts(books):
    more = [NewAccount(FREE, OWNER, 1, "CNY"), NewAccount(SHUT_TOO, OWNER, 1, "CNY", AccountFlag.CLOSED)]
    with transaction.atomic():
        assert {r.result for r in api.create_accounts(more)} == {"created"}


# the two results in their order, what breaks both, what repairs the earlier
MOVES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("reserved_flag", "id_must_not_be_zero", {"flags": RESERVED, "id": NOBODY}, {"flags": NONE}),
    ("reserved_flag", "id_must_not_be_int_max", {"flags": RESERVED, "id": LAST}, {"flags": NONE}),
    ("id_must_not_be_zero", "flags_are_mutually_exclusive", {"id": NOBODY, "flags": POST | VOID}, {"id": UNKNOWN}),
    ("id_must_not_be_int_max", "debit_account_id_must_not_be_zero", {"id": LAST, "debit_account": NOBODY},
     {"id": UNKNOWN}),
    ("debit_account_id_must_not_be_zero", "credit_account_id_must_not_be_int_max",
     {"debit_account": NOBODY, "credit_account": LAST}, {"debit_account": ALICE}),
    ("debit_account_id_must_not_be_int_max", "credit_account_id_must_not_be_zero",
     {"debit_account": LAST, "credit_account": NOBODY}, {"debit_account": ALICE}),
    ("credit_account_id_must_not_be_zero", "pending_id_must_be_zero",
     {"credit_account": NOBODY, "pending_id": UNKNOWN}, {"credit_account": BOB}),
    ("credit_account_id_must_not_be_int_max", "pending_id_must_be_zero",
     {"credit_account": LAST, "pending_id": UNKNOWN}, {"credit_account": BOB}),
    ("accounts_must_be_different", "pending_id_must_be_zero", {"credit_account": ALICE, "pending_id": UNKNOWN},
     {"credit_account": BOB}),
    ("pending_id_must_be_zero", "timeout_reserved_for_pending_transfer",
     {"pending_id": UNKNOWN, "expires_at": NOON}, {"pending_id": None}),
    ("timeout_reserved_for_pending_transfer", "closing_transfer_must_be_pending",
     {"expires_at": NOON, "flags": CLOSING}, {"expires_at": None}),
    ("closing_transfer_must_be_pending", "amount_must_not_be_negative", {"flags": CLOSING, "amount": -1},
     {"flags": PENDING | CLOSING}),
    ("amount_must_not_be_negative", "ledger_must_not_be_zero", {"amount": -1, "currency": ""}, {"amount": 1}),
    ("amount_must_not_be_zero", "ledger_must_not_be_zero", {"amount": 0, "currency": ""}, {"amount": 1}),
    ("ledger_must_not_be_zero", "code_must_not_be_zero", {"currency": "", "kind": ""}, {"currency": "CNY"}),
    ("code_must_not_be_zero", "debit_account_not_found", {"kind": "", "debit_account": UNKNOWN}, {"kind": "x"}),
    ("debit_account_not_found", "credit_account_not_found",
     {"debit_account": UNKNOWN, "credit_account": UUID(int=0xBAE)}, {"debit_account": ALICE}),
    ("credit_account_not_found", "transfer_must_have_the_same_ledger_as_accounts",
     {"credit_account": UNKNOWN, "currency": "JPY"}, {"credit_account": BOB}),
    ("accounts_must_have_the_same_ledger", "transfer_must_have_the_same_ledger_as_accounts",
     {"credit_account": YEN, "currency": "USD"}, {"credit_account": BOB}),
    ("transfer_must_have_the_same_ledger_as_accounts", "debit_account_already_closed",
     {"book": "test", "debit_account": SHUT}, {"book": "live"}),
    ("debit_account_already_closed", "credit_account_already_closed",
     {"debit_account": SHUT, "credit_account": SHUT_TOO}, {"debit_account": ALICE}),
    ("credit_account_already_closed", "overflows_debits_posted",
     {"credit_account": SHUT, "debit_account": BANK, "amount": AMOUNT_MAX}, {"credit_account": BOB}),
    ("overflows_debits_posted", "exceeds_debits",
     {"debit_account": BANK, "credit_account": FREE, "amount": AMOUNT_MAX},
     {"debit_account": FREE, "credit_account": BANK, "amount": 1_001}),
    ("exceeds_credits", "exceeds_debits", {"credit_account": BANK, "amount": 1_001}, {"debit_account": FREE}),
    ("exceeds_debits", "created", {"debit_account": FREE, "credit_account": BANK, "amount": 1_001}, {"amount": 1_000}),
]  # fmt: skip


def again(broken: NewTransfer, repair: dict[str, Any]) -> NewTransfer:
    """The same with one fault less, under an id that is not burnt."""
    fresh = {} if broken.id in (NOBODY, LAST) else {"id": new_id()}
    return replace(broken, **(fresh | repair))


@pytest.mark.parametrize(
    ("earlier", "later", "faults", "repair"), MOVES, ids=[f"{m[0]}-{m[1]}" for m in MOVES]
)
def test_movements_are_checked_in_this_order(earlier, later, faults, repair):
    broken = replace(transfer(ALICE, BOB, 100), **faults)
    assert post(broken) == [earlier]
    assert post(again(broken, repair)) == [later]


SAME_ID = [
    ("flags", PENDING), ("pending_id", UNKNOWN), ("timeout", NOON), ("debit_account_id", BOB),
    ("credit_account_id", FREE), ("amount", 99), ("user_data_128", UNKNOWN), ("ledger", "JPY"), ("code", "other"),
]  # fmt: skip
_FIELD = {"timeout": "expires_at", "debit_account_id": "debit_account", "credit_account_id": "credit_account",
          "user_data_128": "user_data", "ledger": "currency", "code": "kind"}  # fmt: skip


@pytest.mark.parametrize("position", range(len(SAME_ID)))
def test_differences_from_what_has_the_id_are_told_in_this_order(position):
    first = transfer(ALICE, BOB, 100)
    assert post(first) == ["created"]
    rest = {_FIELD.get(name, name): value for name, value in SAME_ID[position:]}
    assert post(replace(first, **rest)) == [f"exists_with_different_{SAME_ID[position][0]}"]


@pytest.mark.parametrize(
    "worse", [{"flags": POST | VOID}, {"debit_account": NOBODY}, {"amount": -1}, {"debit_account": UNKNOWN}]
)
def test_a_burnt_id_is_told_before_anything_else_is_looked_at(worse):
    burnt = transfer(ALICE, BOB, 5_000)
    assert post(burnt, replace(burnt, **worse)) == ["exceeds_credits", "id_already_failed"]
    assert post(replace(burnt, flags=RESERVED)) == ["reserved_flag"]


RESOLUTIONS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("flags_are_mutually_exclusive", "pending_id_must_not_be_zero", {"flags": POST | VOID, "pending_id": None},
     {"flags": POST}),
    ("flags_are_mutually_exclusive", "pending_id_must_not_be_int_max",
     {"flags": POST | TransferFlag.BALANCING_DEBIT, "pending_id": LAST}, {"flags": POST}),
    ("pending_id_must_not_be_zero", "timeout_reserved_for_pending_transfer",
     {"pending_id": NOBODY, "expires_at": NOON}, {"pending_id": UNKNOWN}),
    ("pending_id_must_not_be_int_max", "timeout_reserved_for_pending_transfer",
     {"pending_id": LAST, "expires_at": NOON}, {"pending_id": UNKNOWN}),
    ("timeout_reserved_for_pending_transfer", "amount_must_not_be_negative", {"expires_at": NOON, "amount": -1},
     {"expires_at": None}),
    ("amount_must_not_be_negative", "pending_transfer_not_found", {"amount": -1, "pending_id": UNKNOWN},
     {"amount": 0}),
    ("pending_transfer_not_pending", "pending_transfer_has_different_debit_account_id",
     {"pending_id": "plain", "debit_account": FREE}, {"pending_id": "open"}),
    ("pending_transfer_has_different_debit_account_id", "pending_transfer_has_different_credit_account_id",
     {"debit_account": FREE, "credit_account": FREE}, {"debit_account": ALICE}),
    ("pending_transfer_has_different_credit_account_id", "pending_transfer_has_different_ledger",
     {"credit_account": FREE, "currency": "JPY"}, {"credit_account": BOB}),
    ("pending_transfer_has_different_ledger", "exceeds_pending_transfer_amount",
     {"currency": "JPY", "amount": 101}, {"currency": "CNY"}),
    ("exceeds_pending_transfer_amount", "pending_transfer_already_posted", {"amount": 101, "pending_id": "posted"},
     {"amount": 100}),
    ("pending_transfer_has_different_amount", "pending_transfer_already_voided",
     {"flags": VOID, "amount": 99, "pending_id": "voided"}, {"amount": 100}),
    ("exceeds_pending_transfer_amount", "pending_transfer_expired", {"amount": 101, "pending_id": "due"},
     {"amount": 100}),
    ("pending_transfer_already_posted", "debit_account_already_closed", {"pending_id": "posted"},
     {"pending_id": "open"}),
    ("pending_transfer_already_voided", "debit_account_already_closed", {"pending_id": "voided"},
     {"pending_id": "open"}),
    ("pending_transfer_expired", "debit_account_already_closed", {"pending_id": "due"}, {"pending_id": "open"}),
    ("debit_account_already_closed", "credit_account_already_closed", {}, {"pending_id": "other"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "later", "faults", "repair"), RESOLUTIONS, ids=[f"{r[0]}-{r[1]}" for r in RESOLUTIONS]
)
def test_resolutions_are_checked_in_this_order(earlier, later, faults, repair):
    named = {
        "plain": transfer(ALICE, BOB, 1), "open": hold(), "posted": hold(), "voided": hold(),
        "due": hold(expires_at=NOON), "other": hold(BANK, BOB),
    }  # fmt: skip
    with clock.stopped(NOON - timedelta(hours=1)):
        assert set(post(*named.values(), take(named["posted"]), take(named["voided"], flags=VOID))) == {
            "created"
        }
    if "closed" in later:
        closing = hold(ALICE, BOB, 0, flags=TransferFlag.CLOSING_DEBIT | TransferFlag.CLOSING_CREDIT)
        assert post(closing) == ["created"]
    broken = take(named["open"], faults.get("amount", 0))
    broken = replace(broken, **_ids(faults, named))
    with clock.stopped(NOON):
        assert post(broken) == [earlier]
        assert post(again(broken, _ids(repair, named))) == [later]


def _ids(changes: dict[str, Any], named: dict[str, NewTransfer]) -> dict[str, Any]:
    return {n: named[v].id if isinstance(v, str) and v in named else v for n, v in changes.items()}


def account(*, flags: int = 0, dp: int = 0, dd: int = 0, cp: int = 0, cd: int = 0) -> Running:
    return Running(AccountRow(b"", "live", "CNY", flags, dp, dd, cp, cd, 0, None))


HALF, MAX = AMOUNT_MAX // 2 + 1, AMOUNT_MAX
# debit account, credit account, amount, reserves?, what is answered: each row breaks its rule and all that follow
BALANCES = [
    (account(flags=2, dp=MAX), account(flags=4, cp=MAX), 1, True, "overflows_debits_pending"),
    (account(flags=2, dd=MAX), account(flags=4, cp=MAX), 1, True, "overflows_credits_pending"),
    (account(flags=2, dd=MAX), account(flags=4, cd=MAX), 1, True, "overflows_debits_posted"),
    (account(flags=2, dd=MAX), account(flags=4, cd=MAX), 1, False, "overflows_debits_posted"),
    (account(flags=2, dd=HALF, dp=HALF), account(flags=4, cd=MAX), 1, False, "overflows_credits_posted"),
    (account(flags=2, dd=HALF, dp=HALF), account(flags=4, cd=HALF, cp=HALF), 1, False, "overflows_debits"),
    (account(flags=2), account(flags=4, cd=HALF, cp=HALF), 1, False, "overflows_credits"),
    (account(flags=2), account(flags=4), 1, False, "exceeds_credits"),
    (account(flags=4), account(flags=4), 1, False, "exceeds_debits"),
    (account(flags=4), account(flags=2), 1, False, None),
]


@pytest.mark.parametrize(("debit", "credit", "amount", "pending", "result"), BALANCES)
def test_balances_are_checked_in_this_order(debit, credit, amount, pending, result):
    assert of_balances(debit, credit, amount, pending) == result


def test_the_results_that_burn_an_id_are_exactly_the_documented_ones():
    assert {
        "debit_account_not_found", "credit_account_not_found", "pending_transfer_not_found", "exceeds_credits",
        "exceeds_debits", "debit_account_already_closed", "credit_account_already_closed",
    } == TRANSIENT  # fmt: skip
