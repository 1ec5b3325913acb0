"""What the directory says: for pages, for checking what somebody was given, and for the signed copy."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from guitai.base.clock import now
from guitai.care.contact import contact_regions, open_state
from guitai.care.directory.policy import Channel, Directory, directory
from guitai.care.directory.signing import key_set, sign
from guitai.care.rules.check_contact import Checked, Known
from guitai.care.rules.check_contact import check_contact as _check_contact
from guitai.care.types import ChannelView
from guitai.kit.environment import environment
from guitai.kit.keys import own_key
from guitai.kit.operator import Operator, operator
from guitai.kit.policies import current
from guitai.people import api as people
from guitai.wallet import api as wallet

PATH = "/.well-known/contact-directory.jws"
KEYS_PATH = "/.well-known/contact-directory-keys.json"
KEY = "directory"


def channels(region: str | None = None) -> tuple[ChannelView, ...]:
    """The published channels for a region (None: for all), with whether somebody answers now."""
    at, found = now(), []
    zones = {known.code: known.time_zone for known in operator().regions}
    first = next(iter(zones.values()), "UTC")
    for channel in directory().channels:
        if region is not None and channel.regions and region not in channel.regions:
            continue
        zone = zones.get(region or "", first)
        found.append(_view(channel, open_state(channel.hours, zone, at) if channel.hours else None))
    return tuple(found)


def published() -> list[Known]:
    """Everything of ours that a reader may be given."""
    found = [Known("website", environment().public_url)]
    for region in contact_regions():
        found += [Known("phone", region.hotline)] if region.hotline else []
        found += [Known("email", region.email)] if region.email else []
    for channel in directory().channels:
        kind = "website" if channel.kind == "chat" else channel.kind
        found.append(Known(kind, channel.value))
        found += [Known("app", channel.sha256)] if channel.sha256 else []
    return found


def check_contact(text: str) -> Checked:
    """Whether a number, link, address, account or badge is one of ours."""
    found = _check_contact(text, published())
    if found.answer != "ours" and wallet.is_receiving_account(text):
        return Checked("ours", "account", Known("account", "".join(text.split())))
    if found.answer != "ours" and people.is_badge(text):
        return Checked("ours", "badge", Known("badge", people.plain_badge(text)))
    return found


def document(at: datetime) -> dict[str, Any]:
    """The directory as it is signed."""
    host, settings, policy = environment().public_url, current(Operator), current(Directory)
    return {
        "canonical": host + PATH,
        "keys": host + KEYS_PATH,
        "issued_at": at.isoformat(),
        "expires_at": (at + timedelta(days=policy.value.valid_days)).isoformat(),
        "version": f"{settings.pin} {policy.pin}",
        "operator": {
            "brand": settings.value.brand,
            "legal_name": settings.value.legal_name,
            "licence": settings.value.licence,
        },
        "channels": [*_of_regions(), {"kind": "website", "value": host}, *map(_plain, policy.value.channels)],
        "never": ["password", "pin", "code", "transfer_to_a_safe_account"],
    }


def signed_copy() -> str:
    """The directory with its signature, dated at the beginning of this hour so that copies of an hour are one."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    return sign(document(hour), own_key(KEY))


def published_keys() -> dict[str, Any]:
    """The keys that copies are signed with."""
    return key_set(own_key(KEY).public_key())


def security_text() -> str:
    """The text of `security.txt`: the addresses, until when it counts, where it stands."""
    host = environment().public_url
    mails = dict.fromkeys(region.email for region in contact_regions() if region.email)
    lines = [f"Contact: mailto:{mail}" for mail in mails] or [f"Contact: {host}/contact/"]
    until = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=directory().valid_days)
    return "\n".join(
        [
            *lines,
            f"Expires: {until.strftime('%Y-%m-%dT%H:%M:%SZ')}",
            "Preferred-Languages: zh, en",
            f"Canonical: {host}/.well-known/security.txt",
            "",
        ]
    )


def _of_regions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for region in contact_regions():
        common = {"regions": [region.code], "time_zone": region.time_zone}
        if region.hotline:
            hours = msgspec.to_builtins(region.hours)
            found.append({"kind": "phone", "value": region.hotline, "hours": hours, **common})
        if region.email:
            found.append({"kind": "email", "value": region.email, **common})
    return found


def _plain(channel: Channel) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": channel.kind, "value": channel.value}
    for name in ("name", "sha256"):
        if getattr(channel, name):
            plain[name] = getattr(channel, name)
    for name in ("regions", "languages"):
        if getattr(channel, name):
            plain[name] = list(getattr(channel, name))
    if channel.hours:
        plain["hours"] = msgspec.to_builtins(channel.hours)
    return plain


def _view(channel: Channel, state: Any) -> ChannelView:
    return ChannelView(
        kind=channel.kind,
        value=channel.value,
        name=channel.name,
        regions=channel.regions,
        languages=channel.languages,
        sha256=channel.sha256,
        state=state,
    )
