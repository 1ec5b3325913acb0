"""Addresses of standing: getting out, freezing, and what staff look at."""

from django.urls import path

from guitai.people.web.views import freeze, release_documents, safety, standing, unlock

urlpatterns = [
    path("freeze/", freeze.freeze, name="freeze"),
    path("freeze/code/", freeze.freeze_code, name="freeze_code"),
    path("freeze/word/", freeze.freeze_word, name="freeze_word"),
    path("freeze/without-phone/", freeze.freeze_without_phone, name="freeze_without_phone"),
    path("freeze/asked/", freeze.freeze_claimed, name="freeze_claimed"),
    path("freeze/done/", freeze.freeze_done, name="freeze_done"),
    path("unlock/", unlock.unlock, name="unlock"),
    path("unlock/code/", unlock.unlock_code, name="unlock_code"),
    path("unlock/recovery/", unlock.unlock_recovery, name="unlock_recovery"),
    path("unlock/passkey/options/", unlock.unlock_passkey_options, name="unlock_passkey_options"),
    path("unlock/passkey/", unlock.unlock_passkey, name="unlock_passkey"),
    path("me/standing/", standing.my_standing, name="standing"),
    path("me/standing/history/", standing.my_history, name="standing_history"),
    path("me/standing/<uuid:cause>/", standing.release, name="release"),
    path("me/standing/<uuid:cause>/passkey/", standing.release_passkey, name="release_passkey"),
    path("me/freeze-word/", freeze.my_freeze_word, name="my_freeze_word"),
    path("staff/safety/", safety.safety, name="safety"),
    path("staff/on-call/", safety.on_call, name="on_call"),
    path("staff/standing/<uuid:person>/", safety.standing, name="staff_standing"),
    path("staff/release-documents/", release_documents.queue, name="release_documents"),
    path("staff/release-documents/<uuid:document>/", release_documents.document, name="release_document"),
    path(
        "staff/release-documents/<uuid:document>/<int:number>/",
        release_documents.picture,
        name="release_document_picture",
    ),
]
