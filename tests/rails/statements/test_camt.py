"""ISO 20022 camt messages: every field's rule, in every version, with what each refuses."""

import io
from datetime import date

import pytest

from guitai.base.refusal import Refusal
from guitai.rails import errors
from guitai.rails.statements import Entry, Limits, Statement, read_all
from tests.rails.statements.samples import balance, camt, details, entry, statement

OLD_STATUS = "<Sts>BOOK</Sts>"


def read(content: bytes, **how: object) -> list[Statement]:
    return read_all(io.BytesIO(content), **how)


def one(entries: str, *, closing: str | None = None, opening: str | None = None, **more: str) -> list[Entry]:
    statements = read(camt(statement(entries, opening=opening, closing=closing, **more)))
    assert len(statements) == 1
    return list(statements[0].entries)


def refused(content: bytes, **how: object) -> Refusal:
    with pytest.raises(errors.StatementRefused) as caught:
        read(content, **how)
    return caught.value


@pytest.mark.parametrize("version", [f"{n:02d}" for n in range(2, 14)])
def test_each_version_says_the_same(version: str) -> None:
    new = int(version) >= 8
    line = entry(
        status="<Sts><Cd>BOOK</Cd></Sts>" if new else OLD_STATUS,
        details=details(party=new),
        reference="B1",
    )
    found = read(camt(statement(line, closing="1100.00"), version=version))
    head = found[0].head
    assert (head.account, head.currency, head.opening, head.number) == ("622848001000", "CNY", 100_000, "7")
    assert found[0].foot.closing == 110_000
    got = found[0].entries[0]
    assert (got.amount, got.credit, got.reversal) == (10_000, True, False)
    assert (got.booked_on, got.value_on) == (date(2026, 11, 22), date(2026, 11, 23))
    assert (got.reference, got.end_to_end_id, got.counterparty, got.counterparty_account) == (
        "B1",
        "E1",
        "林月",
        "6222-1",
    )
    assert (got.remittance, got.bank_code) == ("7KMR-3AX-WH4", "PMNT/RCDT/ESCT")


@pytest.mark.parametrize("version", ["01", "14", "99"])
def test_refuses_a_version_that_is_not_known(version: str) -> None:
    refusal = refused(camt(statement(), version=version))
    assert refusal.code == "statement_version_unknown"
    assert refusal.facts["found"] == f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"


@pytest.mark.parametrize(
    "namespace", ["", "urn:example:camt.053.001.08", "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"]
)
def test_refuses_another_namespace(namespace: str) -> None:
    assert refused(camt(statement(), namespace=namespace)).code == "statement_version_unknown"


def test_prefixes_and_envelopes_change_nothing() -> None:
    plain = camt(statement(entry(), closing="1100.00")).decode().split("?>")[1]
    prefixed = (
        plain.replace("xmlns=", "xmlns:n=")
        .replace("</", "</n:")
        .replace("<", "<n:")
        .replace("<n:/n:", "</n:")
    )
    header = '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr>BANK</Fr></AppHdr>'
    wrapped = f"<Envelope>{header}{prefixed}</Envelope>".encode()
    assert read(wrapped) == read(plain.encode())


def test_two_messages_in_one_envelope_are_both_read() -> None:
    plain = camt(statement(entry(), closing="1100.00")).decode().split("?>")[1]
    assert len(read(f"<Envelope>{plain}{plain}</Envelope>".encode())) == 2


def test_elements_of_another_namespace_are_not_ours() -> None:
    foreign = '<Ntry xmlns="urn:example:other"><Amt Ccy="CNY">9.99</Amt></Ntry>'
    assert one(entry() + foreign) == one(entry())


