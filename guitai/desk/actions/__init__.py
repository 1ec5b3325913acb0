"""Every service action, in the order in which the case screen offers them."""

from guitai.desk.actions.base import ServiceAction
from guitai.desk.actions.change_phone import ChangePhone
from guitai.desk.actions.correction import Correction
from guitai.desk.actions.end_sessions import EndSessions
from guitai.desk.actions.fee_waiver import FeeWaiver
from guitai.desk.actions.freeze import Freeze
from guitai.desk.actions.goodwill import Goodwill
from guitai.desk.actions.limit_change import LimitChange
from guitai.desk.actions.parked import Parked
from guitai.desk.actions.requery import Requery
from guitai.desk.actions.reset_pin import ResetPin
from guitai.desk.actions.unfreeze import Unfreeze
from guitai.desk.actions.unlock import Unlock

_ALL: tuple[ServiceAction, ...] = (
    Freeze(),
    EndSessions(),
    Unfreeze(),
    Unlock(),
    ResetPin(),
    ChangePhone(),
    Requery(),
    Parked(),
    FeeWaiver(),
    Goodwill(),
    Correction(),
    LimitChange(),
)
ACTIONS: dict[str, ServiceAction] = {action.name: action for action in _ALL}
