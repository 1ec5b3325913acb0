"""What notify refuses."""

from guitai.base.refusal import Refusal


class DeliveryFailed(Refusal):
    """A gateway did not take a message; it is tried again."""

    code = "delivery_failed"
