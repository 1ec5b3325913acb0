"""What makes the wallet installable, and the assets that are made rather than stored."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from guitai.skin.context import operator_words
from guitai.skin.mark import mark_png, mark_svg
from guitai.skin.styles import style_sheet

_PNG_SIZES = frozenset({32, 180, 192, 512})
_FOR_EVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"


@require_safe
def styles(request: HttpRequest, digest: str) -> HttpResponse:
    """The flattened style sheet. An old address gets today's sheet, and is not kept."""
    sheet = style_sheet()
    squeezed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        sheet.compressed if squeezed else sheet.text, content_type="text/css; charset=utf-8"
    )
    if squeezed:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = _FOR_EVER if digest == sheet.digest else "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest, under the operator's brand."""
    brand = operator_words().brand
    body = {
        "name": brand,
        "short_name": brand,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f8f5ee",
        "theme_color": "#f8f5ee",
        "icons": [
            {"src": reverse("skin:icon_svg"), "type": "image/svg+xml", "sizes": "any"},
            *(
                {
                    "src": reverse("skin:icon_png", kwargs={"size": size}),
                    "type": "image/png",
                    "sizes": f"{size}x{size}",
                }
                for size in (192, 512)
            ),
            {
                "src": reverse("skin:icon_maskable", kwargs={"size": 512}),
                "type": "image/png",
                "sizes": "512x512",
                "purpose": "maskable",
            },
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served from the root so that it may watch over every page."""
    context = {
        "offline": reverse("skin:offline"),
        "kept": [
            reverse("skin:offline"),
            reverse("skin:styles", kwargs={"digest": style_sheet().digest}),
            reverse("skin:icon_svg"),
        ],
        "static": static("skin/js/skin.js").rpartition("skin/js/")[0],
        "version": style_sheet().digest,
    }
    response = render(request, "skin/worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows when there is no network: both languages, nothing personal."""
    response = render(request, "skin/offline.html")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def icon_svg(request: HttpRequest) -> HttpResponse:
    body = mark_svg(64, standalone=True)
    return HttpResponse(body, content_type="image/svg+xml", headers={"Cache-Control": _A_DAY})


@require_safe
def icon_png(request: HttpRequest, size: int) -> HttpResponse:
    return _png(size, maskable=False)


@require_safe
def icon_maskable(request: HttpRequest, size: int) -> HttpResponse:
    return _png(size, maskable=True)


@require_safe
def icon_favourite(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it without being told to; a PNG is understood by all of them."""
    return _png(32, maskable=False)


def _png(size: int, *, maskable: bool) -> HttpResponse:
    if size not in _PNG_SIZES:
        raise Http404
    return HttpResponse(mark_png(size, maskable), content_type="image/png", headers={"Cache-Control": _A_DAY})
