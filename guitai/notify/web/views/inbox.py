"""The inbox of whoever is signed in. Opening it marks everything as read."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from guitai.notify import api


@never_cache
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """A page of messages, newest first."""
    # notify lies below people and cannot ask its door; the user's kind is all it needs to know.
    if getattr(request.user, "kind", "customer") != "customer":
        raise Http404
    owner = UUID(str(request.user.pk))
    page = api.inbox(owner, request.GET.get("after") or None)
    api.mark_read(owner)
    return render(request, "notify/inbox.html", {"page": page})
