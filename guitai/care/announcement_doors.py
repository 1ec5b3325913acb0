"""The part of the door that tells everybody something: announcements, and how the services are."""

from collections.abc import Mapping
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import announcements
from guitai.care.announcement_types import AnnouncementDraft, AnnouncementView, ServiceView
from guitai.care.flows import announce


def draft_announcement(draft: AnnouncementDraft, staff: Actor, announcement: UUID | None = None) -> UUID:
    """Write an announcement, or write a draft anew.

    takes    the words in both languages, by whom, the draft that is replaced (None: a new one)
    gives    its id
    refuses  announcement_invalid, case_move_refused (it is published), not_found
    """
    return announce.draft(draft, staff, announcement)


def publish_announcement(announcement: UUID, staff: Actor) -> None:
    """Put a draft in force; where everybody is to hear of it, a job tells them.

    takes    its id, by whom
    gives    nothing
    refuses  not_found, case_move_refused, announcement_invalid (its end has passed)
    """
    announce.publish(announcement, staff)


def update_announcement(
    announcement: UUID, words: Mapping[str, str], staff: Actor, *, ended: bool = False
) -> None:
    """Add what is known now; what was published before stays as it was.

    takes    its id, words in both languages, by whom, whether it is over with that
    gives    nothing
    refuses  not_found, case_move_refused, announcement_invalid
    """
    announce.update(announcement, words, staff, ended=ended)


def withdraw_announcement(announcement: UUID, staff: Actor) -> None:
    """Take an announcement off the pages; the row stays.

    takes    its id, by whom
    gives    nothing
    refuses  not_found
    """
    announce.withdraw(announcement, staff)


def published_announcements(language: str) -> list[AnnouncementView]:
    """What is published, the newest first.

    takes    the reader's language
    gives    at most a hundred AnnouncementView
    """
    return announcements.published(language)


def announcement(announcement: UUID, language: str) -> AnnouncementView:
    """One published announcement with its updates.

    takes    its id, the reader's language
    gives    AnnouncementView
    refuses  not_found
    """
    return announcements.one(announcement, language)


def current_announcements(language: str) -> list[AnnouncementView]:
    """What everybody should see now: outages and warnings that are not over, changes still to come.

    takes    the reader's language
    gives    at most three AnnouncementView
    """
    return announcements.current(language)


def services() -> list[ServiceView]:
    """How the services are now, and how they were on each of the last ninety days.

    gives    ServiceView values: the wallet, messages, and each way in and out that is set up
    """
    return announcements.services()


def watch_services() -> int:
    """Note the state of each service; a job does it each minute.

    gives    how many have changed
    """
    return announcements.watch()


def tell_announcements() -> int:
    """Tell the next few hundred customers of what everybody is to hear.

    gives    how many were told; 0 when nobody is left
    """
    return announce.tell_next_batch()


def is_announcement_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether an announcement is a real reason to act: the check that audit asks for.

    takes    who acts, the purpose they name
    gives    True when there is such an announcement
    """
    return announce.is_announcement(purpose.id)
