"""The grid of values: all that is due for a person's metrics, filled in and saved in one go.

``values_section`` is shown by itself here, and inside the page of all updates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from priorities.actions.drafts import drop_draft, keep_draft
from priorities.actions.values import record_values
from priorities.assessment.periods import Period
from priorities.forms.values import (
    Problem,
    Read,
    Typed,
    read_row,
    says_the_same,
    spread,
    typed_before,
    typed_in,
)
from priorities.models import Metric
from priorities.permissions import Permission, allowed, rights_of
from priorities.queries.value_grid import (
    Asked,
    ValueDesk,
    ended_period,
    fiscal_start,
    parted,
    value_desks,
)
from priorities.queries.workload import DueItem, workload
from priorities.views.doors import Act, staff_page, take_kept
from priorities.views.values_section import ValuesSection, build_section, said_at

Rows = Mapping[str, Typed]

#: As many rows as one form may hold: what `views.doors` keeps of a form has the same bound.
MOST_ROWS = 400


def values_section(
    act: Act,
    *,
    items: Iterable[DueItem] | None = None,
    kept: Mapping[str, Sequence[str]] | None = None,
) -> ValuesSection:
    """Every value that is due for the person's metrics, filled in with what they had typed.

    ``items``: the person's round, where the caller has asked for it already. ``kept``: the form
    that they sent after their session had ended. Queries: five; those of the workload besides.
    """
    desks = _desks(act, items, ())
    typed = _drafts(desks)
    if kept is not None:
        sent = {name: values[-1] for name, values in kept.items() if values}
        typed |= {desk.key: row for desk in desks if (row := typed_in(sent, desk.key))}
    reads = {desk.key: read_row(typed[desk.key], desk) for desk in desks if desk.key in typed}
    return build_section(act, desks, typed, reads)


@staff_page(Permission.REPORT)
def values(request: HttpRequest, act: Act) -> HttpResponseBase:
    """The grid by itself; sent, it saves what is right and shows what is not."""
    if request.method != "POST":
        kept = take_kept(request, request.path)
        section = values_section(act, kept=kept)
        return _page(request, section, returned=kept is not None)
    desks = _desks(act, None, _sent(request, act))
    typed = _drafts(desks) | _typed(request, desks)
    if "fill" in request.POST:
        return _filled(request, act, desks, typed)
    return _saved(request, act, desks, typed)


@require_POST
@staff_page(Permission.REPORT)
def values_draft(request: HttpRequest, act: Act) -> HttpResponseBase:
    """Keep what is typed, and say at once what would be asked of it. For the page's script."""
    desks = _of(act, _sent(request, act))
    typed = _typed(request, desks)
    _keep(act, desks, typed)
    reads = {desk.key: read_row(typed[desk.key], desk) for desk in desks if typed[desk.key]}
    said = {
        key: {
            "problems": {one.field: one.message for one in read.problems if one.field != "sure"},
            "doubts": list(read.doubts),
        }
        for key, read in reads.items()
    }
    return JsonResponse({"saved": said_at(act.now, act.tz), "rows": said})


# ── What is asked for, and what was typed ────────────────────────────────────────────────────


def _desks(
    act: Act, items: Iterable[DueItem] | None, sent: Iterable[Asked]
) -> tuple[ValueDesk, ...]:
    """The rows of the grid: the person's round, and what they sent beyond it."""
    if items is None:
        items = workload(person=act.person, rights=rights_of(act.person), as_of=act.as_of)
    asked = {(one.metric_pk, one.period): one for one in sent}
    asked |= {(one.metric_pk, one.period): one for one in map(_asked, items) if one is not None}
    return _of(act, asked.values())


def _of(act: Act, asked: Iterable[Asked]) -> tuple[ValueDesk, ...]:
    """Rows with what lies there, in an order that stays: by period, then as metrics stand."""
    found = value_desks(asked, person=act.person, as_of=act.as_of, fiscal=fiscal_start())

    def place(desk: ValueDesk) -> tuple[dt.date, dt.date, int, str]:
        period = desk.asked.period
        return period.end, period.start, desk.metric.order, desk.metric.code

    return tuple(sorted(found, key=place))


def _asked(item: DueItem) -> Asked | None:
    """What an item of the round asks for; nothing of an initiative."""
    if item.kind != "metric":
        return None
    period = Period(item.period_start, item.period_end)
    return Asked(item.pk, period, item.due_on, item.days_overdue)


def _sent(request: HttpRequest, act: Act) -> list[Asked]:
    """The rows of a form that was sent, each of which its sender may report.

    Errors: 404 for a row of no metric or of no ended period, 403 for a metric of somebody else.
    """
    keys = [parted(key) for key in request.POST.getlist("row")[:MOST_ROWS]]
    codes = {key[0] for key in keys if key is not None}
    known = {metric.code: metric for metric in Metric.objects.filter(code__in=codes)}
    if None in keys or len(known) < len(codes):
        raise Http404(_("There is no such metric."))
    mine = allowed(act.person, Permission.REPORT, Metric.objects.filter(code__in=codes))
    if mine.count() < len(codes):
        raise PermissionDenied(_("You do not have the right to do this."))
    fiscal, asked = fiscal_start(), []
    for code, end in filter(None, keys):
        period = ended_period(known[code], end, on=act.today, fiscal=fiscal)
        if period is None:
            raise Http404(_("There is no such period."))
        asked.append(Asked(known[code].pk, period, correcting="correcting" in request.POST))
    return asked


