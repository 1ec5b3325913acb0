"""Addresses of the front door, the help centre and the counter."""

from django.urls import path, re_path

from guitai.care.web.views import announcements, cases, contact, counter, help, library, public, solve

app_name = "care"
urlpatterns = [
    path("", public.front_door, name="front_door"),
    path("help/", help.help_search, name="help"),
    path("help/suggestions/", help.suggestions, name="suggestions"),
    re_path(r"^help/(?P<written>en|zh-hans)/(?P<slug>[-a-z0-9]+)/$", help.article_in, name="article_in"),
    path("help/<slug:slug>/", help.help_article, name="article"),
    path("help/<slug:slug>/feedback/", help.feedback, name="feedback"),
    path("contact/", contact.contact, name="contact"),
    path("contact/report/", contact.report, name="report_contact"),
    path(".well-known/contact-directory.jws", contact.signed_directory, name="signed_directory"),
    path(".well-known/contact-directory-keys.json", contact.directory_keys, name="directory_keys"),
    path(".well-known/security.txt", contact.security_text, name="security_text"),
    path("announcements/", announcements.announcements, name="announcements"),
    path("announcements/<uuid:announcement_id>/", announcements.announcement, name="announcement"),
    path("status/", announcements.status, name="status"),
    path("desk/announcements/", announcements.staff_announcements, name="staff_announcements"),
    path("desk/announcements/new/", announcements.staff_announcement, name="new_announcement"),
    path(
        "desk/announcements/<uuid:announcement_id>/",
        announcements.staff_announcement,
        name="staff_announcement",
    ),
    path(
        "desk/announcements/<uuid:announcement_id>/publication/",
        announcements.publication,
        name="announcement_publication",
    ),
    path("desk/reported/", contact.reported, name="reported"),
    path("desk/reported/<uuid:report_id>/", contact.reported_handled, name="reported_handled"),
    path("counter/", counter.counter, name="counter"),
    path("solve/", solve.troubles, name="troubles"),
    path("solve/<slug:name>/", solve.trouble, name="solve"),
    path("solve/<slug:name>/end/", solve.end, name="solve_end"),
    path("solve/<slug:name>/<str:reference>/", solve.bill, name="solve_bill"),
    path("desk/solved/", solve.figures, name="solved"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/new/", cases.new_case, name="new_case"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/messages/", cases.messages_of, name="messages"),
    path("cases/<str:reference>/rating/", cases.rating, name="rating"),
    path("cases/<str:reference>/reopening/", cases.reopening, name="reopening"),
    path("cases/<str:reference>/evidence/<uuid:evidence>/", cases.evidence, name="evidence"),
    path("desk/library/", library.library, name="library"),
    path("desk/library/new/", library.new_article, name="new_article"),
    path("desk/library/preview/", library.preview, name="preview"),
    path("desk/library/<slug:written>/<slug:slug>/", library.article, name="library_article"),
    path("desk/library/<slug:written>/<slug:slug>/withdrawal/", library.withdrawal, name="withdrawal"),
    path("desk/library/<slug:written>/<slug:slug>/<int:number>/", library.version, name="library_version"),
    path(
        "desk/library/<slug:written>/<slug:slug>/<int:number>/publication/",
        library.publication,
        name="publication",
    ),
    path("desk/cases/<str:reference>/evidence/<uuid:evidence>/", cases.staff_evidence, name="staff_evidence"),
]
