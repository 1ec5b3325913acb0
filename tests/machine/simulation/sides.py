"""One side of the outside: it takes orders, it is paid, and its notices are lost, late, doubled, reordered or wrong.

What it tells is under the simulation's chance; what it was paid it never forgets.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from guitai.base import clock
from guitai.rails import api as rails
from tests.machine.simulation.books import Booking, Books
from tests.machine.simulation.known import ZONE

FITS, TWICE = "fits", "conflicting"
# What an order is credited for when it was told.
PROVES = (FITS, TWICE)
# Lost notices are never sent: only a question or a statement tells of the payment then.
_LATE_S = (0, 1, 5, 30, 120, 3_600, 90_000)


@dataclass(eq=False, slots=True)
class Order:
    rail: str
    reference: str
    amount: int
    currency: str
    asked_at: datetime
    expires_at: datetime
    closed: bool = False
    failed: str = ""
    under_way: bool = False


@dataclass(eq=False, slots=True)
class Payment:
    """Money that somebody has really paid, and what its side says about it."""

    number: int
    order: Order
    what: str
    amount: int
    currency: str
    reference: str
    paid_at: datetime
    body: bytes = b""
    # Whether the wallet may know of it: a notice arrived, a question was answered, a statement is there.
    heard: bool = False
    # Whether it was a statement: a line says how much came and for which order, and no more.
    by_line: bool = False

    def hear(self) -> None:
        self.heard = True

    def hear_by_line(self) -> None:
        self.heard = self.by_line = True

    @property
    def proves(self) -> bool:
        """Whether its order may be credited for what was told of it."""
        return self.heard and (self.what in PROVES or (self.by_line and self.what == "wrong_payee"))


@dataclass(eq=False, slots=True)
class Copy:
    """One notice on its way."""

    side: "Side"
    # The payment that it tells of; none where it says that there is news of a payment out.
    payment: Payment | None
    body: bytes
    due: datetime
    forged: str = ""

    @property
    def what(self) -> str:
        """In words, for whoever reads the story."""
        if self.forged or self.payment is None:
            return self.forged or self.body.decode()
        return f"{self.payment.number} {self.payment.what}"


@dataclass(eq=False, slots=True)
class Side:
    """What banks and gateways have in common."""

    rail: str = ""
    chance: Random = field(default_factory=Random)
    books: Books = field(default_factory=Books)
    orders: dict[str, Order] = field(default_factory=dict)
    payments: dict[str, list[Payment]] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    count: int = 0
    # Until when nobody answers, and whether it is in a mood for anything else.
    down_until: datetime | None = None
    hostile: bool = True

    # A side writes these: how a payment is told, on which account it is, what else may be wrong with it.
    wrong: tuple[str, ...] = ()
    forgeries: tuple[str, ...] = ()

    @property
    def merchant(self) -> str:
        """The account of ours with a gateway."""
        return f"{self.rail}-merchant"

    @property
    def is_down(self) -> bool:
        return self.down_until is not None and clock.now() < self.down_until

    def draw(self) -> str:
        """What the next payer does."""
        return FITS if self.chance.random() < 0.75 else self.chance.choice(self.wrong)

    def pay(self, order: Order, what: str) -> Payment:
        """Somebody pays; notices set out, in no copy or in several, some of them much later."""
        payment = self.payment(order, what)
        self.payments.setdefault(order.reference, []).append(payment)
        self.books.book(self.booking(payment))
        for _ in range(self.chance.choice((0, 1, 1, 1, 2, 3))):
            self.set_out(payment, payment.body)
        return payment

    def forge(self, order: Order) -> None:
        """Somebody who is not the bank says that it was paid."""
        payment = self.payment(order, FITS)
        self.copies.append(Copy(self, payment, payment.body, clock.now(), self.chance.choice(self.forgeries)))

    def tell(self, copy: Copy) -> None:
        """Bring one notice to the wallet's door."""
        headers, body = self.signed(copy)
        # From now on the wallet may know, whether or not it says so.
        if copy.payment is not None and not copy.forged:
            copy.payment.hear()
        rails.receive_notice(self.rail, headers, body)

    def arrived(self, copy: Copy) -> None:
        """The wallet has said that it has it."""
        self.copies.remove(copy)

    def again(self, copy: Copy) -> None:
        """No answer came: it is said again later."""
        copy.due = clock.now() + timedelta(seconds=self.chance.randint(1, 600))

    def proved(self, reference: str) -> bool:
        """Whether the wallet may have been told of a payment that fits an order."""
        return any(payment.proves for payment in self.payments.get(reference, []))

    def owes(self, reference: str) -> bool:
        """Whether an order must be credited in the end, or its money be seen to stand aside."""
        return any(p.what in PROVES for p in self.payments.get(reference, []))

    def set_out(self, payment: Payment | None, body: bytes) -> None:
        late = self.chance.choice(_LATE_S)
        self.copies.append(Copy(self, payment, body, clock.now() + timedelta(seconds=late)))

    def payment(self, order: Order, what: str) -> Payment:
        raise NotImplementedError

    def booking(self, payment: Payment) -> Booking:
        raise NotImplementedError

    def signed(self, copy: Copy) -> tuple[dict[str, str], bytes]:
        raise NotImplementedError


def today() -> date:
    """The day that the outside writes."""
    return clock.now().astimezone(ZONE).date()
