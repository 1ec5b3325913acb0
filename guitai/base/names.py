"""How Chinese names sound in Latin letters, and names that are written both ways at once."""

import re

from pypinyin import lazy_pinyin

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def has_han(name: str) -> bool:
    """Whether there are Chinese characters in it."""
    return bool(_HAN.search(name))


def one_writing(name: str) -> str:
    """A name without its own pinyin: `林月 Lin Yue` is `林月`; anything else stays as it is.

    takes    a name in lower case, its words apart
    gives    the Chinese part alone where the Latin part is how it sounds
    """
    words = name.split()
    han, latin = [w for w in words if has_han(w)], [w for w in words if not has_han(w)]
    if han and latin and sounded("".join(latin)) in sounds_of("".join(han)):
        return " ".join(han)
    return name


def sounds_of(han: str) -> set[str]:
    """The ways in which a Chinese name may be written in pinyin: its family name, of one character or two, first or
    last."""
    sounds = lazy_pinyin(han)
    # Sounded once joined: where one syllable ends is not seen in `linyue`.
    return {sounded("".join(sounds[n:] + sounds[:n])) for n in (0, 1, 2)}


def sounded(text: str) -> str:
    """One spelling of ü after l and n, however it was written: `lü`, `lyu`, `lv` and `lu`."""
    for written in ("ü", "yu", "v"):
        text = text.replace(f"l{written}", "lu").replace(f"n{written}", "nu")
    return text.replace("ü", "u")
