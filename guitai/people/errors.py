"""What people refuses."""

from guitai.base.refusal import Refusal


class PhoneInvalid(Refusal):
    code = "phone_invalid"
    field = "phone"


class CodeWrong(Refusal):
    code = "code_wrong"
    field = "code"


class PasswordWrong(Refusal):
    code = "password_wrong"
    field = "password"


class PasswordTooWeak(Refusal):
    code = "password_too_weak"
    field = "password"


class SignInRefused(Refusal):
    code = "sign_in_refused"


class PinWrong(Refusal):
    code = "pin_wrong"
    field = "pin"


class PinLocked(Refusal):
    code = "pin_locked"
    field = "pin"


class PinNotSet(Refusal):
    code = "pin_not_set"
    field = "pin"


class PinTooSimple(Refusal):
    code = "pin_too_simple"
    field = "pin"


class NameMissing(Refusal):
    code = "name_missing"
    field = "name"


class AlreadyRegistered(Refusal):
    code = "already_registered"


class Frozen(Refusal):
    code = "frozen"


class ReleaseNeedsStaff(Refusal):
    code = "release_needs_staff"


class NotPermitted(Refusal):
    code = "not_permitted"


class TooManyAttempts(Refusal):
    code = "too_many_attempts"


class EmailTaken(Refusal):
    code = "email_taken"
    field = "email"
