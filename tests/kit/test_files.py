"""Uploads: judged by content, cleaned of everything but pixels, sealed at rest."""

import contextlib
import io
import random
import struct
import zlib
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin

from guitai.base.ids import new_id
from guitai.base.refusal import NotFound, Refusal
from guitai.kit import files
from guitai.kit.crypto import Unsealable
from guitai.kit.models import File
from tests.kit import samples
from tests.kit.samples import document

OWNER = UUID(int=7)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own")]
PDF = document(armed=True)


def encoded(format_: str = "PNG", mode: str = "RGB", size=(40, 30), **options) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size).save(output, format_, **options)
    return output.getvalue()


def store(content: bytes, name: str = "picture.png") -> files.StoredFile:
    return files.store(SimpleUploadedFile(name, content), owner=OWNER)


def png_of(width: int, height: int) -> bytes:
    """A small PNG that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10))) + chunk(b"IEND", b"")


FRAMES = {"save_all": True, "append_images": [Image.new("RGB", (40, 30), "red")]}
ACCEPTED = {
    "PNG": (encoded("PNG"), "image/png"),
    "PNG with transparency": (encoded("PNG", "RGBA"), "image/png"),
    "PNG with a palette": (encoded("PNG", "P"), "image/png"),
    "PNG in black and white": (encoded("PNG", "1"), "image/png"),
    "PNG of 16 bits": (encoded("PNG", "I;16"), "image/png"),
    "animated PNG": (encoded("PNG", **FRAMES), "image/png"),
    "JPEG": (encoded("JPEG"), "image/jpeg"),
    "JPEG in grey": (encoded("JPEG", "L"), "image/jpeg"),
    "JPEG in CMYK": (encoded("JPEG", "CMYK"), "image/jpeg"),
    "WebP": (encoded("WEBP"), "image/webp"),
    "animated WebP": (encoded("WEBP", **FRAMES), "image/webp"),
    "PDF with a script": (PDF, "application/pdf"),
}


@pytest.mark.parametrize(("content", "content_type"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_keeps_what_can_be_evidence(content, content_type):
    kept = store(content, "whatever.html")
    assert kept.content_type == content_type and kept.owner == OWNER and kept.name == "whatever.html"
    again, read = files.read(kept.id)
    assert again == kept and len(read) == kept.size
    if content_type.startswith("image/"):
        with Image.open(io.BytesIO(read)) as image:
            assert image.size == (40, 30) and Image.MIME[image.format] == content_type
            assert getattr(image, "n_frames", 1) == 1 and image.mode in ("RGB", "RGBA")


REFUSED = {
    "nothing": (b"", "file_empty"),
    "text": (b"hello", "file_not_accepted"),
    "HTML named .png": (b"<html><script>alert(1)</script>", "file_not_accepted"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_not_accepted"),
    "GIF": (encoded("GIF"), "file_not_accepted"),
    "BMP": (encoded("BMP"), "file_not_accepted"),
    "TIFF": (encoded("TIFF"), "file_not_accepted"),
    "a program": (b"MZ" + bytes(500), "file_not_accepted"),
    "a PNG that is none": (b"\x89PNG\r\n\x1a\n" + b"<script>" * 50, "file_not_accepted"),
    "half a PNG": (encoded("PNG", size=(400, 300))[:-60], "file_not_accepted"),
    "half a JPEG": (encoded("JPEG", size=(400, 300))[:-400], "file_not_accepted"),
    "a PDF without an end": (b"%PDF-1.7\n", "file_not_accepted"),
    "a PDF behind something": (b"<html>" + PDF, "file_not_accepted"),
    "a bomb": (png_of(8_000, 8_000), "file_too_large"),
    "a larger bomb": (png_of(12_000, 10_000), "file_too_large"),
    "an enormous bomb": (png_of(2**31 - 1, 2**31 - 1), "file_too_large"),
    "10 MiB and a byte": (PDF + bytes(files.SIZE_MAX - len(PDF) - 5) + b"%%EOF\n", "file_too_large"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_what_is_something_else(content, code):
    with pytest.raises(Refusal) as refusal:
        store(content)
    assert refusal.value.code == code and refusal.value.field == "file"
    assert not File.objects.exists()


def test_keeps_ten_mebibytes_exactly():
    content = samples.wav()
    content += b"junk" + (files.SIZE_MAX - len(content) - 8).to_bytes(4, "little")
    content += bytes(files.SIZE_MAX - len(content))
    assert len(content) == files.SIZE_MAX and store(content).content_type == "audio/wav"


def test_does_not_believe_the_size_it_is_told():
    upload = SimpleUploadedFile("a.png", encoded())
    upload.size = files.SIZE_MAX + 1
    with pytest.raises(files.FileTooLarge):
        files.store(upload, owner=OWNER)


def _marked(format_: str) -> bytes:
    """A picture with something to hide in every place that has room for it."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112], exif[0x8825] = "SECRET", 6, {1: "N", 2: (31.0, 12.0, 0.0)}
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {
        "PNG": {"pnginfo": text},
        "JPEG": {"comment": b"SECRET", "xmp": b"SECRET"},
        "WEBP": {"xmp": b"SECRET"},
    }
    return encoded(format_, exif=exif, icc_profile=profile, **more[format_]) + b"SECRET<script>"


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_keeps_pixels_and_nothing_else(format_):
    original = _marked(format_)
    assert b"SECRET" in original
    kept = store(original)
    content = files.read(kept.id)[1]
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert image.size == (30, 40), "turned upright before the mark that says so is removed"
        assert (
            not image.getexif()
            and not {"icc_profile", "comment", "xmp", "exif", "Comment"} & image.info.keys()
        )
    assert b"SECRET" not in content and b"script" not in content and b"ICC_PROFILE" not in content
    row = File.objects.get()
    assert bytes(row.original_sha256) != bytes(row.sha256) and kept.sha256 == bytes(row.sha256).hex()


