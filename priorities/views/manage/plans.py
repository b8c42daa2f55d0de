"""Plans and what only plan administrators change of them: wording, state, priorities, order."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from priorities import spelling
from priorities.actions import plans
from priorities.enums import AssignmentRole, AssignmentState, PlanState
from priorities.forms.manage.plans import MOVES, PlanForm, PlanStateForm, PriorityForm
from priorities.models import Assignment, Initiative, Organization, Plan, Priority
from priorities.permissions import Permission, can
from priorities.queries.edits import Watch
from priorities.queries.structure import (
    CLOSED,
    Work,
    live_items,
    metrics_of,
    structure,
    with_lifecycle,
)
from priorities.views.doors import Act, staff_page
from priorities.views.manage.desk import Desk, serve
from priorities.views.manage.elements import (
    Link,
    Notice,
    Pill,
    size_notice,
    state_pill,
    when_words,
)
from priorities.views.manage.finding import (
    keeps_structure,
    my_initiatives,
    my_metrics,
    plan_step,
    plan_url,
    the_plan,
    the_priority,
    way_to,
)
from priorities.views.manage.order import order_desk


def _owned() -> Exists:
    """Has the initiative outside an owner who has accepted and is active?"""
    return Exists(
        Assignment.objects.filter(
            initiative=OuterRef("pk"),
            role=AssignmentRole.OWNER.value,
            state=AssignmentState.ACCEPTED.value,
            person__is_active=True,
        )
    )


@staff_page(Permission.EDIT)
def overview(request: HttpRequest, act: Act) -> HttpResponse:
    """All plans, with what of them this person keeps. Queries: constant."""
    items = my_initiatives(act.person)
    over = with_lifecycle(items).filter(last_lifecycle__in=CLOSED).values("pk")
    counted = (
        items.order_by()
        .values("plan_id")
        .annotate(n=Count("pk"), unowned=Count("pk", filter=~Q(_owned()) & ~Q(pk__in=over)))
    )
    mine = {row["plan_id"]: row for row in counted}
    structural = keeps_structure(act.person)
    nothing = {"n": 0, "unowned": 0}
    found = [
        (plan, own, unowned_words(own["unowned"], of=own["n"]))
        for plan in Plan.objects.annotate(tops=Count("priorities")).order_by("-period_start")
        if structural or plan.pk in mine
        for own in (mine.get(plan.pk, nothing),)
    ]
    context = {
        "plans": found,
        "structural": structural,
        "metrics": my_metrics(act.person).count(),
        # Where there is a plan, there is an agency.
        "first": agency_first(act.person) if structural and not found else None,
    }
    return render(request, "manage/overview.html", context)


def agency_first(person: User) -> Notice | None:
    """What comes before the first plan; nothing once the agency has been entered. Queries: one."""
    if Organization.objects.exists():
        return None
    title, why = _("First set up the agency."), _("A plan belongs to it, and none is entered yet.")
    if can(person, Permission.OPEN_ADMIN):
        way = Link(_("Set up the agency"), reverse("admin:priorities_organization_add"))
        return Notice(title, why, "warning", way)
    ask = _("A system administrator does that in the admin; ask one.")
    return Notice(title, f"{why} {ask}", "warning")


def unowned_words(unowned: int, *, of: int) -> str:
    """How many of some initiatives have no owner: "2 of them without an owner"; "" for none."""
    if not unowned:
        return ""
    if of == 1:
        return _("without an owner")
    words = ngettext("%(n)s of them without an owner", "%(n)s of them without an owner", unowned)
    return words % {"n": spelling.count(unowned)}


@dataclass(frozen=True, slots=True)
class Item:
    """One initiative in the list of its plan."""

    row: Initiative
    pill: Pill | None
    owner: str
    asked: str
    is_closed: bool
    when: str
    steps: int

    @classmethod
    def of(cls, work: Work) -> Item:
        """As the page shows it."""
        standing = work.standing if work.row.is_public else None
        pill = state_pill(standing.state, standing.days_overdue) if standing else None
        when = when_words(work.row)
        return cls(work.row, pill, work.owner, work.asked, work.is_closed, when, work.steps)


@dataclass(frozen=True, slots=True)
class Branch:
    """One priority in the list."""

    row: Priority
    work: tuple[Item, ...]


@staff_page(Permission.EDIT)
def plan_page(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """The structure of one plan: what this person may edit of it. Queries: constant."""
    row = the_plan(plan=plan)
    items = my_initiatives(act.person)
    found = structure(plan=row, items=items, as_of=act.as_of, tz=act.tz)
    structural = keeps_structure(act.person)
    tops = [
        Branch(top.row, tuple(map(Item.of, top.work)))
        for top in found.tops
        if structural or top.work
    ]
    work = [one for top in tops for one in top.work]
    context = {
        "crumbs": way_to(),
        "plan": row,
        "tops": tops,
        "structural": structural,
        "moves": bool(MOVES[row.state]),
        "count": len(work),
        "unowned": unowned_words(
            sum(1 for one in work if not one.owner and not one.is_closed), of=len(work)
        ),
        "metrics": metrics_of(row).count(),
        "notice": size_notice(found.live),
    }
    return render(request, "manage/plan.html", context)


@staff_page(Permission.MANAGE_PLANS)
def plan_add(request: HttpRequest, act: Act) -> HttpResponse:
    """A new plan, as a draft; before there is an agency, the way to enter that."""
    title = _("Add a plan")
    if (first := agency_first(act.person)) is not None:
        context = {"title": title, "crumbs": way_to(), "first": first}
        return render(request, "manage/not_yet.html", context)

    def save(form: PlanForm) -> Plan:
        return plans.create_plan(**form.given(), **act.who)

    desk = Desk(
        title=title,
        lead=_("It begins as a draft: nothing of it is public until you publish it."),
        ask=PlanForm,
        save=save,
        done=plan_url,
        said=_("The plan was added as a draft."),
        crumbs=way_to(),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def plan_edit(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """A plan's wording, time and ways."""
    row = the_plan(plan=plan)

    def ask(sent: QueryDict | None) -> PlanForm:
        return PlanForm(sent, instance=copy.copy(row))

    def save(form: PlanForm) -> Plan:
        return plans.revise_plan(plan=row, changes=form.changes(), reason=form.why, **act.who)

    desk = Desk(
        title=_("Edit the plan"),
        ask=ask,
        save=save,
        done=plan_url,
        said=_("The plan was saved."),
        crumbs=way_to(plan_step(row)),
        watch=Watch.row(row),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def plan_state(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """Publish, close, archive or open again."""
    row = the_plan(plan=plan)

    def ask(sent: QueryDict | None) -> PlanStateForm:
        initial = {"closed_on": min(act.today, row.period_end)}
        return PlanStateForm(sent, plan=row, initial=initial)

    def save(form: PlanStateForm) -> Plan:
        why: dict[str, Any] = {"reason": form.why, **act.who}
        match form.cleaned_data["state"]:
            case PlanState.ACTIVE:
                return plans.activate_plan(plan=row, **why)
            case PlanState.CLOSED:
                return plans.close_plan(plan=row, closed_on=form.cleaned_data["closed_on"], **why)
        changes = {"state": form.cleaned_data["state"]}
        return plans.revise_plan(plan=row, changes=changes, **why)

    desk = Desk(
        title=_("Publish or close the plan"),
        lead=_("The plan is now: %(state)s.") % {"state": row.get_state_display()},
        ask=ask,
        save=save,
        done=plan_url,
        said=_("The state of the plan was changed."),
        crumbs=way_to(plan_step(row)),
        watch=Watch.row(row),
        notice=_not_ready(row),
    )
    return serve(request, act, desk)


def _not_ready(row: Plan) -> Notice | None:
    """What a draft still lacks, so that nobody publishes silence."""
    if row.state != PlanState.DRAFT:
        return None
    unowned = row.initiatives.exclude(_owned()).count()
    lacks = []
    if not row.periods.exists():
        lacks.append(_("It has no reporting periods, so nothing would ever be due."))
    if unowned:
        words = ngettext(
            "%(n)s initiative has no owner.", "%(n)s initiatives have no owner.", unowned
        )
        lacks.append(words % {"n": spelling.count(unowned)})
    return Notice(_("Before you publish"), " ".join(lacks), "warning") if lacks else None


@staff_page(Permission.MANAGE_PLANS)
def priority_add(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """A new priority, last in its plan."""
    row = the_plan(plan=plan)

    def save(form: PriorityForm) -> Priority:
        last = row.priorities.aggregate(last=Max("order"))["last"] or 0
        return plans.create_priority(plan=row, order=last + 1, **form.given(), **act.who)

    desk = Desk(
        title=_("Add a priority"),
        ask=PriorityForm,
        save=save,
        done=lambda _saved: plan_url(row),
        said=_("The priority was added."),
        crumbs=way_to(plan_step(row)),
        notice=size_notice(live_items(row)),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def priority_edit(request: HttpRequest, act: Act, plan: str, priority: str) -> HttpResponse:
    """A priority's wording, or its retirement."""
    row = the_priority(plan=plan, priority=priority)

    def ask(sent: QueryDict | None) -> PriorityForm:
        return PriorityForm(sent, instance=copy.copy(row))

    def save(form: PriorityForm) -> Priority:
        changes = form.changes()
        return plans.revise_priority(priority=row, changes=changes, reason=form.why, **act.who)

    desk = Desk(
        title=_("Edit the priority"),
        lead=str(row),
        ask=ask,
        save=save,
        done=lambda _saved: plan_url(row.plan),
        said=_("The priority was saved."),
        crumbs=way_to(plan_step(row.plan)),
        watch=Watch.row(row),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def plan_order(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """The order of a plan's priorities."""
    row = the_plan(plan=plan)
    rows = list(row.priorities.select_related("plan").order_by("order", "code"))
    watch = Watch.plan(row.code, Priority)
    way = way_to(plan_step(row))
    desk = order_desk(act, rows, _("Order of the priorities"), watch, way)
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def priority_order(request: HttpRequest, act: Act, plan: str, priority: str) -> HttpResponse:
    """The order of a priority's initiatives."""
    top = the_priority(plan=plan, priority=priority)
    found = top.initiatives.select_related("plan", "priority").order_by("order", "code")
    title = _("Order of the initiatives of “%(name)s”") % {"name": top}
    watch = Watch.plan(top.plan.code, Initiative)
    desk = order_desk(act, list(found), title, watch, way_to(plan_step(top.plan)))
    return serve(request, act, desk)
