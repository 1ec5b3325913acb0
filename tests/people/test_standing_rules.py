"""What causes make together, what of it may be told, and what leads out: tables, no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM, Actor
from guitai.people.errors import ReleaseNeedsStaff
from guitai.people.rules import standing as rules
from guitai.people.types import Cause, Means, Standing, Step

PERSON, NOON = UUID(int=7), datetime(2026, 11, 22, 12, tzinfo=UTC)
STAFF, SELF, OTHER = (
    Actor("staff", "wen"),
    Actor("customer", str(PERSON)),
    Actor("customer", str(UUID(int=8))),
)
EVERYTHING = Means(pin=True, passkey=True, recovery_code=True)
MONEY = {"spending", "withdrawal"}


def cause(reason: str, *, disclosure: str | None = None, at: int = 0, number: int = 1, **more) -> Cause:
    kind = rules.KINDS[reason]
    made = Cause(
        UUID(int=number), kind.state, reason, more.pop("scope", kind.scope),
        disclosure or kind.disclosure, NOON + timedelta(minutes=at), **more,
    )  # fmt: skip
    return replace(made, release=rules.steps(made, more.get("means", EVERYTHING)))


def together(*causes: Cause) -> Standing:
    return rules.union(Standing(PERSON, since=NOON, tier=1), causes)


@pytest.mark.parametrize(
    ("reasons", "state", "scope"),
    [
        ((), "active", set()),
        (("wrong_password",), "locked", {"sign_in"}),
        (("wrong_pin",), "locked", MONEY),
        (("inactivity",), "dormant", MONEY),
        (("inactivity", "wrong_password"), "locked", MONEY | {"sign_in"}),
        (("wrong_password", "by_customer"), "frozen", MONEY | {"sign_in"}),
        (("by_customer", "by_law"), "frozen", MONEY),
        (("closing",), "locked", MONEY | {"receiving"}),
        (("by_law", "closed"), "closed", MONEY | {"sign_in", "receiving"}),
    ],
)
def test_several_causes_make_the_strongest_state_and_stop_all_they_name(reasons, state, scope) -> None:
    found = together(*(cause(reason, number=n) for n, reason in enumerate(reasons)))
    assert (found.state, found.scope, found.tier) == (state, scope, 1)


@pytest.mark.parametrize(
    ("causes", "row", "told"),
    [
        # row: reason, disclosure · told: state, reason, how many causes
        ((("by_customer", "open"),), ("by_customer", "open"), ("frozen", "by_customer", 1)),
        ((("by_risk", "limited"),), ("by_risk", "limited"), ("frozen", "", 1)),
        ((("by_risk", "silent"),), ("by_risk", "silent"), ("active", "", 0)),
        ((("by_law", "silent"), ("by_customer", "open")), ("by_customer", "open"), ("frozen", "by_customer", 1)),
        ((("by_law", "limited"), ("by_customer", "open")), ("by_customer", "open"), ("frozen", "by_customer", 2)),
        ((("by_law", "silent"), ("wrong_pin", "open")), ("wrong_pin", "open"), ("locked", "wrong_pin", 1)),
        ((("by_risk", "silent"), ("by_law", "limited")), ("by_law", "limited"), ("frozen", "", 1)),
        ((("by_staff", "open"), ("by_customer", "open")), ("by_staff", "open"), ("frozen", "by_staff", 2)),
    ],
)  # fmt: skip
def test_tells_no_more_than_each_class_allows(causes, row, told) -> None:
    whole = together(*(cause(reason, disclosure=how, number=n) for n, (reason, how) in enumerate(causes)))
    assert (whole.reason, whole.disclosure) == row
    seen = rules.told(whole)
    assert (seen.state, seen.reason, len(seen.causes)) == told
    secret = {reason for reason, how in causes if how != "open"}
    assert not secret & {one.reason for one in seen.causes}
    assert all(not one.evidence and not one.actor for one in seen.causes if not one.reason)


def test_a_silent_cause_shows_in_no_time_and_no_scope() -> None:
    hidden = cause("by_risk", disclosure="silent", at=-60, scope=frozenset({"receiving"}), number=1)
    seen = rules.told(together(hidden, cause("by_customer", number=2)))
    assert (seen.since, seen.scope) == (NOON, MONEY)
    only = rules.told(together(hidden))
    assert (only.state, only.scope, only.release, only.since) == ("active", frozenset(), (), None)


@pytest.mark.parametrize("disclosure", ["open", "limited", "silent"])
def test_a_standing_that_the_till_locked_is_told_by_its_row(disclosure: str) -> None:
    row = Standing(PERSON, "frozen", frozenset({"spending"}), "by_risk", disclosure, NOON)
    seen = rules.told(row)
    assert seen.state == ("active" if disclosure == "silent" else "frozen")
    assert seen.reason == ("by_risk" if disclosure == "open" else "")


def codes(found: tuple[Step, ...]) -> list[tuple[str, ...]]:
    return [step.choices for step in found]


@pytest.mark.parametrize(
    ("reason", "means", "steps"),
    [
        ("wrong_password", Means(), [("sms_code", "identity_document")]),
        ("wrong_password", EVERYTHING, [("sms_code", "passkey", "recovery_code", "identity_document")]),
        ("wrong_pin", Means(), [
            ("password", "identity_document"), ("sms_code", "identity_document"), ("new_pin",)]),
        ("unusual_place", Means(passkey=True), [("sms_code", "passkey", "identity_document")]),
        ("security_check", EVERYTHING, [("identity_document",)]),
        ("inactivity", Means(), [("password", "identity_document"), ("sms_code", "identity_document")]),
        ("provisional", Means(pin=True), [("password", "identity_document"), ("sms_code", "identity_document")]),
        ("by_customer", Means(), [
            ("password", "identity_document"), ("sms_code", "identity_document"), ("new_password",)]),
        ("by_customer", EVERYTHING, [
            ("password", "passkey", "recovery_code", "identity_document"), ("sms_code", "identity_document"),
            ("pin", "identity_document"), ("new_password",)]),
        ("by_staff", EVERYTHING, [("staff_review",)]),
        ("by_risk", EVERYTHING, [("staff_review",)]),
        ("by_law", EVERYTHING, [("staff_review",)]),
        ("closing", EVERYTHING, []),
        ("closed", EVERYTHING, []),
    ],
)  # fmt: skip
def test_what_leads_out(reason: str, means: Means, steps: list[tuple[str, ...]]) -> None:
    found = rules.steps(cause(reason), means)
    assert codes(found) == steps
    assert {step.whose for step in found} <= ({"staff"} if reason.startswith("by_") and reason != "by_customer"
                                              else {"customer"})  # fmt: skip


@pytest.mark.parametrize(
    ("proved", "document", "left"),
    [
        ((), False, ["password", "sms_code", "pin", "new_password"]),
        (("passkey",), False, ["sms_code", "pin", "new_password"]),
        (("recovery_code", "sms_code"), False, ["pin", "new_password"]),
        (("pin", "sms_code", "password"), False, ["new_password"]),
        ((), True, ["new_password"]),
    ],
)
def test_what_remains_after_proofs(proved, document: bool, left: list[str]) -> None:
    own = replace(cause("by_customer"), document_at=NOON if document else None)
    assert [step.code for step in rules.remaining(own, frozenset(proved))] == left


@pytest.mark.parametrize(("reason", "kind"), rules.KINDS.items())
def test_who_may_lift_what(reason: str, kind: rules.Kind) -> None:
    one = cause(reason)
    for actor, may in (
        (SELF, kind.own),
        (OTHER, False),
        (STAFF, reason != "closed"),
        (SYSTEM, reason != "closed"),
    ):
        if may:
            rules.check_release(one, str(PERSON), actor)
        else:
            with pytest.raises(ReleaseNeedsStaff):
                rules.check_release(one, str(PERSON), actor)


@pytest.mark.parametrize(("before", "hours"), [(0, 12), (1, 24), (2, 48), (3, 72), (9, 72), (400, 72)])
def test_a_lock_that_comes_again_lasts_longer(before: int, hours: int) -> None:
    assert rules.lock_lasts_hours(12, before, 72) == hours


@pytest.mark.parametrize(
    ("active", "months", "due"),
    [
        ("2025-11-22", 12, "2026-11-22"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2025-12-01", 1, "2026-01-01"),
        ("2026-08-15", 6, "2027-02-15"),
    ],
)
def test_months_are_those_of_the_calendar(active: str, months: int, due: str) -> None:
    at = datetime.fromisoformat(active).replace(tzinfo=UTC)
    assert rules.dormant_from(at, months).date().isoformat() == due
