"""How strong a password must be."""

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LENGTH_MAX = 128
_SCORE_MIN = 3
# zxcvbn's cost grows with length; what it reads of a long one is enough to judge it.
_JUDGED = 64


class QuickHasher(Argon2PasswordHasher):
    """Argon2 at its cheapest, for tests only."""

    time_cost, memory_cost, parallelism = 1, 64, 1


def strength(password: str, hints: tuple[str, ...] = ()) -> int:
    """How hard a password is to guess, 0 to 4, by the zxcvbn estimate."""
    words = [hint for hint in hints if hint]
    return int(zxcvbn(password[:_JUDGED], user_inputs=words)["score"]) if password else 0


class StrengthValidator:
    """Refuse what a patient guesser finds; the hint says how to do better."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LENGTH_MAX:
            raise ValidationError(_("A password may have at most 128 characters."), code="password_too_long")
        if strength(password, hints_of(user)) < _SCORE_MIN:
            raise ValidationError(
                _(
                    "This password is easy to guess. Put three or four words together that do not belong together."
                ),
                code="password_too_weak",
            )

    def get_help_text(self) -> str:
        return _(
            "At least 8 characters. A few words that do not belong together are strong and easy to remember."
        )


def hints_of(user: Any) -> tuple[str, ...]:
    """What a guesser would try first for this person: the phone number with and without its country code."""
    phone = str(getattr(user, "phone", "") or "")
    return (phone, phone[1:], phone[-11:], phone[-8:]) if phone else ()
