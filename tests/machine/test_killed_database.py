"""PostgreSQL killed with SIGKILL again and again, while processes post into it as fast as they can: what was
acknowledged is there, once; what was not acknowledged has one outcome when it is asked for again."""

import random
import time
from pathlib import Path

from tests.machine import writing

KILLS_MIN, KILLS_MAX, ENOUGH_S = 2, 5, 12
UNDER_LOAD_S, COMES_BACK_S = 1.5, 60


def test_killed_under_full_load_loses_nothing_and_doubles_nothing(
    place: writing.Place, tmp_path: Path
) -> None:
    plan, chance = tmp_path / "plan.json", random.Random()
    wallet, ledger = place.another("killed_wallet"), place.another("killed_ledger")
    place.judge("prepare", plan, database=wallet)
    place.judge("open_ledger", plan, database=ledger)
    wallets = [
        place.writer("single", plan, tmp_path / "one", 1, wallet),
        place.writer("batch", plan, tmp_path / "many", 2, wallet),
    ]
    books = [place.writer("raw", plan, tmp_path / f"raw{number}", number, ledger) for number in (3, 4)]
    began = time.monotonic()
    for number in range(KILLS_MAX):
        if number >= KILLS_MIN and time.monotonic() - began > ENOUGH_S:
            break
        _all_go_on(wallets + books)
        # At any moment of its work.
        time.sleep(chance.uniform(0, UNDER_LOAD_S))
        place.kill_database()
    _all_go_on(wallets + books)
    for writer in wallets + books:
        writer.end()
    judged = place.judge("judge", plan, *(writer.notes for writer in wallets), database=wallet)
    of_books = place.judge("judge_ledger", plan, *(writer.notes for writer in books), database=ledger)
    assert judged["told"] > 100 and of_books["told"] > 20


def _all_go_on(writers: list[writing.Writer]) -> None:
    """Until each of them has been told something since now."""
    reached = [writer.told for writer in writers]
    deadline = time.monotonic() + COMES_BACK_S
    while any(writer.told <= before for writer, before in zip(writers, reached, strict=True)):
        assert time.monotonic() < deadline, "it never came back"
        time.sleep(0.02)
