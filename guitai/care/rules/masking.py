"""Secrets never pass: what looks like a password, a PIN or a code is masked before it is stored.

The rule is deliberately simple: a word that names a secret, near something that looks like one. It would
rather mask an innocent number than keep a guilty one, but leaves "my PIN is refused" alone.
"""

import re

from guitai.care.rules.masking_numbers import mask_numbers

MASK = "••••••"

_CODE_NAMES = (
    r"(?:payment |paying )?pin(?:[ -]?(?:code|number))?|passcode|otp|cvv|cvc"
    r"|(?:sms|text|verification|security|login|log-in|sign-in|one[- ]time|confirmation)[ -]?code"
    r"|支付密码|交易密码|取款密码|验证码|动态码|校验码|安全码|短信码|动态口令|密码"
)
_PASSWORD_NAMES = r"pass ?word|pass ?phrase|pwd|login secret|登录密码|登陆密码|口令|密码"
_LINK = r"(?:is|was|are|=|:|：|是|为|就是|＝|→|-)"
_DIGITS = r"\d(?:[ \-\u2009]?\d){3,9}(?!\d)|[零〇一二三四五六七八九]{4,10}"
_LEFT, _RIGHT = r"(?<![A-Za-z])", r"(?![A-Za-z])"
_NEAR = r"[^\d\n.,;!?，。；！？零〇一二三四五六七八九]"

_CODE_AFTER_NAME = re.compile(
    rf"{_LEFT}(?P<name>{_CODE_NAMES}){_RIGHT}(?P<gap>[\s:：=＝#]*|{_NEAR}{{0,24}}?{_LINK}\s*[\"'“「]?)"
    rf"(?P<secret>(?<!\d)(?:{_DIGITS}))",
    re.IGNORECASE,
)
_CODE_BEFORE_NAME = re.compile(
    rf"(?P<secret>(?<!\d)(?:{_DIGITS}))(?P<gap>[\"'”」]?\s*(?:is|was|是|就是|为){_NEAR}{{0,16}}?)"
    rf"{_LEFT}(?P<name>{_CODE_NAMES}){_RIGHT}",
    re.IGNORECASE,
)
_QUOTED = r"[\"'“「](?P<quoted>[^\s\"'”」]{4,64})[\"'”」]"
# A bare word counts as a password only with a digit or a symbol in it: "is wrong" is a complaint.
_BARE = r"(?P<bare>(?=[^\s，。；]*[\d!@#$%^&*_+~])[^\s，。；\"'”」]{4,64})"
_PASSWORD = re.compile(
    rf"{_LEFT}(?P<name>{_PASSWORD_NAMES}){_RIGHT}"
    rf"(?P<gap>{_NEAR}{{0,24}}?{_LINK}\s*)(?:{_QUOTED}|{_BARE})",
    re.IGNORECASE,
)
_PASSWORD_LABELLED = re.compile(
    rf"{_LEFT}(?P<name>{_PASSWORD_NAMES}){_RIGHT}(?P<gap>\s*[:：=＝]\s*)(?P<secret>[^\s，。；]{{4,64}})",
    re.IGNORECASE,
)
_PATTERNS = (
    ("code", _CODE_AFTER_NAME),
    ("code", _CODE_BEFORE_NAME),
    ("password", _PASSWORD),
    ("password", _PASSWORD_LABELLED),
)


def mask_secrets(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without its secrets, and which kinds were found: code, password, identity_number, card."""
    kinds: list[str] = []
    for kind, pattern in _PATTERNS:
        masked = pattern.sub(_hide, text)
        if masked != text and kind not in kinds:
            kinds.append(kind)
        text = masked
    text, numbers = mask_numbers(text)
    return text, (*kinds, *numbers)


def _hide(match: re.Match[str]) -> str:
    named = match.groupdict()
    group = next(name for name in ("secret", "quoted", "bare") if named.get(name))
    whole, start = match.group(0), match.start()
    return whole[: match.start(group) - start] + MASK + whole[match.end(group) - start :]
