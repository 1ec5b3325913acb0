"""Small documents and recordings with something in them that must not be kept."""

import io
import struct

import pikepdf

SECRET = b"Lin Yue, Shanghai"


def document(*, armed: bool = False) -> bytes:
    """A PDF of one page; armed, it carries one of everything that acts."""
    made, output = pikepdf.new(), io.BytesIO()
    page = made.add_blank_page(page_size=(200, 200))
    if armed:
        run = pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
        made.Root.OpenAction = made.make_indirect(run)
        made.Root.AA = pikepdf.Dictionary(WC=run)
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA="<xfa/>")
        made.attachments["evil.exe"] = b"MZ" + SECRET
        page.Annots = pikepdf.Array([
            made.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=launch)),
            made.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment)),
            pikepdf.Dictionary(Subtype=pikepdf.Name.Link,
                               A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://evil.example/")),
        ])  # fmt: skip
        with made.open_metadata() as metadata:
            metadata["dc:title"] = SECRET.decode()
        made.docinfo["/Author"] = SECRET.decode()
    made.save(output)
    return output.getvalue()


def wav(seconds: float = 1.0) -> bytes:
    rate = 8000
    sound = bytes(int(rate * seconds))
    words = b"INFOINAM" + struct.pack("<I", len(SECRET)) + SECRET
    chunks = [
        (b"fmt ", struct.pack("<HHIIHH", 1, 1, rate, rate, 1, 8)),
        (b"LIST", words),
        (b"data", sound),
        (b"bext", SECRET),
    ]
    body = b"WAVE" + b"".join(n + struct.pack("<I", len(c)) + c + b"\0" * (len(c) % 2) for n, c in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def ogg(seconds: float = 1.0) -> bytes:
    comments = struct.pack("<I", 3) + b"abc" + struct.pack("<II", 1, len(SECRET)) + SECRET
    tags = b"OpusTags" + comments + b"\x01" + SECRET
    pages = [(b"OpusHead\x01\x01" + bytes(9), 0), (tags, 0), (b"\xfc\xff\xfe" * 40, int(48_000 * seconds))]
    made = b""
    for number, (body, granule) in enumerate(pages):
        segments = bytes([255] * (len(body) // 255) + [len(body) % 255])
        kind = {0: 2, len(pages) - 1: 4}.get(number, 0)
        made += b"OggS\0" + bytes([kind]) + struct.pack("<qIII", granule, 7, number, 0)
        made += bytes([len(segments)]) + segments + body
    return made


def mp3(seconds: float = 1.0) -> bytes:
    # MPEG 1, layer three, 128 kbit/s, 44.1 kHz: 417 bytes of 26 ms.
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    head = b"ID3\x04\0\0" + struct.pack(">I", len(SECRET)) + SECRET
    return head + frame * max(1, round(seconds / (1152 / 44_100))) + b"TAG" + SECRET.ljust(125, b"\0")


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def m4a(seconds: float = 1.0, kind: bytes = b"soun") -> bytes:
    head = _box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, int(1000 * seconds)) + bytes(80))
    handler = _box(b"hdlr", bytes(8) + kind + bytes(12) + SECRET + b"\0")
    track = _box(b"trak", _box(b"mdia", handler))
    words = _box(b"udta", _box(b"meta", SECRET))
    return (
        _box(b"ftyp", b"M4A \0\0\0\0M4A mp42")
        + _box(b"moov", head + track + words)
        + _box(b"mdat", bytes(99))
    )


def _element(name: int, content: bytes) -> bytes:
    long = (name.bit_length() + 7) // 8
    return name.to_bytes(long) + b"\x01" + len(content).to_bytes(7) + content


def webm(seconds: float = 1.0, kind: int = 2) -> bytes:
    info = _element(0x2AD7B1, (1_000_000).to_bytes(3)) + _element(0x4489, struct.pack(">d", 1000 * seconds))
    info += _element(0x7BA9, SECRET) + _element(0x5741, SECRET)
    track = _element(0xAE, _element(0x83, bytes([kind])) + _element(0x536E, SECRET))
    tags = _element(0x1254C367, SECRET)
    segment = _element(0x1549A966, info) + _element(0x1654AE6B, track) + tags
    # A browser's recorder does not know how long a cluster will be when it begins it.
    segment += b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + _element(0xA3, bytes(50))
    return _element(0x1A45DFA3, _element(0x4282, b"webm")) + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + segment
