"""The programs of one installation, for the machine and mode that the environment describes."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guitai.kit.environment import Environment
from guitai.site import ports
from guitai.site.refusals import StartRefused
from guitai.site.supervisor import Program

_READY_S = 2
# The sandbox is the outside world: it gets none of our secrets.
_SECRETS = ("GUITAI_SECRET_KEY", "GUITAI_DATA_KEYS", "GUITAI_DATABASE_URL", "GUITAI_METRICS_TOKEN")
HANDSET_PATH = "/handset/messages"


@dataclass(frozen=True, slots=True)
class Installation:
    """What `guitai up` runs, in the order of starting."""

    environment: Environment
    web_socket: socket.socket

    @property
    def with_sandbox(self) -> bool:
        return self.environment.mode in ("demo", "development")

    @property
    def local_url(self) -> str:
        return f"http://{_host()}:{self.environment.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{_host()}:{self.environment.port + 1}"

    def variables(self) -> dict[str, str]:
        """The environment of every program of ours, with what is only known by now."""
        metrics = self.environment.home / "run" / "metrics"
        own = {
            "GUITAI_HOME": str(self.environment.home),
            "PORT": str(self.environment.port),
            "PYTHONUNBUFFERED": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        }
        outside = {
            "GUITAI_BANK_URL": self.sandbox_url,
            "GUITAI_SMS_GATEWAY_URL": self.sandbox_url + HANDSET_PATH,
            # Two folders stand for the bank's file exchange: what one side puts there, the other takes.
            "GUITAI_PAYOUTS_FOLDER": str(self.environment.home / "bank" / "payouts"),
            "GUITAI_STATEMENTS_FOLDER": str(self.environment.home / "bank" / "statements"),
        }
        return {**(outside if self.with_sandbox else {}), **os.environ, **own}

    def programs(self) -> list[Program]:
        count = int(os.environ.get("GUITAI_WEB_PROCESSES") or 1)
        web = [self._web(number, count) for number in range(1, count + 1)]
        return [*([self._sandbox()] if self.with_sandbox else []), *web, self.command("worker")]

    def command(self, *words: str) -> Program:
        """One of our own subcommands."""
        return Program(words[0], (sys.executable, "-m", "guitai", *words), self.variables())

    def _web(self, number: int, count: int) -> Program:
        fd = self.web_socket.fileno()
        return Program(
            "web" if count == 1 else f"web-{number}",
            (sys.executable, "-m", "guitai", "web", "--fd", str(fd)),
            self.variables(),
            fds=(fd,),
            ready=lambda: _answers(f"{self.local_url}/readyz"),
        )

    def _sandbox(self) -> Program:
        variables = {name: value for name, value in self.variables().items() if name not in _SECRETS}
        return Program(
            "sandbox",
            (sys.executable, "-m", "guitai.sandbox"),
            {
                **variables,
                "GUITAI_SANDBOX_HOST": ports.bind_address(),
                "GUITAI_SANDBOX_PORT": str(self.environment.port + 1),
                "GUITAI_PUBLIC_URL": self.environment.public_url,
            },
            ready=lambda: _answers(f"{self.sandbox_url}/healthz"),
        )


def checked_web_processes() -> None:
    """Refuse a number of web processes that is none, before anything is started."""
    text = os.environ.get("GUITAI_WEB_PROCESSES") or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 64):
        raise StartRefused(f"GUITAI_WEB_PROCESSES is {text!r}: use a number from 1 to 64.")


def make_exchange(variables: Mapping[str, str]) -> None:
    """The folders of the bank's files, where they are ours to make."""
    for name in ("GUITAI_PAYOUTS_FOLDER", "GUITAI_STATEMENTS_FOLDER"):
        if variables.get(name):
            Path(variables[name]).mkdir(parents=True, exist_ok=True, mode=0o700)


def clean_metrics(home: Path) -> None:
    """Counters of processes that are gone begin again at zero."""
    folder = home / "run" / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.db"):
        path.unlink()


def _host() -> str:
    """An address of ours that this machine itself can call."""
    address = ports.bind_address()
    if address in ("0.0.0.0", "127.0.0.1"):
        return "127.0.0.1"
    return f"[{address if address != '::' else '::1'}]" if ":" in address else address


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_READY_S) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
