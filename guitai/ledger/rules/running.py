"""An account in the making: its balances under lock, with what a batch has applied so far."""

from uuid import UUID

from guitai.ledger.types import AccountRow, Book

# seq, transfer, signed amount, then the four balances after it
Line = tuple[int, bytes, int, int, int, int, int]
Saved = tuple["Running", int, int, int, int, int]
CREDITS_LIMIT, DEBITS_LIMIT, CLOSED = 2, 4, 32


class Running:
    """One account's balances, moving as a batch is applied, and the lines that it wrote."""

    __slots__ = (
        "_was_closed", "book", "credits_pending", "credits_posted", "currency", "debits_pending", "debits_posted",
        "flags", "lines", "raw", "version",
    )  # fmt: skip

    def __init__(self, row: AccountRow) -> None:
        (
            self.raw, self.book, self.currency, self.flags, self.debits_pending, self.debits_posted,
            self.credits_pending, self.credits_posted, self.version, _,
        ) = row  # fmt: skip
        self._was_closed = self.flags & CLOSED
        self.lines: list[Line] = []

    raw: bytes
    book: Book
    currency: str
    flags: int
    debits_pending: int
    debits_posted: int
    credits_pending: int
    credits_posted: int
    version: int

    @property
    def id(self) -> UUID:
        return UUID(bytes=self.raw)

    @property
    def available_credit(self) -> int:
        """What may still be debited from an account whose debits must not exceed its credits."""
        return self.credits_posted - self.debits_posted - self.debits_pending

    @property
    def available_debit(self) -> int:
        """What may still be credited to an account whose credits must not exceed its debits."""
        return self.debits_posted - self.credits_posted - self.credits_pending

    @property
    def is_reclassified(self) -> bool:
        """Whether the batch closed it, or opened it again."""
        return self.flags & CLOSED != self._was_closed

    def write(self, transfer: bytes, amount: int) -> None:
        """The next line: what a transfer, or the expiry of one, left behind."""
        self.version += 1
        self.lines.append(
            (
                self.version, transfer, amount, self.debits_pending, self.debits_posted, self.credits_pending,
                self.credits_posted,
            )
        )  # fmt: skip

    def save(self) -> Saved:
        """What to restore when a chain breaks."""
        return (
            self, self.debits_pending, self.debits_posted, self.credits_pending, self.credits_posted, self.flags,
        )  # fmt: skip

    @staticmethod
    def restore(saved: Saved) -> None:
        """Take back one line, and everything that came with it."""
        account = saved[0]
        (
            _,
            account.debits_pending,
            account.debits_posted,
            account.credits_pending,
            account.credits_posted,
            account.flags,
        ) = saved
        account.version -= 1
        account.lines.pop()
