"""The sealed columns of care."""

from guitai.care.directory.reports import TEXT, WORDS, plain_contact
from guitai.care.flows.drafts import PURPOSE as DRAFT
from guitai.care.flows.proof import PHRASE
from guitai.care.models.emergency import POLICE
from guitai.kit.sealed import Indexed, Sealed, register

register(
    Sealed("care_emergency", "police_sealed", POLICE),
    Sealed("care_proof", "phrase", PHRASE),
    Sealed("care_draft", "fields_sealed", DRAFT),
    Sealed("care_contact_report", "text_sealed", TEXT),
    Sealed("care_contact_report", "words_sealed", WORDS),
    Indexed("care_contact_report", "text_index", TEXT, "text_sealed", TEXT, plain=plain_contact),
)
