"""Divisions, reporting periods, and what of a plan goes on in the next one."""

from __future__ import annotations

import copy
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from priorities import spelling
from priorities.actions import carrying, plans
from priorities.enums import Calendar
from priorities.forms.manage.carrying import CarryOverForm
from priorities.forms.manage.plans import CalendarForm, DivisionForm, PeriodForm
from priorities.models import Division, Plan, ReportingPeriod
from priorities.permissions import Permission
from priorities.queries.edits import Watch
from priorities.queries.structure import live_items
from priorities.views.doors import Act, staff_page
from priorities.views.manage.desk import Desk, serve
from priorities.views.manage.elements import Link, size_notice
from priorities.views.manage.finding import plan_step, plan_url, the_plan, way_to


def _divisions_url(_saved: object = None) -> str:
    return reverse("priorities:manage-divisions")


def _divisions_step() -> Link:
    return Link(_("Divisions"), _divisions_url())


@staff_page(Permission.MANAGE_PLANS)
def division_list(request: HttpRequest, act: Act) -> HttpResponse:
    """All divisions as a tree. Queries: constant."""
    counted = Division.objects.annotate(work=Count("leads")).order_by("name")
    below: dict[int | None, list[Any]] = {}
    for row in counted:
        below.setdefault(row.parent_id, []).append(row)

    def walk(parent: int | None, depth: int) -> list[tuple[Any, int]]:
        found = []
        for row in below.get(parent, []):
            found += [(row, depth), *walk(row.pk, depth + 1)]
        return found

    context = {"crumbs": way_to(), "rows": walk(None, 0)}
    return render(request, "manage/divisions.html", context)


@staff_page(Permission.MANAGE_PLANS)
def division_add(request: HttpRequest, act: Act) -> HttpResponse:
    """A new part of the agency."""

    def save(form: DivisionForm) -> Division:
        return plans.create_division(**form.given(), **act.who)

    desk = Desk(
        title=_("Add a division"),
        ask=DivisionForm,
        save=save,
        done=_divisions_url,
        said=_("The division was added."),
        crumbs=way_to(_divisions_step()),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def division_edit(request: HttpRequest, act: Act, division: str) -> HttpResponse:
    """Rename, move or end a division."""
    row = get_object_or_404(Division.objects.select_related("parent"), code=division)

    def ask(sent: QueryDict | None) -> DivisionForm:
        return DivisionForm(sent, instance=copy.copy(row))

    def save(form: DivisionForm) -> Division:
        changes = form.changes()
        return plans.revise_division(division=row, changes=changes, reason=form.why, **act.who)

    desk = Desk(
        title=_("Edit the division"),
        lead=str(row),
        ask=ask,
        save=save,
        done=_divisions_url,
        said=_("The division was saved."),
        crumbs=way_to(_divisions_step()),
        watch=Watch.row(row),
    )
    return serve(request, act, desk)


def _periods_step(plan: Plan) -> Link:
    return Link(_("Reporting periods"), plan_url(plan, "manage-periods"))


@staff_page(Permission.MANAGE_PERIODS)
def period_list(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """The reporting periods of a plan, by calendar. Queries: constant."""
    row = the_plan(plan=plan)
    first = row.organization.fiscal_year_start_month
    rows = row.periods.annotate(told=Count("updates")).order_by("calendar", "end")
    periods = [(one, spelling.period_of(one, fiscal_start_month=first)) for one in rows]
    context = {"crumbs": way_to(plan_step(row)), "plan": row, "periods": periods}
    return render(request, "manage/periods.html", context)


@staff_page(Permission.MANAGE_PERIODS)
def period_add(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """Lay a calendar's periods out over the plan."""
    row = the_plan(plan=plan)

    def save(form: CalendarForm) -> list[ReportingPeriod]:
        calendar = Calendar(form.cleaned_data["calendar"])
        return plans.open_periods(plan=row, calendar=calendar, **act.who)

    desk = Desk(
        title=_("Lay out reporting periods"),
        lead=_("From %(start)s to %(end)s, each due %(days)s after its end.")
        % {
            "start": spelling.day(row.period_start),
            "end": spelling.day(row.period_end),
            "days": spelling.counted_days(row.grace_days),
        },
        ask=CalendarForm,
        save=save,
        done=lambda _saved: plan_url(row, "manage-periods"),
        said=_("The reporting periods were laid out."),
        crumbs=way_to(plan_step(row), _periods_step(row)),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PERIODS)
def period_edit(request: HttpRequest, act: Act, period: int) -> HttpResponse:
    """Move the opening, due or closing day of a period."""
    found = ReportingPeriod.objects.select_related("plan__organization")
    row = get_object_or_404(found, pk=period)

    def ask(sent: QueryDict | None) -> PeriodForm:
        return PeriodForm(sent, instance=copy.copy(row))

    def save(form: PeriodForm) -> ReportingPeriod:
        changes = form.changes()
        return plans.revise_period(period=row, changes=changes, reason=form.why, **act.who)

    first = row.plan.organization.fiscal_year_start_month
    desk = Desk(
        title=_("Move the days of a reporting period"),
        lead=spelling.period_of(row, fiscal_start_month=first),
        ask=ask,
        save=save,
        done=lambda _saved: plan_url(row.plan, "manage-periods"),
        said=_("The days were moved."),
        crumbs=way_to(plan_step(row.plan), _periods_step(row.plan)),
        watch=Watch.row(row),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def carry_over(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """Copy chosen structure into the next plan, never its facts."""
    row = the_plan(plan=plan)

    def ask(sent: QueryDict | None) -> CarryOverForm:
        return CarryOverForm(sent, plan=row)

    def save(form: CarryOverForm) -> Plan:
        said = form.cleaned_data
        return carrying.carry_over(
            plan=row,
            into=form.target(),
            priorities=said["priorities"],
            initiatives=said["initiatives"],
            metrics=said["metrics"],
            reason=form.why,
            **act.who,
        )

    desk = Desk(
        title=_("Carry over into the next plan"),
        lead=_(
            "Wording and links go on; reports, values, milestones, money and owners stay with "
            "“%(plan)s”."
        )
        % {"plan": row},
        ask=ask,
        save=save,
        done=plan_url,
        said=_("Carried over. Offer the initiatives to their owners next."),
        crumbs=way_to(plan_step(row)),
        notice=size_notice(live_items(row)),
        body="manage/parts/carry.html",
    )
    return serve(request, act, desk)
