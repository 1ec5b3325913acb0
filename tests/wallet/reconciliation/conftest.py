"""The day of the bank's statements in these tests, whatever day it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from guitai.base import clock
from tests.wallet.reconciliation.banking import DAY


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    with clock.stopped(datetime.fromisoformat(DAY).replace(tzinfo=UTC) + timedelta(hours=12)):
        yield
