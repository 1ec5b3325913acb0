"""The questions, one table a category: asked only while the facts they would repeat are not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.care.types import Category

Kind = Literal["choice", "text", "amount", "date", "digits"]
Choices = Mapping[str, Promise]

YES_NO: Choices = {
    "yes": pgettext_lazy("answer", "Yes"),
    "no": pgettext_lazy("answer", "No"),
    "unsure": pgettext_lazy("answer", "I do not know"),
}
WAYS: Choices = {
    "bank": _("Bank transfer"),
    "alipay": _("Alipay"),
    "wechat": _("WeChat Pay"),
    "unionpay": _("UnionPay"),
    "card": _("Card"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `unless`: facts that answer it; `when`: facts without which it makes no sense."""

    name: str
    kind: Kind
    label: Promise
    choices: Choices | None = None
    help: Promise | str = ""
    unless: frozenset[str] = frozenset()
    when: frozenset[str] = frozenset()
    maximum: int = 120

    def asked(self, known: frozenset[str]) -> bool:
        """Whether it is still a question."""
        return not (self.unless & known) and self.when <= known


_BILL = frozenset({"operation"})
_AMOUNT = Question("amount", "amount", _("How much?"), help=_("Such as 200.00"), unless=_BILL, maximum=20)
_DAY = Question("day", "date", _("On which day?"), unless=_BILL, maximum=10)
_CODE_TOLD = Question("code_told", "choice", _("Did anybody ask you for a code or PIN?"), YES_NO,
                      help=_("Say only whether; never the code itself."))  # fmt: skip
_PHONE_HERE = Question("phone_here", "choice", _("Do you still have your phone?"), YES_NO)
_POLICE = Question("police", "choice", _("Have you told the police?"), YES_NO)

QUESTIONS: Mapping[Category, tuple[Question, ...]] = {
    "top_up": (
        Question("way", "choice", _("How did you pay?"), WAYS, unless=_BILL),
        _AMOUNT,
        _DAY,
        Question("account_end", "digits", _("Last four digits of the paying account"),
                 unless=frozenset({"paid"}), maximum=4),
        Question("sender_says", "choice", _("What does your bank or app say?"), {
            "paid": _("Paid"), "pending": _("In progress"), "failed": _("Failed or returned"),
            "nothing": _("I cannot see it there"),
        }, unless=frozenset({"paid"})),
    ),
    "withdrawal": (
        _AMOUNT,
        _DAY,
        Question("trouble", "choice", _("What is wrong with it?"), {
            "late": _("It has not arrived"), "less": _("Less arrived"), "back": _("It came back"),
            "account": _("The account is wrong"), "else": _("Something else"),
        }),
    ),
    "transfer": (
        Question("payee", "text", _("To whom?"), help=_("A name, or the end of their number."), unless=_BILL),
        _AMOUNT,
        _DAY,
        Question("trouble", "choice", _("What is wrong with it?"), {
            "wrong_person": _("It went to the wrong person"), "wrong_amount": _("The amount is wrong"),
            "twice": _("It was paid twice"), "not_received": _("They say they do not have it"),
            "else": _("Something else"),
        }),
    ),
    "refused": (_AMOUNT, _DAY),
    "held": (
        _AMOUNT,
        _DAY,
        Question("payment_for", "choice", _("What is the payment for?"), {
            "family": _("Family or friends"), "rent": _("Rent or a home"), "goods": _("Goods or a service"),
            "investment": _("An investment"), "loan": _("A loan"), "else": _("Something else"),
        }),
        Question("payee_met", "choice", _("Have you met the payee in person?"), YES_NO),
        Question("told_to_pay", "choice", _("Did somebody tell you by phone or chat to pay this?"), YES_NO,
                 help=_("Whoever presses you to pay at once is very often a fraud.")),
    ),
    "not_me": (_AMOUNT, _DAY, _PHONE_HERE, _CODE_TOLD, _POLICE),
    "stolen_account": (
        Question("since", "date", _("Since when?"), unless=frozenset({"denied_sign_in"}), maximum=10),
        _PHONE_HERE,
        _CODE_TOLD,
        _POLICE,
    ),
    "sign_in": (
        Question("step", "choice", _("Where do you get stuck?"), {
            "password": _("The password"), "pin": _("The payment PIN"), "code": _("The SMS code does not come"),
            "two_step": _("The second step"), "device": _("A new phone or browser"),
        }, unless=frozenset({"stopped"})),
        Question("same_number", "choice", _("Is your phone number still the same?"), YES_NO),
    ),
    "fees": (_AMOUNT, _DAY),
    "complaint": (
        Question("about", "choice", _("What is the complaint about?"), {
            "decision": _("A decision of ours"), "service": _("How we treated you"), "waiting": _("How long it took"),
            "product": _("How something works"), "else": _("Something else"),
        }),
        Question("wanted", "choice", _("What would put it right?"), {
            "explanation": _("An explanation"), "apology": _("An apology"), "money": _("Money back"),
            "change": _("A change"),
        }),
        Question("earlier_case", "text", _("The case it is about"), help=_("Its reference, if there is one."),
                 unless=frozenset({"follows", "no_earlier_case"}), maximum=20),
    ),
    "other": (),
}  # fmt: skip


def questions(category: Category, known: frozenset[str]) -> tuple[Question, ...]:
    """What is still to be asked in a category, given what is known.

    takes    the category, codes of known facts: operation, paid, stopped, follows, no_earlier_case, denied_sign_in
    gives    questions in their order; every answer may be left out
    """
    return tuple(question for question in QUESTIONS[category] if question.asked(known))


def question_named(category: str, name: str) -> Question | None:
    """A question of a category by its name, whatever is known."""
    found = {str(code): of for code, of in QUESTIONS.items()}.get(category, ())
    return next((question for question in found if question.name == name), None)
