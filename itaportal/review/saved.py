"""`/review/views/`: questions kept under a name, each with an address of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
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

from accounts.models import User
from dashboards.pages.portfolio_metrics import build_portfolio_metrics
from dashboards.pages.portfolio_plan import NothingPublic
from dashboards.pages.portfolio_table import build_portfolio_table
from dashboards.pages.portfolio_timeline import build_portfolio_timeline
from dashboards.visit import Visit
from itaportal.review.doors import ways
from priorities.actions.saved_views import forget_view, save_view, share_view
from priorities.forms.saved_views import SaveViewForm
from priorities.models import SavedView
from priorities.permissions import Permission
from priorities.queries.head import head
from priorities.views.doors import Act, kept_form, staff_page

#: What a view may show, by its code: the page's address, its name, and what builds it.
PAGES: dict[str, tuple[str, str | Promise, Callable[..., object]]] = {
    "table": ("review:table", gettext_lazy("Table"), build_portfolio_table),
    "metrics": ("review:metrics", gettext_lazy("Table of metrics"), build_portfolio_metrics),
    "timeline": ("review:timeline", gettext_lazy("Timeline"), build_portfolio_timeline),
}
#: What of an address belongs to the question. A date does not: a view shows today.
KEPT = ("plan", "q", "status", "priority", "division", "district", "overdue", "sort", "headline",
        "retired", "columns",
        "stretch")  # fmt: skip
#: What names were when some views were kept.
FORMERLY = {"overdue": "late"}


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
    """Give the question in the address a name; sent, it is kept.

    Errors: those of the page that it is a question to, which would refuse it when it is opened.
    """
    of = request.GET.get("of", "table")
    if of not in PAGES:
        raise Http404(_("There is no such page."))
    query = question(request.GET)
    _refuse_what_the_page_refuses(of, query, act)
    form = SaveViewForm(request.POST or kept_form(request))
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
    name, _label, _build = PAGES.get(row.page, PAGES["table"])
    return redirect(f"{reverse(name)}?{question(QueryDict(row.query))}")


@staff_page(Permission.READ_INTERNAL)
def view_share(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Show my view to everyone who may review, or to me alone; opening the address does neither."""
    row = _one(_of(act.person), pk)
    if request.method != "POST":
        return redirect("review:views")
    share_view(view=row, shared=request.POST.get("shared") == "1", now=act.now)
    said = _("Shared: %(name)s.") if row.shared else _("Only you see it now: %(name)s.")
    messages.success(request, said % {"name": row.name})
    return redirect("review:views")


@staff_page(Permission.READ_INTERNAL)
def view_forget(request: HttpRequest, act: Act, pk: int) -> HttpResponseBase:
    """Delete my view; opening the address leaves it."""
    row = _one(_of(act.person), pk)
    if request.method != "POST":
        return redirect("review:views")
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


def _refuse_what_the_page_refuses(of: str, query: str, act: Act) -> None:
    """Errors: ``BadQuestion`` and ``PageNotFound``, as of the page. Queries: those of the page."""
    _address, _label, build = PAGES[of]
    visit = Visit("/", QueryDict(query), act.as_of, act.today, act.tz, "", head().revision)
    # Without a plan there is nothing yet to refuse it by.
    with suppress(NothingPublic):
        build(visit=visit, ways=ways(act))


def question(asked: QueryDict) -> str:
    """The question in an address, as a view keeps it: known names, once each, without a date."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        given = asked.getlist(name) or asked.getlist(FORMERLY.get(name, name))
        values = [value.strip() for value in given if value.strip()]
        if values:
            kept[name] = ",".join(values) if name == "columns" else values[-1]
    return kept.urlencode()
