"""Names and words as a payment scheme can carry them."""

import re
import unicodedata
from typing import Final, Literal

from pypinyin import Style, lazy_pinyin

Charset = Literal["unicode", "latin"]

# The characters every SEPA and SWIFT bank takes (EPC217-08).
_LATIN = re.compile(r"[A-Za-z0-9/?:().,'+ -]")
_NOT_DECOMPOSED: Final = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i", "&": "+", "_": "-", "’": "'", "‘": "'", "“": "'", "”": "'",
    '"': "'", "·": " ", "•": " ", "–": "-", "—": "-", "@": "(at)", ";": ",", "*": ".",
}  # fmt: skip
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇]+")
# Surnames of two characters are kept together when a name is written in pinyin.
_LONG_SURNAMES = frozenset({
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人",
    "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶",
    "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于",
    "司空", "令狐", "拓跋", "轩辕", "百里", "东郭", "南门", "呼延",
})  # fmt: skip


class NotWritable(Exception):
    """A name has letters that the scheme has no form for."""


def written_name(name: str, charset: Charset, length: int = 70) -> str:
    """A person's name as the scheme can carry it.

    takes    a name, the scheme's character set, how long it may be
    gives    the name; in Latin letters without accents, or a Chinese one in pinyin, surname first (GB/T 28039), where
             the scheme is Latin
    refuses  NotWritable when letters of another script are left
    source   EPC217-08, GB/T 28039-2011
    """
    return _written(name, charset, length, person=True)


def written_words(text: str, charset: Charset, length: int = 140) -> str:
    """Words of a remittance as the scheme can carry them; what has no form there is left out."""
    return _written(text, charset, length, person=False)


def _written(text: str, charset: Charset, length: int, *, person: bool) -> str:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    plain = "".join(letter for letter in plain if letter.isprintable())
    if charset == "unicode":
        return plain[:length].strip()
    plain = _HAN.sub(lambda match: f" {_pinyin(match[0], person=person)} ", plain)
    kept = []
    for letter in plain:
        letters = _NOT_DECOMPOSED.get(letter) or unicodedata.normalize("NFKD", letter)
        shown = "".join(part for part in letters if _LATIN.fullmatch(part))
        if not shown and person and letter.isalpha():
            raise NotWritable()
        kept.append(shown)
    # EPC217-08: a field neither begins nor ends with a slash, nor has two in a row.
    joined = re.sub(r"/{2,}", "/", " ".join("".join(kept).split())).strip("/ ")
    shortened = joined[:length].rstrip("/ ")
    if person and not shortened:
        raise NotWritable()
    return shortened


def _pinyin(han: str, *, person: bool) -> str:
    syllables = [syllable.replace("v", "yu").upper() for syllable in lazy_pinyin(han, style=Style.NORMAL)]
    if not person or not 2 <= len(han) <= 4:
        return " ".join(syllables)
    surname = 2 if han[:2] in _LONG_SURNAMES and len(han) > 2 else 1
    return f"{''.join(syllables[:surname])} {''.join(syllables[surname:])}"
