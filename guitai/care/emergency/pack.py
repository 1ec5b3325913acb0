"""An evidence pack: a ZIP whose every file is named in a chained, signed list. No Django, no database."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.api_jws import PyJWS

from guitai.care.directory.signing import NotOurs, key_id, public_key

TYPE = "evidence-pack+jws"
MANIFEST, SIGNATURE = "manifest.json", "signature.jws"
FORMAT = "guitai-evidence/1"
_ALGORITHM = "EdDSA"
_START = "0" * 64
# A pack is read by people outside: one that would not fit their memory is none of ours.
_FILES_MAX, _SIZE_MAX = 2_000, 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a pack: unreadable, no_manifest, wrong_key, forged, changed, missing, extra, out_of_chain."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pack says of itself, and what is wrong with it; without findings it is genuine."""

    manifest: Mapping[str, Any]
    findings: tuple[Finding, ...]


def entries_of(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The chained list: each line's `chain` covers the line before it, so that none can be taken out or moved."""
    chain, listed = _START, []
    for name, content in files.items():
        line = {"path": name, "sha256": digest(content), "size": len(content), "previous": chain}
        chain = chained(line)
        listed.append({**line, "chain": chain})
    return listed


def chained(line: Mapping[str, Any]) -> str:
    """What one line of a chain comes to: SHA-256 over its canonical JSON, the previous value included."""
    return digest(canonical({name: value for name, value in line.items() if name != "chain"}))


def chain_up(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Plain records as a chain of their own: the custody log."""
    chain, listed = _START, []
    for record in lines:
        line = {**record, "previous": chain}
        chain = chained(line)
        listed.append({**line, "chain": chain})
    return listed


def build(
    files: Mapping[str, bytes], about: Mapping[str, Any], key: Ed25519PrivateKey, at: datetime
) -> tuple[bytes, str]:
    """Put a pack together.

    takes    files by name, what the pack is about (plain JSON values), the key, the moment
    gives    the ZIP, and the SHA-256 of its manifest: the next pack of the case names it
    source   RFC 7515 (JWS), RFC 8037 (Ed25519)
    """
    listed = entries_of(files)
    manifest = canonical({
        "format": FORMAT, **about, "generated_at": at.isoformat(), "files": listed,
        "head": listed[-1]["chain"] if listed else _START,
    })  # fmt: skip
    headers = {"typ": TYPE, "kid": key_id(key.public_key())}
    signature = PyJWS().encode(manifest, key, algorithm=_ALGORITHM, headers=headers)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, MANIFEST: manifest, SIGNATURE: signature.encode()}.items():
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return output.getvalue(), digest(manifest)


def check(content: bytes, keys: dict[str, Any]) -> Checked:
    """Check a pack offline: every file, the chain and the signature.

    takes    the ZIP, the key set (JWK Set) or one key that was fetched before
    gives    Checked
    """
    try:
        files = _read(content)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        return Checked({}, (Finding("unreadable"),))
    if MANIFEST not in files or SIGNATURE not in files:
        absent = MANIFEST if MANIFEST not in files else SIGNATURE
        return Checked({}, (Finding("no_manifest", absent),))
    problem = _signature_problem(files[MANIFEST], files[SIGNATURE], keys)
    try:
        manifest = json.loads(files[MANIFEST])
        findings = _compared(manifest["files"], manifest["head"], files)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Checked({}, (Finding("unreadable", MANIFEST),))
    return Checked(manifest, (*problem, *findings))


def canonical(content: Any) -> bytes:
    """JSON that is the same for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _read(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        if len(infos) > _FILES_MAX or sum(info.file_size for info in infos) > _SIZE_MAX:
            raise ValueError("too large")
        if len({info.filename for info in infos}) != len(infos):
            raise ValueError("a name comes twice")
        return {info.filename: archive.read(info) for info in infos}


def _signature_problem(manifest: bytes, signature: bytes, keys: dict[str, Any]) -> tuple[Finding, ...]:
    try:
        signed = signature.decode().strip()
        header = jwt.get_unverified_header(signed)
        payload = PyJWS().decode(
            signed, public_key(keys, str(header.get("kid", ""))), algorithms=[_ALGORITHM]
        )
    except NotOurs:
        return (Finding("wrong_key", SIGNATURE),)
    except (jwt.InvalidTokenError, UnicodeDecodeError):
        return (Finding("forged", SIGNATURE),)
    if header.get("typ") != TYPE:
        return (Finding("forged", SIGNATURE),)
    # The signature is genuine and of something else: then the list was changed after it was signed.
    return () if payload == manifest else (Finding("changed", MANIFEST),)


def _compared(
    listed: Sequence[Mapping[str, Any]], head: str, files: Mapping[str, bytes]
) -> tuple[Finding, ...]:
    found, chain = [], _START
    for line in listed:
        name = str(line["path"])
        if line["previous"] != chain or chained(line) != line["chain"]:
            found.append(Finding("out_of_chain", name))
        chain = line["chain"]
        if name not in files:
            found.append(Finding("missing", name))
        elif digest(files[name]) != line["sha256"]:
            found.append(Finding("changed", name))
    if head != chain:
        found.append(Finding("out_of_chain", MANIFEST))
    named = {str(line["path"]) for line in listed} | {MANIFEST, SIGNATURE}
    found += [Finding("extra", name) for name in files if name not in named]
    return tuple(found)
