"""Files in and out, and values that machines send."""

from django.urls import URLPattern, URLResolver, include, path

from priorities.views import imports, tokens

urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/import/", imports.overview, name="imports"),
    path("manage/import/runs/<int:pk>/", imports.run, name="import-run"),
    path("manage/import/runs/<int:pk>/columns/", imports.columns, name="import-columns"),
    path("manage/import/runs/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("manage/import/runs/<int:pk>/apply/", imports.apply, name="import-apply"),
    path("manage/import/runs/<int:pk>/undo/", imports.undo, name="import-undo"),
    path("manage/import/runs/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("manage/import/<slug:kind>/", imports.kind_page, name="import-kind"),
    path("manage/import/<slug:kind>/upload/", imports.upload, name="import-upload"),
    path(
        "manage/import/<slug:kind>/template.<slug:file_kind>",
        imports.template,
        name="import-template",
    ),
    path("manage/tokens/", tokens.overview, name="tokens"),
    path("manage/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("api/v1/", include("priorities.api")),
]
