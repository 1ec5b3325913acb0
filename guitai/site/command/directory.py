"""`guitai directory`: the signed list of everything that is ours, and checking it without us."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from guitai.base.clock import now
from guitai.care.directory.signing import NotOurs, Verified, verify
from guitai.care.rules.check_contact import Known, check_contact
from guitai.site import surroundings
from guitai.site.command.late import part

_SAID = {
    "unreadable": "this is not a signed directory",
    "wrong_key": "it was signed with a key that is not in the key file",
    "forged": "its signature does not fit: somebody has changed it",
    "expired": "it has expired: fetch a new copy",
    "not_yet": "it is dated in the future: is this machine's clock right?",
    "elsewhere": "it is the directory of somebody else",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "A copy stands at /.well-known/contact-directory.jws and its keys at /.well-known/contact-directory-keys.json. "
        "verify and check need neither a network nor a database: keep the key file from the day you trusted it."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    shown = verbs.add_parser("show", help="print a signed copy, as it is published now")
    shown.add_argument("--keys", action="store_true", help="print the key file instead")
    for name, told in (
        ("verify", "check a copy and print what it says"),
        ("check", "look something up in a copy"),
    ):
        verb = verbs.add_parser(name, help=told)
        verb.add_argument("copy", metavar="FILE", type=Path, help="the signed copy")
        verb.add_argument("--keys", metavar="FILE", type=Path, required=True, help="the key file")
        verb.add_argument("--canonical", metavar="URL", help="where the copy must come from")
        verb.add_argument(
            "--at", metavar="TIME", type=datetime.fromisoformat, help="the moment that counts (now)"
        )
        if name == "check":
            verb.add_argument("--contact", metavar="TEXT", required=True, help="what somebody was given")


def run(arguments: argparse.Namespace) -> int:
    if arguments.verb == "show":
        with surroundings.ready():
            shown = part("directory", "published_keys" if arguments.keys else "signed_copy")()
        print(json.dumps(shown) if arguments.keys else shown)
        return 0
    try:
        verified = _verified(arguments)
    except (OSError, ValueError) as error:
        print(f"guitai directory: {error}", file=sys.stderr)
        return 2
    except NotOurs as error:
        print(f"not to be trusted: {_SAID[error.problem]}", file=sys.stderr)
        return 1
    if arguments.verb == "check":
        return _check(verified.content, arguments.contact)
    print(json.dumps(verified.content, ensure_ascii=False, indent=2))
    print(f"genuine, in force until {verified.expires_at.isoformat()}", file=sys.stderr)
    return 0


def _verified(arguments: argparse.Namespace) -> Verified:
    keys = json.loads(arguments.keys.read_text())
    at = arguments.at or now()
    moment = at if at.tzinfo else at.astimezone()
    return verify(arguments.copy.read_text(), keys, moment, canonical=arguments.canonical)


def _check(content: dict[str, Any], typed: str) -> int:
    channels = content.get("channels", [])
    known = [Known("website" if c["kind"] == "chat" else c["kind"], c["value"]) for c in channels]
    known += [Known("app", c["sha256"]) for c in channels if c.get("sha256")]
    found = check_contact(typed, known)
    like = f" (ours is {found.known.value})" if found.answer == "look_alike" and found.known else ""
    print(f"{found.answer}{like}")
    return 0 if found.answer == "ours" else 1
