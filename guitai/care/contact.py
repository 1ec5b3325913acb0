"""The operator's answered channels, as readers see them: open now, or opening when."""

from collections.abc import Sequence
from datetime import datetime

from guitai.base.clock import now
from guitai.base.openhours import Hours, open_hours
from guitai.care.types import ContactRegion, OpenState
from guitai.kit.operator import operator


def contact_regions() -> tuple[ContactRegion, ...]:
    """Regions with a channel that somebody answers; a hotline without hours is one that nobody answers."""
    at = now()
    found = []
    for region in operator().regions:
        hotline = region.hotline if region.hours else None
        if hotline is None and region.email is None:
            continue
        found.append(
            ContactRegion(
                code=region.code,
                name=region.name,
                time_zone=region.time_zone,
                hotline=hotline,
                email=region.email,
                hours=region.hours,
                state=open_state(region.hours, region.time_zone, at),
            )
        )
    return tuple(found)


def open_state(hours: Sequence[Hours], zone: str, at: datetime) -> OpenState:
    """Whether somebody answers at a moment, and when that changes next."""
    return OpenState(*open_hours(hours, zone).change(at))
