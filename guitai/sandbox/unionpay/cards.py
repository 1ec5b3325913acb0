"""Test cards, each of which does one thing."""

from dataclasses import dataclass

SMS_CODE = "111111"


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    kind: str  # debit, credit or virtual
    title: str
    # What the issuer answers: 00 and the payment is made.
    response: str = "00"

    @property
    def type_code(self) -> str:
        return {"debit": "01", "credit": "02", "virtual": "01"}[self.kind]

    @property
    def shown(self) -> str:
        return f"{self.number[:6]}******{self.number[-4:]}"


CARDS = (
    Card("6216261000000000018", "debit", "Debit card"),
    Card("6221558812340000", "credit", "Credit card"),
    Card("6235240000000000124", "virtual", "Virtual card"),
    Card("6216261000000000642", "debit", "Balance too low", "64"),
    Card("6221558812340733", "credit", "Card has expired", "73"),
    Card("6216261000000000634", "debit", "Card is blocked", "63"),
    Card("6221558812340816", "credit", "Over the card's limit", "81"),
    Card("6221558812340386", "credit", "Held by risk rules", "38"),
    Card("6216261000000000600", "debit", "Declined by the bank", "60"),
    Card("6235240000000000058", "virtual", "Still undecided", "05"),
)
_BY_NUMBER = {card.number: card for card in CARDS}


def card_of(number: str) -> Card | None:
    return _BY_NUMBER.get("".join(number.split()))