def test_several_accounts_in_one_file() -> None:
    found = read(
        camt(
            statement(entry(), closing="1100.00")
            + statement(
                entry("5", "DBIT", currency="JPY"), currency="JPY", opening="10", closing="5", account="A2"
            )
            + statement(
                entry("1.234", currency="KWD"), currency="KWD", opening="0", closing="1.234", account="A3"
            )
        )
    )
    assert [(s.head.account, s.head.currency, s.foot.closing) for s in found] == [
        ("622848001000", "CNY", 110_000),
        ("A2", "JPY", 5),
        ("A3", "KWD", 1_234),
    ]


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("100", "CNY", 10_000),
        ("100.5", "CNY", 10_050),
        ("100.50000", "CNY", 10_050),
        ("0.01", "CNY", 1),
        ("+1.00", "CNY", 100),
        (" 1.00 ", "CNY", 100),
        ("0", "CNY", 0),
        ("12", "JPY", 12),
        ("12.00", "JPY", 12),
        ("1.234", "KWD", 1_234),
        ("1.2345", "CLF", 12_345),
        ("9007199254740993.00", "CNY", 900_719_925_474_099_300),
    ],
)
def test_amounts_are_exact(text: str, currency: str, minor: int) -> None:
    assert one(entry(text, currency=currency), currency=currency)[0].amount == minor


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("1.005", "CNY", "statement_amount_too_precise"),
        ("1.5", "JPY", "statement_amount_too_precise"),
        ("1.2345", "KWD", "statement_amount_too_precise"),
        ("", "CNY", "statement_amount_wrong"),
        ("-1.00", "CNY", "statement_amount_wrong"),
        ("1,00", "CNY", "statement_amount_wrong"),
        ("1e3", "CNY", "statement_amount_wrong"),
        ("NaN", "CNY", "statement_amount_wrong"),
        ("１００", "CNY", "statement_amount_wrong"),
        ("100000000000000000", "CNY", "statement_amount_wrong"),
        ("1.00", "XXX", "statement_currency_unknown"),
        ("1.00", "cny", "statement_currency_unknown"),
    ],
)
def test_refuses_amounts_that_are_not_exact(text: str, currency: str, code: str) -> None:
    refusal = refused(
        camt(statement(entry(text, currency=currency), opening=None, closing=None, currency=currency))
    )
    assert refusal.code == code


def test_a_refusal_says_the_line() -> None:
    refusal = refused(camt(statement("\n\n" + entry("1.005"), opening=None, closing=None)))
    assert refusal.facts["line"] == 4


def test_refuses_two_currencies_on_one_account() -> None:
    assert refused(camt(statement(entry(currency="USD")))).code == "statement_currency_mixed"
    mixed = balance("OPBD", "1.00", "USD")
    assert refused(camt(statement(opening=None, extra=mixed))).code == "statement_currency_mixed"


def test_refuses_a_statement_that_does_not_add_up() -> None:
    refusal = refused(camt(statement(entry(), closing="1100.01")))
    assert refusal.code == "statement_unbalanced"
    assert refusal.facts["difference"] == {"amount": 1, "currency": "CNY"}
    assert read(camt(statement(entry(), closing="1100.00")))


def test_debits_and_overdrafts_are_negative() -> None:
    found = read(camt(statement(entry("1500.00", "DBIT"), closing="-500.00")))[0]
    assert (found.foot.closing, found.foot.debits, found.entries[0].credit) == (-50_000, 150_000, False)


@pytest.mark.parametrize(
    ("given", "opening", "closing"),
    [
        ((("OPBD", "1.00"), ("CLBD", "2.00")), 100, 200),
        ((("PRCD", "1.00"), ("CLBD", "2.00")), 100, 200),
        ((("OPBD", "1.00"), ("ITBD", "2.00")), 100, 200),
        ((("ITBD", "1.00"), ("CLBD", "2.00")), 100, 200),
        ((("ITBD", "1.00"), ("ITBD", "2.00")), 100, 200),
        ((("CLBD", "2.00"), ("OPBD", "1.00"), ("CLAV", "9.00"), ("FWAV", "8.00")), 100, 200),
        ((("OPBD", "1.00"),), 100, None),
        ((("CLBD", "2.00"),), None, 200),
        ((), None, None),
    ],
)
def test_balances(given: tuple[tuple[str, str], ...], opening: int | None, closing: int | None) -> None:
    extra = "".join(balance(kind, amount) for kind, amount in given)
    found = read(camt(statement(entry("1.00"), opening=None, closing=None, extra=extra)))[0]
    assert (found.head.opening, found.foot.closing) == (opening, closing)


def test_a_statement_of_several_days_takes_its_first_opening_and_last_closing() -> None:
    extra = (
        balance("OPBD", "1.00", day="2026-11-21")
        + balance("CLBD", "2.00", day="2026-11-21")
        + balance("OPBD", "2.00", day="2026-11-22")
        + balance("CLBD", "4.00", day="2026-11-22")
    )
    found = read(camt(statement(entry("3.00"), opening=None, closing=None, extra=extra)))[0]
    assert (found.head.opening, found.foot.closing) == (100, 400)


def test_a_balance_after_entries_is_not_a_statement() -> None:
    assert (
        refused(camt(statement(entry() + balance("CLBD", "2.00")))).facts["problem"]
        == "balance_after_entries"
    )


