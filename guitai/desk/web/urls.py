"""Addresses of the staff's counter."""

from django.urls import path

from guitai.desk.emergency import views as emergency
from guitai.desk.web.views import actions, approvals, cases, lists, policies, reviews

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
    path("desk/emergency/<str:reference>/", emergency.emergency, name="emergency"),
    path("desk/emergency/<str:reference>/pack/", emergency.police_pack, name="emergency_pack"),
    path("desk/emergency/<str:reference>/<slug:verb>/", emergency.act, name="emergency_act"),
    path("desk/approvals/", approvals.approvals, name="approvals"),
    path("desk/approvals/<uuid:approval_id>/verdict/", approvals.verdict, name="verdict"),
    path(
        "desk/approvals/claims/<str:reference>/<uuid:claim>/", approvals.claim_verdict, name="claim_verdict"
    ),
    path("desk/policies/", policies.policies, name="policies"),
    path("desk/break-glass/", approvals.break_glass, name="break_glass"),
    path("desk/break-glass/<uuid:glass_id>/", approvals.glass, name="glass"),
    path("desk/break-glass/<uuid:glass_id>/review/", approvals.glass_review, name="glass_review"),
    path("desk/customers/<uuid:person>/", actions.customer, name="customer"),
    path("desk/cases/<str:reference>/actions/<slug:name>/", actions.action, name="action"),
    path("desk/cases/<str:reference>/proof/", actions.proof, name="proof"),
    path("desk/cases/<str:reference>/sorting/", actions.sorting, name="sorting"),
    path("desk/cases/<str:reference>/", cases.case, name="case"),
    path("desk/cases/<str:reference>/assignment/", cases.assignment, name="assignment"),
    path("desk/cases/<str:reference>/messages/", cases.messages_of, name="messages"),
    path("desk/cases/<str:reference>/resolution/", cases.resolution, name="resolution"),
    path("desk/cases/<str:reference>/reading/", cases.reading, name="reading"),
    path("desk/cases/<str:reference>/decision/", cases.decision, name="case_decision"),
]
