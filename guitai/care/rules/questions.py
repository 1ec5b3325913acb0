"""What may be kept of a question that nothing answered: never who asked, never what names a person."""

import re

from guitai.base.reference import parse_reference
from guitai.care.rules.masking import mask_secrets

# Words are kept only once this many asked the same: what one person typed may be about that person.
ASKED_BY = 3
KEPT_MAX = 60
_PRIVATE = re.compile(r"\d{3,}|[\w.+-]+@[\w.-]+|https?://|www\.|[零〇一二三四五六七八九]{5,}")


def may_be_kept(question: str) -> bool:
    """Whether a question, once several asked it, may be shown to staff: short, no figures, addresses or references."""
    if not 2 <= len(question) <= KEPT_MAX or _PRIVATE.search(question) or parse_reference(question):
        return False
    return not mask_secrets(question)[1]
