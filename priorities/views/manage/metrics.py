"""Metrics, their targets and their baselines."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from priorities import spelling
from priorities.actions import metrics, targets
from priorities.enums import PlanState
from priorities.forms.manage.metrics import BaselineForm, MetricForm, TargetForm
from priorities.models import Baseline, Metric, Organization, Plan, Target
from priorities.permissions import Permission
from priorities.queries.edits import Watch
from priorities.queries.structure import live_items, people_of
from priorities.views.doors import Act, staff_page
from priorities.views.manage.desk import Desk, serve
from priorities.views.manage.elements import Link, Notice, size_notice
from priorities.views.manage.finding import (
    keeps_structure,
    metric_step,
    metric_url,
    my_metrics,
    the_metric,
    way_to,
)
from priorities.views.manage.order import order_desk


@dataclass(frozen=True, slots=True)
class Said:
    """One target or baseline as the list of its history shows it."""

    value: str
    when: str
    since: str
    authority: str
    authority_url: str
    reason: str
    is_in_force: bool
    replaced: str


@staff_page(Permission.EDIT)
def metric_list(request: HttpRequest, act: Act) -> HttpResponse:
    """The metrics that this person edits, the living ones first. Queries: constant."""
    rows = list(my_metrics(act.person).select_related("lead_division").order_by("order", "code"))
    owners, asked = people_of("metric", Q(metric__isnull=False))
    listed = [(row, owners.get(row.pk, ""), asked.get(row.pk, "")) for row in rows]
    context = {
        "crumbs": way_to(),
        "live": [entry for entry in listed if not entry[0].retired_on],
        "retired": [entry for entry in listed if entry[0].retired_on],
        "structural": keeps_structure(act.person),
    }
    return render(request, "manage/metrics.html", context)


@staff_page(Permission.MANAGE_PLANS)
def metric_order(request: HttpRequest, act: Act) -> HttpResponse:
    """The order of all metrics, in which lists and the headline show them."""
    rows = list(Metric.objects.order_by("order", "code"))
    watch = Watch(Q(item_type=Metric.ITEM_TYPE))
    desk = order_desk(act, rows, _("Order of the metrics"), watch, way_to(_metrics_step()))
    return serve(request, act, desk)


@staff_page(Permission.EDIT, item=the_metric)
def metric_page(request: HttpRequest, act: Act, metric: str) -> HttpResponse:
    """One metric: what it is, its targets and baselines with their history. Queries: constant."""
    row = the_metric(metric=metric)
    owners, asked = people_of("metric", Q(metric=row))
    context = {
        "crumbs": way_to(_metrics_step()),
        "row": row,
        "owner": owners.get(row.pk, ""),
        "asked": asked.get(row.pk, ""),
        "priorities": row.priorities.select_related("plan").order_by("plan", "order"),
        "initiatives": row.initiatives.select_related("plan").order_by("plan", "order"),
        "targets": target_history(row, act),
        "baselines": baseline_history(row, act),
        "structural": keeps_structure(act.person),
    }
    return render(request, "manage/metric.html", context)


def _metrics_step() -> Link:
    """The step of the list on the way down."""
    return Link(_("Metrics"), reverse("priorities:manage-metrics"))


def _number(row: Metric, value: Decimal | None) -> str:
    """A value in the metric's unit."""
    if value is None:
        return ""
    unit = spelling.Unit.of(
        {name: getattr(row, name) for name in ("kind", "decimals", "unit", "unit_plural", "symbol")}
    )
    return spelling.quantity(value, unit, exact=True)


def target_history(row: Metric, act: Act) -> list[Said]:
    """Every target there ever was: those in force first within their period. Queries: two."""
    first = Organization.objects.values_list("fiscal_year_start_month", flat=True).first() or 1
    found = Target.objects.filter(metric=row).select_related("superseded_by")
    return [
        Said(
            value=_number(row, one.value) or f"{_number(row, one.low)} – {_number(row, one.high)}",
            when=_for(one, first),
            since=spelling.day(one.adopted_on),
            authority=one.authority,
            authority_url=one.authority_url,
            reason=one.reason,
            **_force(one, act),
        )
        for one in found.order_by("-period_end", "-published_at", "-pk")
    ]


def _for(one: Target, first_month: int) -> str:
    """The period of a target, or the date by which it is to be reached."""
    if one.period_start is None:
        return _("by %(day)s") % {"day": spelling.day(one.period_end)}
    return spelling.period(one.period_start, one.period_end, fiscal_start_month=first_month)


def _force(one: Any, act: Act) -> dict[str, Any]:
    """Is it in force, and if not, since when?"""
    after = getattr(one, "superseded_by", None)
    if after is None:
        return {"is_in_force": True, "replaced": ""}
    day = after.published_at.astimezone(act.tz).date()
    words = _("Replaced on %(day)s") % {"day": spelling.day(day)}
    return {"is_in_force": False, "replaced": words}


