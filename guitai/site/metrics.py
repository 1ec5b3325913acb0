"""Numbers for an operator's monitoring, in Prometheus' text format, with labels that cannot grow without bound."""

import hmac
import os

from django.http import HttpRequest
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from guitai.site.plain import Receive, Scope, Send, say

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})

REQUESTS = Counter("guitai_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("guitai_http_request_seconds", "Time to answer.", ["method", "route"], buckets=_BUCKETS)
TOPICS = Counter("guitai_topics_relayed", "Topics handed to their rooms.")
SEALED = Counter("guitai_audit_rows_sealed", "Audit rows added to the hash chain.")
REQUEUED = Counter("guitai_jobs_requeued", "Jobs taken back from workers that died.")


def observe(request: HttpRequest, status: int, seconds: float) -> None:
    """Count one answered request under its route's template, never under its path."""
    match = request.resolver_match
    route = f"/{match.route}" if match is not None else "unmatched"
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """`/metrics`: for this machine, or for whoever has GUITAI_METRICS_TOKEN; to all others it does not exist."""
    if not _permitted(scope):
        await say(send, 404, "Not found\n")
        return
    await say(send, 200, generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _permitted(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    token = os.environ.get("GUITAI_METRICS_TOKEN", "")
    if token:
        return hmac.compare_digest(headers.get(b"authorization", b""), f"Bearer {token}".encode())
    direct = b"x-forwarded-for" not in headers and b"forwarded" not in headers
    return direct and (scope.get("client") or ("",))[0] in _LOOPBACK


def _registry() -> CollectorRegistry:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
