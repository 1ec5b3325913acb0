"""How the demonstration's cast calls the API: headers, answers that have to be right, and waiting for others."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from guitai.site.refusals import StartRefused

WAIT_S = 30
T = TypeVar("T")


class SeedFailed(StartRefused):
    """The cast could not be completed; the text says at which step."""


def wait(ask: Callable[[], T], what: str, seconds: float = WAIT_S) -> T:
    """What `ask` gives as soon as it gives anything; refuses SeedFailed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise SeedFailed(f"waited {seconds:g} s for {what}")


def checked(response: httpx.Response, expected: int, step: str) -> Any:
    """The answer's data; refuses SeedFailed when its status is another one."""
    if response.status_code != expected:
        raise SeedFailed(f"{step}: expected {expected}, got {response.status_code} {response.text[:400]}")
    return response.json()


def signed(token: str, key: str = "") -> dict[str, str]:
    """The headers of a customer's request, with its key when it moves money."""
    return {"X-Session-Token": token, **({"Idempotency-Key": key} if key else {})}


def state(client: httpx.Client, token: str, reference: str) -> str:
    """Where one operation stands."""
    detail = client.get(f"/api/v1/operations/{reference}", headers=signed(token))
    return str(checked(detail, 200, "operation")["state"])


def outside(url: str, fields: dict[str, Any], step: str, expected: int = 201) -> Any:
    """What somebody does in the simulated world outside."""
    return checked(httpx.post(url, json=fields, timeout=20, trust_env=False), expected, step)
