"""The operator's answered channels, as readers see them: open now, or opening when."""

from guitai.base.clock import now
from guitai.care.promises import intervals
from guitai.care.rules.hours import open_state
from guitai.care.types import ContactRegion
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
