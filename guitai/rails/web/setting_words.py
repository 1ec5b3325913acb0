"""Words for what the operator sets about rails."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

RAILS: dict[str, Words] = {
    "bank": _("Bank transfer"),
    "alipay": _("Alipay"),
    "wechat": _("WeChat Pay"),
    "unionpay": _("UnionPay"),
    "card": pgettext_lazy("way to pay", "Card"),
}
FIELDS: dict[str, Words] = {
    "address": _("Address of the service"),
    "gateway_url": _("Address of the gateway"),
    "file_url": _("Address for files"),
    "app_id": _("Application id"),
    "seller_id": _("Seller id"),
    "merchant_id": _("Merchant id"),
    "account": _("Account at the acquirer"),
    "app_private_key": _("Our private key"),
    "merchant_key": _("Our private key"),
    "merchant_certificate": _("Our certificate"),
    "merchant_serial": _("Serial number of our certificate"),
    "app_certificate": _("Our certificate"),
    "apiv3_key": _("APIv3 key"),
    "alipay_public_key": _("Alipay’s public key"),
    "alipay_certificate": _("Alipay’s certificate"),
    "platform_certificates": _("Certificates of the platform"),
    "public_key_id": _("Id of the platform’s public key"),
    "public_key": _("The platform’s public key"),
    "root_certificate": _("Root certificate"),
    "middle_certificate": _("Intermediate certificate"),
    "common_name": _("Name in the certificate"),
    "secret_key": _("Secret key"),
    "webhook_secret": _("Secret of notices"),
    "webhook_secret_before": _("Secret of notices before that"),
    "desk": _("On a computer the payer gets"),
    "phone": _("On a phone the payer gets"),
    "pay_minutes": _("Minutes to pay"),
    "payee_identity": _("What a payee’s account is"),
    "bill": _("Kind of daily bill"),
    "transfer_scene": _("Scene of transfers"),
    "app_secret": _("Secret of the application"),
    "sign_in_url": _("Where customers show their WeChat account"),
    "api_url": _("Where WeChat says whose account it is"),
    "script_url": _("WeChat’s script for our pages"),
    "confirm_hours": _("Hours in which a payee confirms"),
    "transfer_scene_infos": _("What is said of transfers"),
    "pays_on_behalf": _("Our contract covers payments to cards"),
    "encryption_certificate": _("Certificate that card numbers are sealed for"),
}
TERMS: dict[str, Words] = {
    "top_ups": _("Money in by this way"),
    "payouts": _("Money out by this way"),
    "currencies": _("Currencies"),
    "minimum": _("Smallest amount"),
    "maximum": _("Largest amount"),
    "fee_fixed": _("Fixed fee"),
    "fee_per_10000": _("Fee in percent"),
    "top_up_arrival_s": _("Money in arrives within, minutes"),
    "payout_arrival_s": _("Money out arrives within, hours"),
    "calls_a_minute": _("Calls a minute, at most"),
}
# What was wrong with the last calls, where that can be said in words; other problems are shown as they are.
PROBLEMS: dict[str, Words] = {
    "not_configured": _("not set up"),
    "key_missing": _("a key is missing"),
    "circuit_open": _("left alone for a while"),
    "no_answer": _("no answer in time"),
    "ConnectError": _("no connection"),
    "ConnectTimeout": _("no connection in time"),
    "ReadTimeout": _("no answer in time"),
    "answer_bad_signature": _("its signature is not right"),
    "rail_unsupported": _("this way cannot be asked"),
}
STATES: dict[str, Words] = {
    "ok": pgettext_lazy("state of a rail", "well"),
    "slow": pgettext_lazy("state of a rail", "slow"),
    "down": pgettext_lazy("state of a rail", "down"),
}
TONES = {"ok": "ok", "slow": "wait", "down": "danger"}
CIRCUITS: dict[str, Words] = {
    "closed": _("calls go through"),
    "open": _("calls are held back"),
    "half_open": _("one call is trying"),
}


def rail_words(rail: str) -> Words:
    """A rail's name for people."""
    return RAILS.get(rail, rail)


def field_words(name: str) -> Words:
    """A setting's name for people; one without words shows as it is called."""
    plain = name.removeprefix("terms.")
    return TERMS.get(plain) if name.startswith("terms.") and plain in TERMS else FIELDS.get(plain, plain)


def problem_words(problem: str | None) -> Words:
    """What is wrong, in words or as it was recorded."""
    return PROBLEMS.get(problem, problem) if problem else ""
