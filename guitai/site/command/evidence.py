"""`guitai evidence`: check an evidence pack offline, or print the keys by which it is checked."""

import argparse
import json
import sys
from pathlib import Path

from guitai.care.emergency.pack import Checked, check
from guitai.site import surroundings
from guitai.site.command.late import part

_SAID = {
    "unreadable": "this is not an evidence pack",
    "no_manifest": "the pack has no signed list of its files",
    "wrong_key": "signed with a key that is not in the key file",
    "forged": "the signature does not fit",
    "changed": "changed",
    "missing": "missing",
    "extra": "not in the list",
    "out_of_chain": "out of chain: a line of the list was changed, taken out or moved",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The keys stand at /.well-known/evidence-keys.json. verify needs neither a network nor a database: keep the "
        "key file from the day you trusted it. Exits with 0 when the pack is genuine, with 1 when it is not."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("keys", help="print the key file, as it is published now")
    verified = verbs.add_parser("verify", help="check a pack: every file, the chain and the signature")
    verified.add_argument("pack", metavar="FILE", type=Path, help="the ZIP")
    verified.add_argument("--keys", metavar="FILE", type=Path, required=True, help="the key file")


def run(arguments: argparse.Namespace) -> int:
    if arguments.verb == "keys":
        with surroundings.ready():
            print(json.dumps(part("evidence", "published_keys")()))
        return 0
    try:
        keys = json.loads(arguments.keys.read_text())
        content = arguments.pack.read_bytes()
    except (OSError, ValueError) as error:
        print(f"guitai evidence: {error}", file=sys.stderr)
        return 2
    return _say(check(content, keys))


def _say(checked: Checked) -> int:
    for finding in checked.findings:
        print(f"{finding.name or 'pack'}: {_SAID[finding.code]}")
    if checked.findings:
        print("NOT GENUINE", file=sys.stderr)
        return 1
    about = checked.manifest
    print(
        f"genuine: pack {about['pack']} of case {about['case']}, {len(about['files'])} files, "
        f"{about['operator']}, {about['generated_at']}"
    )
    print(f"pack before it: {about['previous_manifest_sha256']}")
    return 0
