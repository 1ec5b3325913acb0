"""How a bank that offers only CSV writes it: the operator's words, kept as a policy with history."""

from typing import Annotated, Literal

import msgspec

from guitai.rails.rules.currencies import DECIMALS
from guitai.rails.statements.source import ENCODINGS

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
_One = Annotated[str, msgspec.Meta(min_length=1, max_length=1)]


class CsvColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The headings of a file's columns. Either `amount`, or `credit` and `debit`."""

    booked_on: str
    amount: str | None = None
    credit: str | None = None
    debit: str | None = None
    # A column that says which way, with the words for "in" below; without it the amount's sign does.
    direction: str | None = None
    value_on: str | None = None
    balance: str | None = None
    account: str | None = None
    currency: str | None = None
    reference: str | None = None
    end_to_end_id: str | None = None
    counterparty: str | None = None
    counterparty_account: str | None = None
    # The number that was paid to, where it is a virtual one.
    own_account: str | None = None
    remittance: str | None = None

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.credit is None) or (self.credit is None) != (self.debit is None):
            raise ValueError("name either the column `amount`, or both `credit` and `debit`")
        if self.direction is not None and self.amount is None:
            raise ValueError("`direction` goes with the column `amount`")

    def named(self) -> tuple[str, ...]:
        """Every heading that must be there."""
        return tuple(heading for heading in msgspec.structs.astuple(self) if heading)


class CsvMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bank's CSV."""

    name: _Name
    columns: CsvColumns
    # Where the file does not say: whose account, in which currency.
    account: str = ""
    currency: str = ""
    encoding: str = "utf-8"
    delimiter: _One = ","
    quote: _One = '"'
    # Lines before the headings.
    skip_lines: Annotated[int, msgspec.Meta(ge=0, le=200)] = 0
    date_format: str = "%Y-%m-%d"
    decimal_sign: Literal[".", ","] = "."
    credit_words: tuple[str, ...] = ("C", "CR", "CRDT", "+")
    newest_first: bool = False

    def __post_init__(self) -> None:
        if self.encoding.lower() not in ENCODINGS:
            raise ValueError(f"the encoding is one of {', '.join(sorted(set(ENCODINGS.values())))}")
        if self.currency and self.currency not in DECIMALS:
            raise ValueError("the currency is a code of ISO 4217")
        if not (self.currency or self.columns.currency) or not (self.account or self.columns.account):
            raise ValueError("name the account and the currency, or the columns that hold them")
        if "%d" not in self.date_format or not {"%m", "%b", "%B"} & {
            self.date_format[at : at + 2] for at in range(len(self.date_format))
        }:
            raise ValueError("the date format has a day, a month and a year, like %d.%m.%Y")
