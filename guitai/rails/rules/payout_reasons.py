"""Why a payout did not arrive: the bank's reason codes in our own, each of which has words."""

from typing import Final

UNSPECIFIED = "payout_not_possible"
# Its payee was asked, and did not say yes in time.
NOT_CONFIRMED: Final = "payout_not_confirmed"

# ISO 20022 external status and return reason codes. What the payee's bank may not tell (regulation, a death, an
# order of a court) is one neutral code.
_REASONS: Final = {
    "payee_account_wrong": "AC01 AC02 AC03 AC10 AC12 AC13 AC14 BE06 IBAN",
    "payee_account_closed": "AC04 AC05 AC07 ACCL",
    "payee_account_blocked": "AC06 AC08 AG01 AG03 AG09",
    "payee_name_mismatch": "BE01 BE04 BE05 BE07 BE08 BE22",
    "payee_bank_wrong": "RC01 RC02 RC03 RC04 RC07 RC10 CNOR DNOR AGNT AC11",
    "payout_over_bank_limit": "AM02 AM06 AM07 AM13 AM14 AM21 AM23",
    "payout_currency_not_taken": "AM03 AM11 CURR",
    "payout_duplicate": "AM05 DUPL DU01 DU02 DU03 DU04 DU05",
    "payout_not_taken": "RR01 RR02 RR03 RR04 RR05 RR12 MD07 LEGL FRAD FR01",
    "payout_sent_back_by_payee": "CUST FOCR MD06 NOAS CUTA UPAY",
    "payout_failed_at_bank": "AM04 AM01 AM09 AM10 AM12 DT01 ED01 ED05 ED06 FF01 FF03 FF05 MS03 NARR TM01 TD01 TD02 TD03"
    " AG02 AG08 CH03 CH04 CH07 CH10 CH11 SL01 AB05 AB06 AB07 AB08 AB09 AB10",
}
# What only a rail that pays back to payments says, in words of its own that its adapter knows.
CODES_OF_PAYMENTS: Final = frozenset(
    {"payee_card_closed", "payee_card_declined", "payout_payment_disputed", "payout_payment_used_up"}
)
_CODES: Final = {reason: code for code, reasons in _REASONS.items() for reason in reasons.split()}
CODES: Final = frozenset({*_REASONS, *CODES_OF_PAYMENTS, UNSPECIFIED})


def code_of_reason(reason: str | None) -> str:
    """Our code for a bank's reason; a general one for a reason that says nothing, or that nobody knows."""
    return _CODES.get((reason or "").strip().upper()[:8], UNSPECIFIED)
