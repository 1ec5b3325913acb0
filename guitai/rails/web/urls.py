from django.urls import path

from guitai.rails.web.views import desk, statements
from guitai.rails.web.views.notices import back, receive

app_name = "rails"
urlpatterns = [
    path("rails/<slug:rail>/notices/", receive, name="notices"),
    path("rails/<slug:rail>/return/", back, name="back"),
    path("rails/<slug:rail>/return/<str:order_reference>/", back, name="back_to"),
    path("desk/statements/", statements.statements, name="statements"),
    path("desk/statements/list/", statements.statement_list, name="statement_list"),
    path("desk/statements/<uuid:file_id>/", statements.statement, name="statement"),
    path("desk/statements/<uuid:file_id>/content/", statements.statement_content, name="statement_content"),
    path("desk/rails/", desk.rails, name="settings"),
    path("desk/rails/<slug:rail>/", desk.rail, name="setting"),
    path("desk/rails/<slug:rail>/proposals/<uuid:proposal>/", desk.decide, name="setting_decide"),
    path("desk/rails/<slug:rail>/check/", desk.check, name="setting_check"),
]
