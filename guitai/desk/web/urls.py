"""Addresses of the staff's counter."""

from django.urls import path

from guitai.desk.web.views import cases, lists, reviews

app_name = "desk"
urlpatterns = [
    path("desk/", lists.desk, name="desk"),
    path("desk/queue/", lists.queue_state, name="queue_state"),
    path("desk/search/", lists.search, name="search"),
    path("desk/held/", lists.held, name="held"),
    path("desk/exceptions/", lists.exceptions, name="exceptions"),
    path("desk/reviews/", reviews.reviews, name="reviews"),
    path("desk/reviews/<uuid:review_id>/", reviews.review, name="review"),
    path("desk/reviews/<uuid:review_id>/assignment/", reviews.assignment, name="review_assignment"),
    path("desk/reviews/<uuid:review_id>/decision/", reviews.decision, name="review_decision"),
    path("desk/reviews/<uuid:review_id>/photos/<str:which>/", reviews.photo, name="review_photo"),
    path("desk/operations/<str:reference>/", lists.operation, name="operation"),
    path("desk/operations/<str:reference>/decision/", lists.decision, name="decision"),
    path("desk/cases/<str:reference>/", cases.case, name="case"),
    path("desk/cases/<str:reference>/assignment/", cases.assignment, name="assignment"),
    path("desk/cases/<str:reference>/messages/", cases.messages_of, name="messages"),
    path("desk/cases/<str:reference>/resolution/", cases.resolution, name="resolution"),
    path("desk/cases/<str:reference>/reading/", cases.reading, name="reading"),
    path("desk/cases/<str:reference>/decision/", cases.decision, name="case_decision"),
]
