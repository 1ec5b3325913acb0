"""The intents of this room: how each is located, judged and recorded."""

from guitai.wallet.kinds.adjust import MakeAdjustment
from guitai.wallet.kinds.ask_back import AskBack
from guitai.wallet.kinds.chargeback import KINDS as CHARGEBACKS
from guitai.wallet.kinds.claim import DecideClaim, HoldClaim
from guitai.wallet.kinds.holds import DeclineHold, ReleaseHold
from guitai.wallet.kinds.overdue import MarkOverdue
from guitai.wallet.kinds.parked import CreditParked, FollowParked
from guitai.wallet.kinds.send import SendTransfer
from guitai.wallet.kinds.small_amounts import KINDS as SMALL_AMOUNTS
from guitai.wallet.kinds.top_up import FailTopUp, ParkTopUp, ProcessTopUp, SettleTopUp, StartTopUp
from guitai.wallet.kinds.waiting import CloseOperation, DeliverTransfer
from guitai.wallet.kinds.withdraw import StartWithdrawal
from guitai.wallet.kinds.withdraw_changes import (
    AdvanceWithdrawal,
    CancelWithdrawal,
    FailWithdrawal,
    ReleaseWithdrawal,
    ReturnWithdrawal,
    SettleWithdrawal,
)
from guitai.wallet.kinds.withdraw_late import TellLate, TellUnknown
from guitai.wallet.reconciliation.kinds import KINDS as RECEIPTS
from guitai.wallet.reserve.kinds import KINDS as RESERVE
from guitai.wallet.till.types import IntentKind

KINDS: tuple[IntentKind, ...] = (
    SendTransfer(),
    ReleaseHold(),
    DeclineHold(),
    DeliverTransfer(),
    CloseOperation(),
    StartTopUp(),
    SettleTopUp(),
    ProcessTopUp(),
    FailTopUp(),
    ParkTopUp(),
    CreditParked(),
    FollowParked(),
    MarkOverdue(),
    AskBack(),
    HoldClaim(),
    DecideClaim(),
    MakeAdjustment(),
    StartWithdrawal(),
    ReleaseWithdrawal(),
    CancelWithdrawal(),
    AdvanceWithdrawal(),
    SettleWithdrawal(),
    FailWithdrawal(),
    ReturnWithdrawal(),
    TellLate(),
    TellUnknown(),
    *RECEIPTS,
    *RESERVE,
    *SMALL_AMOUNTS,
    *CHARGEBACKS,
)
