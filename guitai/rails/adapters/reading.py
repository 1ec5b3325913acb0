"""What gateways write, read exactly: amounts in yuan, moments of Beijing, numbers of payments."""

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

from guitai.base.money import MINOR_MAX
from guitai.rails.errors import Malformed, StatementAmountTooPrecise, StatementAmountWrong
from guitai.rails.statements.values import minor_of

# China has kept one time all year since 1991.
BEIJING = timezone(timedelta(hours=8))
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z", re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\Z", re.ASCII)


def yuan(text: str) -> int:
    """`88.88` as 8888; refuses malformed for what is not a positive amount of at most two decimals."""
    try:
        minor = minor_of(text, "CNY")
    except (StatementAmountWrong, StatementAmountTooPrecise) as refusal:
        raise Malformed(problem="amount") from refusal
    return fen(minor)


def fen(minor: int) -> int:
    """An amount in minor units; refuses malformed unless it is positive and within what an order may be."""
    if not 0 < minor <= MINOR_MAX:
        raise Malformed(problem="amount")
    return minor


def token(text: str, name: str) -> str:
    """A number that a rail gave; refuses malformed, naming the field."""
    if not _TOKEN.match(text):
        raise Malformed(problem=name)
    return text


def beijing(text: str) -> datetime:
    """`2026-11-22 19:30:00`, Beijing's clock, in UTC; refuses malformed."""
    # Old answers end in milliseconds.
    text = text.partition(".")[0]
    if not _LOCAL.match(text):
        raise Malformed(problem="time")
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed(problem="time") from error


def rfc3339(text: str) -> datetime:
    """A moment with its zone, in UTC; refuses malformed."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise Malformed(problem="time")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed(problem="time") from error


def is_address(text: str) -> bool:
    """Whether a gateway or a file may live there."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
