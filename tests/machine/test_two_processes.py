"""Two processes that post on the same accounts and under the same keys at once, one of which is killed on its way."""

import json
import random
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tests.machine import writing
from tests.machine.writer import Wish

KEYS, DISPUTED = 160, 12


def asked_for(people: list[list[str]]) -> tuple[list[Wish], list[Wish]]:
    """What each of the two processes is to ask for: the same, but for some keys that stand for two wishes."""
    chance, wishes = random.Random(20261122), []
    for number in range(KEYS):
        # Few pay everybody else: all wait for the same rows.
        payer = people[number % 3]
        payee = chance.choice([person for person in people if person is not payer])
        wishes.append(Wish(f"k{number}", payer[0], payee[1], chance.randint(1, 500)))
    other = [Wish(w.key, w.owner, w.phone, w.minor + 1) for w in wishes[:DISPUTED]]
    return wishes, other + wishes[DISPUTED:]


def answers(notes: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in notes.read_text().splitlines()]


def test_two_processes_with_the_same_keys_do_everything_once(place: writing.Place, tmp_path: Path) -> None:
    plan, first, second = tmp_path / "plan.json", tmp_path / "first", tmp_path / "second"
    database = place.another("two_processes")
    place.judge("prepare", plan, database=database)
    people = json.loads(plan.read_text())["people"]
    lists = asked_for(people)
    plan.write_text(
        json.dumps({"people": people, "wishes": [[asdict(wish) for wish in one] for one in lists]})
    )
    two = [place.writer("listed", plan, notes, n, database) for n, notes in enumerate((first, second))]
    while two[1].told < KEYS // 8:
        time.sleep(0.01)
    two[1].kill()
    again = place.writer("listed", plan, second, 1, database)
    two[0].finish()
    again.finish()
    # A line that its writer was killed in is no answer.
    second.write_text("".join(line + "\n" for line in second.read_text().splitlines() if line.endswith("}")))

    said = answers(first) + answers(second)
    refused = Counter(line["code"] for line in said if line["what"] == "refused")
    assert set(refused) <= {"idempotency_key_reused"}
    references: dict[str, set[str]] = {}
    for line in said:
        if line["what"] == "told":
            references.setdefault(line["key"], set()).add(line["reference"])
    assert len(references) == KEYS and all(len(found) == 1 for found in references.values())
    firsts = Counter(line["key"] for line in said if line["what"] == "told" and not line["replayed"])
    assert not firsts or max(firsts.values()) == 1, "a key was done twice"
    won = _winners(lists, answers(first))
    notes = tmp_path / "all"
    asks = [json.dumps({"what": "ask", **asdict(wish)}) for wish in won]
    tolds = [json.dumps(line) for line in said if line["what"] == "told"]
    notes.write_text("\n".join([*asks, *tolds]) + "\n")
    assert place.judge("judge", plan, notes, database=database)["asked"] == KEYS


def _winners(lists: tuple[list[Wish], list[Wish]], said: list[dict[str, str]]) -> list[Wish]:
    """Which of two wishes under one key was the first: the other one was refused."""
    lost = {line["key"] for line in said if line["what"] == "refused"}
    assert lost <= {f"k{number}" for number in range(DISPUTED)}
    return [two if one.key in lost else one for one, two in zip(*lists, strict=True)]
