"""The bank reads payment files as strictly as a bank: what it takes is valid, and it takes what the wallet writes."""

import copy
import random
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.rails.rules.names import written_name
from guitai.rails.types import PayeeBank
from guitai.sandbox.bank.clearing import files as taken_files
from guitai.sandbox.bank.pain001 import FileRefused, read_file
from tests.sandbox.bank import Bank, order, payout

VERSIONS: tuple[Literal["03", "09"], ...] = ("03", "09")


@lru_cache
def schema(version: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / f"pain.001.001.{version}.xsd"))


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


@settings(max_examples=60, deadline=None)
@given(
    version=st.sampled_from(VERSIONS),
    minor=st.integers(1, 10**12),
    name=st.text(min_size=1, max_size=40),
    account=st.text("0123456789", min_size=5, max_size=30),
    whose=st.sampled_from([None, PayeeBank(bic="BANKCNBJ"), PayeeBank(clearing_number="102100099996"),
                           PayeeBank(clearing_system="CNAPS", clearing_number="102100099996")]),
)  # fmt: skip
def test_it_takes_whatever_the_wallet_writes(
    version: Literal["03", "09"], minor: int, name: str, account: str, whose: PayeeBank | None
) -> None:
    one = payout("2222222F2H", account, minor)
    changed = {"payee_name": written_name(name, "unicode") or "-", "payee_bank": whose}
    one = type(one)(**{**{key: getattr(one, key) for key in one.__slots__}, **changed})
    [read] = read_file(order(one, version=version)).payments
    assert (read.amount, read.payee_account, read.end_to_end) == (minor, account, "2222222F2H")


@settings(max_examples=300, deadline=None)
@given(version=st.sampled_from(VERSIONS), seed=st.integers(0, 10**9))
def test_what_it_takes_is_valid_whatever_was_done_to_the_file(
    version: Literal["03", "09"], seed: int
) -> None:
    chance = random.Random(seed)
    root = ET.fromstring(order(payout("A1"), payout("A2", minor=2_050), version=version))
    for _ in range(chance.randint(1, 2)):
        _damage(root, chance)
    content = ET.tostring(root)
    try:
        read_file(content)
    except FileRefused:
        return
    schema(version).validate(content.decode())


def _damage(root: ET.Element, chance: random.Random) -> None:
    parents = [node for node in root.iter() if len(node)]
    if not parents:
        return
    parent = chance.choice(parents)
    at = chance.randrange(len(parent))
    child = parent[at]
    what = chance.randrange(6)
    if what == 0:
        parent.remove(child)
    elif what == 1:
        parent.insert(at, copy.deepcopy(child))
    elif what == 2:
        parent.remove(child)
        parent.append(child)
    elif what == 3:
        child.tag = child.tag + "x"
    elif what == 4:
        child.text = chance.choice(["", " ", "x" * 200, "-1", "2026-13-40", "１０", "1e5", "0.001", "\t"])
    else:
        child.set("Ccy", chance.choice(["CNY", "cny", "USD"]))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("<NbOfTxs>2<", "<NbOfTxs>3<"), "AM18"),
        (("<CtrlSum>120.50<", "<CtrlSum>120.51<"), "AM10"),
        (("20.50</InstdAmt>", "20.505</InstdAmt>"), "AM12"),
        (("20.50</InstdAmt>", "0.00</InstdAmt>"), "AM12"),
        (("<Ccy>CNY</Ccy>", "<Ccy>EUR</Ccy>"), "AM03"),
        (('Ccy="CNY">100', 'Ccy="XTS">100'), "AM03"),
        (("<Dt>2026-11-23<", "<Dt>2026-02-30<"), "DT01"),
        (("<?xml", "<!--"), "FF01"),
        (("<Document", '<!DOCTYPE a [<!ENTITY b "c">]><Document'), "FF01"),
        (("pain.001.001.09", "pain.001.001.11"), "FF01"),
        (("<PmtMtd>TRF<", "<PmtMtd>CHK<"), "FF01"),
    ],
)
def test_a_file_that_is_not_right_is_refused_whole_and_said_why(
    bank: Bank, change: tuple[str, str], reason: str
) -> None:
    content = order(payout("A1"), payout("A2", minor=2_050), message="G1").decode()
    assert change[0] in content
    bank.give(content.replace(*change).encode())
    refused = bank.statuses()
    assert [(one.status, one.reason) for one in refused] == [("RJCT", reason)]
    assert bank.balance == 0 and not list((bank.home / "in").iterdir())
    # Put right, under the same name, it is taken.
    bank.give(content.encode())
    assert bank.balance == -12_050


def test_the_same_file_pays_once_and_another_of_its_name_is_refused(bank: Bank) -> None:
    content = order(payout("A1"), message="G1")
    bank.give(content, "first.xml")
    bank.give(content, "again.xml")
    assert bank.balance == -10_000
    bank.give(order(payout("A2"), message="G1"), "other.xml")
    assert bank.balance == -10_000
    assert bank.statuses()[-1].reason == "DU01"
    assert [one["payments"] for one in taken_files(bank.world)] == [1]


def test_what_is_still_being_written_is_left(bank: Bank) -> None:
    (bank.home / "in" / "a.xml.part").write_bytes(b"<Doc")
    (bank.home / "in" / ".drafts").mkdir()
    bank.turn()
    assert (bank.home / "in" / "a.xml.part").exists() and bank.statuses() == []


def test_money_that_is_not_there_does_not_leave(bank: Bank) -> None:
    bank.give(order(payout("A1", minor=100_000_001)))
    assert bank.told("A1") == [("RJCT", "AM04")]
    bank.receive(1)
    bank.give(order(payout("A2", minor=100_000_001)))
    assert bank.told("A2") == [("ACSC", None)]


def test_accounts_of_others_and_far_days_are_refused(bank: Bank) -> None:
    content = order(payout("A1"), message="G1").decode()
    bank.give(content.replace("6228480010002026018", "6228480010002099999").encode())
    assert bank.told("A1") == [("RJCT", "AC02")]
    late: dict[str, Any] = {"execution_on": date(2027, 3, 1)}
    bank.give(order(payout("A2"), **late))
    assert bank.told("A2") == [("RJCT", "DT01")]
    assert bank.balance == 0
