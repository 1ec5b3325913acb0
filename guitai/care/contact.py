"""The operator's answered channels, as readers see them: open now, or opening when."""

from urllib.parse import urlsplit

from guitai.base.clock import now
from guitai.care.promises import intervals
from guitai.care.rules.check_contact import Verdict
from guitai.care.rules.check_contact import check_contact as _check_contact
from guitai.care.rules.hours import open_state
from guitai.care.types import ContactRegion
from guitai.kit.environment import environment
from guitai.kit.operator import operator


def contact_regions() -> tuple[ContactRegion, ...]:
    """Regions with a channel that somebody answers; a hotline without hours is one that nobody answers."""
    at = now()
    found = []
    for region in operator().regions:
        hours = intervals(region)
        hotline = region.hotline if hours else None
        if hotline is None and region.email is None:
            continue
        found.append(
            ContactRegion(
                code=region.code,
                name=region.name,
                time_zone=region.time_zone,
                hotline=hotline,
                email=region.email,
                intervals=hours,
                state=open_state(hours, region.time_zone, at),
            )
        )
    return tuple(found)


def check_contact(text: str) -> Verdict:
    """Whether a number, mail address or web address is one of the published channels."""
    return _check_contact(text, contact_regions(), urlsplit(environment().public_url).hostname or "")
