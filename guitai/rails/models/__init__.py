"""Tables of rails: the inbox of what was said to us, and the orders we gave."""

from guitai.rails.models.inbox import InboxMessage
from guitai.rails.models.order import Order

__all__ = ["InboxMessage", "Order"]
