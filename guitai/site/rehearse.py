"""`guitai rehearse`: one trouble, staged in the demonstration that is running."""

from collections.abc import Iterator

import httpx

from guitai.kit.environment import environment
from guitai.site.rehearsals import REHEARSALS
from guitai.site.rehearsals.stage import Scene, Stage


def listed() -> Iterator[str]:
    """The names, with a line about each."""
    for one in REHEARSALS.values():
        yield f"  {one.name:<14} {one.about}"


def staged(name: str) -> Scene:
    """Stage one trouble; needs a running web process, worker and sandbox."""
    url = f"http://localhost:{environment().port}"
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        return REHEARSALS[name].stage(Stage(client, environment().bank_url))


def told(scene: Scene) -> Iterator[str]:
    """What was staged, for whoever stands before it."""
    for heading, lines in (
        ("sign in as", scene.who), ("look at", scene.look), ("what should happen", scene.expect),
    ):  # fmt: skip
        yield heading
        yield from (f"  {line}" for line in lines)
