"""The rails there are: each speaks one outside protocol and knows nothing of the database."""

from guitai.rails.adapters.alipay import AlipayRail
from guitai.rails.adapters.alipay_settings import AlipaySettings
from guitai.rails.adapters.bank import BankRail, bank_from_environment
from guitai.rails.adapters.bank_settings import BankSettings
from guitai.rails.adapters.base import BaseRail
from guitai.rails.adapters.card import CardRail
from guitai.rails.adapters.card_settings import CardSettings
from guitai.rails.adapters.unionpay import UnionPayRail
from guitai.rails.adapters.unionpay_settings import UnionPaySettings
from guitai.rails.adapters.wechat import WeChatRail
from guitai.rails.adapters.wechat_settings import WeChatSettings
from guitai.rails.errors import RailUnknown
from guitai.rails.placed import paid_as, placed_at
from guitai.rails.settings import configured
from guitai.rails.types import Rail

RAILS: dict[str, Rail] = {
    "bank": BankRail(settings=configured("bank", BankSettings, bank_from_environment)),
    "alipay": AlipayRail(configured("alipay", AlipaySettings)),
    "wechat": WeChatRail(configured("wechat", WeChatSettings)),
    "unionpay": UnionPayRail(configured("unionpay", UnionPaySettings), placed_at("unionpay")),
    "card": CardRail(configured("card", CardSettings), placed_at("card"), paid_as("card")),
}


def rail_named(code: str) -> Rail:
    """The rail of that name; refuses rail_unknown."""
    if code not in RAILS:
        raise RailUnknown(rail=code[:32])
    return RAILS[code]


def supports(rail: Rail, verb: str) -> bool:
    """Whether a rail has a verb of its own; what it has not, `BaseRail` refuses."""
    return getattr(type(rail), verb, None) is not getattr(BaseRail, verb)
