"""Addresses of notify."""

from django.urls import path

from guitai.notify.web.views import inbox

app_name = "notify"
urlpatterns = [path("messages/", inbox.show, name="inbox")]
