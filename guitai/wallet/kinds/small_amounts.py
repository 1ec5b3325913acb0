"""small_amounts.*: two small amounts of the house's money, to a bank account and perhaps back."""

from guitai.wallet.reconciliation.kinds import HouseMovement

SEND, BACK = "small_amounts.send", "small_amounts.back"
KINDS = (HouseMovement(SEND), HouseMovement(BACK))
