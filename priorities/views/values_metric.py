"""One metric for who reports it: its values with their corrections, and the form beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from priorities.actions.drafts import drop_draft, keep_draft
from priorities.actions.values import enter_value
from priorities.assessment.freshness import windows_for
from priorities.assessment.periods import Period
from priorities.enums import AssignmentState, Calendar, Quality
from priorities.forms.values import (
    Problem,
    Read,
    Typed,
    read_row,
    says_the_same,
    typed_before,
    typed_in,
)
from priorities.models import Assignment, Metric
from priorities.permissions import Permission
from priorities.queries.metric_facts import FactRow, metric_facts
from priorities.queries.value_grid import (
    Asked,
    ValueDesk,
    ended_period,
    fiscal_start,
    unit_of,
    value_desks,
)
from priorities.spelling import Unit, number, period_of, quantity
from priorities.views.doors import Act, staff_page, take_kept
from priorities.views.values_section import build_section, missing_or, on_day

#: As many periods as the history lists; older ones are on the public page.
MOST_PERIODS = 60


@dataclass(frozen=True, slots=True)
class Version:
    """One row of the record: what was said for a period, by whom, and why it was replaced."""

    shown: str
    by: str
    on: str
    note: str
    source: str
    reason: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period of the history: the versions of its value, newest first; none yet is empty."""

    title: str
    iso: str
    chosen: bool
    versions: tuple[Version, ...]


def metric_by_code(metric: str) -> Metric:
    """A metric by its code; 404 for none."""
    return get_object_or_404(Metric.objects.select_related("lead_division"), code=metric)


@staff_page(Permission.REPORT, item=metric_by_code)
def metric_values(request: HttpRequest, act: Act, metric: str) -> HttpResponseBase:
    """The values of a metric; one of them may be entered late, or corrected."""
    row, fiscal = metric_by_code(metric), fiscal_start()
    facts = metric_facts(row.pk, as_of=act.as_of).observations
    totals = [fact for fact in facts if not fact.categories]
    periods = _periods(row, totals, act, fiscal)
    chosen = _chosen(request, row, periods, totals, act.today, fiscal)
    desk = None
    if chosen is not None:
        known = any(fact.start == chosen.start and fact.end == chosen.end for fact in totals)
        asked = Asked(row.pk, chosen, correcting=known)
        (desk,) = value_desks([asked], person=act.person, as_of=act.as_of, fiscal=fiscal)
    typed, read = Typed(), Read()
    if desk is not None:
        if request.method == "POST":
            typed, read = _sent(request, desk)
            if read.entry is not None and (answer := _save(request, act, desk, read)):
                return answer
            _keep(act, desk, typed)
        else:
            typed = _before(request, desk)
            read = _shown_before(typed, desk)
    context = {
        "metric": row,
        "history": [_period_row(each, totals, chosen, act, row, fiscal) for each in periods],
        "mine": Assignment.objects.filter(
            metric=row, person=act.person, state=AssignmentState.ACCEPTED.value
        ).first(),
        "unit": unit_of(row),
        **_form(act, desk, typed, read, sent=request.method == "POST"),
    }
    return render(request, "values/metric.html", context)


# ── Which period ─────────────────────────────────────────────────────────────────────────────


def _periods(
    metric: Metric, totals: Iterable[FactRow], act: Act, fiscal: int
) -> tuple[Period, ...]:
    """Every ended period that has a value or should have one, newest first."""
    found = {Period(fact.start or fact.end, fact.end) for fact in totals}
    first = metric.started_on or min((period.start for period in found), default=None)
    if first is None:
        first = metric.recorded_at.astimezone(act.tz).date()
    windows = windows_for(
        Calendar(metric.calendar), first=first, on=act.today, fiscal_start_month=fiscal
    )
    last = metric.retired_on or act.today
    found |= {Period(w.start, w.end) for w in windows if w.end < act.today and w.start <= last}
    return tuple(sorted(found, key=lambda p: (p.end, p.start), reverse=True)[:MOST_PERIODS])


def _chosen(
    request: HttpRequest,
    metric: Metric,
    periods: Iterable[Period],
    totals: Iterable[FactRow],
    today: dt.date,
    fiscal: int,
) -> Period | None:
    """The period that is to be entered: as asked, else the newest one without a value.

    Errors: 404 for what is no period of the metric.
    """
    wanted = request.POST.get("period") or request.GET.get("period", "")
    if not wanted:
        known = {(fact.start, fact.end) for fact in totals}
        return next((p for p in periods if (p.start, p.end) not in known), None)
    try:
        end = dt.date.fromisoformat(wanted)
    except ValueError:
        raise Http404(_("There is no such period.")) from None
    listed = next((period for period in periods if period.end == end), None)
    period = listed or ended_period(metric, end, on=today, fiscal=fiscal)
    if period is None and metric.calendar == Calendar.IRREGULAR and end <= today:
        period = Period(end, end)
    if period is None:
        raise Http404(_("There is no such period."))
    return period


