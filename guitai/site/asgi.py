"""The thin front: health and metrics at once, bodies within bounds, everything else to Django on threads.

Pages pay no event loop (Django's own ASGI handler is many times slower than its WSGI one). Hot money verbs,
streams and websockets get handlers of their own, in `ROUTES` and `hot.POSTS`, ahead of Django.
"""

import os
from typing import Any

from a2wsgi import WSGIMiddleware

from guitai.site.wsgi import application as django_application  # isort: skip  sets Django up, before all that needs it
from guitai.site import health, hot, metrics
from guitai.site.bodies import bounded
from guitai.site.plain import Receive, Route, Scope, Send, say

_THREADS = int(os.environ.get("GUITAI_WEB_THREADS") or 16)

ROUTES: dict[str, Route] = {
    "/healthz": health.alive,
    "/readyz": health.ready,
    "/metrics": metrics.page,
}


class Front:
    """Chooses who answers a request."""

    def __init__(self, bridge: Any, routes: dict[str, Route]) -> None:
        self._pages = bounded(bridge)
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif route := self._routes.get(scope["path"]):
            if scope["method"] in ("GET", "HEAD"):
                await route(scope, receive, send)
            else:
                await say(send, 405, "Method not allowed\n", headers=[(b"allow", b"GET, HEAD")])
        elif scope["method"] == "POST" and (verb := hot.POSTS.get(scope["path"])):
            await hot.answer(verb, self._pages, scope, receive, send)
        else:
            await self._pages(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


application = Front(WSGIMiddleware(django_application, workers=_THREADS), ROUTES)
