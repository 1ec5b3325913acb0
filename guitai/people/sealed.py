"""The sealed columns of people, and those that its settings cause allauth and Django to keep."""

from guitai.kit.sealed import Indexed, Sealed, Unkept, register
from guitai.people import reads
from guitai.people.models import binding, identity, user

register(
    Sealed("people_user", "phone_sealed", user.PHONE),
    Sealed("people_user", "name_sealed", user.NAME),
    Indexed("people_user", "phone_index", user.PHONE, "phone_sealed", user.PHONE),
    Unkept("people_sms_code", "phone_index"),
    Unkept("people_sign_in_failure", "phone_index"),
    Sealed("people_email", "address_sealed", reads.EMAIL, key="person_id", row="person_id"),
    Sealed("people_email", "next_sealed", reads.EMAIL, key="person_id", row="person_id"),
    Sealed("people_phone_change", "phone_sealed", "people.phone_change"),
    Sealed("people_identity_document", "number_sealed", identity.NUMBER),
    Sealed("people_identity_document", "name_sealed", identity.HOLDER),
    Sealed("people_identity_document", "birth_sealed", identity.BIRTH),
    Sealed("people_identity_review", "words_sealed", identity.WORDS),
    Sealed("people_identity_review", "reading_sealed", identity.READING),
    Indexed(
        "people_identity_document", "number_index", identity.NUMBER, "number_sealed", identity.NUMBER
    ),
    Indexed("people_binding", "number_index", binding.ACCOUNT, "number_sealed", binding.ACCOUNT),
    Sealed("people_binding", "number_sealed", binding.ACCOUNT),
    Sealed("people_binding", "holder_sealed", binding.ACCOUNT_HOLDER),
    Sealed("django_session", "session_data", "people.session", key="session_key", row="", form="base64"),
    Sealed(
        "mfa_authenticator", "data", "people.totp", row="", form="json",
        fields=("secret", "seed", "migrated_codes"),
    ),
)  # fmt: skip
