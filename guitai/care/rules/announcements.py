"""What an announcement must have before it may be kept."""

from guitai.care.announcement_types import AnnouncementDraft
from guitai.care.errors import AnnouncementInvalid
from guitai.care.types import ANNOUNCEMENT_KINDS

TITLE_MAX, WORDS_MAX = 120, 5_000
LANGUAGES = ("en", "zh-hans")


def check_draft(draft: AnnouncementDraft) -> None:
    """Refuse what nobody could read: a language that is missing, too many words, an end before the beginning."""
    for field, most in (("title", TITLE_MAX), ("words", WORDS_MAX)):
        for language in LANGUAGES:
            text = getattr(draft, field).get(language, "").strip()
            if not text:
                raise AnnouncementInvalid(field=field, problem="missing", language=language)
            if len(text) > most:
                raise AnnouncementInvalid(field=field, problem="too_long", language=language, maximum=most)
    if draft.kind not in ANNOUNCEMENT_KINDS:
        raise AnnouncementInvalid(field="kind", problem="unknown")
    if draft.effective_at and draft.ends_at and draft.ends_at <= draft.effective_at:
        raise AnnouncementInvalid(field="ends_at", problem="before_beginning")
    # Whoever pays must know before they pay.
    if draft.kind in ("fees", "policy") and draft.effective_at is None:
        raise AnnouncementInvalid(field="effective_at", problem="missing")
