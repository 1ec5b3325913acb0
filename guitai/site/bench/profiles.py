"""`guitai bench profile`: where the time of a batch and of a request goes, step by step."""

import json
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guitai.site.bench.children import Child, Children
from guitai.site.bench.http import signed_in
from guitai.site.bench.ledger import KNOWN
from guitai.site.bench.machine import described
from guitai.site.bench.place import Place, opened
from guitai.site.bench.prepared import migrated
from guitai.site.bench.telling import clear, show
from guitai.site.bench.webs import Webs

_LEDGER_BATCH, _TILL_BATCH = 8190, 512
_WARM_S = 1.0


@dataclass
class Plan:
    """What was asked for."""

    seconds: float = 8.0
    connections: int = 256
    accounts: int = 10_000
    customers: int = 1_024


def measure(plan: Plan) -> dict[str, Any]:
    """Look on while each works for so long; gives one object: profiles, machine."""
    with opened() as place, Children(place.home) as children:
        machine = described(place)
        migrated(place, "base")
        profiles = {
            f"ledger_{_LEDGER_BATCH}_uniform": _ledger(plan, place, children),
            f"till_{_TILL_BATCH}_uniform": _till(plan, place, children),
            "http": _http(plan, place, children),
        }
        clear()
    return {"bench": "profile", "profiles": profiles, "machine": machine, "seconds": plan.seconds}


def _ledger(plan: Plan, place: Place, children: Children) -> dict[str, Any]:
    show(f"the ledger, batches of {_LEDGER_BATCH}")
    place.make("ledger", template="base")
    poster = children.start("poster", place.variables("ledger"))
    poster.ask("open_books", accounts=plan.accounts)
    poster.ask("know_books")
    return _alone(children, poster, batch=_LEDGER_BATCH, hot=False, seconds=plan.seconds)


def _till(plan: Plan, place: Place, children: Children) -> dict[str, Any]:
    show(f"the till, batches of {_TILL_BATCH}")
    place.make("till", template="base")
    seeder = children.start("customers", place.variables("till"))
    persons = seeder.ask("seed", count=plan.customers, known=KNOWN)
    children.stop(seeder)
    till = children.start("till", place.variables("till"))
    till.ask("know", persons=persons, known=KNOWN)
    return _alone(children, till, batch=_TILL_BATCH, seconds=plan.seconds)


def _http(plan: Plan, place: Place, children: Children) -> dict[str, Any]:
    place.make("http", template="base")
    seeder = children.start("customers", place.variables("http"))
    senders = signed_in(seeder, plan.connections)
    children.stop(seeder)
    load = children.start("load", place.variables("http"))
    file = place.home / "sampled.json"
    show(f"one HTTP request of {plan.connections} at a time")
    with Webs(place) as webs:
        words = ("-m", "guitai.site.bench.sampled_web", str(file))
        web = webs.start("sampled", "http", words)
        load.ask("transfers", port=web.port, senders=senders.pairs, seconds=_WARM_S, warm=_WARM_S)
        web.process.send_signal(signal.SIGUSR1)
        answer = load.ask("transfers", port=web.port, senders=senders.pairs, seconds=plan.seconds, warm=0.1)
        webs.stop()
    found: dict[str, Any] = json.loads(Path(file).read_text())
    return {**found, "count": answer["count"], "wall_s": round(answer["count"] / answer["per_second"], 3)}


def _alone(children: Children, child: Child, **words: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = child.ask("profile", **words)
    finally:
        children.stop(child)
    return found


def lines(result: dict[str, Any]) -> list[str]:
    """The profiles for people."""
    told = []
    for name, profile in result["profiles"].items():
        each_ms = 1000 * profile["wall_s"] / max(profile["count"], 1)
        cpu_ms = 1000 * profile["cpu_s"] / max(profile["count"], 1)
        told.append(f"{name}: {profile['count']:,} in {profile['wall_s']:.1f} s; {each_ms:.3f} ms each by the clock, "
                    f"{cpu_ms:.3f} ms of this process's processor")  # fmt: skip
        told += [f"  {step['share']:6.1%}  {step['where']:6}  {step['step']}" for step in profile["steps"]]
        told.append("")
    return told