def test_a_reversal_moves_the_other_way_and_keeps_its_payer() -> None:
    came, back = one(
        entry(details=details())
        + entry("100.00", "DBIT", reversal="<RvslInd>true</RvslInd>", details=details())
    )
    assert (came.credit, came.reversal, came.counterparty) == (True, False, "林月")
    assert (back.credit, back.reversal, back.counterparty) == (False, True, "林月")
    assert one(entry(reversal="<RvslInd>0</RvslInd>"))[0].reversal is False
    assert refused(camt(statement(entry(reversal="<RvslInd>maybe</RvslInd>")))).facts["problem"] == "reversal"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("<Dt>2026-11-22</Dt>", date(2026, 11, 22)),
        ("<Dt>2026-11-22+08:00</Dt>", date(2026, 11, 22)),
        ("<DtTm>2026-11-22T23:59:59+08:00</DtTm>", date(2026, 11, 22)),
        ("<DtTm>2026-11-22T00:10:00.123Z</DtTm>", date(2026, 11, 22)),
        ("<DtTm>2026-11-22T00:10:00</DtTm>", date(2026, 11, 22)),
    ],
)
def test_days_are_the_banks_own(words: str, day: date) -> None:
    got = one(entry(booked=f"<BookgDt>{words}</BookgDt>", value=f"<ValDt>{words}</ValDt>"))[0]
    assert (got.booked_on, got.value_on) == (day, day)


@pytest.mark.parametrize("words", ["2026-02-30", "22.11.2026", "2026-11-22T", "0000-01-01", "2026-11-2２"])
def test_refuses_a_day_that_does_not_exist(words: str) -> None:
    refusal = refused(camt(statement(entry(booked=f"<BookgDt><Dt>{words}</Dt></BookgDt>"))))
    assert (refusal.code, refusal.facts["problem"]) == ("statement_malformed", "date")


def test_a_day_that_is_not_given_is_none() -> None:
    got = one(entry(booked="", value=""))[0]
    assert (got.booked_on, got.value_on) == (None, None)


@pytest.mark.parametrize(
    "status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts><Cd>INFO</Cd></Sts>"]
)
def test_what_is_not_booked_is_no_entry(status: str) -> None:
    found = read(camt(statement(entry() + entry(status=status), closing="1100.00")))[0]
    assert (len(found.entries), found.foot.pending) == (1, 1)


def _share(amount: str, direction: str = "CRDT", currency: str = "CNY") -> str:
    return f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'


def test_a_batch_is_one_line_for_each_payment() -> None:
    batch = "<Btch><PmtInfId>P1</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>"
    inner = "".join(
        details(f"E{n}", amount=_share(f"{n}0.00"), reference=f"<AcctSvcrRef>T{n}</AcctSvcrRef>")
        for n in (1, 2, 3)
    )
    found = read(
        camt(statement(entry("60.00", batch=batch, details=inner) + entry("1.00"), closing="1061.00"))
    )[0]
    assert [(e.position, e.booking, e.amount, e.end_to_end_id, e.reference) for e in found.entries] == [
        (0, 1, 1_000, "E1", "T1"),
        (1, 1, 2_000, "E2", "T2"),
        (2, 1, 3_000, "E3", "T3"),
        (3, 2, 100, None, "B1"),
    ]
    assert [(e.batch_count, e.batch_part, e.batch_reference) for e in found.entries[:3]] == [
        (3, 1, "P1"),
        (3, 2, "P1"),
        (3, 3, "P1"),
    ]


@pytest.mark.parametrize(
    "shares",
    [
        (_share("10.00"), _share("20.01")),
        (_share("10.00"), ""),
        (_share("10.00"), _share("20.00", currency="USD")),
        (_share("10.00"), _share("20.00", "DBIT")),
    ],
)
def test_a_batch_whose_payments_are_not_the_whole_stays_one_line(shares: tuple[str, str]) -> None:
    got = one(entry("30.00", details="".join(details(f"E{n}", amount=s) for n, s in enumerate(shares))))
    assert [(e.amount, e.end_to_end_id, e.batch_count, e.batch_part) for e in got] in (
        [(3_000, None, 0, 0)],
        [(3_000, None, 2, 0)],
    )


def test_a_batch_of_mixed_directions_keeps_its_sum() -> None:
    inner = details("E1", amount=_share("50.00")) + details("E2", amount=_share("20.00", "DBIT"))
    got = one(entry("30.00", details=inner))
    assert [(e.amount, e.credit) for e in got] == [(5_000, True), (2_000, False)]


def test_version_02_names_amounts_of_payments_otherwise() -> None:
    inner = "".join(
        details(f"E{n}", extra=f'<AmtDtls><TxAmt><Amt Ccy="CNY">{n}.00</Amt></TxAmt></AmtDtls>', party=False)
        for n in (1, 2)
    )
    line = entry("3.00", status=OLD_STATUS, details=inner)
    found = read(camt(statement(line, closing="1003.00"), version="02"))[0]
    assert [e.amount for e in found.entries] == [100, 200]


