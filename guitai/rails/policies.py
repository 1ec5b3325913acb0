"""What the operator decides about rails: where statements come from, how banks write CSV, how payouts leave."""

import os
from dataclasses import replace
from datetime import date, datetime, time
from itertools import takewhile
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from guitai.base.openhours import Hours, OpenHours, open_hours
from guitai.kit import policies
from guitai.kit.calendars import calendar
from guitai.rails.rail_types import ReceivingAccount
from guitai.rails.statements.mapping import CsvMapping
from guitai.rails.statements.source import BYTES_MAX, Limits

_WEEKDAYS = (1, 2, 3, 4, 5)


class StatementSettings(msgspec.Struct, frozen=True):
    """How statement files are taken in."""

    # A folder that another program (an SFTP server, a bank's client) fills; empty: GUITAI_STATEMENTS_FOLDER, or none.
    folder: str = ""
    # A file is taken when nobody has written to it for so long.
    quiet_s: int = 10
    bytes_max: int = BYTES_MAX
    mappings: tuple[CsvMapping, ...] = ()
    # Of MT940 files that are not UTF-8.
    mt940_encoding: str = "utf-8"
    # Where customers may pay at any time, with their own reference or to their own number; without one, only by orders.
    receiving: tuple[ReceivingAccount, ...] = ()

    def limits(self) -> Limits:
        """The bounds of one file that is stored."""
        return Limits(bytes_max=self.bytes_max, statements_max=10_000)


def statement_settings() -> StatementSettings:
    """The settings in force; a folder named by the environment counts where none was published."""
    value = policies.current(StatementSettings).value
    if not value.folder and os.environ.get("GUITAI_STATEMENTS_FOLDER"):
        return msgspec.structs.replace(value, folder=os.environ["GUITAI_STATEMENTS_FOLDER"])
    return value


class OwnAccount(msgspec.Struct, frozen=True):
    """An account of the operator's that payouts of one currency leave from."""

    currency: str
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=70)]
    account: Annotated[str, msgspec.Meta(min_length=1, max_length=34)]
    bic: str = ""
    clearing_system: str = ""
    clearing_number: str = ""


class PayoutSettings(msgspec.Struct, frozen=True):
    """How payouts leave: the bank's format, hours and holidays, and the folder that its client empties."""

    # Empty: GUITAI_PAYOUTS_FOLDER; without either, payouts wait in the queue.
    folder: str = ""
    accounts: tuple[OwnAccount, ...] = ()
    version: Literal["03", "09"] = "09"
    charset: Literal["unicode", "latin"] = "unicode"
    charges: Literal["SLEV", "SHAR", "DEBT"] = "SLEV"
    # `SEPA` where the scheme asks for it.
    service_level: str = ""
    time_zone: str = "Asia/Shanghai"
    opens: str = "08:00"
    cut_off: str = "16:00"
    holidays: tuple[date, ...] = ()
    # One of the policy `calendars` instead, with its zone, closed days and worked Saturdays.
    calendar: str = ""
    # A bank that takes payments at every hour of every day: hours, cut-off and holidays say nothing then.
    round_the_clock: bool = False
    # A file is made when the first payout has waited so long, or so many wait.
    gather_s: int = 60
    count_max: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 5_000

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{self.time_zone[:60]!r} is not a time zone like Asia/Shanghai") from error
        Hours(_WEEKDAYS, self.opens, self.cut_off)
        if time.fromisoformat(self.opens) >= time.fromisoformat(self.cut_off):
            raise ValueError("the cut-off comes after the opening, like 08:00 and 16:00")

    def account_of(self, currency: str) -> OwnAccount | None:
        """Where payouts of a currency leave from."""
        return next((account for account in self.accounts if account.currency == currency), None)

    def leaves_at(self, moment: datetime) -> datetime:
        """When a payout that waits at a moment may leave: then or later, in the bank's zone."""
        if self.round_the_clock:
            return moment.astimezone(ZoneInfo(self.time_zone))
        hours = self.hours()
        is_open, changes = hours.change(moment)
        if not is_open and changes is None:
            raise ValueError("the bank has no bank day within a year")
        return (moment if is_open or changes is None else changes).astimezone(hours.zone)

    def cut_off_at(self, moment: datetime) -> datetime | None:
        """Until when what is queued on the day of a moment still leaves on that day, in the bank's zone."""
        if self.round_the_clock:
            return None
        hours = self.hours()
        day = moment.astimezone(hours.zone).date()
        left = takewhile(lambda span: span[0].astimezone(hours.zone).date() == day, hours.spans(moment))
        last = max((closes for _opens, closes in left), default=None)
        return last.astimezone(hours.zone) if last is not None else None

    def hours(self) -> OpenHours:
        """When the bank takes payments: a calendar of the operator's, or weekdays by this policy's own hours."""
        named = calendar(self.calendar) if self.calendar else None
        if named is not None:
            return named
        usual = open_hours((Hours(_WEEKDAYS, self.opens, self.cut_off),), self.time_zone)
        return replace(usual, closed=frozenset(self.holidays))


def payout_settings() -> PayoutSettings:
    """The settings in force; a folder named by the environment counts where none was published."""
    value = policies.current(PayoutSettings).value
    if not value.folder and os.environ.get("GUITAI_PAYOUTS_FOLDER"):
        return msgspec.structs.replace(value, folder=os.environ["GUITAI_PAYOUTS_FOLDER"])
    return value


policies.declare("payouts", PayoutSettings, PayoutSettings())
policies.declare("statements", StatementSettings, StatementSettings())
