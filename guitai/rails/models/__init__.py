"""Tables of rails: the inbox of what was said to us, the orders we gave, and what statements say."""

from guitai.rails.models.health import RailState
from guitai.rails.models.inbox import InboxMessage
from guitai.rails.models.order import Order
from guitai.rails.models.payout import PayoutFile, PayoutRow
from guitai.rails.models.refund import Refund
from guitai.rails.models.setting import RailSetting
from guitai.rails.models.statement import (
    Statement,
    StatementDay,
    StatementDraft,
    StatementEntry,
    StatementFile,
    StatementMatch,
    StatementPiece,
)

__all__ = [
    "InboxMessage",
    "Order",
    "PayoutFile",
    "PayoutRow",
    "RailSetting",
    "RailState",
    "Refund",
    "Statement",
    "StatementDay",
    "StatementDraft",
    "StatementEntry",
    "StatementFile",
    "StatementMatch",
    "StatementPiece",
]
