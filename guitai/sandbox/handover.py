"""What a gateway gives a merchant who signs a contract: keys and addresses, in a file that the wallet installs."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from guitai.sandbox.settings import Settings


def folder(settings: Settings, rail: str) -> Path:
    """Where a part of the world keeps its own keys: nobody else reads them."""
    path = settings.keys / "sandbox" / rail
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def own_address(settings: Settings) -> str:
    """Where the wallet and payers reach this process."""
    return settings.own_url or f"http://127.0.0.1:{settings.port}"


def hand_over(settings: Settings, rail: str, contract: Mapping[str, str | bool]) -> None:
    """`<home>/keys/sandbox/<rail>.json` (mode 0600): fields of the rail's settings, as the wallet names them."""
    path = settings.keys / "sandbox" / f"{rail}.json"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # As the wallet keeps them: texts without blanks around them.
    kept = {name: value.strip() if isinstance(value, str) else value for name, value in contract.items()}
    write_private(path, json.dumps(kept, indent=1).encode())


def write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, and only ours to read."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
