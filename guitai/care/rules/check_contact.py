"""Is this number, link, address, badge or account really ours? Compared with what is published, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import idna

from guitai.care.rules.lookalike import alike, alike_digits

ChannelKind = Literal["phone", "sms", "email", "website", "social", "app", "account", "badge"]
Answer = Literal["ours", "look_alike", "not_ours", "unreadable"]
CHECKED_MAX = 500
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3002: 0x2E}
_DIGITS_MIN = 5
_BADGE_DIGITS = 8
_ACCOUNT_DIGITS_MIN = 12
_SHA256_CHARACTERS = 64
_SHARED_ENDS = frozenset({"com", "co", "net", "org", "gov", "edu", "ac"})


@dataclass(frozen=True, slots=True)
class Known:
    """Something of ours that is published: what it is, and how it is written."""

    kind: ChannelKind
    value: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed, taken for what it is, and whether it is ours; `known` is the one it is or looks like."""

    answer: Answer
    kind: ChannelKind | None = None
    known: Known | None = None


def check_contact(text: str, published: Iterable[Known]) -> Checked:
    """Whether what somebody was given is one of the operator's own.

    takes    a number, mail address, web address, handle, account, badge or a file's SHA-256 as typed; what is published
    gives    Checked: ours | look_alike | not_ours | unreadable (too short to be any of these)
    """
    wanted = "".join(text[:CHECKED_MAX].translate(_FULL_WIDTH).casefold().split())
    ours = list(published)
    if not wanted:
        return Checked("unreadable")
    if _is_sha256(wanted):
        return _exactly(wanted, "app", ours)
    for read in (_scheme, _mail, _handle, _number, _address):
        found = read(wanted, ours)
        if found is not None:
            return found
    return Checked("unreadable")


def digits_of(text: str) -> str:
    """A telephone number's digits without the sign of an international call."""
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    return digits.removeprefix("00") if text.lstrip().startswith("00") else digits


def host_of(text: str) -> str:
    """The host of a web address as readers see it, punycode opened; empty when there is none."""
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    host = host.rstrip(".")
    try:
        return idna.decode(host) if "xn--" in host else host
    except idna.IDNAError:
        return host


def _scheme(wanted: str, ours: list[Known]) -> Checked | None:
    """`mailto:`, `tel:` and `sms:` as codes and links carry them."""
    for scheme in ("mailto:", "tel:", "sms:", "smsto:"):
        if wanted.startswith(scheme):
            return check_contact(wanted.removeprefix(scheme).partition("?")[0], ours)
    return None


def _mail(wanted: str, ours: list[Known]) -> Checked | None:
    name, at, domain = wanted.partition("@")
    if not at or not name or "/" in name:
        return None
    if "." not in domain:
        return Checked("unreadable", "email")
    exact = _exactly(wanted, "email", ours)
    if exact.answer == "ours":
        return exact
    for known in ours:
        if known.kind == "email" and alike(wanted, known.value.casefold()):
            return Checked("look_alike", "email", known)
    site = _alike_host(domain, ours)
    # Anybody may write a name of ours before another's domain: what counts is the domain.
    return Checked("look_alike", "email", site) if site else Checked("not_ours", "email")


def _handle(wanted: str, ours: list[Known]) -> Checked | None:
    """An account in a social network: `@name`, or the same words as a published one."""
    named = wanted.removeprefix("@")
    socials = [known for known in ours if known.kind == "social"]
    for known in socials:
        if named == known.value.casefold().removeprefix("@"):
            return Checked("ours", "social", known)
    if not wanted.startswith("@"):
        return None
    near = next((known for known in socials if alike(named, known.value)), None)
    return Checked("look_alike", "social", near) if near else Checked("not_ours", "social")


