"""A balance at a past moment: right, by both ways of counting, and found in a few steps however long the account."""

import json
import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from guitai.base import clock
from guitai.ledger import api, poster, reads
from guitai.ledger.errors import AccountNotFound
from tests.ledger.conftest import ALICE, BANK, BOB, NOON, give_back, hold, post, take, transfer

HOUR = timedelta(hours=1)


def test_agrees_with_adding_everything_up(books):
    chance, moved = random.Random(7), []
    for hour in range(1, 40):
        recorded = NOON + hour * HOUR
        with clock.stopped(recorded):
            for _ in range(chance.randrange(3)):
                away = chance.choice([None, None, -30, -5, -1, 0, 1, 5, 30])
                effective = None if away is None else recorded + away * HOUR
                new = transfer(BANK, BOB, chance.randrange(1, 99), effective_at=effective)
                sign = 1
                if moved and chance.random() < 0.3:
                    new, sign = transfer(BOB, BANK, 1, effective_at=effective), -1
                if post(new) == ["created"]:
                    moved.append((recorded, effective or recorded, sign * new.amount))
            held = hold(BANK, BOB, 7, effective_at=recorded - HOUR)
            end = chance.choice([take(held, 3, effective_at=recorded - 2 * HOUR), give_back(held)])
            assert post(held, end) == ["created", "created"]
            if end.amount:
                moved.append((recorded, recorded - 2 * HOUR, 3))
    for half_hour in range(-70, 150):
        moment = NOON + half_hour * HOUR / 2
        assert api.balance_at(BOB, moment) == sum(a for recorded, _, a in moved if recorded <= moment)
        assert api.balance_at(BOB, moment, "effective") == sum(a for _, when, a in moved if when <= moment)


def test_of_an_account_without_lines_and_of_none(books):
    assert api.balance_at(BOB, NOON) == api.balance_at(BOB, NOON, "effective") == 0
    for by in ("recorded", "effective"):
        with pytest.raises(AccountNotFound):
            api.balance_at(UUID(int=5), NOON, by)


def plan(query: str, moment) -> tuple[set[str], int]:
    """The kinds of scan, and how many pages were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) {query}", {"account": BOB, "moment": moment})
        found = cursor.fetchone()[0]
    top = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    scans: set[str] = set()

    def walk(node) -> None:
        if "Scan" in node["Node Type"]:
            scans.add(f"{node['Node Type']} {node.get('Relation Name', '')} {node.get('Index Name', '')}")
        for child in node.get("Plans", []):
            walk(child)

    walk(top)
    return scans, top["Shared Hit Blocks"] + top["Shared Read Blocks"]


def test_looks_at_a_few_pages_of_a_long_account(books):
    with transaction.atomic():
        for day in range(12):
            with clock.stopped(NOON + timedelta(days=day)):
                batch = [transfer(BANK, BOB, 1) for _ in range(4_000)]
                batch += [transfer(BANK, BOB, 1, effective_at=NOON - HOUR) for _ in range(2)]
                assert {r.result for r in poster.post(batch)} == {"created"}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_entry, ledger_transfer, ledger_account")
    for day in (0, 5, 11):
        moment = NOON + timedelta(days=day, hours=1)
        assert api.balance_at(BOB, moment) == 4_002 * (day + 1)
        assert api.balance_at(BOB, moment, "effective") == 4_000 * (day + 1) + 24
        for query in (reads.BALANCE_RECORDED, reads.BALANCE_EFFECTIVE):
            scans, pages = plan(query, moment)
            assert not [
                scan for scan in scans if scan.startswith("Seq Scan") and "ledger_account" not in scan
            ]
            assert any("ledger_entry_pkey" in scan for scan in scans)
            assert pages < 250  # of several hundred for the lines, and again for their transfers
    scans = plan(reads.BALANCE_EFFECTIVE, NOON)[0]
    assert any("ledger_transfer_dated" in scan for scan in scans)
    assert api.balance_at(ALICE, NOON + timedelta(days=30)) in (0, 1_000)
