from django.urls import path

from guitai.rails.web.views.notices import receive

app_name = "rails"
urlpatterns = [path("rails/<slug:rail>/notices/", receive, name="notices")]
