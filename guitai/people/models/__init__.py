from guitai.people.models.access import Device, SignIn
from guitai.people.models.binding import Binding
from guitai.people.models.code import SmsCode
from guitai.people.models.contact import EmailContact, PhoneChange
from guitai.people.models.identity import DataExport, IdentityDocument, IdentityReview, Retention
from guitai.people.models.passkey import PasskeyChallenge
from guitai.people.models.pin import Pin
from guitai.people.models.safety import (
    Closing,
    DormancyNotice,
    FreezeWord,
    ReleaseDocument,
    SignInFailure,
)
from guitai.people.models.standing import StandingCause, StandingEvent, StandingRow
from guitai.people.models.user import User

__all__ = [
    "Binding",
    "Closing",
    "DataExport",
    "Device",
    "DormancyNotice",
    "EmailContact",
    "FreezeWord",
    "IdentityDocument",
    "IdentityReview",
    "PasskeyChallenge",
    "PhoneChange",
    "Pin",
    "ReleaseDocument",
    "Retention",
    "SignIn",
    "SignInFailure",
    "SmsCode",
    "StandingCause",
    "StandingEvent",
    "StandingRow",
    "User",
]
