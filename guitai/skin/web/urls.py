from django.urls import path, re_path

from guitai.skin.web import app, preferences

app_name = "skin"
urlpatterns = [
    path("language/", preferences.language, name="language"),
    path("theme/", preferences.theme, name="theme"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.worker, name="worker"),
    path("offline/", app.offline, name="offline"),
    path("skin/icon.svg", app.icon_svg, name="icon_svg"),
    path("skin/icon-<int:size>.png", app.icon_png, name="icon_png"),
    path("skin/icon-maskable-<int:size>.png", app.icon_maskable, name="icon_maskable"),
    path("favicon.ico", app.icon_favourite, name="icon_favourite"),
    re_path(r"^skin/(?P<digest>[0-9a-f]{12})\.css$", app.styles, name="styles"),
]