def baseline_history(row: Metric, act: Act) -> list[Said]:
    """Every baseline there ever was. Queries: one."""
    found: Iterable[Baseline] = Baseline.objects.filter(metric=row).select_related("superseded_by")
    return [
        Said(
            value=_number(row, one.value),
            when=spelling.day(one.on),
            since="",
            authority=one.source,
            authority_url=one.source_url,
            reason=one.reason,
            **_force(one, act),
        )
        for one in found
    ]


@staff_page(Permission.MANAGE_PLANS)
def metric_add(request: HttpRequest, act: Act) -> HttpResponse:
    """A new metric, last in the order."""

    def save(form: MetricForm) -> Metric:
        last = Metric.objects.aggregate(last=Max("order"))["last"] or 0
        return metrics.create_metric(order=last + 1, **form.given(), reason=form.why, **act.who)

    desk = Desk(
        title=_("Add a metric"),
        ask=MetricForm,
        save=save,
        done=metric_url,
        said=_("The metric was added. Set its baseline and its targets next."),
        crumbs=way_to(_metrics_step()),
        notice=_largest(request.GET.get("plan", "")),
    )
    return serve(request, act, desk)


def _largest(code: str) -> Notice | None:
    """What the size of the plan does that the person comes from, or of the current one."""
    found = Plan.objects.filter(code=code) if code else Plan.objects.all()
    plan = found.filter(state__in=(PlanState.ACTIVE.value, PlanState.DRAFT.value)).first()
    return size_notice(live_items(plan)) if plan else None


@staff_page(Permission.EDIT, item=the_metric)
def metric_edit(request: HttpRequest, act: Act, metric: str) -> HttpResponse:
    """A metric's wording and data quality; how it is judged, for plan administrators."""
    row = the_metric(metric=metric)
    structural = keeps_structure(act.person)

    def ask(sent: QueryDict | None) -> MetricForm:
        return MetricForm(sent, instance=copy.copy(row), structure=structural)

    def save(form: MetricForm) -> Metric:
        return metrics.revise_metric(metric=row, changes=form.changes(), reason=form.why, **act.who)

    desk = Desk(
        title=_("Edit the metric"),
        lead=str(row),
        ask=ask,
        save=save,
        done=lambda _saved: metric_url(row),
        said=_("The metric was saved."),
        crumbs=way_to(_metrics_step(), metric_step(row)),
        watch=Watch.row(row),
        notice=None if structural else _only_wording(),
    )
    return serve(request, act, desk)


def _only_wording() -> Notice:
    """What a division editor does not change, and who does."""
    return Notice(
        _("You can change the wording, the unit and the notes on data quality."),
        _("How it is judged and when it is due is changed by a plan administrator."),
    )


@staff_page(Permission.SET_TARGETS)
def target_add(request: HttpRequest, act: Act, metric: str) -> HttpResponse:
    """A new target: from, because, by authority of. What it replaces stays."""
    row = the_metric(metric=metric)

    def ask(sent: QueryDict | None) -> TargetForm:
        return TargetForm(sent, metric=row, today=act.today)

    def save(form: TargetForm) -> Target:
        return targets.set_target(metric=row, **form.values(), **act.who)

    history = {"targets": target_history(row, act)}
    return serve(request, act, _fact_desk(row, _("Set a new target"), ask, save, Target, history))


@staff_page(Permission.SET_TARGETS)
def baseline_add(request: HttpRequest, act: Act, metric: str) -> HttpResponse:
    """Where the metric started; an earlier one is replaced and stays readable."""
    row = the_metric(metric=metric)
    before = baseline_history(row, act)

    def ask(sent: QueryDict | None) -> BaselineForm:
        return BaselineForm(sent, replaces=bool(before))

    def save(form: BaselineForm) -> Baseline:
        return targets.set_baseline(metric=row, **form.cleaned_data, **act.who)

    shown = {"baselines": before}
    return serve(request, act, _fact_desk(row, _("Set the baseline"), ask, save, Baseline, shown))


def _fact_desk(
    row: Metric, title: str, ask: Any, save: Any, kind: Any, history: dict[str, Any]
) -> Desk:
    """The desk on which a fact of a metric is set, its history beside it."""
    return Desk(
        title=title,
        lead=str(row),
        ask=ask,
        save=save,
        done=lambda _saved: metric_url(row),
        said=_("Saved. What was there before stays on record."),
        crumbs=way_to(_metrics_step(), metric_step(row)),
        watch=Watch.below(row, kind),
        aside={"row": row, **history},
    )
