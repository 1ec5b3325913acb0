from guitai.people.models.code import SmsCode
from guitai.people.models.pin import Pin
from guitai.people.models.standing import StandingEvent, StandingRow
from guitai.people.models.user import User

__all__ = ["Pin", "SmsCode", "StandingEvent", "StandingRow", "User"]
