"""Every refusal, failure, hold and lock code of every room: diagnosis, remedy, and both languages."""

import ast
import re
from collections.abc import Mapping
from importlib import import_module
from typing import get_args

import pytest
from django.utils import translation

from guitai.kit import explain
from guitai.people.types import Reason
from guitai.people.web import words as people_words
from guitai.rails.rules import payout_reasons
from tests.site.test_explanations import codes_of_decisions, codes_of_refusals, codes_of_states
from tests.tidy import source

LANGUAGES = ("en", "zh-hans")
_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
# Tables by which a rail's own codes become ours.
_RAIL_TABLES = {
    "alipay_codes": ("_PAYMENT_CODES", "_PAYOUT_CODES"),
    "wechat_codes": ("_PAYMENT_CODES", "_PAYOUT_CODES"),
    "unionpay_codes": ("_CODES",),
    "card_codes": ("_CODES",),
}


def _called(folder: str, name: str) -> set[str]:
    """The first words of every call of a name in a folder."""
    found = set()
    for path in (source.ROOT / folder).rglob("*.py"):
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def codes_of_holds() -> set[str]:
    """What risk holds a movement for, and what a withdrawal says of the same."""
    holds = _called("guitai/risk", "Hold")
    return holds | {f"withdrawal_{code}" for code in holds}


def codes_of_rails() -> set[str]:
    """What a rail may answer: its codes in ours, and why a payout did not arrive."""
    found = set(payout_reasons.CODES)
    for module, tables in _RAIL_TABLES.items():
        for table in tables:
            ours: Mapping[str, str] = getattr(import_module(f"guitai.rails.adapters.{module}"), table)
            found |= set(ours.values())
    return found


def every_code() -> dict[str, set[str]]:
    return {
        "refusals": codes_of_refusals(),
        "decisions": codes_of_decisions(),
        "states": codes_of_states(),
        "holds": codes_of_holds(),
        "rails": codes_of_rails(),
    }


def test_the_enumeration_finds_what_it_looks_for():
    least = {"refusals": 150, "decisions": 10, "states": 9, "holds": 8, "rails": 20}
    found = every_code()
    assert {kind: len(codes) >= least[kind] for kind, codes in found.items()} == dict.fromkeys(least, True)
    assert all(_CODE.fullmatch(code) or code.isalpha() for codes in found.values() for code in codes)


@pytest.mark.parametrize("kind", list(every_code()))
def test_every_code_has_words(kind: str):
    assert every_code()[kind] - explain.codes() == set()


@pytest.mark.parametrize("kind", list(every_code()))
@pytest.mark.parametrize("part", ["title", "reason", "remedy"])
def test_every_part_is_said_in_both_languages(kind: str, part: str):
    wrong = set()
    for code in every_code()[kind] & explain.codes():
        said = set()
        for language in LANGUAGES:
            with translation.override(language):
                said.add(getattr(explain.explain(code, {}), part))
        # A reason that is nothing but a recorded fact has no words of its own to translate.
        worded = any(letter.isalpha() for words in said for letter in words)
        if "" in said or (worded and len(said) < len(LANGUAGES)):
            wrong.add(code)
    assert wrong == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_stops_an_account_has_words(language: str):
    with translation.override(language):
        said = {reason: people_words.change_reason(reason) for reason in get_args(Reason) if reason}
    assert [reason for reason, words in said.items() if not words or words == reason] == []
