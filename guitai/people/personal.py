"""What people holds about somebody, in their own words, and how it goes."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guitai.base.actor import Actor
from guitai.kit.personal import Erasure, Section, register
from guitai.people import data_reads, personal_safety, reads
from guitai.people.flows.forget_standing import forget_standing
from guitai.people.flows.leave import forget_secrets, retain, still_kept
from guitai.people.models import Binding, IdentityDocument, IdentityReview, SignIn, User
from guitai.people.rules.accounts import number_of
from guitai.people.standing_reads import told_history
from guitai.people.web.identity_words import account_words, document_words, review_words
from guitai.people.web.look_words import look_words
from guitai.people.web.words import history_words

_LOOKS = 200
TABLES = (
    "people_user",
    "people_pin",
    "people_standing",
    "people_standing_cause",
    "people_standing_event",
    "people_freeze_word",
    "people_release_document",
    "people_closing",
    "people_dormancy_notice",
    "people_identity_document",
    "people_identity_review",
    "people_binding",
    "people_data_export",
    "people_retention",
    "people_sms_code",
    "people_device",
    "people_sign_in",
    "people_email",
    "people_phone_change",
    "people_passkey_challenge",
    "mfa_authenticator",
)


def export(person: UUID) -> list[Section]:
    """Everything that people knows of a person, in the active language."""
    sections = [_self(person), _documents(person), _reviews(person), _accounts(person), _standing(person)]
    sections += [_looks(person), _devices(person), *personal_safety.sections(person)]
    return [section for section in sections if section.records]


def erase(person: UUID) -> Erasure:
    """Secrets, accounts and sessions go at once; name, number and document when the law lets them."""
    erased = forget_secrets(person) + forget_standing(person)
    retain(person)
    kept = still_kept(person, gettext_lazy("Name, phone number, identity document and its photos"))
    return Erasure(erased, (kept,)) if kept is not None else Erasure(erased + 1)


def _self(person: UUID) -> Section:
    user = User.objects.get(id=person)
    own = reads.profile(person, None, Actor("customer", str(person)))
    record = {
        "name": own.name,
        "phone": own.phone,
        "language": own.language,
        "time_zone": own.time_zone,
        "registered_at": own.registered_at,
        "tier": own.tier,
        "agreement_version": user.agreement_version,
        "agreement_at": user.agreement_at,
    }
    labels = {
        "name": _("Name"),
        "phone": _("Phone number"),
        "language": _("Language"),
        "time_zone": _("Time zone"),
        "registered_at": _("Registered"),
        "tier": _("Tier"),
        "agreement_version": _("Agreement, version"),
        "agreement_at": _("Agreement accepted"),
    }
    return Section("person", _("Who you are here"), [record], labels)


def _documents(person: UUID) -> Section:
    rows = IdentityDocument.objects.filter(person_id=person).order_by("given_at")
    records = [
        {
            "document": document_words(row.kind, row.country),
            "number": row.number,
            "name": row.name,
            "birth": row.birth,
            "expires_on": row.expires_on,
            "given_at": row.given_at,
            "verified_at": row.verified_at,
            "current": row.state == "current",
        }
        for row in rows
    ]
    labels = {
        "document": _("Document"),
        "number": _("Number"),
        "name": _("Name"),
        "birth": _("Date of birth"),
        "expires_on": _("Ends"),
        "given_at": _("Given"),
        "verified_at": pgettext("when", "Confirmed"),
        "current": _("In force"),
    }
    return Section("identity_documents", _("Identity documents"), records, labels)


def _reviews(person: UUID) -> Section:
    rows = list(IdentityReview.objects.filter(person_id=person).order_by("sent_at"))
    records = [
        {
            "sent_at": row.sent_at,
            "state": row.state,
            "said": review_words(row.state, row.reason)[0],
            "words": row.words,
            "decided_at": row.decided_at,
        }
        for row in rows
    ]
    labels = {
        "sent_at": _("Photos sent"),
        "state": _("State"),
        "said": _("What we said"),
        "words": _("In our words"),
        "decided_at": _("Decided"),
    }
    photos = [file_id for row in rows for file_id in row.photos.values()]
    return Section("identity_reviews", _("Reviews of your photos"), records, labels, photos)


def _accounts(person: UUID) -> Section:
    records: list[dict[str, Any]] = []
    for row in Binding.objects.filter(person_id=person, number_sealed__isnull=False).order_by("bound_at"):
        code, number = number_of(row.number)
        records.append(
            {
                "kind": account_words(row.kind),
                "bank": row.bank,
                "code": code,
                "number": number,
                "holder": row.holder,
                "bound_at": row.bound_at,
                "removed_at": row.removed_at,
            }
        )
    labels = {
        "kind": _("Account"),
        "bank": _("Bank"),
        "code": _("Bank code"),
        "number": _("Number"),
        "holder": _("Account holder"),
        "bound_at": _("Added"),
        "removed_at": _("Removed"),
    }
    return Section("bank_accounts", _("Accounts for withdrawals"), records, labels)


def _standing(person: UUID) -> Section:
    steps = history_words(told_history(person))
    records = [{"at": step.at, "what": f"{step.title} {step.detail}".strip()} for step in steps]
    return Section("standing", _("Standing of your wallet"), records, {"at": _("When"), "what": _("What")})


def _looks(person: UUID) -> Section:
    found = [look_words(look) for look in data_reads.looks(person, limit=_LOOKS).items]
    records = [
        {"at": said.at, "who": said.who, "what": said.what, "why": said.why, "reason": said.reason}
        for said in found
    ]
    labels = {
        "at": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "why": pgettext("personal data", "Why"),
        "reason": _("Reason"),
    }
    return Section("looks", _("Who looked at your data"), records, labels)


def _devices(person: UUID) -> Section:
    rows = SignIn.objects.filter(person_id=person).select_related("device").order_by("-at")
    records = [
        {
            "began_at": row.at,
            "last_seen_at": row.seen_at,
            "network": row.network,
            "place": row.place,
            "device": (row.device.name or row.device.label) if row.device else "",
        }
        for row in rows
    ]
    labels = {
        "began_at": _("Signed in"),
        "last_seen_at": _("Last seen"),
        "network": _("Network"),
        "place": _("Place"),
        "device": _("Device"),
    }
    return Section("sign_ins", _("Where you have signed in"), records, labels)


register("people", export=export, erase=erase, tables=TABLES)
