"""Status files: what is damaged or hostile is refused, whatever it holds."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.rails.errors import StatementRefused
from guitai.rails.statements.pain002 import is_payout_status, read_payout_status

WHOLE = (
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>M'
    b"</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>P</OrgnlPmtInfId><TxInfAndSts>"
    b"<OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>closed</AddtlInf>"
    b"</StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
)


def test_the_file_and_its_payments() -> None:
    group, payment = read_payout_status(io.BytesIO(WHOLE))
    assert (group.message_id, group.end_to_end_id, group.status) == ("M", None, "PART")
    assert (payment.payment_information_id, payment.end_to_end_id, payment.status) == ("P", "E1", "RJCT")
    assert (payment.reason, payment.reason_text) == ("AC04", "closed")
    assert is_payout_status(WHOLE) and not is_payout_status(WHOLE.replace(b"pain.002", b"camt.053"))


def test_version_02_names_things_otherwise() -> None:
    old = WHOLE.replace(b"002.001.10", b"002.001.02").replace(b"CstmrPmtStsRpt", b"pain.002.001.02")
    old = old.replace(b"<Rsn>", b"<StsRsn>").replace(b"</Rsn>", b"</StsRsn>")
    assert [one.reason for one in read_payout_status(io.BytesIO(old))] == [None, "AC04"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (WHOLE[:300], "statement_incomplete"),
        (WHOLE.replace(b"002.001.10", b"002.001.99"), "statement_version_unknown"),
        (b"<!DOCTYPE x>" + WHOLE, "statement_hostile"),
        (WHOLE.replace(b"<OrgnlMsgId>M</OrgnlMsgId>", b""), "statement_malformed"),
        (WHOLE.replace(b"<OrgnlEndToEndId>E1</OrgnlEndToEndId>", b""), "statement_malformed"),
        (b"pain.002.001.10", "statement_unrecognised"),
    ],
)
def test_refusals(content: bytes, code: str) -> None:
    with pytest.raises(StatementRefused) as caught:
        list(read_payout_status(io.BytesIO(content)))
    assert caught.value.code == code


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(WHOLE)), removed=st.integers(0, 40), added=st.binary(max_size=20))
def test_damage_is_refused_or_harmless(at: int, removed: int, added: bytes) -> None:
    try:
        list(read_payout_status(io.BytesIO(WHOLE[:at] + added + WHOLE[at + removed :])))
    except StatementRefused:
        pass  # an answer; anything else is a fault