def _typed(request: HttpRequest, desks: Iterable[ValueDesk]) -> dict[str, Typed]:
    """What was typed in the rows that were sent."""
    sent = set(request.POST.getlist("row"))
    return {desk.key: typed_in(request.POST, desk.key) for desk in desks if desk.key in sent}


def _drafts(desks: Iterable[ValueDesk]) -> dict[str, Typed]:
    """What the person had typed before; not what has been recorded just so meanwhile."""
    found = {desk.key: typed_before(desk.draft.fields) for desk in desks if desk.draft}
    return {
        desk.key: found[desk.key]
        for desk in desks
        if desk.key in found and found[desk.key] and not says_the_same(found[desk.key], desk)
    }


def _keep(act: Act, desks: Iterable[ValueDesk], typed: Rows) -> None:
    """Keep what is typed in each row; a row that was emptied is forgotten."""
    for desk in desks:
        row = typed.get(desk.key, Typed())
        if row and (desk.draft is None or desk.draft.fields != row.kept()):
            keep_draft(person=act.person, form=desk.asked.form, fields=row.kept(), now=act.now)
        elif not row and desk.draft is not None:
            drop_draft(person=act.person, form=desk.asked.form)


# ── What is done with it ─────────────────────────────────────────────────────────────────────


def _filled(
    request: HttpRequest, act: Act, desks: tuple[ValueDesk, ...], typed: dict[str, Typed]
) -> HttpResponseBase:
    """The pasted block in the grid, to be checked: nothing is saved but as a draft."""
    open_rows = [
        (desk.key, desk.metric.code, desk.metric.name)
        for desk in desks
        if desk.recorded is None or desk.key in typed
    ]
    filled, left = spread(request.POST.get("pasted", ""), open_rows, typed)
    _keep(act, desks, filled)
    reads = {desk.key: read_row(filled[desk.key], desk) for desk in desks if filled.get(desk.key)}
    section = build_section(act, desks, filled, reads, left=left, sent=True)
    return _page(request, section)


def _saved(
    request: HttpRequest, act: Act, desks: tuple[ValueDesk, ...], typed: dict[str, Typed]
) -> HttpResponseBase:
    """Save the rows that are right; those that are not stay with what was typed and a message."""
    sent = {desk.key: desk for desk in desks if typed.get(desk.key)}
    again = {key for key, desk in sent.items() if says_the_same(typed[key], desk)}
    reads = {key: read_row(typed[key], desk) for key, desk in sent.items() if key not in again}
    ready = {key: read.entry for key, read in reads.items() if read.entry is not None}
    results = record_values(entries=list(ready.values()), **act.who)
    refused = {
        key: Read(problems=tuple(Problem("value", text) for text in result.messages))
        for key, result in zip(ready, results, strict=True)
        if isinstance(result, ValidationError)
    }
    done = again | (set(ready) - set(refused))
    left = {key: row for key, row in typed.items() if key not in done}
    _keep(act, desks, left)
    words = _saved_words(len(done))
    if not done or any(read.problems for read in (reads | refused).values()):
        fresh = _desks(act, None, [desk.asked for desk in desks])
        open_reads = {key: read for key, read in (reads | refused).items() if key in left}
        section = build_section(act, fresh, left, open_reads, said=words, sent=True)
        return _page(request, section)
    if _is_partial(request):
        return _page(request, values_section(act), said=words)
    messages.success(request, words)
    return redirect(_way_back(request))


def _saved_words(count: int) -> str:
    """How many values are on record now."""
    if not count:
        return ""
    return ngettext("%(n)s value is saved.", "%(n)s values are saved.", count) % {"n": count}


def _is_partial(request: HttpRequest) -> bool:
    """Is only the section asked for, to take its place in the page?"""
    return request.headers.get("HX-Request") == "true"


def _way_back(request: HttpRequest) -> str:
    """The page that the form stood on."""
    wanted = request.POST.get("return_to", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return reverse("priorities:values")


def _page(
    request: HttpRequest, section: ValuesSection, *, said: str = "", returned: bool = False
) -> HttpResponseBase:
    """The grid on its own page, or the section alone."""
    template = "values/section.html" if _is_partial(request) else "values/page.html"
    context = {
        "section": section.saying(said) if said else section,
        "returned": returned,
        "return_to": request.POST.get("return_to") or request.path,
    }
    response = render(request, template, context)
    if _is_partial(request):
        response["HX-Trigger"] = "work-saved"
    return response