def test_sixteen_bits_of_grey_keep_their_shades():
    image = Image.new("I;16", (2, 1))
    image.putpixel((0, 0), 0x4000)
    image.putpixel((1, 0), 0xC000)
    output = io.BytesIO()
    image.save(output, "PNG")
    with Image.open(io.BytesIO(files.read(store(output.getvalue()).id)[1])) as kept:
        assert [kept.getpixel((x, 0))[0] for x in (0, 1)] == [0x40, 0xC0]


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_damage_of_any_kind_is_refused_and_never_an_accident(format_):
    chance, whole = random.Random(7), encoded(format_, size=(64, 64))
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with contextlib.suppress(Refusal):
            store(bytes(damaged))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("photo.png", "photo.png"),
        ("照片 1.png", "照片 1.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\photo.png", "photo.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("..", "file"),
        (".png", "png"),
        ("a\x00b.png", "ab.png"),
        ("x" * 500, "x" * 120),
    ],
)
def test_names_cannot_deceive(name, kept):
    upload = SimpleUploadedFile("a.png", encoded())
    upload._name = name
    assert files.store(upload, owner=OWNER).name == kept
    upload.seek(0)
    upload._name = None
    assert files.store(upload, owner=OWNER).name == "file"


def test_is_sealed_at_rest(tmp_path):
    kept = store(PDF, "secret.pdf")
    path = files.sealed_path(kept.id)
    assert b"JavaScript" not in path.read_bytes() and b"secret" not in bytes(File.objects.get().name)
    other = store(PDF)
    path.write_bytes(files.sealed_path(other.id).read_bytes())
    with pytest.raises(Unsealable):
        files.read(kept.id)
    path.unlink()
    for missing in (kept.id, new_id()):
        with pytest.raises(NotFound):
            files.read(missing)
    assert files.describe([kept.id, new_id()]) == {kept.id: kept}
