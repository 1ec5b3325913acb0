"""Tables of the desk: what was decided by one or two persons, and looks without a case."""

from guitai.desk.models.approval import Approval
from guitai.desk.models.break_glass import BreakGlass

__all__ = ["Approval", "BreakGlass"]
