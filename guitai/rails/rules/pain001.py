"""Writing ISO 20022 pain.001 files: customer credit transfer initiations, versions 03 and 09."""

from datetime import UTC
from xml.sax.saxutils import escape

from guitai.rails.rules.currencies import decimal_text
from guitai.rails.types import PayeeBank, Payout, PayoutBatch

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."


def pain001(batch: PayoutBatch) -> bytes:
    """One file for a batch of payouts in one currency.

    takes    the batch; names are already as the scheme can carry them
    gives    the file's bytes; its totals are made of its payments, never told
    source   ISO 20022 pain.001.001.03 and .09
    """
    currency = batch.currency
    count = len(batch.payouts)
    total = decimal_text(sum(payout.amount.minor for payout in batch.payouts), currency)
    debtor = batch.debtor
    day = batch.execution_on.isoformat()
    when = f"<Dt>{day}</Dt>" if batch.version == "09" else day
    level = (
        f"<PmtTpInf><SvcLvl><Cd>{escape(batch.service_level)}</Cd></SvcLvl></PmtTpInf>"
        if batch.service_level
        else ""
    )
    made_at = batch.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    header = (
        f"<GrpHdr><MsgId>{escape(batch.message_id)}</MsgId><CreDtTm>{made_at}</CreDtTm><NbOfTxs>{count}</NbOfTxs>"
        f"<CtrlSum>{total}</CtrlSum><InitgPty><Nm>{escape(debtor.name)}</Nm></InitgPty></GrpHdr>"
    )
    # Each payment is to be booked alone: so each has a line of its own on the statement.
    order = (
        f"<PmtInf><PmtInfId>{escape(batch.message_id)}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>"
        f"<NbOfTxs>{count}</NbOfTxs><CtrlSum>{total}</CtrlSum>{level}<ReqdExctnDt>{when}</ReqdExctnDt>"
        f"<Dbtr><Nm>{escape(debtor.name)}</Nm></Dbtr><DbtrAcct>{_account(debtor.account)}<Ccy>{currency}</Ccy>"
        f"</DbtrAcct><DbtrAgt>{_bank(debtor.bank, batch.version) or _NO_BANK}</DbtrAgt>"
        f"<ChrgBr>{batch.charges}</ChrgBr>"
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<Document xmlns="{_NAMESPACE}{batch.version}"><CstmrCdtTrfInitn>',
        header,
        order,
        *(_payment(payout, batch) for payout in batch.payouts),
        "</PmtInf></CstmrCdtTrfInitn></Document>\n",
    ]
    return "\n".join(lines).encode()


_NO_BANK = "<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>"


def _payment(payout: Payout, batch: PayoutBatch) -> str:
    reference = escape(payout.order_reference)
    amount = decimal_text(payout.amount.minor, payout.amount.currency)
    agent = _bank(payout.payee_bank, batch.version)
    words = f"<RmtInf><Ustrd>{escape(payout.remittance)}</Ustrd></RmtInf>" if payout.remittance else ""
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{reference}</InstrId><EndToEndId>{reference}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="{payout.amount.currency}">{amount}</InstdAmt></Amt>'
        + (f"<CdtrAgt>{agent}</CdtrAgt>" if agent else "")
        + f"<Cdtr><Nm>{escape(payout.payee_name)}</Nm></Cdtr>"
        f"<CdtrAcct>{_account(payout.payee_account)}</CdtrAcct>{words}</CdtTrfTxInf>"
    )


def _account(number: str) -> str:
    plain = "".join(number.split())
    # An IBAN begins with a country and two check digits; anything else is a number of the bank's own.
    if plain[:2].isalpha() and plain[:2].isascii() and plain[2:4].isdigit() and 15 <= len(plain) <= 34:
        return f"<Id><IBAN>{escape(plain.upper())}</IBAN></Id>"
    return f"<Id><Othr><Id>{escape(plain)}</Id></Othr></Id>"


def _bank(bank: PayeeBank | None, version: str) -> str:
    """A bank by its BIC, or by its number in a clearing system (`CNAPS` and its like)."""
    if bank is None:
        return ""
    if bank.bic:
        tag = "BICFI" if version == "09" else "BIC"
        return f"<FinInstnId><{tag}>{escape(bank.bic)}</{tag}></FinInstnId>"
    system = f"<ClrSysId><Cd>{escape(bank.clearing_system)}</Cd></ClrSysId>" if bank.clearing_system else ""
    return f"<FinInstnId><ClrSysMmbId>{system}<MmbId>{escape(bank.clearing_number)}</MmbId></ClrSysMmbId></FinInstnId>"
