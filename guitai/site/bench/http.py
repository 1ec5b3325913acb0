"""`guitai bench http`: transfers and pages over real sockets, ours beside one transaction a request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guitai.site.bench.children import Child, Children
from guitai.site.bench.machine import described
from guitai.site.bench.memory import peak_mib
from guitai.site.bench.place import opened
from guitai.site.bench.prepared import migrated
from guitai.site.bench.rounds import Measured, Turn, interleaved, ratio
from guitai.site.bench.telling import show
from guitai.site.bench.webs import DJANGO_ASGI, ONE_BY_ONE, Web, Webs
from guitai.site.refusals import StartRefused

KNOWN = 4
# So many readers at once; a page is work of its own kind and not what 256 senders of money ask for.
_READERS = 32
_HOME = "/home/"
DATABASE = "customers"


@dataclass
class Plan:
    """What was asked for."""

    connections: int = 256
    seconds: float = 4.0
    rounds: int = 3
    pages: bool = True


@dataclass
class Senders:
    """Signed-in customers: a session each, and the phones of those whom they know."""

    sessions: list[str]
    known: list[list[str]]

    @property
    def pairs(self) -> list[tuple[str, list[str]]]:
        return list(zip(self.sessions, self.known, strict=True))


def measure(plan: Plan) -> dict[str, Any]:
    """Prepare, measure in turns, prove the books, and drop everything.

    gives    one object: ratios, figures, machine, proved
    refuses  StartRefused when a process does not answer, when any answer was not as it should be, or when the books
             are wrong in the end
    """
    with opened() as place, Children(place.home) as children, Webs(place) as webs:
        machine = described(place)
        migrated(place, DATABASE)
        seeder = children.start("customers", place.variables(DATABASE))
        senders = signed_in(seeder, plan.connections)
        load = children.start("load", place.variables(DATABASE))
        ours = webs.start("ours", DATABASE)
        single = webs.start("one_by_one", DATABASE, ONE_BY_ONE, GUITAI_TILL_COALESCE="off")
        measured = [
            Measured("http_one_by_one", _transfers(load, single, senders)),
            Measured("http", _transfers(load, ours, senders)),
        ]
        if plan.pages:
            django = webs.start("django_asgi", DATABASE, DJANGO_ASGI)
            measured += [
                Measured("page_django_asgi", _pages(load, django, senders)),
                Measured("page", _pages(load, ours, senders)),
            ]
        interleaved(place, measured, plan.rounds, plan.seconds)
        webs.stop()
        show("proving the books")
        if found := seeder.ask("verify"):
            raise StartRefused("after the measurement the books are wrong:\n" + "\n".join(found[:10]))
    figures: dict[str, Any] = {item.name: item.figures() for item in measured}
    ratios = {"http_single": ratio(figures, "http", "http_one_by_one")}
    if plan.pages:
        ratios["page_over_django_asgi"] = ratio(figures, "page", "page_django_asgi")
    figures["connections"] = plan.connections
    return {
        "bench": "http", "ratios": ratios, "figures": figures, "machine": machine, "proved": ["customers"],
        "seconds": plan.seconds, "rounds": plan.rounds,
    }  # fmt: skip


def signed_in(seeder: Child, count: int) -> Senders:
    """So many customers who know each other, have money and are signed in."""
    show(f"{count} customers: registering, topping up, getting to know each other, signing in")
    persons = seeder.ask("seed", count=count, known=KNOWN)
    phones = [phone for _, phone in persons]
    known = [[phones[(i + step) % count] for step in range(1, KNOWN + 1)] for i in range(count)]
    return Senders(seeder.ask("sign_in", persons=[person for person, _ in persons]), known)


def _transfers(load: Child, web: Web, senders: Senders) -> Callable[[float, float], Turn]:
    return lambda seconds, warm: _turn(
        load.ask("transfers", port=web.port, senders=senders.pairs, seconds=seconds, warm=warm), web
    )


def _pages(load: Child, web: Web, senders: Senders) -> Callable[[float, float], Turn]:
    cookies = senders.sessions[:_READERS]
    return lambda seconds, warm: _turn(
        load.ask("pages", port=web.port, path=_HOME, cookies=cookies, seconds=seconds, warm=warm), web
    )


def _turn(answer: dict[str, Any], web: Web) -> Turn:
    said, _ = answer.pop("said"), answer.pop("count")
    if answer["errors"]:
        told = "\n".join([*said, *web.last_lines()])
        raise StartRefused(f"{answer['errors']} answers were not as they should be:\n{told}")
    return {**answer, "peak_mib": peak_mib(web.process.pid)}


def check(plan: Plan) -> None:
    """Refuse a plan that cannot be measured, before anything is started."""
    if not 16 <= plan.connections <= 4_096:
        raise StartRefused("--connections must be from 16 to 4096: each is a customer who knows others.")
