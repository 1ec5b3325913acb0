"""Addresses of identity, bank accounts and personal data."""

from django.urls import path

from guitai.people.web.views import bank_accounts, identity, linked_accounts, my_data

urlpatterns = [
    path("me/identity/", identity.identity, name="identity"),
    path("me/identity/documents/", identity.kinds, name="identity_kinds"),
    path("me/identity/documents/<str:kind>/", identity.document, name="identity_document"),
    path("me/identity/photos/", identity.photos, name="identity_photos"),
    path("me/identity/withdrawal/", identity.withdrawal, name="identity_withdrawal"),
    path("me/bank-accounts/", bank_accounts.bank_accounts, name="bank_accounts"),
    path("me/bank-accounts/new/", bank_accounts.kinds, name="bank_account_kinds"),
    path("me/bank-accounts/new/wechat/", linked_accounts.new, {"kind": "wechat"}, name="bank_account_linked"),
    path("me/bank-accounts/new/<str:kind>/", bank_accounts.new, name="bank_account_new"),
    path("me/bank-accounts/new/<str:kind>/there/", linked_accounts.there, name="bank_account_there"),
    path("me/bank-accounts/new/<str:kind>/back/", linked_accounts.back, name="bank_account_back"),
    path("me/bank-accounts/<uuid:account>/removal/", bank_accounts.removal, name="bank_account_removal"),
    path("me/data/", my_data.my_data, name="data"),
    path("me/data/exports/", my_data.exports, name="data_exports"),
    path("me/data/exports/<uuid:export>/", my_data.export, name="data_export"),
]
