"""Numbers of bank accounts and cards, and names of accounts at gateways, that money is paid out to."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from stdnum import iban, luhn
from stdnum.exceptions import ValidationError
from stdnum.us import rtn

from guitai.people.errors import AccountInvalid, CardNotSupported

AccountKind = Literal["cn_card", "iban", "us_account", "gb_account", "hk_account", "alipay", "wechat"]
KINDS: tuple[AccountKind, ...] = get_args(AccountKind)
COUNTRIES: Mapping[AccountKind, str] = {
    "cn_card": "CN",
    "iban": "",
    "us_account": "US",
    "gb_account": "GB",
    "hk_account": "HK",
    "alipay": "CN",
    "wechat": "CN",
}
# Of these nobody knows a number to enter: whoever keeps the account says whose it is, on a page of its own.
LINKED: frozenset[str] = frozenset({"wechat"})
# How long the routing code before the account number is, for the schemes that have one.
_CODE_DIGITS: Mapping[AccountKind, int] = {"us_account": 9, "gb_account": 6, "hk_account": 3}
_ACCOUNT: Mapping[AccountKind, re.Pattern[str]] = {
    "us_account": re.compile(r"\d{4,17}"),
    "gb_account": re.compile(r"\d{8}"),
    "hk_account": re.compile(r"\d{6,12}"),
}
_SEPARATORS = re.compile(r"[\s.\-–—‐‑_/]")
_CARD_DIGITS = range(16, 20)
# UnionPay's issuer ranges (ISO/IEC 7812: 62, and 81 since 2017). Other prefixes are payment cards of schemes that
# pay out otherwise; their numbers never enter this system.
_UNIONPAY = ("62", "81")
_SHOWN = 4
# What an Alipay account is signed in to with: a mobile number of mainland China, or an e-mail address.
_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})")
_MAIL = re.compile(r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_%+-])?@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_MAIL_MAX = 60
# How WeChat names somebody to one application.
_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")


@dataclass(frozen=True, slots=True)
class Account:
    """An account in its normal form. `code` is the routing code, empty where the number says everything."""

    kind: AccountKind
    country: str
    number: str
    code: str = ""

    @property
    def whole(self) -> str:
        """Code and number in one, the form that is sealed and indexed."""
        return f"{self.code}/{self.number}" if self.code else self.number


def read_account(kind: str, number: str, code: str = "") -> Account:
    """An account number as people type it.

    takes    the scheme, the number and (us_account: ABA routing number; gb_account: sort code; hk_account: bank
             code) with spaces, dashes or full-width digits; alipay: the mobile number or e-mail address; wechat:
             the openid, as WeChat says it
    gives    Account
    refuses  account_invalid (why: scheme | characters | length | checksum | code), card_not_supported
    source   ISO/IEC 7812-1 (Luhn), ISO 13616 (IBAN), ABA routing numbers
    """
    known = next((scheme for scheme in KINDS if scheme == kind), None)
    if known is None:
        raise AccountInvalid(why="scheme")
    if known == "alipay":
        # Dots, dashes and lines belong to an e-mail address.
        return _alipay(number)
    if known == "wechat":
        if not _OPENID.fullmatch(number):
            raise AccountInvalid(why="characters")
        return Account(known, COUNTRIES[known], number)
    return _READERS[known](known, _plain(number), _plain(code))


def masked_number(number: str) -> str:
    """`**** 1234`: the last four, never more than half of a short number; `l***@example.com` of an address."""
    name, at, domain = number.partition("@")
    if at:
        return f"{name[0] if len(name) > 1 else ''}***@{domain}"
    shown = number[-min(_SHOWN, len(number) // 2) :] if len(number) > 1 else ""
    return f"**** {shown}".rstrip()


def number_of(whole: str) -> tuple[str, str]:
    """Code and number of what `Account.whole` gave."""
    code, slash, number = whole.partition("/")
    return (code, number) if slash else ("", whole)


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _card(kind: AccountKind, number: str, code: str) -> Account:
    if not (number.isascii() and number.isdigit()):
        raise AccountInvalid(why="characters")
    if len(number) not in _CARD_DIGITS and not 13 <= len(number) <= 15:
        raise AccountInvalid(why="length")
    try:
        luhn.validate(number)
    except ValidationError as error:
        raise AccountInvalid(why="checksum") from error
    if not number.startswith(_UNIONPAY) or len(number) not in _CARD_DIGITS:
        raise CardNotSupported()
    return Account(kind, "CN", number)


def _iban(kind: AccountKind, number: str, code: str) -> Account:
    if not (number.isascii() and number.isalnum()):
        raise AccountInvalid(why="characters")
    try:
        valid = iban.validate(number)
    except ValidationError as error:
        raise AccountInvalid(why="checksum") from error
    return Account(kind, valid[:2], valid)


def _with_code(kind: AccountKind, number: str, code: str) -> Account:
    if not (code.isascii() and code.isdigit() and len(code) == _CODE_DIGITS[kind]):
        raise AccountInvalid(why="code")
    if kind == "us_account":
        try:
            rtn.validate(code)
        except ValidationError as error:
            raise AccountInvalid(why="code") from error
    if not (number.isascii() and _ACCOUNT[kind].fullmatch(number)):
        raise AccountInvalid(why="length" if number.isdigit() else "characters")
    return Account(kind, COUNTRIES[kind], number, code)


def _alipay(typed: str) -> Account:
    text = unicodedata.normalize("NFKC", typed).strip().lower()
    if "@" in text:
        if len(text) > _MAIL_MAX:
            raise AccountInvalid(why="length")
        if not _MAIL.fullmatch(text):
            raise AccountInvalid(why="characters")
        return Account("alipay", COUNTRIES["alipay"], text)
    digits = _SEPARATORS.sub("", text)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise AccountInvalid(why="characters")
    found = _MOBILE.fullmatch(digits)
    if found is None:
        raise AccountInvalid(why="length")
    return Account("alipay", COUNTRIES["alipay"], found[1])


_READERS: Mapping[AccountKind, Callable[[AccountKind, str, str], Account]] = {
    "cn_card": _card,
    "iban": _iban,
    "us_account": _with_code,
    "gb_account": _with_code,
    "hk_account": _with_code,
}
