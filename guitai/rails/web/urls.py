from django.urls import path

from guitai.rails.web.views import desk
from guitai.rails.web.views.notices import back, receive

app_name = "rails"
urlpatterns = [
    path("rails/<slug:rail>/notices/", receive, name="notices"),
    path("rails/<slug:rail>/return/", back, name="back"),
    path("rails/<slug:rail>/return/<str:order_reference>/", back, name="back_to"),
    path("desk/rails/", desk.rails, name="desk_rails"),
    path("desk/rails/<slug:rail>/", desk.rail, name="desk_rail"),
    path("desk/rails/<slug:rail>/check/", desk.check, name="desk_check"),
]
