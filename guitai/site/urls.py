"""Every address of the product: each room brings its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from guitai.kit.environment import environment
from guitai.site.api import api

_ROOMS = ("skin", "care", "wallet", "people", "notify", "rails", "risk", "desk")

handler400 = "guitai.skin.web.errors.bad_request"

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"guitai.{room}.web.urls")) for room in _ROOMS),
    path("api/v1/", api.urls),
]
if environment().developer_pages and settings.DEVELOPER_PAGES:
    urlpatterns += [path("", include(f"guitai.{room}.web.dev_urls")) for room in ("notify", "skin")]
