"""Asking clamd whether something is harmful: its INSTREAM command, over its own socket or TCP (clamd(8))."""

import contextlib
import socket
import struct

_CHUNK = 64 * 1024
_TIMEOUT_S = 30.0
_ANSWER_MAX = 4096


class ScanFailed(Exception):
    """No verdict: the scanner is not there, is too slow, or says that it could not look."""


def scan(content: bytes, address: str) -> str:
    """Have a content looked at.

    takes    the bytes, the path of clamd's socket or `host:port`
    gives    the name of what was found; empty when it is clean
    refuses  ScanFailed
    """
    try:
        with contextlib.closing(_connected(address)) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScanFailed(type(error).__name__) from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScanFailed(verdict[:200])


def _connected(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=_TIMEOUT_S)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_TIMEOUT_S)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER_MAX:
        part = connection.recv(_ANSWER_MAX)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
