"""Answers become facts: judged by their question's kind, secrets masked, empty ones left out."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from guitai.base.clock import now
from guitai.care.asking.table import Question, question_named
from guitai.care.errors import AnswerInvalid
from guitai.care.rules.words import clean_words

_OLDEST = timedelta(days=3650)
_AMOUNT_MAX = Decimal(10) ** 13


def clean_answers(asked: Sequence[Question], typed: Mapping[str, str]) -> dict[str, str]:
    """What was answered of what was asked; refuses case_answer_invalid.

    What nobody asked is dropped without a word: it is known already, or belongs to another category.
    """
    found = {}
    for question in asked:
        answer = str(typed.get(question.name, "")).strip()
        if answer:
            found[question.name] = _judged(question, answer)
    return found


def shown(category: str, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Answers as a person reads them: (question, answer), in the active language."""
    rows = []
    for name, answer in answers.items():
        question = question_named(category, name)
        if question is not None:
            rows.append((str(question.label), str((question.choices or {}).get(answer, answer))))
    return rows


def _judged(question: Question, answer: str) -> str:
    if len(answer) > question.maximum and question.kind != "choice":
        raise AnswerInvalid(question=str(question.label), name=question.name)
    if question.kind == "choice":
        valid = answer in (question.choices or {})
    elif question.kind == "digits":
        valid = answer.isascii() and answer.isdigit() and len(answer) == question.maximum
    elif question.kind == "date":
        valid = _is_day(answer)
    elif question.kind == "amount":
        answer = answer.replace(",", "").replace("，", "").lstrip("¥￥$€£ ")
        valid = _is_amount(answer)
    else:
        answer, _ = clean_words(answer)
        valid = True
    if not valid:
        raise AnswerInvalid(question=str(question.label), name=question.name)
    return answer


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    # Somebody east of us may already write tomorrow.
    today = now().date()
    return today - _OLDEST <= day <= today + timedelta(days=1)


def _is_amount(text: str) -> bool:
    if not text.isascii():
        return False
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 < amount < _AMOUNT_MAX
