"""The machine-readable zone of passports and identity cards (ICAO Doc 9303, parts 3 to 6)."""

from dataclasses import dataclass
from datetime import date, timedelta

_FILLER = "<"
_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {
    "<": 0
}
_WEIGHTS = (7, 3, 1)
_TD1, _TD2, _TD3 = (3, 30), (2, 36), (2, 44)
# What a machine mistakes for something else in places where only digits may stand.
_AS_DIGITS = str.maketrans("OQDIBSZG", "00018526")


@dataclass(frozen=True, slots=True)
class Zone:
    """What the zone says. `sound` is whether all of its check digits hold."""

    kind: str
    issuer: str
    number: str
    nationality: str
    name: str
    birth: date | None
    expires: date | None
    sound: bool


def check_digit(text: str) -> str:
    """The check digit over letters, digits and fillers: weights 7, 3, 1, modulus 10 (Doc 9303-3, 4.9).

    takes    capital letters A to Z, digits and `<`; anything else raises KeyError
    """
    return str(sum(_VALUES[c] * _WEIGHTS[place % 3] for place, c in enumerate(text)) % 10)


def read_zone(text: str, today: date) -> Zone | None:
    """Find a zone among lines of text.

    takes    what was typed or read by a machine (other lines may stand around it), the day by which two-digit
             years are completed
    gives    the zone, or None when there is none
    """
    lines = ["".join(line.upper().replace("«", "<<").split()) for line in text.splitlines()]
    lines = [line for line in lines if len(line) >= _TD1[1] and set(line) <= _VALUES.keys()]
    for count, width in (_TD3, _TD2, _TD1):
        for start in range(len(lines) - count + 1):
            rows = lines[start : start + count]
            if all(len(row) == width for row in rows):
                return _td1(rows, today) if count == 3 else _td3(rows, today)
    return None


def _td3(rows: list[str], today: date) -> Zone:
    """Passports (TD3, 2 x 44) and larger cards (TD2, 2 x 36): the same places, another end."""
    above, below = rows
    wide = len(above) == _TD3[1]
    checks = [(below[:9], below[9]), (below[13:19], below[19]), (below[21:27], below[27])]
    if wide:
        checks.append((below[28:42], below[42] if below[42] != _FILLER else "0"))
    whole = below[0:10] + below[13:20] + below[21 : 43 if wide else 35]
    checks.append((whole, below[-1]))
    return _zone(
        above[0], above[2:5], below[:9], below[10:13], above[5:], (below[13:19], below[21:27]), checks, today
    )


def _td1(rows: list[str], today: date) -> Zone:
    """Identity cards (TD1, 3 x 30)."""
    first, second, third = rows
    number, digit = first[5:14], first[14]
    if digit == _FILLER:
        # A long number goes on among the optional data, its check digit at the end.
        rest = first[15:].split(_FILLER)[0]
        number, digit = number + rest[:-1], rest[-1:]
    whole = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    checks = [(number, digit), (second[:6], second[6]), (second[8:14], second[14]), (whole, second[29])]
    return _zone(
        first[0], first[2:5], number, second[15:18], third, (second[:6], second[8:14]), checks, today
    )


def _zone(
    kind: str,
    issuer: str,
    number: str,
    nationality: str,
    name: str,
    dates: tuple[str, str],
    checks: list[tuple[str, str]],
    today: date,
) -> Zone:
    surname, _, given = name.partition("<<")
    said = " ".join(part.replace(_FILLER, " ").strip() for part in (given, surname)).strip()
    return Zone(
        kind=kind,
        issuer=issuer.strip(_FILLER),
        number=number.strip(_FILLER),
        nationality=nationality.strip(_FILLER),
        name=" ".join(said.split()),
        birth=_date(dates[0], latest=today),
        expires=_date(dates[1], latest=today + timedelta(days=365 * 50)),
        sound=all(check_digit(part) == digit for part, digit in checks),
    )


def _date(text: str, *, latest: date) -> date | None:
    """Two digits of the year, completed to the last such day that is not after `latest`."""
    digits = text.translate(_AS_DIGITS)
    if not (digits.isascii() and digits.isdigit()):
        return None
    century = latest.year // 100 * 100
    for year in (century + int(digits[:2]), century - 100 + int(digits[:2])):
        try:
            found = date(year, int(digits[2:4]), int(digits[4:6]))
        except ValueError:
            continue
        if found <= latest:
            return found
    return None
