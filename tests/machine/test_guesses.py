"""Guesses from several processes count together: a PIN has five tries and a code has five, whoever asks."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from guitai.people import api as people
from guitai.people.flows.send_code import send_code
from guitai.people.models import Pin, SmsCode

PHONE, PROCESSES, TIMES = "+8613800138000", 2, 5


def _database() -> str:
    """The address of this test's own database, for other processes."""
    given = connection.settings_dict
    place = f"?host={quote(str(given['HOST']), safe='')}&port={given['PORT'] or 5432}"
    return f"postgresql://{quote(given['USER'])}:{quote(given['PASSWORD'] or '')}@/{given['NAME']}{place}"


def _guessed(what: str, whose: str, about: str) -> list[str]:
    environment = {**os.environ, "GUITAI_DATABASE_URL": _database()}
    command = [sys.executable, "-m", "tests.machine.guesser", what, whose, about, str(TIMES)]
    started = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        for _ in range(PROCESSES)
    ]
    said = [process.communicate(timeout=120)[0] for process in started]
    assert all(process.returncode == 0 for process in started)
    return [answer for text in said for answer in json.loads(text.splitlines()[-1])]


@pytest.mark.django_db(transaction=True)
def test_a_pin_has_five_tries_over_all_processes() -> None:
    person = people.register_customer(PHONE, "林月", "counter-2026-tea", "271828")
    answers = _guessed("pin", str(person), "999998")
    assert len(answers) == PROCESSES * TIMES
    assert answers.count("wrong") == 4, "the fifth wrong try locks, and everything after it is locked"
    assert Pin.objects.get(person_id=person).locked_until is not None


@pytest.mark.django_db(transaction=True)
def test_a_code_has_five_tries_over_all_processes() -> None:
    people.register_customer(PHONE, "林月", "counter-2026-tea", "271828")
    sent = send_code("freeze", PHONE, source="203.0.113.7")
    assert set(_guessed("code", PHONE, str(sent))) == {"code_wrong"}
    assert SmsCode.objects.get(id=sent).tries == 5
