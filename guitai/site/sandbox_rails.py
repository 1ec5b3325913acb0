"""The simulated gateways' contracts, installed like any operator's settings: fields from what each handed over."""

import json
from pathlib import Path

from guitai.base.actor import SYSTEM
from guitai.rails import api as rails

# A gateway of the sandbox writes `<home>/keys/sandbox/<rail>.json` when it starts.
_FOLDER = Path("keys") / "sandbox"


def install_sandbox_rails(home: Path) -> list[str]:
    """Publish what the sandbox's gateways handed over, where it is not in force already.

    takes    the installation's home; the sandbox is running
    gives    the names of the rails that were set up or changed
    refuses  rail_unknown, rail_settings_invalid
    """
    changed = []
    for path in sorted((home / _FOLDER).glob("*.json")):
        rail, contract = path.stem, json.loads(path.read_text())
        if _differs(rail, contract):
            rails.publish_settings(rail, contract, SYSTEM, note="sandbox")
            changed.append(rail)
    return changed


def _differs(rail: str, contract: dict[str, str]) -> bool:
    """Whether something else is in force; a secret is never shown, so it is only asked whether there is one."""
    view = rails.rail_settings(rail)
    plain = {name: value for name, value in contract.items() if name not in view.secrets}
    secret = {name for name, value in contract.items() if name in view.secrets and value}
    return any(view.values.get(name) != value for name, value in plain.items()) or any(
        view.secrets[name] is None for name in secret
    )
