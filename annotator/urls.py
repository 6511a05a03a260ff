from django.conf import settings
from django.urls import include, path

from annotator.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("", include("projects.web.urls")),
    path("", include("annotator.web.urls")),
    path("api/", include("annotator.api.urls")),
]
if settings.SSO.services:
    urlpatterns.append(path("", include("projects.web.sso_urls")))
