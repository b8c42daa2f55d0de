"""The grid of values: all that is due for a person's metrics, filled in and saved in one go.

``values_section`` is shown by itself here, and inside the page of all updates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from priorities.actions.drafts import drop_draft, keep_draft
from priorities.actions.rounds import note_activity
from priorities.actions.values import record_values
from priorities.assessment.periods import Period, previous_period
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
from priorities.views import handshake
from priorities.views.doors import Act, staff_page, take_kept
from priorities.views.my_work import forget_my_work, my_work
from priorities.views.updates_head import head_of, round_of
from priorities.views.values_section import ValuesSection, build_section, said_at

Rows = Mapping[str, Typed]


class Grid(NamedTuple):
    """The rows that are shown, and how many values more are due."""

    desks: tuple[ValueDesk, ...]
    beyond: int


#: As many rows as one form holds: with their fields they stay within what `views.doors` keeps of
#: a form whose author's session has ended. The others follow once these are saved.
MOST_ROWS = 80
#: As many missed periods of a metric as are asked for beside the newest.
MOST_MISSED = 3


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
    if items is None:
        items = workload(person=act.person, rights=rights_of(act.person), as_of=act.as_of)
    desks, beyond = _desks(act, items, ())
    typed = _drafts(desks)
    if kept is not None:
        sent = {name: values[-1] for name, values in kept.items() if values}
        typed |= {desk.key: row for desk in desks if (row := typed_in(sent, desk.key))}
    reads = {desk.key: read_row(typed[desk.key], desk) for desk in desks if desk.key in typed}
    return build_section(act, desks, typed, reads, beyond=beyond)


@staff_page(Permission.REPORT)
def values(request: HttpRequest, act: Act) -> HttpResponseBase:
    """The grid by itself; sent, it saves what is right and shows what is not."""
    if request.method != "POST":
        _note_round(request, act, saved=False)
        kept = take_kept(request, request.path)
        section = values_section(act, items=my_work(request, act.as_of), kept=kept)
        return _page(request, act, section, returned=kept is not None)
    desks, _beyond = _desks(act, my_work(request, act.as_of), _sent(request, act))
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
    _note_round(request, act, saved=False)
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


def _desks(act: Act, items: Iterable[DueItem], sent: Iterable[Asked]) -> Grid:
    """The rows of the grid: the person's round, and what they sent beyond it.

    Of more than fit, what is newest and to go comes first, and what is done falls away first.
    """
    asked = {(one.metric_pk, one.period): one for one in sent}
    most = max(MOST_ROWS, len(asked))
    due = [(item.state == "done", at, one) for item in items for at, one in _asked(item, act.today)]
    due.sort(key=lambda each: each[:2])
    fresh = {(one.metric_pk, one.period): one for _done, _at, one in due}
    beyond = len(asked | fresh) - most
    kept = dict(list((asked | fresh).items())[:most])
    return Grid(_of(act, kept.values()), max(0, beyond))


def _of(act: Act, asked: Iterable[Asked]) -> tuple[ValueDesk, ...]:
    """Rows with what lies there: what is to go first, the newest period first."""
    found = value_desks(asked, person=act.person, as_of=act.as_of, fiscal=fiscal_start())

    def place(desk: ValueDesk) -> tuple[bool, int, int, int, str]:
        period = desk.asked.period
        age = (act.today - period.end).days
        return period not in to_go, age, period.days, desk.metric.order, desk.metric.code

    to_go = {desk.asked.period for desk in found if desk.recorded is None}
    return tuple(sorted(found, key=place))


def _asked(item: DueItem, today: dt.date) -> Iterable[tuple[int, Asked]]:
    """What an item of the round asks for: its newest period, then the last ones that were missed.

    Each with how many periods it lies back. Nothing of an initiative.
    """
    if item.kind != "metric":
        return
    period, due_on = Period(item.period_start, item.period_end), item.due_on
    grace, oldest_due = due_on - period.end, today - dt.timedelta(days=item.days_overdue)
    yield 0, Asked(item.pk, period, due_on, max(0, (today - due_on).days))
    for back in range(1, MOST_MISSED + 1):
        period = previous_period(period)
        due_on = period.end + grace
        if not item.days_overdue or due_on < oldest_due:
            return
        yield back, Asked(item.pk, period, due_on, (today - due_on).days)


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
    return _page(request, act, section)


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
    _note_round(request, act, saved=bool(done))
    if not done or any(read.problems for read in (reads | refused).values()):
        asked = [desk.asked for desk in desks]
        fresh, _beyond = _desks(act, my_work(request, act.as_of), asked)
        open_reads = {key: read for key, read in (reads | refused).items() if key in left}
        section = build_section(act, fresh, left, open_reads, said=words, sent=True)
        return _page(request, act, section)
    if _is_partial(request):
        section = values_section(act, items=my_work(request, act.as_of))
        return _page(request, act, section, said=words)
    messages.success(request, words)
    return redirect(handshake.back(request, reverse("priorities:values")))


def _note_round(request: HttpRequest, act: Act, *, saved: bool) -> None:
    """Count the time of the round, and read anew what is due when something was saved."""
    if (period := round_of(my_work(request, act.as_of))) is not None:
        note_activity(person=act.person, period_end=period[1], saved=saved, now=act.now)
    if saved:
        forget_my_work(request)


def _saved_words(count: int) -> str:
    """How many values are on record now."""
    if not count:
        return ""
    return ngettext("%(n)s value is saved.", "%(n)s values are saved.", count) % {"n": count}


def _is_partial(request: HttpRequest) -> bool:
    """Is only the section asked for, to take its place in the page?"""
    return request.headers.get("HX-Request") == "true"


def _page(
    request: HttpRequest,
    act: Act,
    section: ValuesSection,
    *,
    said: str = "",
    returned: bool = False,
) -> HttpResponseBase:
    """The grid on its own page; or the section alone, with the head of my updates beside it."""
    return_to = request.POST.get("return_to") or request.path
    context = {
        "section": section.saying(said) if said else section,
        "returned": returned,
        "return_to": return_to,
        "partial": _is_partial(request),
    }
    if not _is_partial(request):
        return render(request, "values/page.html", context)
    if return_to == reverse("priorities:updates"):
        items = my_work(request, act.as_of)
        context["head"] = head_of(items, person=act.person, today=act.today)
    return render(request, "values/answer.html", context)
