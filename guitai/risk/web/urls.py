"""Addresses of risk, for staff."""

from django.urls import path

from guitai.risk.web import views

app_name = "risk"
urlpatterns = [
    path("staff/signals/", views.signals, name="signals"),
    path("staff/signals/<uuid:signal_id>/", views.signal, name="signal"),
]
