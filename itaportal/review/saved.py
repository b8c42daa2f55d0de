"""`/review/views/`: questions kept under a name, each with an address of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import User
from priorities.actions.saved_views import forget_view, save_view, share_view
from priorities.forms.saved_views import SaveViewForm
from priorities.models import SavedView
from priorities.permissions import Permission
from priorities.views.doors import Act, staff_page, take_kept

#: What a view may show, by its code: the page's address and its name.
PAGES: dict[str, tuple[str, str | Promise]] = {
    "table": ("review:table", gettext_lazy("Table")),
    "metrics": ("review:metrics", gettext_lazy("Table of metrics")),
    "timeline": ("review:timeline", gettext_lazy("Timeline")),
}
#: What of an address belongs to the question. A date does not: a view shows today.
KEPT = ("plan", "q", "status", "priority", "division", "district", "late", "sort", "headline",
        "retired", "columns",
        "stretch")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One view in the list."""

    pk: int
    name: str
    page: str
    owner: str
    shared: bool


@staff_page(Permission.READ_INTERNAL)
def views(request: HttpRequest, act: Act) -> HttpResponseBase:
    """My views, and those that others share. Queries: one, and those of the frame."""
    found = [row for row in _seen_by(act.person).select_related("person") if row.page in PAGES]
    context = {
        "mine": [_shown(row) for row in found if row.person_id == act.person.pk],
        "others": [_shown(row) for row in found if row.person_id != act.person.pk],
    }
    return render(request, "review/views.html", context)


@staff_page(Permission.READ_INTERNAL)
def view_new(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Give the question in the address a name; sent, it is kept."""
    of = request.GET.get("of", "table")
    if of not in PAGES:
        raise Http404(_("There is no such page."))
    query = question(request.GET)
    form = SaveViewForm(request.POST or _kept(request) or None)
    if request.method == "POST" and form.is_valid():
        try:
            save_view(person=act.person, page=of, query=query, now=act.now, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("Saved: %(name)s.") % form.cleaned_data)
            return redirect("review:views")
    back = f"{reverse(PAGES[of][0])}?{query}"
    return render(request, "review/view_new.html", {"form": form, "back": back})


@staff_page(Permission.READ_INTERNAL)
def view(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """The address of a view: it leads to the page with the question."""
    row = _one(_seen_by(act.person), pk)
    name, _label = PAGES.get(row.page, PAGES["table"])
    return redirect(f"{reverse(name)}?{row.query}")


@require_POST
@staff_page(Permission.READ_INTERNAL)
def view_share(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Show my view to everyone who may review, or to me alone."""
    row = _one(_of(act.person), pk)
    share_view(view=row, shared=request.POST.get("shared") == "1", now=act.now)
    said = _("Shared: %(name)s.") if row.shared else _("Only you see it now: %(name)s.")
    messages.success(request, said % {"name": row.name})
    return redirect("review:views")


@require_POST
@staff_page(Permission.READ_INTERNAL)
def view_forget(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Delete my view."""
    row = _one(_of(act.person), pk)
    forget_view(view=row)
    messages.success(request, _("Deleted: %(name)s.") % {"name": row.name})
    return redirect("review:views")


def _of(person: User) -> QuerySet[SavedView]:
    return SavedView.objects.filter(person=person)


def _seen_by(person: User) -> QuerySet[SavedView]:
    """A person's own views, and those that active people share."""
    return SavedView.objects.filter(
        Q(person=person) | Q(shared=True, person__is_active=True)
    ).order_by("name", "pk")


def _one(rows: QuerySet[SavedView], pk: int) -> SavedView:
    """Errors: 404 for a view of somebody else, as for none: its name is nobody's business."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such view."))
    return row


def _shown(row: SavedView) -> Shown:
    return Shown(row.pk, row.name, str(PAGES[row.page][1]), str(row.person), row.shared)


def question(asked: QueryDict) -> str:
    """The question in an address, as a view keeps it: known names, once each, without a date."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        values = [value.strip() for value in asked.getlist(name) if value.strip()]
        if values:
            kept[name] = ",".join(values) if name == "columns" else values[-1]
    return kept.urlencode()


def _kept(request: HttpRequest) -> QueryDict | None:
    """What was typed before a session ended."""
    fields = take_kept(request, request.path) if request.method == "GET" else None
    if fields is None:
        return None
    found = QueryDict(mutable=True)
    for name, values in fields.items():
        found.setlist(name, values)
    return found
