"""Stands where the wallet's notice address would be, and answers what a test wants."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Listener:
    """What was heard: headers with names in lower case, and bodies."""

    url: str
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextlib.contextmanager
def listening(answers: list[bytes], usual: bytes = b"success") -> Iterator[Listener]:
    """Answers these bodies in turn, then the usual one."""
    left = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            said = left.pop(0) if left else usual
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    found = Listener(f"http://127.0.0.1:{server.server_address[1]}/rails/notices/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