# ── The form ─────────────────────────────────────────────────────────────────────────────────


def _sent(request: HttpRequest, desk: ValueDesk) -> tuple[Typed, Read]:
    """What was sent, and what it means."""
    typed = typed_in(request.POST, desk.key)
    if not typed.says_something:
        words = _("Enter a value, or say why there is none.")
        return typed, Read(problems=(Problem("value", words),))
    if not typed.seen and says_the_same(typed, desk):
        return typed, Read(problems=(Problem("value", _("This is recorded already.")),))
    return typed, read_row(typed, desk)


def _before(request: HttpRequest, desk: ValueDesk) -> Typed:
    """What the form begins with: what was typed before, else what is recorded."""
    kept = take_kept(request, request.path)
    if kept is not None:
        sent = {name: values[-1] for name, values in kept.items() if values}
        if typed := typed_in(sent, desk.key):
            return typed
    if desk.draft is not None:
        return typed_before(desk.draft.fields)
    row = desk.recorded
    if row is None:
        return Typed()
    return Typed(
        value="" if row.value is None else number(row.value, desk.unit.decimals, exact=True),
        note=row.note,
        missing=row.missing_reason,
        provisional="1" if row.quality == Quality.PROVISIONAL else "",
        source=row.source,
        seen=str(row.pk),
    )


def _shown_before(typed: Typed, desk: ValueDesk) -> Read:
    """What is asked back before anything is sent: nothing of what stands there unchanged."""
    unchanged = typed.seen and not typed.reason and says_the_same(typed, desk)
    return Read() if unchanged or not typed else read_row(typed, desk)


def _save(request: HttpRequest, act: Act, desk: ValueDesk, read: Read) -> HttpResponseBase | None:
    """Record it, and show the page anew; None with a message when the record refuses it."""
    if read.entry is None:
        return None
    try:
        enter_value(entry=read.entry, **act.who)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return None
    drop_draft(person=act.person, form=desk.asked.form)
    words = _("The value for %(period)s is saved; what it replaces stays on record.")
    if desk.recorded is None:
        words = _("The value for %(period)s is saved.")
    messages.success(
        request, words % {"period": period_of(desk.asked.period, fiscal_start_month=desk.fiscal)}
    )
    return redirect("priorities:values-metric", metric=desk.metric.code)


def _keep(act: Act, desk: ValueDesk, typed: Typed) -> None:
    """Keep what was typed and could not be saved."""
    if typed:
        keep_draft(person=act.person, form=desk.asked.form, fields=typed.kept(), now=act.now)


def _form(
    act: Act, desk: ValueDesk | None, typed: Typed, read: Read, *, sent: bool
) -> Mapping[str, Any]:
    """The form as the template draws it: one row of the grid, whatever is recorded."""
    if desk is None:
        return {"row": None, "section": None}
    section = build_section(act, [desk], {desk.key: typed}, {desk.key: read}, sent=sent)
    row = section.groups[0].rows[0]
    overtaken = desk.recorded is not None and typed.seen != str(desk.recorded.pk) and bool(typed)
    return {
        "row": replace(row, typed=replace(typed, sure="" if read.doubts else typed.sure)),
        "section": section,
        "correcting": desk.recorded is not None,
        "overtaken": overtaken,
        "period": period_of(desk.asked.period, fiscal_start_month=desk.fiscal),
        "period_end": desk.asked.period.end.isoformat(),
    }


# ── The history ──────────────────────────────────────────────────────────────────────────────


def _period_row(
    period: Period,
    totals: Iterable[FactRow],
    chosen: Period | None,
    act: Act,
    metric: Metric,
    fiscal: int,
) -> PeriodRow:
    """One period with all that was ever recorded for it."""
    unit = unit_of(metric)
    rows = [
        fact for fact in totals if (fact.start or fact.end, fact.end) == (period.start, period.end)
    ]
    return PeriodRow(
        title=period_of(period, fiscal_start_month=fiscal),
        iso=period.end.isoformat(),
        chosen=period == chosen,
        versions=tuple(_version(fact, unit, act) for fact in reversed(rows)),
    )


def _version(fact: FactRow, unit: Unit, act: Act) -> Version:
    return Version(
        shown=missing_or(
            None if fact.value is None else quantity(fact.value, unit, exact=True),
            fact.missing,
            fact.quality,
        ),
        by=fact.recorded_by,
        on=on_day(fact.published_at, act.tz),
        note=fact.note,
        source=fact.source,
        reason=fact.reason,
        in_force=fact.in_force,
    )
