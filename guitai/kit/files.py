"""Uploads from outside: judged by their content, cleaned, sealed at rest."""

import hashlib
import io
import logging
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from guitai.base.ids import new_id
from guitai.base.refusal import NotFound, Refusal
from guitai.kit import audio, pdf
from guitai.kit.clamd import ScanFailed, scan
from guitai.kit.crypto import seal, seal_bytes, unseal, unseal_bytes
from guitai.kit.environment import environment
from guitai.kit.models import File
from guitai.kit.transactions import required

SIZE_MAX = 10 * 1024 * 1024
_PIXELS_MAX = 50_000_000
_NAME_MAX = 120
# Pillow's own guard only warns at first; ours is asked before a single pixel is decoded.
Image.MAX_IMAGE_PIXELS = None
# What Pillow's decoders are known to raise on damaged or hostile content.
_UNREADABLE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError,
    OverflowError, struct.error, zlib.error,
)  # fmt: skip
_log = logging.getLogger(__name__)
_IMAGE_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


class FileRefused(Refusal):
    field = "file"


class FileTooLarge(FileRefused):
    code = "file_too_large"


class FileNotAccepted(FileRefused):
    code = "file_not_accepted"


class FileEmpty(FileRefused):
    code = "file_empty"


class FileNotAPicture(FileRefused):
    code = "file_not_a_picture"


class PictureTooSmall(FileRefused):
    code = "picture_too_small"


class RecordingTooLong(FileRefused):
    code = "recording_too_long"


class FileInfected(FileRefused):
    code = "file_infected"


class FileNotScanned(FileRefused):
    code = "file_not_scanned"


class Upload(Protocol):
    """What Django and ninja hand over."""

    name: str | None
    size: int | None

    def read(self, num_bytes: int | None = None, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: UUID
    owner: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    # Of what came in: the same as `sha256` where nothing had to be cleaned.
    original_sha256: str = ""


def store(upload: Upload, *, owner: UUID, picture_min: tuple[int, int] | None = None) -> StoredFile:
    """Keep an upload.

    takes    an upload and the person it belongs to; for what must be a picture, how many pixels its longer and its
             shorter side have at least
    gives    what was kept: a picture is re-encoded without its metadata, a PDF without what acts, a recording
             without its tags; the original's digest is recorded
    refuses  file_too_large, file_empty, file_not_accepted, file_not_a_picture, picture_too_small, file_infected,
             file_not_scanned, recording_too_long
    """
    original = _bounded(upload)
    # The scanner first: what is known to be hostile comes near no other reader.
    _check_harmless(original)
    content_type, content = _cleaned(original, picture_min)
    name = _plain_name(upload.name or "")
    return _keep(content, original, owner=owner, name=name, content_type=content_type)


def picture(upload: Upload) -> Image.Image:
    """An upload's pixels, judged like those that are stored, and not kept.

    takes    an upload
    gives    the picture, upright
    refuses  file_too_large, file_empty, file_not_accepted, file_not_a_picture
    """
    _, content = _cleaned(_bounded(upload), (1, 1))
    return Image.open(io.BytesIO(content))


def keep(content: bytes, *, owner: UUID, name: str, content_type: str) -> StoredFile:
    """Keep what we made ourselves: nothing in it is judged or changed."""
    return _keep(content, content, owner=owner, name=name, content_type=content_type)


def erase(file_ids: Iterable[UUID]) -> int:
    """Erase files for good, in the caller's transaction; gives how many there were.

    The content goes when the transaction commits: a file whose row came back must still open.
    """
    required()
    # Under lock, so that a rotation that is sealing them anew does not bring them back.
    rows = list(File.objects.select_for_update().filter(id__in=list(file_ids)).order_by("id"))
    paths = [sealed_path(row.id) for row in rows]
    File.objects.filter(id__in=[row.id for row in rows]).delete()
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])
    return len(rows)


