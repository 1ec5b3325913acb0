"""The freeze word: chosen in quiet, said in need. It freezes and does nothing else."""

import hmac
import re
import unicodedata
from uuid import UUID

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit import crypto
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import FreezeWordTooSimple
from guitai.people.flows.set_pin import check_own_password
from guitai.people.models import FreezeWord, User

WORD_MAX = 60
_PURPOSE = "people.freeze_word"
_NOBODY = UUID(int=0)
# A Chinese character says as much as several letters.
_LETTERS_MIN, _CHARACTERS_MIN = 6, 4
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def plain_word(text: str) -> str:
    """A word as it is compared: case, width, spaces and punctuation do not count on a strange phone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def set_freeze_word(person: UUID, word: str, password: str) -> None:
    """Choose the word, or another one; refuses freeze_word_too_simple, password_wrong, too_many_attempts."""
    user = User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    plain = plain_word(word[:WORD_MAX])
    _check(plain, user)
    check_own_password(user, password)
    with outermost():
        moment = now()
        FreezeWord.objects.update_or_create(
            person=user, defaults={"code": _code(person, plain), "set_at": moment}
        )
        audit.record(Actor("customer", str(person)), "person.freeze_word_set", ("person", str(person)))
        notify.send(
            person, "people.freeze_word_set", {"at": moment.isoformat()}, key=f"freeze-word:{person}:{moment}"
        )


def forget_freeze_word(person: UUID) -> None:
    """Have no word any more; without one this changes nothing."""
    with outermost():
        if FreezeWord.objects.filter(person_id=person).delete()[0]:
            audit.record(
                Actor("customer", str(person)), "person.freeze_word_forgotten", ("person", str(person))
            )


def has_freeze_word(person: UUID) -> bool:
    """Whether somebody has chosen a word."""
    return FreezeWord.objects.filter(person_id=person).exists()


def word_fits(person: UUID, word: str) -> bool:
    """Whether this is the word; for somebody without one it takes the same time to say no."""
    row = FreezeWord.objects.filter(person_id=person).first()
    wanted = bytes(row.code) if row else _code(_NOBODY, "nobody")
    return hmac.compare_digest(wanted, _code(person, plain_word(word[:WORD_MAX]))) and row is not None


def _check(plain: str, user: User) -> None:
    long_enough = len(plain) >= _LETTERS_MIN or len(_HAN.findall(plain)) >= _CHARACTERS_MIN
    guessable = plain.isdecimal() or len(set(plain)) < _CHARACTERS_MIN - 1
    if not long_enough or guessable or plain in plain_word(user.name):
        raise FreezeWordTooSimple()


def _code(person: UUID, plain: str) -> bytes:
    return crypto.mac(_PURPOSE, str(person), plain)
