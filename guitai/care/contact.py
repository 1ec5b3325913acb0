"""The operator's answered channels, as readers see them: open now, or opening when; and what is ours at all."""

from guitai.base.clock import now
from guitai.care.promises import intervals
from guitai.care.rules.check_contact import Checked, Known
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


def published() -> list[Known]:
    """Everything of ours that a reader may be given: only channels that are answered, and this wallet's own site."""
    found = [Known("website", environment().public_url)]
    for region in contact_regions():
        found += [Known("phone", region.hotline)] if region.hotline else []
        found += [Known("email", region.email)] if region.email else []
    return found


def check_contact(text: str) -> Checked:
    """Whether a number, link, address, account or badge is one of ours."""
    return _check_contact(text, published())
