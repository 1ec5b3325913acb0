"""Django's handler, measured by route, with the one answer that the front leaves to it."""

import time

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from guitai.site import metrics
from guitai.site.bodies import TOO_LARGE


class Handler(WSGIHandler):
    """Django's handler; inside its middleware a body that was too large is answered without a view."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = super().get_response(request)
        metrics.observe(request, response.status_code, time.perf_counter() - started)
        return response

    def _get_response(self, request: HttpRequest) -> HttpResponseBase:
        if request.META.get("asgi.scope", {}).get(TOO_LARGE):
            if request.path.startswith("/api/"):
                return HttpResponse(status=413)
            return render(request, "413.html", status=413)
        return super()._get_response(request)
