"""The skin alone: its tests need no other room."""

from django.urls import include, path

urlpatterns = [path("", include("guitai.skin.web.urls")), path("", include("guitai.skin.web.dev_urls"))]
