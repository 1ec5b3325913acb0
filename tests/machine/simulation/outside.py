"""Everything beyond our door: the bank, its clearing, and four gateways."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from guitai.base.actor import SYSTEM
from guitai.kit import policies
from tests.machine.simulation import gateways
from tests.machine.simulation.bank import ACCOUNT, Bank
from tests.machine.simulation.clearing import Clearing
from tests.machine.simulation.gateways import Gateway
from tests.machine.simulation.payouts import Paid
from tests.machine.simulation.sides import Copy, Order, Side

RAILS = ("bank", *gateways.NAMES)
# Those that pay out.
PAYING = ("bank", *gateways.PAYING)


@dataclass(slots=True)
class Outside:
    bank: Bank
    gateways: dict[str, Gateway]
    clearing: Clearing

    @classmethod
    def open(cls, home: Path, chance: Random) -> "Outside":
        folders = [home / "payouts", home / "statements"]
        for folder in folders:
            folder.mkdir()
        bank = Bank.open(home, chance)
        return cls(bank, gateways.opened(chance), Clearing(*folders, bank.books, chance))

    @contextmanager
    def installed(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(self.bank.installed())
            stack.enter_context(gateways.installed(self.gateways))
            yield

    def set_up(self) -> None:
        """What the operator has agreed with all of them."""
        gateways.set_up(self.gateways)
        account = {"currency": "CNY", "name": "Guitai", "account": "".join(ACCOUNT.split())}
        folder = str(self.clearing.outbox)
        policies.publish("payouts", {"folder": folder, "accounts": [account]}, SYSTEM)
        policies.publish("statements", {"folder": str(self.clearing.inbox), "quiet_s": 0}, SYSTEM)

    @property
    def sides(self) -> dict[str, Side]:
        return {"bank": self.bank, **self.gateways}

    @property
    def orders(self) -> list[Order]:
        """In the order in which they were asked for."""
        found = [order for side in self.sides.values() for order in side.orders.values()]
        return sorted(found, key=lambda order: (order.asked_at, order.reference))

    @property
    def copies(self) -> list[Copy]:
        return [copy for side in self.sides.values() for copy in side.copies]

    def order(self, reference: str) -> Order | None:
        return next((s.orders[reference] for s in self.sides.values() if reference in s.orders), None)

    def paid_out(self, reference: str) -> Paid | None:
        """A payment out, as whoever was asked for it has it."""
        found = self.clearing.payouts.get(reference)
        desks = (side.desk for side in self.gateways.values() if side.desk is not None)
        return found or next((desk.payouts[reference] for desk in desks if reference in desk.payouts), None)

    @property
    def payouts(self) -> list[Paid]:
        """Everything that was to be paid out, by whomever."""
        desks = [side.desk for side in self.gateways.values() if side.desk is not None]
        return [paid for one in (self.clearing, *desks) for paid in one.payouts.values()]

    def proved(self, reference: str) -> bool:
        return any(side.proved(reference) for side in self.sides.values())

    def owes(self, reference: str) -> bool:
        return any(side.owes(reference) for side in self.sides.values())

    def work(self) -> None:
        """What happens there by itself as time passes."""
        self.clearing.work()
        for gateway in self.gateways.values():
            gateway.work()

    def calm(self) -> None:
        """From now on everything answers, and does as it was asked."""
        self.clearing.hostile = False
        for side in self.sides.values():
            side.hostile, side.down_until = False, None
