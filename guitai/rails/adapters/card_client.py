"""The acquirer's own SDK, told an address, a version, and a bounded transport; what it raises becomes our refusals."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import httpx
import stripe

from guitai.rails.adapters.card_settings import CardSettings
from guitai.rails.adapters.exchange import FILE_BYTES_MAX, Unanswered, exchange
from guitai.rails.errors import RailDeclined, RailUnavailable

# What this adapter was written for: a newer SDK does not change what the acquirer answers.
API_VERSION: Final = "2026-10-28.endive"
_RETRIES = 2
# It tells of every request, with references in the address.
logging.getLogger("stripe").setLevel(logging.WARNING)
_RAIL = "card"


class Transport(stripe.HTTPClient):
    """One exchange with limits on time and size; the SDK itself decides what is asked again."""

    name = "guitai"

    def __init__(self, transport: httpx.BaseTransport | None) -> None:
        super().__init__()
        self._transport = transport

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **more: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        content = post_data.encode() if isinstance(post_data, str) else post_data
        try:
            answer = exchange(
                method.upper(),
                url,
                content=content,
                headers=headers,
                transport=self._transport,
                bytes_max=FILE_BYTES_MAX,
            )
        except Unanswered as error:
            # With its idempotency key whatever did arrive is not done twice.
            raise stripe.APIConnectionError(error.problem, should_retry=True) from error  # type: ignore[no-untyped-call]
        return answer.content.decode(), answer.status_code, answer.headers

    def close(self) -> None:
        """Nothing is kept open."""


def client(settings: CardSettings, transport: httpx.BaseTransport | None) -> stripe.StripeClient:
    """A client for one call or a few."""
    return stripe.StripeClient(
        settings.secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": settings.address.rstrip("/")},
        max_network_retries=_RETRIES,
        http_client=Transport(transport),
    )


@contextmanager
def refusing() -> Iterator[None]:
    """The SDK's errors as refusals: `rail_declined` where the acquirer said no, otherwise `rail_unavailable`."""
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise RailUnavailable(rail=_RAIL, problem="not_authorised") from error
    except stripe.RateLimitError as error:
        raise RailUnavailable(rail=_RAIL, problem="busy") from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise RailDeclined(rail=_RAIL, bank_code=_word(error)) from error
    except stripe.StripeError as error:
        raise RailUnavailable(rail=_RAIL, problem=_word(error)) from error
    # What an answer that is no answer of theirs does inside the SDK.
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RailUnavailable(rail=_RAIL, problem="answer_unreadable") from error


def _word(error: stripe.StripeError) -> str:
    text = str(error.code or type(error).__name__)
    return "".join(letter for letter in text[:64] if letter.isascii() and (letter.isalnum() or letter == "_"))


def first(found: Iterator[Any], wanted: Callable[[Any], bool], *, most: int, seconds: int = 20) -> Any:
    """The first that is wanted, among so many and within so long; None when there is none."""
    until = time.monotonic() + seconds
    for count, each in enumerate(found):
        if wanted(each):
            return each
        if count + 1 >= most or time.monotonic() > until:
            return None
    return None
