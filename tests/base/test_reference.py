"""References survive a bad line: every single wrong symbol and every swap of two is noticed."""

from itertools import combinations

import pytest

from guitai.base.reference import (
    ALPHABET,
    DIGITS,
    LENGTH,
    LETTERS,
    new_reference,
    parse_reference,
    reference_kind,
    spoken,
)  # fmt: skip

SAMPLES = [new_reference(kind) for kind in ("operation", "case") for _ in range(40)]


def test_the_alphabet_is_prime_and_leaves_out_what_is_mistaken():
    size = len(ALPHABET)
    assert size == len(set(ALPHABET)) == 19 and all(size % divisor for divisor in range(2, size))
    assert not set(ALPHABET) & set("01OILBSZNDEGPTVQU")


@pytest.mark.parametrize(("kind", "first"), [("operation", DIGITS), ("case", LETTERS)])
def test_kinds_never_meet(kind, first):
    for _ in range(100):
        reference = new_reference(kind)
        assert len(reference) == LENGTH and reference[0] in first and set(reference) <= set(ALPHABET)
        assert parse_reference(reference) == reference and reference_kind(reference) == kind


def test_every_single_wrong_symbol_is_noticed():
    for reference in SAMPLES:
        for place in range(LENGTH):
            for symbol in ALPHABET.replace(reference[place], ""):
                assert parse_reference(reference[:place] + symbol + reference[place + 1 :]) is None


def test_every_swap_of_two_is_noticed():
    for reference in SAMPLES:
        for one, other in combinations(range(LENGTH), 2):
            if reference[one] != reference[other]:
                symbols = list(reference)
                symbols[one], symbols[other] = symbols[other], symbols[one]
                assert parse_reference("".join(symbols)) is None


def test_a_missing_or_doubled_symbol_is_noticed():
    for reference in SAMPLES:
        for place in range(LENGTH):
            assert parse_reference(reference[:place] + reference[place + 1 :]) is None
            assert parse_reference(reference[:place] + reference[place] + reference[place:]) is None


FORMS = [
    spoken,
    lambda r: spoken(r).lower(),
    lambda r: f"  {spoken(r)}\n",
    " ".join,
    lambda r: spoken(r).replace("-", " "),
    lambda r: spoken(r).replace("-", "–"),
    lambda r: spoken(r).replace("-", "－"),
    lambda r: spoken(r).replace("-", "\u2011"),
    lambda r: spoken(r).replace("-", "−"),
    lambda r: spoken(r).replace("-", "\u00a0"),
    lambda r: spoken(r).replace("-", "\u3000"),
    lambda r: spoken(r).replace("-", "\u200b"),
    lambda r: spoken(r).replace("-", "\t"),
    lambda r: spoken(r).replace("-", "、"),
    lambda r: f"{r}。",
    lambda r: "".join(chr(ord(c) + 0xFEE0) for c in r),
]


@pytest.mark.parametrize("form", range(len(FORMS)))
def test_reads_what_people_type_and_paste(form):
    for reference in SAMPLES[:10] + SAMPLES[-10:]:
        assert parse_reference(FORMS[form](reference)) == reference


NOT_ONE = ["", "-", "0123456789", "7KMR", "7KMR3AXWH4X", "七KMR3AXWH4", "٧KMR3AXWH4", "x" * 10_000]


@pytest.mark.parametrize("text", NOT_ONE)
def test_refuses_what_cannot_be_one(text):
    assert parse_reference(text) is None


def test_is_shown_in_groups():
    assert spoken("7KMR3AXWH4") == "7KMR-3AX-WH4"
