from guitai.notify.models.message import Delivery, Message

__all__ = ["Delivery", "Message"]
