"""A kept file on its way to a reader."""

from django.http import HttpResponse

from guitai.kit.files import StoredFile

_SHOWN = (
    "image/png", "image/jpeg", "image/webp", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav", "audio/webm",
)  # fmt: skip


def file_response(stored: StoredFile, content: bytes) -> HttpResponse:
    """Pictures are shown, voices played, all else is downloaded; nothing in it can run, and no cache keeps it."""
    response = HttpResponse(content, content_type=stored.content_type)
    kind = "inline" if stored.content_type in _SHOWN else "attachment"
    name = stored.name.encode("ascii", "replace").decode().replace('"', "'").replace("\\", "_")
    response["Content-Disposition"] = f'{kind}; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
