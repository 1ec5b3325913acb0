"""Voice messages: known by their content, cut down to sound alone, and not longer than somebody listens to.

Containers are read just far enough to leave out what is not sound: names, places, pictures, programs. Whatever does
not fit its container exactly is refused rather than guessed at.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SECONDS_MAX = 15 * 60


class Unreadable(Exception):
    """Not a recording of a kind we keep, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording without anything but its sound; `seconds` is None where its container does not say."""

    content_type: str
    content: bytes
    seconds: float | None


def recording(content: bytes) -> Recording | None:
    """A recording by its first bytes, cleaned; None when it is none; raises Unreadable for a damaged one."""
    try:
        if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
            return _wav(content)
        if content[:4] == b"OggS":
            return _ogg(content)
        if content[4:8] == b"ftyp":
            return _mp4(content)
        if content[:4] == b"\x1a\x45\xdf\xa3":
            return _webm(content)
        if content[:3] == b"ID3" or _is_mp3_frame(content[:4]):
            return _mp3(content)
    except (struct.error, IndexError, OverflowError) as error:
        raise Unreadable() from error
    return None


# WAV: chunks of which two matter.


def _wav(content: bytes) -> Recording:
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if name in (b"fmt ", b"data") and name not in chunks:
            chunks[name] = content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if len(chunks.get(b"fmt ", b"")) < 16 or not chunks.get(b"data"):
        raise Unreadable()
    rate = struct.unpack_from("<I", chunks[b"fmt "], 8)[0]
    body = b"WAVE" + b"".join(_riff(name, chunks[name]) for name in (b"fmt ", b"data"))
    seconds = len(chunks[b"data"]) / rate if rate else None
    return Recording("audio/wav", b"RIFF" + struct.pack("<I", len(body)) + body, seconds)


def _riff(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


# Ogg: the second packet of Opus and Vorbis carries comments; they are overwritten in place.

_OGG_HEAD = 27
_OPUS_RATE = 48_000


def _ogg(content: bytes) -> Recording:
    pages = list(_ogg_pages(content))
    head = pages[0][1] if pages else b""
    if len(pages) < 2 or not head.startswith((b"OpusHead", b"\x01vorbis")):
        raise Unreadable()
    opus = head.startswith(b"OpusHead")
    rate = _OPUS_RATE if opus else struct.unpack_from("<I", head, 12)[0]
    serial = pages[0][0][14:18]
    output, cleaned, granule = [], False, 0
    for header, body in pages:
        if header[14:18] != serial:
            continue  # another stream beside the sound, such as a picture
        granule = max(granule, struct.unpack_from("<q", header, 6)[0])
        if not cleaned and body.startswith((b"OpusTags", b"\x03vorbis")):
            cleaned = True
            output.append(_ogg_page(header, _without_comments(body, opus=opus)))
        else:
            output.append(header + body)
    if not cleaned:
        raise Unreadable()
    return Recording("audio/ogg", b"".join(output), granule / rate if rate else None)


def _ogg_pages(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(content):
        if content[at : at + 4] != b"OggS":
            raise Unreadable()
        segments = content[at + 26]
        header = content[at : at + _OGG_HEAD + segments]
        size = sum(header[_OGG_HEAD:])
        body = content[at + len(header) : at + len(header) + size]
        if len(header) != _OGG_HEAD + segments or len(body) != size:
            raise Unreadable()
        yield header, body
        at += len(header) + size


def _without_comments(body: bytes, *, opus: bool) -> bytes:
    """The same length, no vendor, no comment; what follows in the page (Vorbis' set-up) stays."""
    start = 8 if opus else 7
    at = start + 4 + struct.unpack_from("<I", body, start)[0]
    count = struct.unpack_from("<I", body, at)[0]
    at += 4
    for _ in range(count):
        at += 4 + struct.unpack_from("<I", body, at)[0]
    if at > len(body):
        raise Unreadable()  # comments over several pages: cover pictures do that, voices do not
    room = at - start - 8
    blank = struct.pack("<I", room) + b" " * room + struct.pack("<I", 0)
    # Opus may pad after its comments with anything: that goes too.
    rest = b"\0" * (len(body) - at) if opus else body[at:]
    return body[:start] + blank + rest


def _ogg_page(header: bytes, body: bytes) -> bytes:
    page = bytearray(header + body)
    page[22:26] = b"\0\0\0\0"
    page[22:26] = struct.pack("<I", _ogg_sum(bytes(page)))
    return bytes(page)


def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        found.append(value & 0xFFFFFFFF)
    return tuple(found)


_SUMS = _table()


def _ogg_sum(page: bytes) -> int:
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _SUMS[(value >> 24) ^ byte]
    return value


# MP4: boxes; those with words become `free`, so that no offset moves. Anything that is not sound is refused.

_BOXES = (b"moov", b"trak", b"mdia", b"minf")
_WORDS = (b"udta", b"meta", b"uuid", b"skip", b"free", b"wide", b"XMP_")
_HANDLERS_REFUSED = (b"vide", b"text", b"sbtl", b"subt")


def _mp4(content: bytes) -> Recording:
    cleaned = bytearray(content)
    found: dict[str, float | None] = {"seconds": None, "sound": None}
    _mp4_boxes(cleaned, 0, len(cleaned), found)
    if not found["sound"]:
        raise Unreadable()
    return Recording("audio/mp4", bytes(cleaned), found["seconds"])


def _mp4_boxes(content: bytearray, at: int, end: int, found: dict[str, float | None]) -> None:
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", content, at + 8)[0], 16
        size = size or end - at
        if size < head or at + size > end:
            raise Unreadable()
        if name in _WORDS:
            content[at + 4 : at + 8] = b"free"
            content[at + head : at + size] = bytes(size - head)
        elif name == b"hdlr":
            _mp4_handler(content, at, size, found)
        elif name == b"mvhd":
            wide = content[at + head] == 1
            scale, long = struct.unpack_from(
                ">IQ" if wide else ">II", content, at + head + (20 if wide else 12)
            )
            found["seconds"] = long / scale if scale else None
        elif name in _BOXES:
            _mp4_boxes(content, at + head, at + size, found)
        at += size


def _mp4_handler(content: bytearray, at: int, size: int, found: dict[str, float | None]) -> None:
    """What a track carries; its name is somebody's words."""
    kind = bytes(content[at + 16 : at + 20])
    if kind in _HANDLERS_REFUSED:
        raise Unreadable()
    if kind == b"soun":
        found["sound"] = 1.0
    content[at + 32 : at + size] = bytes(max(0, size - 32))


# MP3: frames between tags.

_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SKIPPED_MAX = 64 * 1024
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _is_mp3_frame(head: bytes) -> bool:
    return len(head) == 4 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and _mp3_frame(head) is not None


def _mp3_frame(head: bytes) -> tuple[int, float] | None:
    """A frame's length in bytes and seconds; None when there is no frame of layer three here."""
    version, bits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or version == 1 or bits in (0, 15) or rate == 3:
        return None
    whole = version == 3
    kilobits, hertz = (_BITRATES if whole else _BITRATES_LOW)[bits], _RATES[version][rate]
    samples = 1152 if whole else 576
    return samples // 8 * kilobits * 1000 // hertz + (head[2] >> 1 & 1), samples / hertz


def _mp3(content: bytes) -> Recording:
    """Only frames are kept: whatever lies before, between or behind them goes."""
    at = 0
    while content[at : at + 3] == b"ID3":
        size = 0
        for byte in content[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    frames, seconds, skipped = [], 0.0, 0
    while at + 4 <= len(content):
        frame = _mp3_frame(content[at : at + 4])
        if frame is None or at + frame[0] > len(content):
            at, skipped = at + 1, skipped + 1
            if skipped > _SKIPPED_MAX:
                raise Unreadable()
            continue
        frames.append(content[at : at + frame[0]])
        at, seconds = at + frame[0], seconds + frame[1]
    if not frames:
        raise Unreadable()
    return Recording("audio/mpeg", b"".join(frames), seconds)


# WebM: elements; tags, attachments and titles become Void, so that no offset moves.

_SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675
_TAGS, _ATTACHMENTS, _CHAPTERS = 0x1254C367, 0x1941A469, 0x1043A770
_TITLE, _DATE, _NAME, _FILE, _UID = 0x7BA9, 0x4461, 0x536E, 0x7384, 0x73A4
_MUXER, _WRITER, _TYPE, _LONG, _SCALE, _VOID = 0x4D80, 0x5741, 0x83, 0x4489, 0x2AD7B1, 0xEC
_INSIDE = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK})
_VOIDED = frozenset({_TAGS, _ATTACHMENTS, _CHAPTERS, _TITLE, _DATE, _NAME, _FILE, _UID, _VOID})
_BLANKED = frozenset({_MUXER, _WRITER})
_SOUND = 2


