"""allauth's hooks: phone numbers, codes, failed sign-ins, second steps."""

import base64
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guitai.base.ids import new_id
from guitai.base.refusal import Refusal
from guitai.kit import crypto
from guitai.kit.explain import explain
from guitai.kit.operator import operator, word
from guitai.notify import api as notify
from guitai.people import reads
from guitai.people.errors import Frozen
from guitai.people.flows.register import begin_registration, finish_registration
from guitai.people.models import User
from guitai.people.web.fields import PhoneField

_TOTP, _NO_ROW = "people.totp", UUID(int=0)
_CODE_MINUTES = 10


def display_name(user: Any) -> str:
    """How allauth's API calls a person."""
    return user.name or reads.masked([user.pk])[user.pk].phone if user.pk else ""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "phone_password_mismatch": _("The phone number and the password do not fit together."),
        "incorrect_code": _("This code is not right. Look at the newest message and enter its six digits."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, or sign in with an SMS code."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def phone_form_field(self, **options: Any) -> forms.Field:
        return PhoneField(**options)

    def clean_phone(self, phone: str) -> str:
        try:
            return reads.normal_phone(phone)
        except Refusal as refusal:
            raise ValidationError(explain(refusal.code, refusal.facts).title, code=refusal.code) from refusal

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:
        data = form.cleaned_data
        return begin_registration(user, data["phone"], data.get("password1") or data["password"])

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.put_phone(phone, reads.phone_index(phone))
        user.save(update_fields=["phone_sealed", "phone_index"])
        if verified:
            self.set_phone_verified(user, phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone_sealed else None

    def set_phone_verified(self, user: User, phone: str) -> None:
        finish_registration(user.pk, phone)
        user.refresh_from_db()

    def get_user_by_phone(self, phone: str) -> User | None:
        # Only verified numbers: an unfinished sign-up must not keep the owner of a number out.
        return User.objects.filter(phone_index=reads.phone_index(phone), phone_verified=True).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **unused: Any) -> None:
        self._sms(phone, "people.code", {"code": code, "minutes": _CODE_MINUTES})

    def send_account_already_exists_sms(self, phone: str) -> None:
        # As long as it takes to store a new person's password, so that time tells nothing.
        make_password(phone)
        self._sms(phone, "people.number_taken", {})

    def send_unknown_account_sms(self, phone: str, **unused: Any) -> None:
        self._sms(phone, "people.number_unknown", {})

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        response: HttpResponse | None = super().pre_login(request, user, **hooks)
        if response is None and user.registered_at and user.kind == User.Kind.CUSTOMER:
            standing = reads.standing(user.pk)
            if standing.stops("sign_in"):
                raise Frozen(since=standing.since.isoformat() if standing.since else "")
        return response

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "guitai.people.stages.PhoneStage",
            "allauth.mfa.stages.AuthenticateStage",
        ]

    def add_message(self, *arguments: Any, **options: Any) -> None:
        """allauth's own messages stay silent: our pages say what happened."""

    def send_notification_mail(self, *arguments: Any, **options: Any) -> None:
        """Notices go through notify."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The stock key ignores phone numbers, so that five failures on one would lock out everybody.
        login = credentials.get("phone") or credentials.get("email") or credentials.get("username") or ""
        return "login:" + crypto.mac("people.login", str(login).lower()).hex()

    def _sms(self, phone: str, kind: str, facts: dict[str, Any]) -> None:
        language = get_language() or "en"
        notify.send_to_address("sms", phone, kind, facts, language=language, key=f"{kind}:{new_id()}")


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.seal(text, purpose=_TOTP, row=_NO_ROW)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(base64.b64decode(encrypted_text), purpose=_TOTP, row=_NO_ROW)

    def get_totp_issuer(self) -> str:
        return word(operator().brand, "en")

    def get_totp_label(self, user: User) -> str:
        return user.email or display_name(user)


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]
    def serialize_user(self, user: User) -> dict[str, Any]:
        named = bool(user.name_sealed)
        return {
            "id": str(user.pk),
            "display": display_name(user),
            "has_name": named,
            "has_pin": reads.has_pin(user.pk),
        }
