"""`guitai reserve`: the cold reserve. Making a key and signing need no database and no network."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.money import parse_amount
from guitai.base.refusal import Refusal
from guitai.site import surroundings
from guitai.site.command.late import part
from guitai.site.refusals import StartRefused
from guitai.wallet.reserve.rules import documents
from guitai.wallet.reserve.rules.documents import DocumentWrong, Request, Signer

_OPERATOR = Actor("system", "command")
_FILE_BYTES_MAX = 65_536


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "`new-key` and `sign` work on a machine that is connected to nothing: they read and write files only. Carry "
        "the request's file there and the signature's file back, compare the digest that both sides show, and bring "
        "the signatures with `submit`. Money leaves the reserve when as many keys as the policy `reserve` needs have "
        "signed the same text, and once only."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _configure_offline(actions)
    actions.add_parser("status", help="what it holds, what to move, open requests, keys").add_argument(
        "--json", action="store_true"
    )
    request = actions.add_parser("request", help="ask that an amount be released")
    request.add_argument("amount", help="as one says it: 12000.00")
    request.add_argument("currency")
    request.add_argument("--to", required=True, metavar="WHERE", help="the account that it goes to")
    _with_file(request)
    rotate = actions.add_parser(
        "rotate", help="ask that a key be dropped, added, or another number be needed"
    )
    rotate.add_argument("--remove", default="", metavar="KEY", help="the id of a key")
    rotate.add_argument("--add", default="", metavar="NAME=PUBLIC-KEY")
    rotate.add_argument("--needed", type=int, help="how many keys are needed from then on")
    _with_file(rotate)
    rehearse = actions.add_parser(
        "rehearse", help="ask the other keys to prove that they suffice without one"
    )
    rehearse.add_argument(
        "--without", required=True, metavar="KEY", help="the key that is thought to be lost"
    )
    _with_file(rehearse)
    submit = actions.add_parser("submit", help="bring signatures; the last one that is needed carries it out")
    submit.add_argument("request", type=Path)
    submit.add_argument("signatures", type=Path, nargs="+")
    withdraw = actions.add_parser("withdraw", help="end a request that nobody wants any more")
    withdraw.add_argument("id", type=UUID)
    fill = actions.add_parser("fill", help="move money into the reserve")
    fill.add_argument("amount")
    fill.add_argument("currency")
    fill.add_argument(
        "--key", required=True, help="a word of your own: the same word again is the same movement"
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        if arguments.action in ("new-key", "sign"):
            return {"new-key": _new_key, "sign": _sign}[arguments.action](arguments)
        with surroundings.ready():
            return _connected(arguments)
    except DocumentWrong as wrong:
        raise StartRefused(f"this file is not of the reserve: {wrong.problem}") from wrong


def _configure_offline(actions: Any) -> None:
    new_key = actions.add_parser("new-key", help="make a key on this machine (needs nothing else)")
    new_key.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the private key goes")
    sign = actions.add_parser("sign", help="sign a request's file with a key's file (needs nothing else)")
    sign.add_argument("request", type=Path)
    sign.add_argument("--key", type=Path, required=True, metavar="FILE")
    sign.add_argument("--out", type=Path, metavar="FILE", help="REQUEST.KEY.sig beside the request")
    sign.add_argument("--yes", action="store_true", help="do not ask: what is signed has been read")


def _with_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True)
    parser.add_argument("--out", type=Path, metavar="FILE", help="reserve-ID.json in this folder")


def _new_key(arguments: argparse.Namespace) -> int:
    pem, public = documents.new_key()
    _write(arguments.out, pem.encode(), 0o600)
    print(f"private key  {arguments.out} (keep it off every connected machine)")
    print(f"public key   {public}")
    print(f"key id       {documents.key_id(public)}")
    return 0


def _sign(arguments: argparse.Namespace) -> int:
    content = _read(arguments.request)
    request = documents.read_request(content)
    for name, value in documents.words_of(request).items():
        print(f"{name:<24} {value}")
    # The clock here may be wrong, so this is only said: the machine that carries it out decides.
    if request.expires_at <= now():
        print("note: by the clock of this machine it is past its time", file=sys.stderr)
    if not arguments.yes and input("Sign exactly this? Type yes: ").strip().lower() != "yes":
        print("not signed")
        return 1
    signature = documents.sign(content, documents.read_key(_read(arguments.key)))
    out = arguments.out or arguments.request.with_suffix(f".{signature.key}.sig")
    _write(out, msgspec.json.encode(signature) + b"\n", 0o644)
    print(f"signed by {signature.key}: {out}")
    return 0


def _connected(arguments: argparse.Namespace) -> int:
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "status": _status, "request": _request, "rotate": _rotate, "rehearse": _rehearse, "submit": _submit,
        "withdraw": _withdraw, "fill": _fill,
    }  # fmt: skip
    try:
        return verbs[arguments.action](arguments)
    except Refusal as refusal:
        facts = ", ".join(f"{name}: {value}" for name, value in refusal.facts.items())
        raise StartRefused(f"{refusal.code}" + (f" ({facts})" if facts else "")) from refusal


def _status(arguments: argparse.Namespace) -> int:
    view = part("reserve", "view")()
    if arguments.json:
        print(json.dumps(msgspec.to_builtins(view, str_keys=True), ensure_ascii=False, indent=1))
        return 0
    print(
        f"policy reserve@{view.policy}: {view.needed} of {len(view.keys)} keys, share {view.share / 100:.2f} %"
    )
    if view.problem:
        print(f"nothing can be released: {view.problem}")
    for key in view.keys:
        rehearsed = view.rehearsed_at.get(key.id)
        print(
            f"  key {key.id}  {key.name}  {f'loss rehearsed {rehearsed:%Y-%m-%d}' if rehearsed else 'never rehearsed'}"
        )
    for at in view.positions:
        advice = (
            f"move in {at.move}"
            if at.move.minor > 0
            else f"release {-at.move}"
            if at.move.minor
            else "nothing to move"
        )
        print(f"  {at.currency}: in reserve {at.in_reserve} of {at.target}, at hand {at.at_hand}: {advice}")
    for request in view.open:
        amount = f" {request.amount}" if request.amount else ""
        signed = f"{len(request.signed_by)} of {request.needed}"
        print(
            f"  open {request.id} {request.kind}{amount}, signed {signed}, until {request.expires_at:%Y-%m-%d %H:%M}"
        )
        print(f"       digest {request.digest}")
    if view.rehearsal_due:
        print("the loss of a key is due to be rehearsed: guitai reserve rehearse --without KEY")
    return 0


def _request(arguments: argparse.Namespace) -> int:
    amount = parse_amount(arguments.amount, arguments.currency)
    make = part("reserve", "request_release")
    return _kept(
        make(amount, destination=arguments.to, reason=arguments.reason, actor=_OPERATOR), arguments.out
    )


def _rotate(arguments: argparse.Namespace) -> int:
    name, equals, public = arguments.add.rpartition("=")
    if arguments.add and not (equals and name and documents.is_public_key(public)):
        raise StartRefused("--add takes NAME=PUBLIC-KEY, as `guitai reserve new-key` prints it")
    content = part("reserve", "request_rotation")(
        remove=arguments.remove, add=Signer(name, public) if arguments.add else None, needed=arguments.needed,
        reason=arguments.reason, actor=_OPERATOR,
    )  # fmt: skip
    return _kept(content, arguments.out)


def _rehearse(arguments: argparse.Namespace) -> int:
    make = part("reserve", "request_rehearsal")
    return _kept(make(without=arguments.without, reason=arguments.reason, actor=_OPERATOR), arguments.out)


def _submit(arguments: argparse.Namespace) -> int:
    told = part("reserve", "submit_signatures")(
        _read(arguments.request), [_read(path) for path in arguments.signatures], actor=_OPERATOR
    )
    signed = f"{len(told.signed_by)} of {told.needed} signatures"
    if told.state == "done":
        moved = f", operation {told.operation_reference}" if told.operation_reference else ""
        print(f"done: {told.kind} {told.id}, {signed}{moved}")
    else:
        print(f"{told.state}: {told.kind} {told.id}, {signed}")
    return 0


def _withdraw(arguments: argparse.Namespace) -> int:
    part("reserve", "withdraw_reserve_request")(arguments.id, actor=_OPERATOR)
    print(f"withdrawn: {arguments.id}")
    return 0


def _fill(arguments: argparse.Namespace) -> int:
    amount = parse_amount(arguments.amount, arguments.currency)
    reference = part("reserve", "fill_reserve")(amount, key=f"command:{arguments.key}", actor=_OPERATOR)
    print(f"moved {amount} into the reserve: operation {reference}")
    return 0


def _kept(content: bytes, out: Path | None) -> int:
    request: Request = documents.read_request(content)
    path = out or Path(f"reserve-{request.id}.json")
    _write(path, content, 0o644)
    print(f"request  {path}")
    print(f"digest   {documents.digest_of(documents.canonical(request))}")
    return 0


def _read(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_FILE_BYTES_MAX)
    except OSError as error:
        raise StartRefused(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, content: bytes, mode: int) -> None:
    """A new file: nothing that is there is written over, a key least of all."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except OSError as error:
        raise StartRefused(f"{path} cannot be written: {error.strerror}") from error
