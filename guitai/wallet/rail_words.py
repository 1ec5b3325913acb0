"""How the ways in and out are called, and which picture stands for each."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAMES: dict[str, str | Promise] = {
    "bank": _("Bank transfer"),
    "alipay": _("Alipay"),
    "wechat": _("WeChat Pay"),
    "unionpay": _("UnionPay"),
    "card": _("Bank card"),
}
_ICONS = {
    "bank": "landmark", "alipay": "scan-qr-code", "wechat": "message-circle", "unionpay": "nfc", "card": "credit-card",
}  # fmt: skip


def rail_name(rail: str) -> str:
    """A rail in the active language; nothing for what is no rail."""
    return str(_NAMES.get(rail, ""))


def rail_icon(rail: str) -> str:
    """The picture that stands for a rail."""
    return _ICONS.get(rail, "landmark")
