"""The intents of this room: how each is located, judged and recorded."""

from guitai.wallet.kinds.holds import DeclineHold, ReleaseHold
from guitai.wallet.kinds.send import SendTransfer
from guitai.wallet.kinds.top_up import ParkTopUp, SettleTopUp, StartTopUp
from guitai.wallet.kinds.waiting import CloseOperation, DeliverTransfer
from guitai.wallet.till.types import IntentKind

KINDS: tuple[IntentKind, ...] = (
    SendTransfer(),
    ReleaseHold(),
    DeclineHold(),
    DeliverTransfer(),
    CloseOperation(),
    StartTopUp(),
    SettleTopUp(),
    ParkTopUp(),
)
