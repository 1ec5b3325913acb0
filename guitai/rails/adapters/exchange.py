"""One bounded exchange with a gateway, for adapters whose SDK cannot be told an address or a time limit."""

from collections.abc import Mapping

import httpx

TIMEOUT = httpx.Timeout(15, connect=5)
ANSWER_BYTES_MAX = 1 * 2**20
FILE_BYTES_MAX = 64 * 2**20


class Unanswered(Exception):
    """No answer that we may rely on; `reached` says whether the wish may have arrived."""

    def __init__(self, problem: str, *, reached: bool = True) -> None:
        super().__init__(problem)
        self.problem = problem
        self.reached = reached


def exchange(
    method: str,
    url: str,
    *,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    transport: httpx.BaseTransport | None = None,
    bytes_max: int = ANSWER_BYTES_MAX,
) -> httpx.Response:
    """Ask once.

    takes    method, address, body, headers; a transport for tests; how large an answer may be
    gives    the answer, read, whatever its status
    refuses  Unanswered: no connection, no answer in time, or too much of it
    """
    try:
        with (
            httpx.Client(timeout=TIMEOUT, transport=transport, trust_env=False) as client,
            client.stream(method, url, content=content, headers=dict(headers or {})) as answer,
        ):
            parts, size = [], 0
            for part in answer.iter_bytes():
                size += len(part)
                if size > bytes_max:
                    raise Unanswered("answer_too_large")
                parts.append(part)
            # What was read is decoded already.
            kept = [pair for pair in answer.headers.raw if pair[0].lower() not in _OF_THE_WIRE]
            return httpx.Response(answer.status_code, headers=kept, content=b"".join(parts))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise Unanswered(type(error).__name__, reached=False) from error
    except httpx.HTTPError as error:
        raise Unanswered(type(error).__name__) from error


_OF_THE_WIRE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