def same_originals(file_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Which other persons sent in the very same files.

    takes    files
    gives    by file the owners of others with the same original; files that nobody else sent are left out
    """
    rows = {row.id: row for row in File.objects.filter(id__in=list(file_ids))}
    found: dict[UUID, frozenset[UUID]] = {}
    for file_id, row in rows.items():
        others = File.objects.filter(original_sha256=row.original_sha256).exclude(owner=row.owner)
        owners = frozenset(others.values_list("owner", flat=True))
        if owners:
            found[file_id] = owners
    return found


def _bounded(upload: Upload) -> bytes:
    original = upload.read(SIZE_MAX + 1)
    if len(original) > SIZE_MAX or (upload.size or 0) > SIZE_MAX:
        raise FileTooLarge(maximum_mb=SIZE_MAX // (1024 * 1024))
    if not original:
        raise FileEmpty()
    return original


def _keep(content: bytes, original: bytes, *, owner: UUID, name: str, content_type: str) -> StoredFile:
    file_id = new_id()
    path = sealed_path(file_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(seal_bytes(content, purpose="file", row=file_id))
    row = File.objects.create(
        id=file_id,
        owner=owner,
        name=seal(name, purpose="file.name", row=file_id),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        original_sha256=hashlib.sha256(original).digest(),
    )
    return _stored(row)


def read(file_id: UUID) -> tuple[StoredFile, bytes]:
    """A kept file and its content; refuses not_found. Whether the asker may see it is the caller's question."""
    row = File.objects.filter(id=file_id).first()
    if row is None or not sealed_path(file_id).exists():
        raise NotFound()
    return _stored(row), unseal_bytes(sealed_path(file_id).read_bytes(), purpose="file", row=file_id)


def describe(file_ids: list[UUID]) -> dict[UUID, StoredFile]:
    """What is known of several files, without their content."""
    return {row.id: _stored(row) for row in File.objects.filter(id__in=file_ids)}


def _check_harmless(original: bytes) -> None:
    """Ask the virus scanner, where there is one; whoever wants uploads scanned wants none that was not."""
    address = environment().clamd_socket
    if not address:
        return
    try:
        found = scan(original, address)
    except ScanFailed as error:
        _log.error("the virus scanner does not answer: %s", error)
        raise FileNotScanned() from error
    if found:
        _log.warning("an upload was refused by the virus scanner: %s", found)
        raise FileInfected()


def _cleaned(original: bytes, picture_min: tuple[int, int] | None) -> tuple[str, bytes]:
    if original.startswith(b"%PDF-") and b"%%EOF" in original[-2048:]:
        if picture_min is not None:
            raise FileNotAPicture()
        return "application/pdf", _disarmed(original)
    sound = _sound(original)
    if sound is not None:
        if picture_min is not None:
            raise FileNotAPicture()
        return sound
    try:
        with Image.open(io.BytesIO(original), formats=tuple(_IMAGE_FORMATS)) as image:
            if image.width * image.height > _PIXELS_MAX:
                raise FileTooLarge(maximum_mb=SIZE_MAX // (1024 * 1024))
            if picture_min and not _is_large_enough(image.size, picture_min):
                raise PictureTooSmall(width=max(picture_min), height=min(picture_min))
            return _IMAGE_FORMATS[image.format or "PNG"], _encoded(image, image.format or "PNG")
    except _UNREADABLE as error:
        raise FileNotAccepted() from error


def _disarmed(original: bytes) -> bytes:
    try:
        return pdf.without_actions(original)
    except pdf.Unreadable as error:
        raise FileNotAccepted() from error


def _sound(original: bytes) -> tuple[str, bytes] | None:
    try:
        heard = audio.recording(original)
    except audio.Unreadable as error:
        raise FileNotAccepted() from error
    if heard is None:
        return None
    if heard.seconds is not None and heard.seconds > audio.SECONDS_MAX:
        raise RecordingTooLong(maximum_minutes=audio.SECONDS_MAX // 60)
    return heard.content_type, heard.content


def _is_large_enough(size: tuple[int, int], least: tuple[int, int]) -> bool:
    return max(size) >= max(least) and min(size) >= min(least)


def _encoded(image: Image.Image, format_: str) -> bytes:
    """A picture's pixels and nothing else: upright, its first frame, eight bits a channel."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would cut off what exceeds eight instead of scaling it.
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    plain = upright.convert("RGB" if format_ == "JPEG" or upright.mode == "CMYK" else "RGBA")
    plain.info.clear()  # or comments, profiles and XMP would be written again
    output = io.BytesIO()
    plain.save(output, format=format_, **({"quality": 90} if format_ != "PNG" else {}))
    return output.getvalue()


def _plain_name(name: str) -> str:
    """The last part of a name, without what could deceive: line ends, text direction marks, leading dots."""
    last = Path(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable()).strip(" .")[:_NAME_MAX] or "file"


def sealed_path(file_id: UUID) -> Path:
    """Where the sealed content of a file lies."""
    return environment().home / "files" / file_id.hex[-2:] / file_id.hex


def _stored(row: File) -> StoredFile:
    name = unseal(row.name, purpose="file.name", row=row.id)
    return StoredFile(
        row.id,
        row.owner,
        name,
        row.content_type,
        row.size,
        bytes(row.sha256).hex(),
        bytes(row.original_sha256).hex(),
    )
