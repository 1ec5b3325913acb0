"""Sealed values open only for their row, purpose and key; indexes outlive rotation."""

import pytest

from guitai.base.ids import new_id
from guitai.kit import cursors
from guitai.kit.crypto import Unsealable, blind, mac, seal, seal_bytes, unseal, unseal_bytes

OLD, NEW = ("k1", bytes(32)), ("k2", bytes(range(32)))
ROW = new_id()


@pytest.mark.parametrize("text", ["", "林月", "x" * 100_000, "\x00"])
def test_opens_what_it_sealed(own, text):
    sealed = seal(text, purpose="phone", row=ROW)
    assert unseal(sealed, purpose="phone", row=ROW) == text
    assert unseal(memoryview(sealed), purpose="phone", row=ROW) == text
    assert sealed != seal(text, purpose="phone", row=ROW)
    assert not text or text.encode() == b"\x00" or text.encode() not in sealed


def test_is_bound_to_row_and_purpose(own):
    sealed = seal("138", purpose="phone", row=ROW)
    for purpose, row in (("phone", new_id()), ("name", ROW), ("seal:phone", ROW)):
        with pytest.raises(Unsealable):
            unseal(sealed, purpose=purpose, row=row)


def test_every_changed_byte_is_noticed(own):
    sealed = seal_bytes(b"138", purpose="phone", row=ROW)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Unsealable):
            unseal_bytes(changed, purpose="phone", row=ROW)
    for length in range(len(sealed)):
        with pytest.raises(Unsealable):
            unseal_bytes(sealed[:length], purpose="phone", row=ROW)


def test_keys_rotate(own):
    own(data_keys=(OLD,))
    sealed, index = seal("138", purpose="phone", row=ROW), blind("138", purpose="phone")
    own(data_keys=(NEW, OLD))
    assert unseal(sealed, purpose="phone", row=ROW) == "138" and blind("138", purpose="phone") == index
    newer = seal("138", purpose="phone", row=ROW)
    assert newer[1:3] == b"k2"
    own(data_keys=(NEW,))
    assert unseal(newer, purpose="phone", row=ROW) == "138"
    with pytest.raises(Unsealable):
        unseal(sealed, purpose="phone", row=ROW)


def test_indexes_and_codes_depend_on_everything(own):
    assert blind("138", purpose="phone") == blind("138", purpose="phone")
    codes = {
        blind("138", purpose="phone"), blind("139", purpose="phone"), blind("138", purpose="email"),
        mac("phone", "138"), mac("phone", "13", "8"), mac("phone", "1", "38"), mac("phone", "138", ""), mac("phone"),
    }  # fmt: skip
    assert len(codes) == 8 and {len(code) for code in codes} == {32}


@pytest.mark.parametrize("parts", [(), (1,), ("a",), ("2026-11-22T12:00:00+00:00", 7, "数")])
def test_cursors_come_back(parts):
    assert cursors.decode(cursors.encode(*parts)) == parts


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "数", "\x00", "." * 600, "[1]", "x" * 100_000])
def test_cursors_of_others_are_refused(text):
    with pytest.raises(cursors.CursorInvalid):
        cursors.decode(text)


def test_changed_cursors_are_refused():
    cursor = cursors.encode("a", 7)
    for place in range(len(cursor)):
        with pytest.raises(cursors.CursorInvalid):
            cursors.decode(cursor[:place] + ("x" if cursor[place] != "x" else "y") + cursor[place + 1 :])
