"""Payment PINs: which are too simple, and how many tries there are."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from guitai.people.errors import PinTooSimple

LENGTH = 6
TRIES = 5
_LOCK_FIRST = timedelta(minutes=30)
_LOCK_MAX = timedelta(hours=24)
_ROWS = ("0123456789", "1234567890")
_BORN_FROM, _BORN_TO = 1940, 2012
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


@dataclass(frozen=True, slots=True)
class PinState:
    """Where a PIN stands: wrong tries since the last right one, locks in a row, and the present lock."""

    failures: int = 0
    locks: int = 0
    locked_until: datetime | None = None

    def locked(self, now: datetime) -> bool:
        return self.locked_until is not None and self.locked_until > now

    def attempts_left(self, now: datetime) -> int:
        return 0 if self.locked(now) else TRIES - self.failures


def tried(state: PinState, ok: bool, now: datetime) -> PinState:
    """The state after one try. A try during a lock changes nothing; each lock is twice as long as the last."""
    if state.locked(now):
        return state
    if ok:
        return PinState()
    if state.failures + 1 < TRIES:
        return replace(state, failures=state.failures + 1, locked_until=None)
    lasts = min(_LOCK_FIRST * 2**state.locks, _LOCK_MAX)
    return PinState(failures=0, locks=min(state.locks + 1, 16), locked_until=now + lasts)


def clean_pin(text: str) -> str:
    """The digits as typed, full-width ones included; anything else stays and will not fit."""
    return text.translate(_FULL_WIDTH).strip()


def document_pins(number: str, birth: date | None) -> frozenset[str]:
    """The PINs that whoever holds somebody's document would try first.

    takes    the document's number, the date of birth
    gives    the birthday in every order of day, month and year, and the number's last six digits
    """
    digits = "".join(character for character in number if character.isascii() and character.isdigit())
    found = {digits[-LENGTH:]} if len(digits) >= LENGTH else set()
    if birth is not None:
        day, month, year = f"{birth:%d}", f"{birth:%m}", f"{birth.year:04d}"
        short = year[2:]
        found |= {
            short + month + day, short + day + month, day + month + short, month + day + short, year + month,
            month + year, year + day, day + year,
        }  # fmt: skip
    return frozenset(found)


def check_new_pin(pin: str, phone: str, known: frozenset[str] = frozenset()) -> None:
    """Refuse a PIN that is easily guessed.

    takes    six digits, the owner's number in E.164, what their document gives away
    gives    nothing
    refuses  pin_too_simple with `why`: shape, repeat, sequence, phone, document, date
    """
    if len(pin) != LENGTH or not (pin.isascii() and pin.isdigit()):
        raise PinTooSimple(why="shape")
    half = LENGTH // 2
    if len(set(pin)) <= 2 or pin[:half] == pin[half:] or pin[:2] * half == pin:
        raise PinTooSimple(why="repeat")
    if any(pin in row or pin[::-1] in row for row in _ROWS):
        raise PinTooSimple(why="sequence")
    if pin[::2] == pin[1::2] and pin[::2] in "0123456789 9876543210":
        raise PinTooSimple(why="sequence")
    if phone.endswith(pin) or pin in phone:
        raise PinTooSimple(why="phone")
    if pin in known:
        raise PinTooSimple(why="document")
    if _looks_like_birthday(pin):
        raise PinTooSimple(why="date")


def _looks_like_birthday(pin: str) -> bool:
    first, second, third = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    # YYMMDD, DDMMYY, MMDDYY and YYYYMM, in the years in which customers were born.
    return (
        _is_date(first, second, third)
        or _is_date(third, second, first)
        or _is_date(third, first, second)
        or (_BORN_FROM <= int(pin[:4]) <= _BORN_TO and 1 <= third <= 12)
    )


def _is_date(year: int, month: int, day: int) -> bool:
    known = year >= _BORN_FROM % 100 or year <= _BORN_TO % 100
    return known and 1 <= month <= 12 and 1 <= day <= 31
