"""Test cards by their published numbers, each of which does one thing. Only the last four figures are ever kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    brand: str
    funding: str  # debit, credit, prepaid (virtual cards)
    title: str
    # Error code and decline code; nothing, and the payment is made.
    code: str = ""
    decline_code: str = ""
    challenge: bool = False
    disputed: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = (
    Card("4242424242424242", "visa", "credit", "Credit card"),
    Card("4000056655665556", "visa", "debit", "Debit card"),
    Card("5105105105105100", "mastercard", "prepaid", "Virtual card"),
    Card("6200000000000005", "unionpay", "credit", "Credit card of UnionPay"),
    Card("4000002760003184", "visa", "credit", "Asks for confirmation (3-D Secure)", challenge=True),
    Card("4000000000000002", "visa", "credit", "Declined by the bank", "card_declined", "generic_decline"),
    Card("4000000000009995", "visa", "credit", "Balance too low", "card_declined", "insufficient_funds"),
    Card("4000000000000069", "visa", "credit", "Card has expired", "expired_card", "expired_card"),
    Card("4000000000000127", "visa", "credit", "Wrong security code", "incorrect_cvc", "incorrect_cvc"),
    Card("4000000000009979", "visa", "credit", "Card is blocked", "card_declined", "stolen_card"),
    Card(
        "4000000000006975",
        "visa",
        "credit",
        "Over the card's limit",
        "card_declined",
        "card_velocity_exceeded",
    ),
    Card("4100000000000019", "visa", "credit", "Held by risk rules", "card_declined", "fraudulent"),
    Card("4000000000000259", "visa", "credit", "Paid, then disputed by the cardholder", disputed=True),
)
_BY_NUMBER = {card.number: card for card in CARDS}


def card_of(number: str) -> Card | None:
    return _BY_NUMBER.get("".join(number.split()))
