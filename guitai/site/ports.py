"""Ports: taken before anything else is started, or refused with words."""

import os
import socket

from guitai.site.refusals import StartRefused

_BACKLOG = 512


def bind_address() -> str:
    """This machine only, unless told otherwise: the demo's passwords are published."""
    return os.environ.get("GUITAI_BIND") or "127.0.0.1"


def port() -> int:
    return int(os.environ.get("PORT") or 8000)


def listening() -> socket.socket:
    """The web's port, open and ours.

    refuses  StartRefused when another program has it
    """
    return _open(port(), "the web")


def check_free(number: int, what: str) -> None:
    """Refuse when another program has a port that one of ours will open itself."""
    _open(number, what).close()


def _open(number: int, what: str) -> socket.socket:
    address = bind_address()
    opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((address, number))
        opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        raise StartRefused(
            f"port {number} on {address}, wanted for {what}, cannot be opened ({error.strerror}). Stop the "
            "program that has it, or choose other ports: PORT=8100 takes 8100 and, for the sandbox, 8101."
        ) from error
    return opened
