"""What there must be before writers write, and what must be true after they have: problems and counts."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import call_command

from guitai.base.actor import SYSTEM
from guitai.base.ids import new_id
from guitai.base.money import MINOR_MAX, Money
from guitai.kit import policies, topics
from guitai.kit.transactions import outermost
from guitai.ledger import api as ledger
from guitai.people import api as people
from guitai.site import verify
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.models import Operation
from guitai.wallet.till.submit import submit_all
from tests.machine.writer import CURRENCY, PIN, Wish, ledger_accounts

PEOPLE, START_MINOR, _CHUNK = 8, 10_000_00, 500


def prepare(plan: str) -> dict[str, Any]:
    """People with money, and no rule that would hold them up; gives the plan."""
    policies.publish("limits", {"tiers": [{}]}, SYSTEM)
    most = [{"minor": MINOR_MAX, "currency": CURRENCY}]
    unhurried = {"amount_a_day": most, "count_an_hour": 10**9, "new_payee_above": most}
    policies.publish("velocity", unhurried, SYSTEM)
    policies.publish("fees", {"transfer": {CURRENCY: {"fixed_minor": 1}}}, SYSTEM)
    found = []
    for number in range(PEOPLE):
        phone = f"+8613900{number:06d}"
        with outermost():
            person = people.register_customer(phone, "林月", "counter-2026-tea", PIN)
        found.append((str(person), phone))
    while topics.relay():
        pass
    amount = Money(START_MINOR, CURRENCY)
    for person, _phone in found:
        started = submit_all([intents.start_top_up(UUID(person), amount, "first")])[0]
        with outermost():
            wallet.settle_top_up(
                started.reference, amount=amount, bank_reference=person, inbox_id=str(new_id())
            )  # type: ignore[union-attr]
    Path(plan).write_text(json.dumps({"people": found}))
    return {"problems": [], "people": len(found)}


def judge(plan: str, *notes: str) -> dict[str, Any]:
    """Nothing acknowledged is missing, nothing is there twice, an unanswered key has one outcome, the books hold."""
    asked, told, problems = _read(notes)
    for key, answers in told.items():
        if len({(a["reference"], a["outcome"], a["state"], a["code"]) for a in answers}) != 1:
            problems.append(f"{key} was told {answers}")
        if sum(not answer["replayed"] for answer in answers) > 1:
            problems.append(f"{key} was done twice: {answers}")
    final = {}
    for round_ in range(2):
        for key, answer in _ask_all(list(asked.values())):
            if round_ and not answer.replayed:
                problems.append(f"{key} was done again")
            if key in told and (not answer.replayed or answer.reference != told[key][0]["reference"]):
                problems.append(f"{key} was told {told[key][0]} and now {answer}")
            final[key] = answer
    while topics.relay():
        pass
    count = Operation.objects.filter(kind="transfer").count()
    if count != len(asked):
        problems.append(f"{count} transfers for {len(asked)} keys")
    problems += _balances(json.loads(Path(plan).read_text())["people"], asked, final)
    findings, _tail = verify.run()
    return {"problems": problems + findings, "asked": len(asked), "told": len(told)}


def judge_ledger(_plan: str, *notes: str) -> dict[str, Any]:
    """The ledger alone: every acknowledged transfer is there, with its amount, and the balances follow."""
    problems, sums, asked, told = [], Counter[str](), 0, 0
    for path in notes:
        lines = list(_lines(path))
        acknowledged = {line["batch"] for line in lines if line["what"] == "told"}
        for line in (line for line in lines if line["what"] == "ask"):
            found = {str(t.id): t for t in ledger.transfers([UUID(name) for name in line["ids"]])}
            asked, told = asked + 1, told + (line["batch"] in acknowledged)
            if line["batch"] in acknowledged and len(found) != len(line["ids"]):
                problems.append(f"batch {line['batch']} was acknowledged, and {len(found)} of it are there")
            if found and len(found) != len(line["ids"]):
                problems.append(f"batch {line['batch']} is there in part")
            for name, amount in zip(line["ids"], line["amounts"], strict=True):
                if name in found:
                    sums[str(found[name].credit_account)] += amount
                    sums[str(found[name].debit_account)] -= amount
        problems += [
            f"batch {line['batch']}: {line['results']}"
            for line in lines
            if line["what"] == "told" and not set(line["results"]) <= {"created", "exists"}
        ]
    for account in ledger.accounts([new.id for new in ledger_accounts()]):
        if account.credits_posted - account.debits_posted != sums[str(account.id)]:
            problems.append(f"account {account.id} does not hold what was posted to it")
    return {"problems": problems + ledger.verify(), "asked": asked, "told": told}


def open_ledger(_plan: str) -> dict[str, Any]:
    """Accounts for the writers that know no wallet."""
    with outermost():
        results = {result.result for result in ledger.create_accounts(ledger_accounts())}
    return {"problems": [] if results == {"created"} else [str(results)]}


def _read(notes: tuple[str, ...]) -> tuple[dict[str, Wish], dict[str, list[dict[str, Any]]], list[str]]:
    asked: dict[str, Wish] = {}
    told: dict[str, list[dict[str, Any]]] = {}
    problems = []
    for path in notes:
        for line in _lines(path):
            what = line.pop("what")
            if what == "ask":
                asked[line["key"]] = Wish(**line)
            elif what == "told":
                told.setdefault(line["key"], []).append(line)
            else:
                problems.append(f"{line['key']} was refused: {line['code']}")
    return asked, told, problems


def _lines(path: str) -> Iterator[dict[str, Any]]:
    text = Path(path).read_text()
    # What ends without a line break was being written when its writer was killed.
    for line in text.splitlines() if text.endswith("\n") else text.splitlines()[:-1]:
        yield json.loads(line)


def _ask_all(wishes: list[Wish]) -> Iterator[tuple[str, Any]]:
    for start in range(0, len(wishes), _CHUNK):
        chunk = wishes[start : start + _CHUNK]
        yield from zip((w.key for w in chunk), submit_all([w.intent() for w in chunk]), strict=True)


def _balances(known: list[list[str]], asked: dict[str, Wish], final: dict[str, Any]) -> list[str]:
    """From the outcomes alone: what each has now."""
    has, owners = (
        Counter({person: START_MINOR for person, _ in known}),
        {phone: person for person, phone in known},
    )
    for key, wish in asked.items():
        if final[key].outcome == "approved":
            has[wish.owner] -= wish.minor + 1
            has[owners[wish.phone]] += wish.minor
    return [
        f"{person} has {found}, and should have {has[person]}"
        for person, _ in known
        if (found := wallet.balances(UUID(person))[0].available.minor) != has[person]
    ]


def make_tables() -> dict[str, Any]:
    """The tables, in a database that has none."""
    call_command("migrate", verbosity=0, interactive=False)
    return {"problems": []}


MODES: dict[str, Callable[..., dict[str, Any]]] = {
    "make_tables": make_tables, "prepare": prepare, "judge": judge, "open_ledger": open_ledger,
    "judge_ledger": judge_ledger,
}  # fmt: skip
