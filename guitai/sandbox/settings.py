"""What the sandbox is told from outside: variables and arguments."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PORT_DEFAULT = 8000


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    host: str
    port: int
    wallet_url: str
    own_url: str = ""
    # Where the wallet leaves files for the bank, and where it looks for the bank's.
    payouts_folder: Path | None = None
    statements_folder: Path | None = None

    @property
    def database(self) -> Path:
        return self.home / "sandbox" / "sandbox.sqlite3"

    @property
    def keys(self) -> Path:
        return self.home / "keys"


def read_settings(arguments: Sequence[str], variables: Mapping[str, str] = os.environ) -> Settings:
    """Arguments win over variables; a wrong one ends the program with a sentence that names it."""
    parser = argparse.ArgumentParser(
        prog="python -m guitai.sandbox",
        description="The simulated outside world of Guitai: a bank and a telephone. No real money moves here.",
    )
    port = variables.get("GUITAI_SANDBOX_PORT") or _next_port(variables.get("PORT", ""))
    parser.add_argument(
        "--port", type=int, default=port, help="GUITAI_SANDBOX_PORT, or PORT + 1 (default 8001)"
    )
    parser.add_argument(
        "--host",
        default=variables.get("GUITAI_SANDBOX_HOST") or "127.0.0.1",
        help="GUITAI_SANDBOX_HOST (127.0.0.1)",
    )
    parser.add_argument("--home", default=variables.get("GUITAI_HOME") or "var", help="GUITAI_HOME (./var)")
    found = parser.parse_args(arguments)
    if not 0 < found.port < 65_536:
        parser.error(f"the port is {found.port}: use a number from 1 to 65535")
    wallet = variables.get("GUITAI_PUBLIC_URL") or f"http://localhost:{found.port - 1}"
    own = variables.get("GUITAI_SANDBOX_URL", "")
    return Settings(
        Path(found.home).absolute(),
        found.host,
        found.port,
        wallet.rstrip("/"),
        own.rstrip("/"),
        _folder(variables, "GUITAI_PAYOUTS_FOLDER"),
        _folder(variables, "GUITAI_STATEMENTS_FOLDER"),
    )


def _folder(variables: Mapping[str, str], name: str) -> Path | None:
    return Path(variables[name]).absolute() if variables.get(name) else None


def _next_port(text: str) -> str:
    return str((int(text) if text.isascii() and text.isdigit() else _PORT_DEFAULT) + 1)
