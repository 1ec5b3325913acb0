"""The same day in the older ways: MT940, and CSV as a bank that offers nothing else writes it."""

import csv
import io
from datetime import date

from guitai.base.money import Money
from guitai.sandbox.bank.books import parts_of
from guitai.sandbox.bank.camt import Sheet
from guitai.sandbox.store import Row

_HEADINGS = ("记账日", "起息日", "收入", "支出", "余额", "流水号", "对方户名", "对方账号", "摘要")
_WORDS_MAX = 65


def mt940(sheet: Sheet) -> bytes:
    """One day as MT940; in UTF-8, since names are Chinese. Source: SWIFT MT940, subfields of :86: as in DFU."""
    currency = sheet.account["currency"]
    lines = [
        f":20:{(sheet.reference or 'STATEMENT')[:16]}",
        f":25:{sheet.account['number']}",
        f":28C:{sheet.number or 1:05d}/001",
        f":60F:{_balance(sheet.opening, sheet.day, currency)}",
    ]
    for line in sheet.lines:
        lines += _line(line)
    lines.append(f":62F:{_balance(sheet.closing, sheet.day, currency)}")
    return ("\r\n".join([*lines, "-", ""])).encode()


def csv_file(sheet: Sheet) -> bytes:
    """One day as CSV in GB18030, oldest first; a booking of several payments is one line, as it is on paper."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADINGS)
    balance = sheet.opening
    for line in sheet.lines:
        balance += line["amount"]
        amount = _decimal(abs(line["amount"]), line["currency"])
        writer.writerow([
            line["day"], line["day"], amount if line["amount"] >= 0 else "", amount if line["amount"] < 0 else "",
            _decimal(balance, line["currency"]), line["reference"], line["counterparty"] or "",
            "".join((line["counterparty_account"] or "").split()), _words(line),
        ])  # fmt: skip
    return out.getvalue().encode("gb18030")


def _line(line: Row) -> list[str]:
    day = date.fromisoformat(line["day"])
    mark = ("R" if line["reversal"] else "") + _mark(line)
    amount = _decimal(abs(line["amount"]), line["currency"]).replace(".", ",")
    amount = amount if "," in amount else f"{amount},"
    kind = "NRTI" if line["return_reason"] else "NCHG" if line["code"].endswith("CHRG") else "NTRF"
    own = (line["end_to_end"] or "NONREF")[:16]
    parts = [f"?20EREF+{line['end_to_end']}"] if line["end_to_end"] else []
    words = _words(line).replace("?", " ")
    parts += [f"?{21 + at}{words[27 * at : 27 * at + 27]}" for at in range(-(-len(words) // 27))]
    number = "".join((line["counterparty_account"] or "").split())
    parts += [f"?31{number[:34]}"] if number else []
    parts += [f"?32{line['counterparty'][:27].replace('?', ' ')}"] if line["counterparty"] else []
    told = [f":61:{day:%y%m%d}{day:%m%d}{mark}{amount}{kind}{own}//{line['reference'][-16:]}"]
    return [*told, f":86:166?00TRANSFER{''.join(parts)}"]


def _mark(line: Row) -> str:
    """A reversal of a credit is RC, and takes away."""
    credit = line["amount"] >= 0
    return "C" if credit != bool(line["reversal"]) else "D"


def _balance(minor: int, day: date, currency: str) -> str:
    amount = _decimal(abs(minor), currency).replace(".", ",")
    return f"{'C' if minor >= 0 else 'D'}{day:%y%m%d}{currency}{amount if ',' in amount else amount + ','}"


def _decimal(minor: int, currency: str) -> str:
    return Money(minor, currency).decimal()


def _words(line: Row) -> str:
    own = line["remittance"] or " ".join(part.remittance for part in parts_of(line))
    return " ".join(own.split())[:_WORDS_MAX]
