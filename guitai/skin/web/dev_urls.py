"""The living catalogue: only mounted in demo and development, by site/urls."""

from django.urls import path

from guitai.skin.web import catalogue

urlpatterns = [
    path("dev/skin", catalogue.components, name="dev_skin"),
    path("dev/skin/wallet", catalogue.wallet, name="dev_skin_wallet"),
    path("dev/skin/form", catalogue.question, name="dev_skin_form"),
    path("dev/skin/desk", catalogue.desk, name="dev_skin_desk"),
    path("dev/skin/receipt", catalogue.receipt, name="dev_skin_receipt"),
    path("dev/skin/error/<int:status>", catalogue.error, name="dev_skin_error"),
]
