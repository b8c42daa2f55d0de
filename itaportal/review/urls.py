"""The addresses of reviewers. They stand before the public ones."""

from django.urls import URLPattern, path

from itaportal.review import overview, table

app_name = "review"

urlpatterns: list[URLPattern] = [
    path("review/", overview.overview, name="overview"),
    path("review/table/", table.table, name="table"),
    path("review/table.csv", table.table_csv, name="table-csv"),
    path("review/table.xlsx", table.table_xlsx, name="table-xlsx"),
]
