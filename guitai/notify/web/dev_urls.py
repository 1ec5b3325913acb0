"""The outbox for developers. `site` includes this in demo and development only, never in production."""

from django.urls import path

from guitai.notify.web.views import outbox

app_name = "notify_dev"
urlpatterns = [
    path("dev/outbox", outbox.show, name="outbox"),
    path("dev/outbox.json", outbox.show_json, name="outbox_json"),
]
