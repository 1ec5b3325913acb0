"""A bounded slice of the simulation, its seeds printed. `make simulate` runs hours of it: see this folder's README."""

import os
import sys
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.machine.simulation.model import Model
from tests.machine.simulation.run import Failed, Report, run
from tests.machine.simulation.surroundings import clean_slate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
FIXED_SEED, OTHER_SEED, STEPS, SHORT, SECONDS = 2026, 7, 350, 60, 10
# What a slice must have gone through to have proved anything.
_MET = {
    "top_up awaiting_payment", "top_up succeeded", "top_up expired top_up_expired", "transfer sent",
    "transfer succeeded", "transfer held held_new_payee", "transfer refused frozen",
    "transfer refused insufficient_balance",
    "transfer refused limit_transfer_once", "transfer refused pin_wrong", "transfer refused payee_is_self",
    "withdrawal by bank processing", "withdrawal by bank sent", "withdrawal by bank succeeded",
    "withdrawal by bank cancelled withdrawal_cancelled",
    "payouts taken by the bank", "file of the bank 053", "top_up parked already_paid",
    "receipt.hold succeeded", "wechat notice told", "card notice told", "bank notice told",
}  # fmt: skip


@pytest.fixture(autouse=True)
def as_it_was(transactional_db: None) -> Iterator[None]:
    """The flush of the tests leaves the jobs' own tables alone."""
    yield
    clean_slate()
    connection.close()


@pytest.fixture
def tell(capfd: pytest.CaptureFixture[str]) -> Callable[[object], None]:
    """Say something on the terminal, whatever becomes of the test."""

    def say(words: object) -> None:
        with capfd.disabled():
            print(f"\nsimulation: {words}", file=sys.stderr, flush=True)

    return say


def test_one_seed_is_one_story() -> None:
    """What cannot be replayed proves little: ids, references, moments and every answer are the same again."""
    first, second = (run(FIXED_SEED, SHORT, to_the_end=False) for _ in range(2))
    assert (first.digest, first.met) == (second.digest, second.met)


def test_the_wallet_survives_a_known_story(tell: Callable[[object], None]) -> None:
    report = run(FIXED_SEED, STEPS)
    tell(report)
    missing = _MET - report.met.keys()
    assert not missing, f"this slice no longer meets {sorted(missing)}: choose another seed"
    assert _sides(report) == {(kind, side) for kind in ("die", "cut") for side in ("before", "after")}


def test_the_wallet_survives_another_story(tell: Callable[[object], None]) -> None:
    """Always the same one, so that a change is to blame for what changes: `make simulate` draws new ones.

    GUITAI_SIMULATION_SEED and GUITAI_SIMULATION_STEPS ask for others.
    """
    seed = int(os.environ.get("GUITAI_SIMULATION_SEED") or OTHER_SEED)
    tell(run(seed, int(os.environ.get("GUITAI_SIMULATION_STEPS") or STEPS), seconds=SECONDS))


def test_a_failure_names_its_seed_its_step_and_what_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is wrong stands for a till that is: the words are enough to see it again."""
    monkeypatch.setattr(Model, "hold_reason", lambda *of_anything: None)
    with pytest.raises(Failed) as failed:
        run(FIXED_SEED, STEPS)
    words = str(failed.value)
    assert words.startswith(f"seed {FIXED_SEED}, step ")
    assert f"make simulate SEED={FIXED_SEED} STEPS=" in words and len(words.splitlines()) > 10


def _sides(report: Report) -> set[tuple[str, str]]:
    """On which sides of an exchange which faults have struck."""
    return {
        tuple(what.split()[1:3])
        for what in report.met
        if what.startswith("fault ") and "deadlock" not in what
    }
