"""Documents that act and recordings with tags: what is kept is pages and sound."""

import hashlib
import io
from uuid import UUID

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.refusal import Refusal
from guitai.kit import audio, files
from guitai.kit.models import File
from tests.kit import samples
from tests.kit.samples import SECRET

OWNER = UUID(int=9)
RECORDINGS = {
    "audio/wav": samples.wav,
    "audio/ogg": samples.ogg,
    "audio/mpeg": samples.mp3,
    "audio/mp4": samples.m4a,
    "audio/webm": samples.webm,
}
ACTIVE = (
    b"/JavaScript",
    b"app.alert",
    b"/Launch",
    b"/EmbeddedFile",
    b"/OpenAction",
    b"/XFA",
    b"evil",
    SECRET,
)


def store(content: bytes) -> files.StoredFile:
    return files.store(SimpleUploadedFile("whatever.bin", content), owner=OWNER)


@pytest.mark.django_db
@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(("content_type", "make"), RECORDINGS.items())
def test_keeps_the_sound_of_a_voice_message_and_nothing_else(content_type, make):
    original = make()
    assert SECRET in original
    kept = store(original)
    content = files.read(kept.id)[1]
    assert (kept.content_type, SECRET in content) == (content_type, False)
    assert kept.original_sha256 == hashlib.sha256(original).hexdigest() != kept.sha256
    again = audio.recording(content)
    assert again is not None and again.content == content, "what is clean is not changed again"
    assert again.seconds == pytest.approx(1, abs=0.05)


@pytest.mark.django_db
@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("make", RECORDINGS.values(), ids=RECORDINGS.keys())
def test_refuses_a_recording_that_nobody_would_listen_to(make):
    if make is samples.wav:
        content = make(60 * 16)
    elif make is samples.mp3:
        content = samples.mp3()[: 20 + len(SECRET)]
        content = content[: 10 + len(SECRET)] + (b"\xff\xfb\x10\x00" + bytes(100)) * 40_000
    else:
        content = make(60 * 16)
    with pytest.raises(Refusal) as refusal:
        store(content)
    assert refusal.value.code == "recording_too_long" and not File.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    "content",
    [samples.m4a(kind=b"vide"), samples.webm(kind=1), samples.ogg()[:-9], samples.wav()[:30],
     b"OggS" + bytes(60), b"ID3\x04\0\0\0\0\0\0" + b"<script>" * 9, samples.m4a()[:60]],
    ids=["a film", "another film", "half an Ogg", "half a WAV", "an empty Ogg", "a tag alone", "half an MP4"],
)  # fmt: skip
def test_refuses_what_is_no_sound(content):
    with pytest.raises(Refusal) as refusal:
        store(content)
    assert refusal.value.code == "file_not_accepted"


@given(st.sampled_from(list(RECORDINGS.values())), st.integers(0, 600), st.binary(min_size=1, max_size=8))
def test_a_damaged_recording_is_refused_and_never_an_error(make, at, damage):
    content = bytearray(make(0.05))
    at %= len(content)
    content[at : at + len(damage)] = damage
    try:
        found = audio.recording(bytes(content))
    except audio.Unreadable:
        return
    assert found is None or found.content_type.startswith("audio/")


@pytest.mark.django_db
@pytest.mark.usefixtures("own")
def test_takes_everything_out_of_a_pdf_that_acts():
    original = samples.document(armed=True)
    kept = store(original)
    content = files.read(kept.id)[1]
    with pikepdf.open(io.BytesIO(content)) as document:
        plain = b"".join(thing.unparse(resolved=True) for thing in document.objects)
        assert len(document.pages) == 1 and len(document.attachments) == 0
    assert [what for what in ACTIVE if what in plain or what in content] == []
    assert kept.original_sha256 == hashlib.sha256(original).hexdigest()


@pytest.mark.django_db
@pytest.mark.usefixtures("own")
def test_refuses_a_pdf_that_is_locked_or_damaged():
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(samples.document())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    for content in (locked.getvalue(), b"%PDF-1.7\nhello\n%%EOF\n"):
        with pytest.raises(Refusal) as refusal:
            store(content)
        assert refusal.value.code == "file_not_accepted"
