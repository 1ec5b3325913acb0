"""What a device calls itself, and which neighbourhood of the network it comes from."""

import ipaddress
import re
from typing import Literal

DeviceKind = Literal["phone", "computer", "app"]
LABEL_MAX, NAME_MAX = 80, 40
_V4_PREFIX, _V6_PREFIX = 24, 48
# The first that fits: most browsers also claim to be the ones they descend from.
_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("AlipayClient", "Alipay"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"), ("HuaweiBrowser", "Huawei Browser"), ("UCBrowser", "UC Browser"),
    ("MQQBrowser", "QQ Browser"), ("MiuiBrowser", "Mi Browser"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_HAND_HELD = frozenset({"iPhone", "iPad", "HarmonyOS", "Android"})
_PRODUCT = re.compile(r"[A-Za-z][\w .-]{0,30}")


def device_kind(user_agent: str, *, app: bool) -> DeviceKind:
    """What it looks like; only for its icon."""
    if app:
        return "app"
    return "phone" if _named(_SYSTEMS, user_agent) in _HAND_HELD else "computer"


def device_label(user_agent: str) -> str:
    """`Chrome · Windows`; of an unknown program its own name, or nothing."""
    browser, system = _named(_BROWSERS, user_agent), _named(_SYSTEMS, user_agent)
    product = _PRODUCT.match(user_agent)
    known = browser or (product[0].strip() if product and not user_agent.startswith("Mozilla") else "")
    return " · ".join(part for part in (known, system) if part)[:LABEL_MAX]


def device_name(text: str) -> str:
    """The name a person gives to a device: one line, without invisible characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:NAME_MAX].strip()


def neighbourhood(address: str) -> str:
    """The network that an address belongs to: enough to recognise a place, too little to recognise a person."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    prefix = _V4_PREFIX if found.version == 4 else _V6_PREFIX
    return str(ipaddress.ip_network(f"{found}/{prefix}", strict=False))


def _named(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in known if sign in user_agent), "")
