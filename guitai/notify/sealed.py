"""The sealed columns of notify."""

from guitai.kit.sealed import Indexed, Sealed, register
from guitai.notify.words import ADDRESS, BODY, FACTS, TITLE

register(
    Sealed("notify_message", "facts_sealed", FACTS),
    Sealed("notify_delivery", "address_sealed", ADDRESS),
    Sealed("notify_delivery", "title_sealed", TITLE),
    Sealed("notify_delivery", "body_sealed", BODY),
    Indexed(
        "notify_delivery", "address_index", ADDRESS, "address_sealed", ADDRESS,
        plain=lambda address: address.strip().lower(),
    ),
)  # fmt: skip
