"""The pure rules of people."""

import pytest

from guitai.people.errors import NameMissing
from guitai.people.rules.name import NAME_MAX, clean_name, masked_name
from guitai.people.rules.staff import permissions


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("张明", "张*"),
        ("欧阳锋", "欧**"),
        ("张", "张*"),
        ("Maya Patel", "M*** P***"),
        ("Jean-Luc de la Tour", "J*** d***"),
        ("", ""),
    ],
)
def test_masks_names(name: str, seen: str) -> None:
    assert masked_name(name) == seen


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Maya   Patel ", "Maya Patel"),
        ("林\u200b月", "林月"),
        ("Zoe\u0301", "Zoé"),
        ("a" * 200, "a" * NAME_MAX),
        ("\u202eevil", "evil"),
        ("", None),
        ("123", None),
        ("😀", None),
        ("\u200b", None),
    ],
)
def test_cleans_names(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(NameMissing):
            clean_name(typed)
    else:
        assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("role", "permission", "held"),
    [
        ("agent", "cases.work", True),
        ("agent", "holds.decide", False),
        ("supervisor", "holds.decide", True),
        ("supervisor", "operator.settings", True),
        ("", "cases.work", False),
        ("admin", "cases.work", False),
    ],
)
def test_each_role_may_do_its_own(role: str, permission: str, held: bool) -> None:
    assert (permission in permissions(role)) is held
