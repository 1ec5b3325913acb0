"""Django's and allauth's settings for signing in; `site.settings` imports them all."""

from typing import Any

from guitai.kit.environment import environment

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["guitai.people.backends.PhoneBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "guitai.people.passwords.StrengthValidator"},
]
PASSWORD_HASHERS = [
    # Tests make hundreds of people; what a hash costs is tested where it matters.
    "guitai.people.passwords.QuickHasher"
    if environment().mode == "test"
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
SESSION_ENGINE = "guitai.people.sessions"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "guitai.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "guitai.people.web.agreement.AgreementForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_DISPLAY = "guitai.people.adapter.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 10 * 60
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
# Thousands of phones share one address behind a carrier's NAT, so what is counted by address is generous
# and what is counted by phone number is strict.
ACCOUNT_RATE_LIMITS = {
    "signup": "120/m/ip",
    "login": "300/m/ip",
    "login_failed": "120/m/ip,5/300s/key",
    "request_login_code": "120/m/ip,3/300s/key",
    "verify_phone": "120/m/ip,1/30s/key,6/h/key",
    "reset_password": "120/m/ip,3/300s/key",
    "change_phone": "3/h/user",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}

MFA_ADAPTER = "guitai.people.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Guitai"

# allauth's engine, our own pages: its views are mounted only as the API for apps.
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ["app"]
HEADLESS_ADAPTER = "guitai.people.adapter.HeadlessAdapter"
HEADLESS_FRONTEND_URLS = {"account_signup": "/sign-up/"}
