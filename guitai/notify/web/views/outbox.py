"""Every SMS and mail that would have gone out: for people who try or develop Guitai."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from guitai.kit.environment import environment
from guitai.notify import api


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """As a page, newest first; `?address=` filters."""
    _only_for_developers()
    address = request.GET.get("address", "").strip()
    return render(request, "notify/outbox.html", {"items": api.outbox(address or None), "address": address})


@never_cache
def show_json(request: HttpRequest) -> HttpResponse:
    """The same for programs: `[{id, at, channel, address, kind, body}]`."""
    _only_for_developers()
    items = api.outbox(request.GET.get("address", "").strip() or None)
    found = [
        {
            "id": str(item.id),
            "at": item.at.isoformat(),
            "channel": item.channel,
            "address": item.address,
            "kind": item.kind,
            "title": item.title,
            "body": item.body,
            "state": item.state,
        }
        for item in items
    ]
    return JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False})


def _only_for_developers() -> None:
    # A second lock behind the first: these addresses are not mounted in production at all.
    if not environment().developer_pages:
        raise Http404
