"""The addresses of staff, by room."""

from priorities.urls import coverage, following, imports, manage, people, questions, updates, values

app_name = "priorities"

urlpatterns = [
    *values.urlpatterns,
    *manage.urlpatterns,
    *imports.urlpatterns,
    *people.urlpatterns,
    *coverage.urlpatterns,
    *following.urlpatterns,
    *questions.urlpatterns,
    # Last: its addresses of two codes would catch those of the rooms above.
    *updates.urlpatterns,
]
