"""What a process does that guesses a PIN or a code, several times: it prints how each guess was answered."""

import json
import sys
from collections.abc import Callable
from uuid import UUID

from django import setup


def main() -> None:
    what, whose, about, times = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    setup()
    guess = _guesses()[what]
    print(json.dumps([guess(whose, about) for _ in range(times)]))


def _guesses() -> dict[str, Callable[[str, str], str]]:
    # Only after Django is set up can its models be imported.
    from django.db import transaction

    from guitai.base.refusal import Refusal
    from guitai.people import api as people
    from guitai.people.flows.send_code import check_code

    def pin(person: str, wrong: str) -> str:
        with transaction.atomic():
            (check,) = people.pin_checks([(UUID(person), wrong)])
            people.record_pin_outcomes([(UUID(person), check.ok)])
        return "locked" if check.attempts_left == 0 else "wrong"

    def code(phone: str, sent: str) -> str:
        try:
            check_code("freeze", phone, "000000", sent=UUID(sent))
        except Refusal as refusal:
            return refusal.code
        return "right"

    return {"pin": pin, "code": code}


if __name__ == "__main__":
    main()
