"""Names: what is accepted, and what others see of one."""

import re
import unicodedata

from guitai.people.errors import NameMissing

NAME_MAX = 60
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def clean_name(text: str) -> str:
    """A name without control characters and doubled spaces.

    takes    what was typed
    gives    at most NAME_MAX characters, normalised (NFC)
    refuses  name_missing when nothing of it is a letter
    """
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(kept.split())[:NAME_MAX].strip()
    if not any(c.isalpha() for c in name):
        raise NameMissing()
    return name


def masked_name(name: str) -> str:
    """`张*` for 张明, `欧**` for 欧阳锋, `M*** P***` for Maya Patel."""
    if not name:
        return ""
    if _HAN.match(name):
        compact = name.replace(" ", "").replace("·", "")
        return compact[0] + "*" * max(1, len(compact) - 1)
    return " ".join(word[0] + "***" for word in name.split()[:2])