def _number(wanted: str, ours: list[Known]) -> Checked | None:
    badge = wanted.removeprefix("badge").removeprefix("no.").removeprefix("工号").strip(":：#")
    if any(c.isalpha() for c in badge) and not _iban(badge):
        return None
    digits = "".join(c for c in badge if c.isdigit() and c.isascii())
    if not digits or "." in badge.strip("."):
        return None
    if _iban(badge):
        return _account(badge, ours)
    if len(digits) == _BADGE_DIGITS:
        found = next((k for k in ours if k.kind == "badge" and k.value == digits), None)
        if found is not None or badge != wanted:
            return Checked("ours", "badge", found) if found else Checked("not_ours", "badge")
    if len(digits) < _DIGITS_MIN:
        # Short codes are real: carriers give them out. They count only when they are published.
        exact = _exactly(digits, "sms", ours)
        return exact if exact.answer == "ours" else Checked("unreadable", "phone")
    line = _telephone(wanted, ours)
    if (
        line.answer == "not_ours"
        and len(digits) >= _ACCOUNT_DIGITS_MIN
        and not wanted.startswith(("+", "00"))
    ):
        return _account(badge, ours)
    return line


def _telephone(wanted: str, ours: list[Known]) -> Checked:
    digits = digits_of(wanted)
    lines = [known for known in ours if known.kind in ("phone", "sms")]
    for known in lines:
        own = digits_of(known.value)
        # A number given without its country code, or with the zero of a call within the country, is ours.
        local = digits.lstrip("0")
        if digits == own or (len(local) >= 7 and own.endswith(local)):
            return Checked("ours", known.kind, known)
    for known in lines:
        own, local = digits_of(known.value), digits.lstrip("0")
        # Also against ours without its country code, with a digit more or less.
        ends = [own[-length:] for length in range(len(local) - 1, len(local) + 2) if 7 <= length < len(own)]
        if any(alike_digits(local, end) for end in (own, *ends)):
            return Checked("look_alike", "phone", known)
    return Checked("not_ours", "phone")


def _account(wanted: str, ours: list[Known]) -> Checked:
    plain = "".join(c for c in wanted if c.isalnum())
    accounts = [(known, "".join(c for c in known.value.casefold() if c.isalnum())) for known in ours]
    for known, own in accounts:
        if known.kind == "account" and plain == own:
            return Checked("ours", "account", known)
    for known, own in accounts:
        if known.kind == "account" and alike_digits(plain, own):
            return Checked("look_alike", "account", known)
    return Checked("not_ours", "account")


def _address(wanted: str, ours: list[Known]) -> Checked | None:
    if "." not in wanted:
        return None
    app = _exactly(wanted, "app", ours)
    if app.answer == "ours":
        return app
    host = host_of(wanted)
    if "." not in host and host != "localhost":
        return Checked("unreadable", "website")
    for known in ours:
        if known.kind == "website" and host == host_of(known.value):
            return Checked("ours", "website", known)
        if known.kind == "website" and host.endswith("." + host_of(known.value)):
            return Checked("ours", "website", known)
    near = _alike_host(host, ours)
    return Checked("look_alike", "website", near) if near else Checked("not_ours", "website")


def _alike_host(host: str, ours: list[Known]) -> Known | None:
    """A site or mail domain of ours that a host could pass for: any of its labels looks like our name."""
    labels = [label for label in host.split(".") if label not in _SHARED_ENDS]
    for known in ours:
        if known.kind not in ("website", "email"):
            continue
        named = host_of(known.value.rpartition("@")[2])
        own = [label for label in named.split(".") if label not in _SHARED_ENDS]
        name = max(own[:-1] or own, key=len, default="")
        if name and any(alike(label, name) for label in [*labels, "".join(labels[:-1])] if label):
            return known
    return None


def _exactly(wanted: str, kind: ChannelKind, ours: list[Known]) -> Checked:
    for known in ours:
        if known.kind == kind and wanted.rstrip("/") == "".join(known.value.casefold().split()).rstrip("/"):
            return Checked("ours", kind, known)
    return Checked("not_ours", kind)


def _is_sha256(text: str) -> bool:
    return len(text) == _SHA256_CHARACTERS and all(c in "0123456789abcdef" for c in text)


def _iban(text: str) -> bool:
    plain = text.replace("-", "")
    return (
        len(plain) >= 15
        and plain[:2].isalpha()
        and plain[:2].isascii()
        and plain[2:4].isdigit()
        and plain.isalnum()
    )
