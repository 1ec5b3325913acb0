"""Whatever a file holds, reading it ends in a statement or a Refusal; and no minor unit is lost on the way."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.rails.errors import StatementRefused
from guitai.rails.statements import Entry, StatementFoot, StatementHead, read_all, read_statements
from tests.rails.statements.samples import camt, details, entry, statement
from tests.rails.statements.test_csv import HEAD, mapping
from tests.rails.statements.test_mt940 import message

GOOD_CAMT = camt(statement(entry(details=details()) + entry("3.10", "DBIT"), closing="1096.90"))
GOOD_MT940 = message(":61:2611221122C100,NTRFE//B", ":86:?20EREF+E", closing="C261122CNY1100,00").encode()
GOOD_CSV = (HEAD + "2026-11-22,B1,100.50,x\n2026-11-22,B2,-1.00,y\n").encode()


def survives(content: bytes) -> None:
    balance, head = None, None
    try:
        for part in read_statements(io.BytesIO(content), mappings=(mapping(),)):
            if isinstance(part, StatementHead):
                head, balance = part, part.opening
            elif isinstance(part, Entry):
                assert part.amount >= 0
                balance = (
                    None if balance is None else balance + (part.amount if part.credit else -part.amount)
                )
            elif isinstance(part, StatementFoot) and head is not None and head.kind == "statement":
                assert None in (balance, part.closing) or balance == part.closing
    except StatementRefused:
        pass  # an answer; anything else is a fault


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    survives(content)


@settings(max_examples=400, deadline=None)
@given(
    good=st.sampled_from([GOOD_CAMT, GOOD_MT940, GOOD_CSV]),
    edits=st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 30), st.binary(max_size=12)), min_size=1, max_size=4
    ),
)
def test_good_files_with_damage(good: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    content = good
    for at, removed, added in edits:
        place = at % (len(content) + 1)
        content = content[:place] + added + content[place + removed :]
    survives(content)


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(st.text(max_size=30), max_size=8), head=st.sampled_from([":20:A\n", "{1:F01", HEAD, "<"])
)
def test_any_words(words: list[str], head: str) -> None:
    survives((head + "\n".join(words)).encode("utf-8", "surrogatepass"))


MOVEMENTS = st.lists(st.tuples(st.integers(0, 10**12), st.booleans()), max_size=12)


def _decimal(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


@settings(max_examples=100, deadline=None)
@given(opening=st.integers(-(10**13), 10**13), movements=MOVEMENTS)
def test_camt_keeps_every_minor_unit(opening: int, movements: list[tuple[int, bool]]) -> None:
    closing = opening + sum(a if c else -a for a, c in movements)
    lines = "".join(entry(_decimal(a), "CRDT" if c else "DBIT") for a, c in movements)
    found = read_all(
        io.BytesIO(camt(statement(lines, opening=_decimal(opening), closing=_decimal(closing))))
    )[0]
    assert (found.head.opening, found.foot.closing) == (opening, closing)
    assert [(e.amount, e.credit) for e in found.entries] == movements


@settings(max_examples=100, deadline=None)
@given(opening=st.integers(-(10**13), 10**13), movements=MOVEMENTS)
def test_mt940_keeps_every_minor_unit(opening: int, movements: list[tuple[int, bool]]) -> None:
    def told(minor: int) -> str:
        return ("D" if minor < 0 else "C") + "261122CNY" + _decimal(abs(minor)).replace(".", ",")

    closing = opening + sum(a if c else -a for a, c in movements)
    lines = [f":61:261122{'C' if c else 'D'}{_decimal(a).replace('.', ',')}NTRFX" for a, c in movements]
    found = read_all(io.BytesIO(message(*lines, opening=told(opening), closing=told(closing)).encode()))[0]
    assert (found.head.opening, found.foot.closing) == (opening, closing)
    assert [(e.amount, e.credit) for e in found.entries] == movements


@settings(max_examples=60, deadline=None)
@given(shares=st.lists(st.integers(0, 10**9), min_size=2, max_size=6), off=st.integers(-1, 1))
def test_a_batch_is_never_more_or_less_than_its_booking(shares: list[int], off: int) -> None:
    total = max(sum(shares) + off, 0)
    inner = "".join(
        details(f"E{n}", amount=f'<Amt Ccy="CNY">{_decimal(a)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>')
        for n, a in enumerate(shares)
    )
    found = read_all(
        io.BytesIO(camt(statement(entry(_decimal(total), details=inner), opening=None, closing=None)))
    )
    assert sum(e.amount for e in found[0].entries) == total
