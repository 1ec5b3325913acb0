"""Running a world: steps drawn by chance, looked at after each, brought to rest in the end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.machine.simulation import checks, peace, story, withdrawing, worker
from tests.machine.simulation.known import ZONE, Disagreement
from tests.machine.simulation.peace import Ended
from tests.machine.simulation.world import World

_EVERY, _SETTLED = 100, 4
_STEPS: dict[Callable[[World], None], int] = {**story.ACTIONS, **worker.DUTIES}


@dataclass(frozen=True, slots=True)
class Report:
    """What a run that ended well went through."""

    seed: int
    steps: int
    operations: int
    faults: int
    digest: str
    seconds: float
    met: dict[str, int]
    ended: Ended | None

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.steps} steps, {self.operations} operations, {self.faults} faults, "
            f"{self.seconds:.0f} s, story {self.digest}{f'{chr(10)}{self.ended}' if self.ended else ''}"
        )


class Failed(AssertionError):
    """A run that did not end well: says how to see it again."""


def run(seed: int, steps: int, *, seconds: float | None = None, to_the_end: bool = True) -> Report:
    """Live through a seed.

    takes    the seed, how many steps, after how many seconds to stop asking for more, and whether everything is then
             brought to rest and proved
    gives    Report
    refuses  Failed, with the seed, the step and the latest events
    """
    started = time.monotonic()
    world, lived = World(seed), 0
    with world.open():
        try:
            _settle_in(world)
            for number in range(1, steps + 1):
                if seconds is not None and time.monotonic() - started > seconds:
                    break
                world.step = number
                _step(world)
            lived = world.step
            ended = peace.make(world) if to_the_end else None
        except Exception as error:
            raise Failed(_words(world, error, lived or world.step)) from error
    return Report(
        seed,
        lived,
        len(world.model.operations),
        world.faults_struck,
        world.digest,
        time.monotonic() - started,
        dict(sorted(world.met.items())),
        ended,
    )


def _settle_in(world: World) -> None:
    """Some have a wallet before the story begins."""
    with world.at_this_moment():
        for _ in range(_SETTLED):
            story.register(world)
            withdrawing.bind(world)
        checks.after_each_step(world)


def _step(world: World) -> None:
    world.begin_step()
    before = world.now.astimezone(ZONE).date()
    world.pass_time(_passes(world))
    action = world.chance.choices(list(_STEPS), list(_STEPS.values()))[0]
    with world.at_this_moment():
        world.note_delay()
        world.outside.work()
        if world.now.astimezone(ZONE).date() > before:
            worker.each_day(world)
        action(world)
        checks.after_each_step(world)
        if world.step % _EVERY == 0:
            checks.everything(world)


def _passes(world: World) -> timedelta:
    """How far the clock goes on: mostly a little, sometimes over a deadline, rarely back, as clocks are set."""
    chance = world.chance
    if chance.random() < 0.03:
        return timedelta(hours=chance.choice((1, 5, 25)))
    if chance.random() < 0.01 and world.now.astimezone(ZONE).minute > 0:
        return timedelta(seconds=-2)
    return chance.choice(story.CLOCK)


def _words(world: World, error: Exception, lived: int) -> str:
    what = str(error) if isinstance(error, Disagreement) else f"{type(error).__name__}: {error}"
    return "\n".join([
        f"seed {world.seed}, step {world.step}: {what}",
        *world.events,
        f"replay: make simulate SEED={world.seed} STEPS={lived}",
    ])  # fmt: skip
