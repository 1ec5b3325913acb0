"""What the machine tells Guitai: `GUITAI_*` variables, read once and refused by name when wrong."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from guitai.kit.secretfile import make_once

MODES = ("demo", "development", "production", "test")
_KEY_BYTES = 32


class EnvironmentRefused(Exception):
    """A variable is missing or cannot be understood; the text names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Environment:
    mode: str
    home: Path
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    database_url: str
    secret_key: str
    data_keys: tuple[tuple[str, bytes], ...]
    bank_url: str
    sms_gateway_url: str
    # How many proxies of ours stand in front: each adds one address to X-Forwarded-For.
    trusted_proxies: int
    email_url: str
    # Where a virus scanner listens: the path of clamd's socket, or host:port. Empty: uploads are not scanned.
    clamd_socket: str = ""

    @property
    def developer_pages(self) -> bool:
        """Whether /dev/* exists at all."""
        return self.mode in ("demo", "development", "test")


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Turn variables into settings.

    takes    the process environment
    gives    Environment; outside production, secrets that are missing are made once and kept in
             `<home>/keys/app.json` (mode 0600)
    refuses  EnvironmentRefused, which names the variable
    """
    mode = variables.get("GUITAI_MODE", "development")
    if mode not in MODES:
        raise EnvironmentRefused(f"GUITAI_MODE is {mode!r}: use one of {', '.join(MODES)}.")
    home = Path(variables.get("GUITAI_HOME") or "var").absolute()
    port = _port(variables.get("PORT", "8000"))
    public_url = variables.get("GUITAI_PUBLIC_URL") or (
        f"http://localhost:{port}" if mode != "production" else ""
    )
    if not _is_web_address(public_url):
        raise EnvironmentRefused(
            "GUITAI_PUBLIC_URL must be the address people use, like https://wallet.example."
        )
    secret_key, data_keys = _secrets(variables, mode, home)
    return Environment(
        mode=mode,
        home=home,
        port=port,
        public_url=public_url.rstrip("/"),
        allowed_hosts=_hosts(variables, mode, public_url),
        database_url=_database(variables),
        secret_key=secret_key,
        data_keys=data_keys,
        bank_url=_optional_address(variables, "GUITAI_BANK_URL").rstrip("/"),
        sms_gateway_url=_optional_address(variables, "GUITAI_SMS_GATEWAY_URL"),
        trusted_proxies=_count(variables, "GUITAI_TRUSTED_PROXIES"),
        email_url=variables.get("GUITAI_EMAIL_URL", ""),
        clamd_socket=_clamd_socket(variables.get("GUITAI_CLAMD_SOCKET", "")),
    )


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The settings of this process."""
    return read_environment(os.environ)


def _count(variables: Mapping[str, str], name: str) -> int:
    text = variables.get(name) or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= 9):
        raise EnvironmentRefused(f"{name} is {text!r}: use a number from 0 to 9.")
    return int(text)


def _clamd_socket(text: str) -> str:
    host, _, port = text.rpartition(":")
    if text and not text.startswith("/") and not (host and port.isascii() and port.isdigit()):
        raise EnvironmentRefused(
            f"GUITAI_CLAMD_SOCKET is {text!r}: use the path of clamd's socket, or host:port."
        )
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65535:
        raise EnvironmentRefused(f"PORT is {text!r}: use a number from 1 to 65534.")
    return int(text)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _optional_address(variables: Mapping[str, str], name: str) -> str:
    text = variables.get(name, "")
    if text and not _is_web_address(text):
        raise EnvironmentRefused(
            f"{name} is {text!r}: use an address like https://gateway.example, or leave it out."
        )
    return text


def _hosts(variables: Mapping[str, str], mode: str, public_url: str) -> tuple[str, ...]:
    named = tuple(h.strip() for h in variables.get("GUITAI_ALLOWED_HOSTS", "").split(",") if h.strip())
    own = urlsplit(public_url).hostname or ""
    local = () if mode == "production" else ("localhost", "127.0.0.1", "[::1]", "testserver")
    return (*named, own, *local)


def _database(variables: Mapping[str, str]) -> str:
    url = variables.get("GUITAI_DATABASE_URL", "")
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("postgresql", "postgres"):
        raise EnvironmentRefused(
            "GUITAI_DATABASE_URL is not set to a postgresql:// address. "
            "`guitai up` starts the embedded PostgreSQL and sets it for you."
        )
    return url


def _secrets(
    variables: Mapping[str, str], mode: str, home: Path
) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    secret_key, data_keys = variables.get("GUITAI_SECRET_KEY", ""), variables.get("GUITAI_DATA_KEYS", "")
    if mode == "production":
        if len(secret_key) < 50:
            raise EnvironmentRefused("GUITAI_SECRET_KEY must be at least 50 random characters in production.")
        if not data_keys:
            raise EnvironmentRefused(
                "GUITAI_DATA_KEYS is missing: give `id:base64` of 32 random bytes, newest first, by commas."
            )
    elif not (secret_key and data_keys):
        try:
            kept = _kept_secrets(home / "keys" / "app.json")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EnvironmentRefused(
                f"GUITAI_HOME is {str(home)!r}, and its keys/app.json cannot be kept there: {type(error).__name__}."
            ) from error
        secret_key, data_keys = secret_key or kept["secret_key"], data_keys or kept["data_keys"]
    return secret_key, _parse_data_keys(data_keys)


def _parse_data_keys(text: str) -> tuple[tuple[str, bytes], ...]:
    keys: list[tuple[str, bytes]] = []
    for item in text.split(","):
        name, _, encoded = item.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        twice = name in dict(keys)
        if twice or not (name.isascii() and name.isalnum() and len(name) <= 16 and len(key) == _KEY_BYTES):
            raise EnvironmentRefused(
                "GUITAI_DATA_KEYS must be `id:base64` of 32 bytes each, every id once, newest first, by commas."
            )
        keys.append((name, key))
    return tuple(keys)


def _kept_secrets(path: Path) -> dict[str, str]:
    """Secrets of a demo or development home: made by whoever comes first, then shared by all processes."""
    fresh = {
        "secret_key": secrets.token_urlsafe(64),
        "data_keys": "k1:" + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode(),
    }
    make_once(path, json.dumps(fresh).encode())
    kept = json.loads(path.read_text())
    return {name: str(kept[name]) for name in fresh}
