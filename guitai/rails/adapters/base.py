"""What a rail does not have, it refuses: adapters write only the verbs of their protocol."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import BinaryIO, Literal

from guitai.base.money import Money
from guitai.rails.errors import RailUnsupported
from guitai.rails.statements import StatementPart
from guitai.rails.types import (
    Acknowledgement,
    ConfirmationPage,
    Instructions,
    Notice,
    PaidWith,
    Payout,
    PayoutAnswer,
    PayoutBatch,
    PayoutStatus,
    Quote,
    RailAnswer,
    RefundOrder,
    TopUpOrder,
)


class BaseRail:
    """Every verb of `types.Rail`, refused."""

    code: str = ""
    payouts_by: Literal["file", "call"] = "call"
    pays_to: Literal["account", "payment"] = "account"

    def quote(self, amount: Money) -> Quote:
        raise self._unsupported("quote")

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        raise self._unsupported("start_top_up")

    def start_payout(self, batch: PayoutBatch) -> bytes:
        raise self._unsupported("start_payout")

    def parse_payout_status(self, file: BinaryIO) -> Iterator[PayoutStatus]:
        raise self._unsupported("parse_payout_status")

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        raise self._unsupported("pay_out")

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        raise self._unsupported("query_payout")

    def payee_sign_in(self, state: str, return_url: str) -> str:
        raise self._unsupported("payee_sign_in")

    def payee_of(self, code: str) -> str | None:
        raise self._unsupported("payee_of")

    def confirms_within(self) -> timedelta | None:
        """How long a payee has to confirm a payment out; None where nobody is asked."""
        return None

    def call_back(self, order_reference: str) -> PayoutAnswer:
        raise self._unsupported("call_back")

    def confirmation_page(self, package: str, page_url: str) -> ConfirmationPage:
        raise self._unsupported("confirmation_page")

    def paid_with(self, bank_reference: str) -> PaidWith:
        raise self._unsupported("paid_with")

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        raise self._unsupported("refund")

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        raise self._unsupported("query_refund")

    def cancel(self, order_reference: str) -> None:
        raise self._unsupported("cancel")

    def query(self, order_reference: str) -> RailAnswer:
        raise self._unsupported("query")

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        raise self._unsupported("parse_notice")

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        raise self._unsupported("parse_statement")

    def acknowledge(self) -> Acknowledgement:
        return Acknowledgement(200, "text/plain; charset=utf-8", b"success")

    def download_statement(self, day: date) -> bytes:
        raise self._unsupported("download_statement")

    def _unsupported(self, verb: str) -> RailUnsupported:
        return RailUnsupported(rail=self.code, verb=verb)
