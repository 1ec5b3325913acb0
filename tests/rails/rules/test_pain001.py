"""pain.001 files are what the standard's own schema says, and their totals are those of their payments."""

from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.base.money import Money
from guitai.rails.rules.names import NotWritable, written_name, written_words
from guitai.rails.rules.pain001 import pain001
from guitai.rails.types import PayeeBank, Payout, PayoutBatch, PayoutDebtor

VERSIONS: tuple[Literal["03", "09"], ...] = ("03", "09")
NAMES = st.text(min_size=1, max_size=60)
ACCOUNTS = st.text("0123456789", min_size=5, max_size=30)
REFERENCES = st.text("23456789ACFHJKMRWXY", min_size=10, max_size=10)


@lru_cache
def schema(version: str) -> xmlschema.XMLSchema:
    """The standard's schema, as a package brings it."""
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / f"pain.001.001.{version}.xsd"))


def payout(reference: str = "2222222F2H", amount: Money = Money(10_000, "CNY"), **changes: Any) -> Payout:  # noqa: B008
    return Payout(**{
        "order_reference": reference, "amount": amount, "payee_name": "林月", "payee_account": "6222 0001",
        **changes,
    })  # fmt: skip


def batch(*payouts: Payout, version: Literal["03", "09"] = "09", **changes: Any) -> PayoutBatch:
    return PayoutBatch(**{
        "message_id": "G0123456789", "made_at": datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
        "execution_on": date(2026, 11, 23), "currency": payouts[0].amount.currency,
        "debtor": PayoutDebtor("Guitai", "622848001000", PayeeBank(bic="BANKCNBJ")), "payouts": payouts,
        "version": version, **changes,
    })  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"payee_account": "DE02 1203 0000 0000 2020 51"},
        {"payee_bank": PayeeBank(bic="BANKCNBJ")},
        {"payee_bank": PayeeBank(clearing_system="CNAPS", clearing_number="102100099996")},
        {"payee_bank": PayeeBank(clearing_number="102100099996")},
        {"remittance": "withdrawal & <thanks>"},
        {"payee_name": 'A & B <"quoted">'},
    ],
)
def test_files_are_valid(version: Literal["03", "09"], changes: dict[str, Any]) -> None:
    schema(version).validate(pain001(batch(payout(**changes), version=version)).decode())


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_does_refuse(version: Literal["03", "09"]) -> None:
    whole = pain001(batch(payout(), version=version)).decode()
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema(version).validate(whole.replace("<CtrlSum>100.00", "<CtrlSum>x"))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_account_without_a_bank_and_a_scheme_with_a_level(version: Literal["03", "09"]) -> None:
    debtor = PayoutDebtor("Guitai", "DE02120300000000202051", None)
    content = pain001(batch(payout(), version=version, debtor=debtor, service_level="SEPA", charges="SHAR"))
    schema(version).validate(content.decode())
    assert b"<Cd>SEPA</Cd>" in content and b"<ChrgBr>SHAR</ChrgBr>" in content


@settings(max_examples=40, deadline=None)
@given(
    version=st.sampled_from(VERSIONS),
    currency=st.sampled_from(["CNY", "JPY", "EUR"]),
    items=st.lists(
        st.tuples(
            REFERENCES,
            st.integers(1, 10**12),
            st.text(min_size=1, max_size=60),
            st.text("0123456789", min_size=5, max_size=30),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_whatever_is_asked_for_is_valid_and_adds_up(
    version: Literal["03", "09"], currency: str, items: list[tuple[str, int, str, str]]
) -> None:
    payouts = []
    for reference, minor, name, account in items:
        for charset in ("unicode", "latin"):
            try:
                written = written_name(name, charset) or "-"
            except NotWritable:
                continue
            words = written_words(name, charset)
            whom = {"payee_name": written, "payee_account": account, "remittance": words}
            payouts.append(payout(reference, Money(minor, currency), **whom))
    if not payouts:
        return
    content = pain001(batch(*payouts, version=version)).decode()
    schema(version).validate(content)
    space = {"p": f"urn:iso:std:iso:20022:tech:xsd:pain.001.001.{version}"}
    root = ET.fromstring(content)
    expected = Money(sum(p.amount.minor for p in payouts), currency).decimal()
    assert {node.text for node in root.findall(".//p:CtrlSum", space)} == {expected}
    assert {node.text for node in root.findall(".//p:NbOfTxs", space)} == {str(len(payouts))}
    assert [node.text for node in root.findall(".//p:InstdAmt", space)] == [
        p.amount.decimal() for p in payouts
    ]


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("林月", "LIN YUE"), ("欧阳娜娜", "OUYANG NANA"), ("欧阳", "OU YANG"), ("王小明", "WANG XIAOMING"),
        ("吕布", "LYU BU"),
        ("José Ñandú", "Jose Nandu"), ("Łukasz Größe", "Lukasz Grosse"), ("Zhang & Co", "Zhang + Co"),
        ("O’Neill", "O'Neill"), ("  a \n b ", "a b"), ("北京市 Ltd.", "BEI JINGSHI Ltd."), ("Ａｌｉｃｅ", "Alice"),
        ("a//b/", "a/b"), ("x" * 90, "x" * 70),
    ],
)  # fmt: skip
def test_names_in_latin_letters(name: str, latin: str) -> None:
    assert written_name(name, "latin") == latin


@pytest.mark.parametrize("name", ["Γιώργος", "Иван", "محمد", "", "!!!"])
def test_names_that_a_latin_scheme_has_no_form_for(name: str) -> None:
    with pytest.raises(NotWritable):
        written_name(name, "latin")


def test_a_scheme_of_all_letters_keeps_names_as_they_are() -> None:
    assert written_name(" 林月\u200b\x00 ", "unicode") == "林月"
    assert written_words("充值 Иван", "latin") == "CHONG ZHI"
