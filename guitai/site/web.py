"""The web process: uvicorn around the thin front, on a socket that it is given or opens itself."""

import gc
import os
import signal
import socket
import sys

import uvicorn

from guitai.site.ports import listening

_GRACE_S = 10


def run(fd: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT; running requests may finish first.

    takes    the number of an open listening socket (from `guitai up`, which holds the port through restarts)
    refuses  StartRefused when the port is taken
    """
    opened = socket.socket(fileno=fd) if fd is not None else listening()
    config = uvicorn.Config(
        "guitai.site.asgi:application",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=True,
        forwarded_allow_ips=os.environ.get("GUITAI_TRUSTED_PROXIES") or "127.0.0.1",
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=30,
    )
    # uvicorn stops in order and then raises the signal again for us: it has said all it had to say.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    # Threads carry batches while the loop takes requests in: shorter turns keep the slowest answers near the others.
    sys.setswitchinterval(0.0005)
    # What is loaded now stays: the search for circles need not walk it again and again.
    config.load()
    gc.collect()
    gc.freeze()
    uvicorn.Server(config).run(sockets=[opened])
