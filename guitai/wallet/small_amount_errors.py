"""What the wallet refuses about the two small amounts that show whose an account is."""

from guitai.base.refusal import Refusal


class SmallAmountsOff(Refusal):
    code = "small_amounts_off"


class SmallAmountsNotSent(Refusal):
    code = "small_amounts_not_sent"


class SmallAmountsTooOften(Refusal):
    code = "small_amounts_too_often"


class SmallAmountsWrong(Refusal):
    code = "small_amounts_wrong"


class SmallAmountsSpent(Refusal):
    code = "small_amounts_spent"


class AccountConfirmed(Refusal):
    code = "account_confirmed_already"
