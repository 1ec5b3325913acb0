"""allauth's hooks: phone numbers, codes, failed sign-ins, second steps."""

import base64
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guitai.base.ids import new_id
from guitai.base.refusal import Refusal
from guitai.kit import crypto
from guitai.kit.explain import explain
from guitai.kit.operator import operator, word
from guitai.notify import api as notify
from guitai.people import reads
from guitai.people.access import proved_lately
from guitai.people.flows.check_may_act import check_may_sign_in
from guitai.people.flows.close_account import came_back
from guitai.people.flows.failed_sign_ins import check_not_locked, note_failure
from guitai.people.flows.note_sign_in import note_sign_in
from guitai.people.flows.register import begin_registration, finish_registration
from guitai.people.models import User
from guitai.people.rules.phone import masked_phone
from guitai.people.types import StepCode
from guitai.people.web.devices import note_session_use, visitor_of, with_token
from guitai.people.web.fields import PhoneField
from guitai.people.webauthn import rp_entity

_TOTP, _NO_ROW = "people.totp", UUID(int=0)
_CODE_MINUTES = 10
SIGN_IN = "people.sign_in"


# What allauth calls the ways of signing in, as proofs that a standing may ask for.
_PROOFS: dict[tuple[str, str], StepCode] = {
    ("password", ""): "password",
    ("code", ""): "sms_code",
    ("mfa", "webauthn"): "passkey",
    ("mfa", "recovery_codes"): "recovery_code",
}


def _proved(request: HttpRequest, user: User) -> set[StepCode]:
    """What somebody has shown in this sign-in so far."""
    records = get_authentication_records(request, user)
    found = {_PROOFS.get((record.get("method", ""), record.get("type", ""))) for record in records}
    return {proof for proof in found if proof is not None}


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
            check_may_sign_in(user.pk, _proved(request, user))
        return response

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **hooks: Any) -> HttpResponse:
        if user.kind == User.Kind.CUSTOMER:
            # Whoever comes back while the account is being closed wants to keep it.
            came_back(user.pk)
        response: HttpResponse = super().post_login(request, user, signup=signup, **hooks)
        if user.kind == User.Kind.CUSTOMER and user.registered_at:
            self._note(request, user, signup=signup)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if credentials.get("phone"):
            check_not_locked(str(credentials["phone"]))
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # Counted for numbers of nobody too: their lock looks the same from outside.
        if credentials.get("phone"):
            note_failure(str(credentials["phone"]))

    def is_reauthentication_required(self, *, app: str) -> bool:
        return not proved_lately(context.request)

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "guitai.people.stages.PhoneStage",
            "guitai.people.stages.SecondStepStage",
        ]

    def add_message(self, *arguments: Any, **options: Any) -> None:
        """allauth's own messages stay silent: our pages say what happened."""

    def send_notification_mail(self, *arguments: Any, **options: Any) -> None:
        """Notices go through notify."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The stock key ignores phone numbers, so that five failures on one would lock out everybody.
        login = credentials.get("phone") or credentials.get("email") or credentials.get("username") or ""
        return "login:" + crypto.mac("people.login", str(login).lower()).hex()

    def _note(self, request: HttpRequest, user: User, *, signup: bool) -> None:
        if not request.session.session_key:
            request.session.save()
        methods = [
            str(record.get("type") or record["method"])
            for record in get_authentication_records(request, user)
        ]
        visitor = with_token(request, visitor_of(request))
        key = str(request.session.session_key)
        request.session[SIGN_IN] = str(note_sign_in(user, visitor, key, methods, signed_up=signup))
        note_session_use(request, request.session)

    def _sms(self, phone: str, kind: str, facts: dict[str, Any]) -> None:
        language = get_language() or "en"
        notify.send_to_address("sms", phone, kind, facts, language=language, key=f"{kind}:{new_id()}")


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.seal(text, purpose=_TOTP, row=_NO_ROW)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(base64.b64decode(encrypted_text), purpose=_TOTP, row=_NO_ROW)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return rp_entity()

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        phone = masked_phone(user.phone, operator().phone_region)
        name = user.email or phone
        return {"id": user_pk_to_url_str(user).encode(), "name": name, "display_name": user.name or name}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return gettext("Passkey")

    def get_totp_issuer(self) -> str:
        return word(operator().brand, "en")

    def get_totp_label(self, user: User) -> str:
        return user.email or masked_phone(user.phone, operator().phone_region)


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]
    def serialize_user(self, user: User) -> dict[str, Any]:
        named = bool(user.name_sealed)
        return {
            "id": str(user.pk),
            "display": display_name(user),
            "has_name": named,
            "has_pin": reads.has_pin(user.pk),
        }
