"""Many intents of which each stands for itself."""

import logging
from collections.abc import Sequence

from guitai.wallet.till.submit import submit_all
from guitai.wallet.till.types import Intent

BATCH = 200
_log = logging.getLogger(__name__)


def submit_apart(batch: Sequence[Intent]) -> None:
    """A batch at once; when one of it is broken, each by itself, so that the others do not wait for its repair."""
    try:
        submit_all(batch)
    except Exception as error:  # noqa: BLE001  one broken operation must not keep the money of others
        if len(batch) == 1:
            _log.exception("%s of operation %s failed", batch[0].kind, batch[0].operation_id)
            return
        _log.warning("a batch of %s is done one by one: %s", len(batch), type(error).__name__)
        for intent in batch:
            submit_apart([intent])