def _webm(content: bytes) -> Recording:
    if b"webm" not in content[:64]:
        raise Unreadable()
    cleaned = bytearray(content)
    found: dict[str, float | None] = {"long": None, "scale": 1_000_000.0, "sound": None}
    _webm_elements(cleaned, 0, len(cleaned), found)
    if not found["sound"]:
        raise Unreadable()
    seconds = found["long"] * (found["scale"] or 0) / 1e9 if found["long"] else None
    return Recording("audio/webm", bytes(cleaned), seconds)


def _webm_elements(content: bytearray, at: int, end: int, found: dict[str, float | None]) -> None:
    while at < end:
        begins = at
        name, at = _vint(content, at, keep=True)
        long_from = at
        size, at = _vint(content, at, keep=False)
        if size == (1 << 7 * (at - long_from)) - 1:
            size = end - at  # not known when it was begun: a browser's recorder writes so
        if at + size > end:
            raise Unreadable()
        if name in _VOIDED:
            _void(content, begins, at + size)
        elif name in _BLANKED:
            content[at : at + size] = b" " * size
        elif name == _TYPE:
            if content[at] != _SOUND:
                raise Unreadable()
            found["sound"] = 1.0
        elif name == _LONG:
            found["long"] = struct.unpack(">f" if size == 4 else ">d", content[at : at + size])[0]
        elif name == _SCALE:
            found["scale"] = float(int.from_bytes(content[at : at + size]))
        elif name in _INSIDE:
            _webm_elements(content, at, at + size, found)
        at += size


def _vint(content: bytearray, at: int, *, keep: bool) -> tuple[int, int]:
    first = content[at]
    if not first:
        raise Unreadable()
    length = 9 - first.bit_length()
    value = int.from_bytes(content[at : at + length])
    return (value if keep else value & ((1 << 7 * length) - 1)), at + length


def _void(content: bytearray, begins: int, ends: int) -> None:
    """One element that says nothing, exactly as long as what stood there."""
    long = ends - begins
    if long < 10:
        content[begins:ends] = bytes([_VOID, 0x80 | long - 2]) + bytes(long - 2)
    else:
        content[begins:ends] = bytes([_VOID, 0x01]) + (long - 9).to_bytes(7) + bytes(long - 9)
