"""Pages through Django's own ASGI handler, to be compared with ours: `python -m guitai.site.bench.django_asgi FD`."""

import socket
import sys

import django
import uvicorn
from django.core.handlers.asgi import ASGIHandler


def serve(fd: int) -> None:
    """As `site.web` serves, with another application."""
    django.setup(set_prefix=False)
    config = uvicorn.Config(
        ASGIHandler(), http="httptools", ws="none", lifespan="off", access_log=False, server_header=False,
        log_config=None, timeout_graceful_shutdown=2, timeout_keep_alive=30,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=fd)])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
