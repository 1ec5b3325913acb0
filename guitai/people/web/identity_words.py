"""Documents, reviews and accounts in words, in the active language."""

from babel import Locale, UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

_CHINESE: dict[str, Promise] = {
    "home_return_permit": gettext_lazy("Mainland travel permit for Hong Kong and Macau residents"),
    "taiwan_permit": gettext_lazy("Mainland travel permit for Taiwan residents"),
    "residence_permit": gettext_lazy("Residence permit for Hong Kong, Macau and Taiwan residents"),
    "permanent_residence": gettext_lazy("Foreign permanent resident ID card"),
}
_NATIONAL: dict[str, Promise] = {
    "CN": gettext_lazy("Resident ID card of mainland China"),
    "HK": gettext_lazy("Hong Kong identity card"),
    "TW": gettext_lazy("Taiwan identity card or resident certificate"),
}
_ACCOUNTS: dict[str, Promise] = {
    "cn_card": gettext_lazy("Bank card of mainland China"),
    "iban": gettext_lazy("Account with an IBAN"),
    "us_account": gettext_lazy("Account in the United States"),
    "gb_account": gettext_lazy("Account in the United Kingdom"),
    "hk_account": gettext_lazy("Account in Hong Kong"),
    "alipay": gettext_lazy("Alipay account"),
    "wechat": gettext_lazy("WeChat account"),
}
_CODES: dict[str, tuple[Promise, Promise]] = {
    "us_account": (
        gettext_lazy("Routing number"),
        gettext_lazy("Nine digits, on a cheque at the lower left."),
    ),
    "gb_account": (gettext_lazy("Sort code"), gettext_lazy("Six digits, like 20-00-00.")),
    "hk_account": (gettext_lazy("Bank code"), gettext_lazy("Three digits, like 004.")),
}
# Title, what to do.
_REASONS: dict[str, tuple[Promise, Promise]] = {
    "photo_blurred": (
        gettext_lazy("A photo is blurred"),
        gettext_lazy("Wipe the lens, put the document on a table, and wait until the picture is sharp."),
    ),
    "photo_cut_off": (
        gettext_lazy("Part of the document is missing"),
        gettext_lazy("Take it from above so that all four corners are in the picture."),
    ),
    "photo_glare": (
        gettext_lazy("Light covers part of the text"),
        gettext_lazy("Turn off the flash and tilt the document a little away from the lamp."),
    ),
    "photo_wrong_side": (
        gettext_lazy("It is the wrong side or another document"),
        gettext_lazy("Send the side that is asked for, of the document whose number you gave."),
    ),
    "selfie_unlike": (
        gettext_lazy("Your face is hard to see"),
        gettext_lazy("Look straight into the camera in even light, without hat, mask or sunglasses."),
    ),
    "photo_copy": (
        gettext_lazy("It is a copy or a picture of a screen"),
        gettext_lazy("Photograph the document itself."),
    ),
    "number_differs": (
        gettext_lazy("The number in the photo is not the one you gave"),
        gettext_lazy("Give your document's number again, as it stands there, then send the photos again."),
    ),
    "name_differs": (
        gettext_lazy("The name in the photo is not the one you gave"),
        gettext_lazy("Give your name again, as it stands in the document, then send the photos again."),
    ),
    "face_differs": (
        gettext_lazy("We could not see that the document is yours"),
        gettext_lazy("Give your own document, or ask at the counter if your looks have changed much."),
    ),
    "document_expired": (
        gettext_lazy("The document has ended"),
        gettext_lazy("Give a document that is valid, then send photos of it."),
    ),
    "document_altered": (
        gettext_lazy("The document could not be accepted"),
        gettext_lazy("Ask at the counter what you can show instead."),
    ),
    "document_unknown": (
        gettext_lazy("We cannot check this kind of document"),
        gettext_lazy("Give another document: a passport is always accepted."),
    ),
}
REVIEW_STATES: dict[str, tuple[Promise, str]] = {
    "waiting": (gettext_lazy("waiting for us"), "info"),
    "claimed": (gettext_lazy("being looked at"), "info"),
    "second_look": (gettext_lazy("being looked at"), "info"),
    "better_photos": (gettext_lazy("waiting for your photos"), "wait"),
    "approved": (gettext_lazy("confirmed"), "ok"),
    "refused": (gettext_lazy("not confirmed"), "wait"),
    "withdrawn": (gettext_lazy("taken back"), "quiet"),
}


def country_words(country: str) -> str:
    """A country's or region's name in the active language."""
    # Passports and accounts of these are issued by the region, and named so.
    own = {"HK": _("Hong Kong SAR China"), "MO": _("Macau SAR China"), "TW": _("Taiwan, China")}
    return own.get(country) or _territories().get(country) or country


def countries(codes: tuple[str, ...] | frozenset[str]) -> list[tuple[str, str]]:
    """Codes with their names, in the order of the active language."""
    return sorted(((code, country_words(code)) for code in codes), key=lambda item: item[1])


def document_words(kind: str, country: str) -> str:
    """What a document is called."""
    if kind in _CHINESE:
        return str(_CHINESE[kind])
    if kind == "national_id" and country in _NATIONAL:
        return str(_NATIONAL[country])
    name = _("Passport") if kind == "passport" else _("Identity card or number")
    return _("%(document)s, %(country)s") % {"document": name, "country": country_words(country)}


def account_words(kind: str) -> str:
    """What a scheme of accounts is called."""
    return str(_ACCOUNTS.get(kind, kind))


def account_icon(kind: str) -> str:
    """The picture that stands for a scheme of accounts."""
    return {"cn_card": "credit-card", "alipay": "scan-qr-code", "wechat": "message-circle"}.get(
        kind, "landmark"
    )


def code_words(kind: str) -> tuple[str, str]:
    """What the routing code of a scheme is called, and how it looks; empty where there is none."""
    label, example = _CODES.get(kind, ("", ""))
    return str(label), str(example)


def review_words(state: str, reason: str) -> tuple[str, str]:
    """A review's outcome: what it is, and what to do."""
    if reason in _REASONS:
        title, remedy = _REASONS[reason]
        return str(title), str(remedy)
    return str(REVIEW_STATES[state][0]), ""


def reason_choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Reasons to choose from, as the customer will read them."""
    return [(code, str(_REASONS[code][0])) for code in codes]


def photo_words(which: str, kind: str) -> tuple[str, str]:
    """What a photo is called and how to take it."""
    if which == "selfie":
        return _("You, with your face visible"), _(
            "A photo of your face now, in even light, nothing in front of it."
        )
    if which == "back":
        return _("The other side"), _("All four corners, sharp, without glare.")
    if kind == "passport":
        return _("The page with your photo"), _("The whole page with the two lines of signs at its foot.")
    return _("The side with your photo"), _("All four corners, sharp, without glare.")


def _territories() -> dict[str, str]:
    try:
        locale = Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return dict(locale.territories)
