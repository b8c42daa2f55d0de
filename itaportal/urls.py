"""Every address of the portal, by who answers it."""

from django.contrib import admin
from django.urls import include, path

from itaportal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("dashboards.urls")),
]

handler400 = "itaportal.errors.bad_request"
handler403 = "itaportal.errors.forbidden"
handler404 = "itaportal.errors.not_found"
handler500 = "itaportal.errors.server_error"
