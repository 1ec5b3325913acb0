"""The demonstration's operator and cast: who they are and what they have been through."""

from dataclasses import dataclass

from guitai.base.money import Money
from guitai.base.openhours import Hours
from guitai.kit.operator import Operator, Region

PASSWORD = "counter-2026-tea"
PIN = "271828"
SUPERVISED = "supervisor"


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    phone: str
    language: str
    top_up: Money


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    email: str
    role: str
    totp_secret: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Money that Lin sends to a card of hers; the simulated bank sends some of it back."""

    card: str
    bank: str
    amount: Money
    comes_back: bool = False


LIN = Customer("林月", "+8613800138000", "zh-hans", Money(8_000_00, "CNY"))
CHEN = Customer("陈明", "+8613900139000", "zh-hans", Money(3_000_00, "CNY"))
MAYA = Customer("Maya Patel", "+447700900123", "en", Money(1_250_00, "CNY"))
CUSTOMERS = (LIN, CHEN, MAYA)
# A resident's number and two cards that are right and nobody's.
LIN_DOCUMENT = {"kind": "national_id", "country": "CN", "number": "110105199003072346"}
WITHDRAWALS = (
    Withdrawal("622202020000000880", "海湾银行", Money(600_00, "CNY")),
    Withdrawal("622202020000000617", "山城银行", Money(200_00, "CNY"), comes_back=True),
)
ALIPAY_TOP_UP = Money(300_00, "CNY")
# By a card that she can withdraw back to: the acquirer's first test number.
CARD_TOP_UP = Money(200_00, "CNY")
PAID_BY_CARD = ({"card": "4242424242424242"}, 200)
# Nobody has this number yet: money waits for whoever registers with it.
NEWCOMER_PHONE = "+8613700137000"

# The secrets of a demonstration are published on purpose: the command refuses to seed in production.
COLLEAGUES = (
    Colleague("Wen", "wen@guitai.example", "agent", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    Colleague("Rao", "rao@guitai.example", SUPERVISED, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"),
)
_WEEKDAYS = (1, 2, 3, 4, 5)
_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)

OPERATOR = Operator(
    brand={"en": "Guitai", "zh-hans": "柜台"},
    legal_name={"en": "Guitai Demonstration Co-operative", "zh-hans": "柜台演示合作社"},
    licence="DEMO-0001",
    currencies=("CNY",),
    phone_region="CN",
    regions=(
        Region(
            code="cn",
            name={"en": "Mainland China", "zh-hans": "中国大陆"},
            time_zone="Asia/Shanghai",
            hotline="400-000-0000",
            email="help@guitai.example",
            hours=(Hours(_EVERY_DAY, "08:00", "22:00"),),
        ),
        Region(
            code="hk",
            name={"en": "Hong Kong", "zh-hans": "中国香港"},
            time_zone="Asia/Hong_Kong",
            hotline="+852 0000 0000",
            email="help@guitai.example",
            hours=(Hours(_WEEKDAYS, "09:00", "13:00"), Hours(_WEEKDAYS, "14:00", "18:00")),
        ),
        Region(
            code="gb",
            name={"en": "United Kingdom", "zh-hans": "英国"},
            time_zone="Europe/London",
            hotline="0808 157 0000",
            email="help@guitai.example",
            hours=(Hours(_WEEKDAYS, "08:00", "20:00"), Hours((6,), "09:00", "17:00")),
        ),
    ),
)

# What is ours beside the hotlines. The account is the simulated bank's.
DIRECTORY = {
    "channels": [
        {
            "kind": "sms", "value": "95000", "regions": ["cn"],
            "name": {"en": "codes and alarms", "zh-hans": "验证码与提醒"},
        },
        {
            "kind": "social", "value": "@guitai_demo", "regions": ["cn"], "languages": ["zh-hans"],
            "name": {"en": "WeChat official account", "zh-hans": "微信公众号"},
        },
        {"kind": "social", "value": "@GuitaiHelp", "name": {"en": "X"}, "regions": ["gb", "hk"], "languages": ["en"]},
        {
            "kind": "account", "value": "6228480010002026018",
            "name": {"en": "top-ups by bank transfer", "zh-hans": "银行转账充值"},
        },
    ],
}  # fmt: skip

# A lock is met before the short limit of a few minutes, for which nobody in a demonstration waits.
STANDING = {"failures_before_lock": 4}
# Nobody in a demonstration waits a day for a card that they have just added.
BINDINGS = {"wait_hours": 0}
# The simulated bank's account, and an exchange of files that does not make anybody wait.
PAYOUTS = {
    "accounts": [
        {"currency": "CNY", "name": "柜台演示合作社", "account": "6228480010002026018", "bic": "SANDCNBJ"}
    ],
    "round_the_clock": True,
    "gather_s": 2,
}
# A tenth of a per cent by the bank, a yuan at least; the first two thousand of a month cost nothing.
FREE_A_MONTH = Money(2_000_00, "CNY")
FEES = {
    "withdrawal_by_rail": {
        "bank": {"CNY": {"basis_points": 10, "minimum_minor": 1_00, "free_minor_a_month": FREE_A_MONTH.minor}}
    }
}
# What nobody need be asked about, and what Lin paid without a word: it is found when she asks for it.
RECONCILIATION = {"automatic_up_to": {"CNY": 50_00}}
LOST_PAYMENT = {
    "amount": {"amount": 168_00, "currency": "CNY"}, "payment_reference": "", "payer_name": "林月 Lin Yue",
    "payer_account": "6222 0202 0011 2233 445",
}  # fmt: skip
STATEMENTS = {
    "quiet_s": 1,
    "receiving": [
        {
            "currency": "CNY", "name": "柜台演示合作社", "account": "6228480010002026018", "bank_name": "沙盒银行",
            "bic": "SANDCNBJ", "virtual_prefix": "62284800188", "virtual_digits": 8,
        }
    ],
    "mappings": [
        {
            "name": "sandbox", "account": "6228480010002026018", "currency": "CNY", "encoding": "gb18030",
            "date_format": "%Y-%m-%d",
            "columns": {
                "booked_on": "记账日", "value_on": "起息日", "credit": "收入", "debit": "支出",
                "reference": "流水号", "counterparty": "对方户名", "counterparty_account": "对方账号",
                "remittance": "摘要",
            },
        }
    ],
}  # fmt: skip
