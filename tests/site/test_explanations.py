"""Every code that anybody may meet has words: what happened, why, and what to do."""

import ast
import itertools

import pytest
from django.utils import translation

from guitai.base.refusal import Refusal
from guitai.kit import explain
from tests.tidy import source

_LANGUAGES = ("en", "zh-hans")


def _subclasses(kind: type[Refusal]) -> set[type[Refusal]]:
    below = {kind}
    for child in kind.__subclasses__():
        below |= _subclasses(child)
    return below


def codes_of_refusals() -> set[str]:
    return {kind.code for kind in _subclasses(Refusal) if kind.__module__.startswith("guitai.")}


def codes_of_decisions() -> set[str]:
    """What the till answers with: the first word of every `refused(...)` and `give_back(..., ...)`."""
    found = set()
    for path in (source.ROOT / "guitai/wallet/kinds").glob("*.py"):
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("refused", "give_back"):
                words = [
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                found.update(words[:1])
    return found


def codes_of_states() -> set[str]:
    """Every state in which a bill can stand without a code of its own."""
    outgoing = ("succeeded", "sent", "held", "returned")
    incoming = ("awaiting_payment", "processing", "unknown", "succeeded")
    return {
        *(f"transfer_out_{state}" for state in outgoing),
        *(f"top_up_in_{state}" for state in incoming),
        "transfer_in_succeeded",
    }


def test_every_code_has_words() -> None:
    assert len(codes_of_refusals()) > 40 and len(codes_of_decisions()) > 10
    every = codes_of_refusals() | codes_of_decisions() | codes_of_states()
    assert every - explain.codes() == set()


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_code_says_what_why_and_what_to_do(language: str) -> None:
    with translation.override(language):
        for code in explain.codes():
            said = explain.explain(code, {})
            assert all((said.title, said.reason, said.remedy)), code


def test_no_two_languages_say_the_same() -> None:
    said = {}
    for language, code in itertools.product(_LANGUAGES, explain.codes()):
        with translation.override(language):
            said.setdefault(code, set()).add(explain.explain(code, {}).title)
    assert [code for code, titles in said.items() if len(titles) < len(_LANGUAGES)] == []
