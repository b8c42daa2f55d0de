"""Every address of the portal, by who answers it."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from itaportal import health
from itaportal.styleguide import styleguide

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    # Before the public ones: a door of reviewers may take over an address for who is signed in.
    # Only addresses that end as theirs do are looked for among them; all public pages pass here.
    re_path(r"^(?=.*(?:brief|history)/$)", include("itaportal.review.public_urls")),
    # Before those of staff: what is read most is looked for among few addresses, not among all.
    path("", include("dashboards.urls")),
    path("", include("priorities.urls")),
    path("", include("itaportal.review.urls")),
]

if settings.DEBUG:
    urlpatterns.insert(0, path("styleguide/", styleguide, name="styleguide"))

handler400 = "itaportal.errors.bad_request"
handler403 = "itaportal.errors.forbidden"
handler404 = "itaportal.errors.not_found"
handler500 = "itaportal.errors.server_error"
