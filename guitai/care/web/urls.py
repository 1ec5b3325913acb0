"""Addresses of the front door, the help centre and the counter."""

from django.urls import path

from guitai.care.web.views import cases, counter, public

app_name = "care"
urlpatterns = [
    path("", public.front_door, name="front_door"),
    path("help/", public.help_search, name="help"),
    path("help/<slug:slug>/", public.help_article, name="article"),
    path("contact/", public.contact, name="contact"),
    path("counter/", counter.counter, name="counter"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/new/", cases.new_case, name="new_case"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/messages/", cases.messages_of, name="messages"),
    path("cases/<str:reference>/rating/", cases.rating, name="rating"),
    path("cases/<str:reference>/reopening/", cases.reopening, name="reopening"),
    path("cases/<str:reference>/evidence/<uuid:evidence>/", cases.evidence, name="evidence"),
    path("desk/cases/<str:reference>/evidence/<uuid:evidence>/", cases.staff_evidence, name="staff_evidence"),
]
