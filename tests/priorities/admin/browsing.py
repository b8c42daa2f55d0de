"""The admin as its user meets it: pages are fetched, filled in and sent as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from priorities.models import ChangeEvent


class FormReader(HTMLParser):
    """What a browser would send for the page's main form."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.inside = False
        self.select: str | None = None
        self.area: str | None = None

    def add(self, name: str | None, value: str | None) -> None:
        if name:
            self.data.setdefault(name, []).append(value or "")

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        said = dict(attrs)
        if tag == "form":
            self.inside = str(said.get("id", "")).endswith("_form")
        if not self.inside or "disabled" in said:
            return
        if tag == "input" and said.get("type") not in ("submit", "button"):
            if said.get("type") not in ("checkbox", "radio") or "checked" in said:
                bare = "on" if said.get("type") == "checkbox" else ""
                self.add(said.get("name"), said.get("value", bare))
        elif tag == "select":
            self.select = said.get("name")
        elif tag == "option" and self.select and "selected" in said:
            self.add(self.select, said.get("value"))
        elif tag == "textarea":
            self.area = said.get("name")
            self.add(self.area, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            # A browser drops the line break that opens a textarea.
            self.data[self.area][-1] += data.removeprefix("\n").replace("\n", "\r\n")


def read_form(response: HttpResponse) -> dict[str, list[str]]:
    """The page's form, with the values that it shows."""
    reader = FormReader()
    reader.feed(response.content.decode())
    return {
        name: values
        for name, values in reader.data.items()
        if "__prefix__" not in name and not name.startswith("_")
    }


def add_page(model: str, query: str = "", app: str = "priorities") -> str:
    return reverse(f"admin:{app}_{model}_add") + query


def change_page(row: Any) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(row.pk,))


def list_page(model: str, app: str = "priorities") -> str:
    return reverse(f"admin:{app}_{model}_changelist")


def newest_event() -> ChangeEvent:
    return ChangeEvent.objects.latest("sequence")


def errors_of(response: HttpResponse) -> str:
    """What the page says went wrong, in one text; empty when it was saved."""
    if response.status_code == 302:
        return ""
    context: Any = response.context
    said = [str(context["adminform"].form.errors)]
    said += [str(formset.formset.errors) for formset in context["inline_admin_formsets"]]
    return "\n".join(part for part in said if part)