def test_a_batch_booked_as_one_sum_is_named() -> None:
    batch = "<Btch><MsgId>M9</MsgId><PmtInfId>P9</PmtInfId><NbOfTxs>250</NbOfTxs></Btch>"
    got = one(entry("30.00", "DBIT", batch=batch))[0]
    assert (got.batch_count, got.batch_part, got.batch_reference) == (250, 0, "P9")


@pytest.mark.parametrize(
    ("charges", "minor"),
    [
        ('<Chrgs><TtlChrgsAndTaxAmt Ccy="CNY">0.50</TtlChrgsAndTaxAmt></Chrgs>', 50),
        ('<Chrgs><Amt Ccy="CNY">0.30</Amt></Chrgs><Chrgs><Amt Ccy="CNY">0.20</Amt></Chrgs>', 50),
        ('<Chrgs><Rcrd><Amt Ccy="CNY">0.50</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>', 50),
        ('<Chrgs><Rcrd><Amt Ccy="CNY">0.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>', 50),
        ('<Chrgs><Rcrd><Amt Ccy="CNY">0.50</Amt><ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>', 0),
        ('<Chrgs><Rcrd><Amt Ccy="CNY">0.50</Amt><CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>', -50),
        ('<Chrgs><Amt Ccy="USD">0.50</Amt></Chrgs>', 0),
        ("", 0),
    ],
)  # fmt: skip
def test_charges_within_an_amount(charges: str, minor: int) -> None:
    assert one(entry(charges=charges))[0].charges == minor


def test_payments_of_a_batch_may_be_given_before_their_charges() -> None:
    charge = '<Chrgs><Rcrd><Amt Ccy="CNY">0.50</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>'
    inner = "".join(details(f"E{n}", amount=_share("10.00") + charge) for n in (1, 2))
    assert [(e.amount, e.charges) for e in one(entry("19.00", details=inner))] == [(950, 50), (950, 50)]


def test_references_and_names() -> None:
    assert one(entry(details=details("NOTPROVIDED")))[0].end_to_end_id is None
    assert one(entry(reference=None))[0].reference is None
    got = one(entry("1.00", "DBIT", details=details()))[0]
    assert (got.counterparty, got.counterparty_account) == ("Guitai", "DE1")
    assert (
        one(entry(additional="<AddtlNtryInf>Interest\n  for May</AddtlNtryInf>"))[0].remittance
        == "Interest   for May"
    )


def test_remittance_is_every_line_of_it() -> None:
    words = "<Ustrd>first</Ustrd><Ustrd>second</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd>"
    assert one(entry(details=details(remittance=words)))[0].remittance == "first second RF18"


def test_a_return_says_why() -> None:
    extra = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>closed</AddtlInf><AddtlInf>account</AddtlInf></RtrInf>"
    got = one(entry(details=details(extra=extra)))[0]
    assert (got.return_reason, got.return_text) == ("AC04", "closed account")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (camt(statement(entry(direction="BOTH"))), "direction"),
        (camt(statement(account="")), "account_missing"),
        (camt(""), "no_statement"),
        (camt(statement(entry().replace("</Amt>", '</Amt><Amt Ccy="CNY">5.00</Amt>'))), "twice_amount"),
        (camt(statement(entry(details=details(remittance=f"<Ustrd>{'x' * 5000}</Ustrd>")))), "text_too_long"),
    ],
)
def test_refuses_what_is_malformed(content: bytes, problem: str) -> None:
    refusal = refused(content)
    assert (refusal.code, refusal.facts["problem"]) == ("statement_malformed", problem)


def test_notices_and_reports_have_entries_without_balances() -> None:
    for message, tag, kind in (("camt.054", "Ntfctn", "notice"), ("camt.052", "Rpt", "report")):
        found = read(camt(statement(entry(), opening=None, closing=None, tag=tag), message=message))[0]
        assert (found.head.kind, found.head.opening, len(found.entries)) == (kind, None, 1)
    # A report of a day that is not over need not add up yet.
    assert read(camt(statement(entry(), tag="Rpt"), message="camt.052"))


def test_limits_hold() -> None:
    many = camt(statement() * 3)
    assert refused(many, limits=Limits(statements_max=2)).facts["problem"] == "statements"
    inner = "".join(details(f"E{n}") for n in range(3))
    assert (
        refused(camt(statement(entry(details=inner))), limits=Limits(batch_max=2)).facts["problem"] == "batch"
    )
    assert refused(many, limits=Limits(bytes_max=100)).facts["problem"] == "file"
    assert len(read(many)) == 3
