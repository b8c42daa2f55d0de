"""Initiatives and milestones: wording for those who edit, the rest for plan administrators."""

from __future__ import annotations

import copy
from typing import Any

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from priorities import spelling
from priorities.actions import initiatives, updates
from priorities.enums import CLOSED_LIFECYCLES, Health, Lifecycle
from priorities.forms.manage.initiatives import (
    CloseForm,
    InitiativeForm,
    MilestoneForm,
    ReopenForm,
)
from priorities.labels import label
from priorities.models import Initiative, Milestone, Priority, StatusUpdate
from priorities.permissions import Permission
from priorities.queries.edits import Watch
from priorities.queries.structure import live_items, people_of
from priorities.views.doors import Act, staff_page
from priorities.views.manage.desk import Desk, serve
from priorities.views.manage.elements import Notice, size_notice, when_words
from priorities.views.manage.finding import (
    initiative_step,
    initiative_url,
    keeps_structure,
    my_metrics,
    plan_step,
    the_initiative,
    the_milestone,
    the_plan,
    way_to,
)


def _is_over(update: StatusUpdate | None) -> bool:
    """Is the initiative closed?"""
    return update is not None and update.lifecycle in CLOSED_LIFECYCLES


@staff_page(Permission.EDIT, item=the_initiative)
def initiative_page(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponse:
    """One initiative: what it is, its steps, and what can be done. Queries: constant."""
    row = the_initiative(plan=plan, initiative=initiative)
    last = updates.latest_published(row)
    owners, asked = people_of("initiative", Q(initiative=row))
    context = {
        "crumbs": way_to(plan_step(row.plan)),
        "row": row,
        "last": last,
        "state": label(Lifecycle(last.lifecycle)) if last else _("Never reported"),
        "is_over": _is_over(last),
        "owner": owners.get(row.pk, ""),
        "asked": asked.get(row.pk, ""),
        "when": when_words(row),
        "milestones": [
            (step, spelling.dated(step.due_on, step.due_precision))
            for step in row.milestones.order_by("due_on", "pk")
        ],
        "metrics": row.metrics.order_by("order", "code"),
        "editable": set(my_metrics(act.person).filter(initiatives=row)),
        "structural": keeps_structure(act.person),
    }
    return render(request, "manage/initiative.html", context)


@staff_page(Permission.MANAGE_PLANS)
def initiative_add(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """A new initiative, last under its priority."""
    row = the_plan(plan=plan)
    top = request.GET.get("priority", "")
    chosen = row.priorities.filter(code=top).first() if top else None

    def ask(sent: QueryDict | None) -> InitiativeForm:
        initial = {"priority": chosen.pk} if chosen else {}
        return InitiativeForm(sent, plan=row, initial=initial)

    def save(form: InitiativeForm) -> Initiative:
        given = form.given()
        under: Priority = given["priority"]
        last = under.initiatives.aggregate(last=Max("order"))["last"] or 0
        given |= {"plan": row, "order": last + 1}
        return initiatives.create_initiative(**given, reason=form.why, **act.who)

    desk = Desk(
        title=_("Add an initiative"),
        ask=ask,
        save=save,
        done=initiative_url,
        said=_("The initiative was added. Offer it to an owner next."),
        crumbs=way_to(plan_step(row)),
        notice=size_notice(live_items(row)),
    )
    return serve(request, act, desk)


@staff_page(Permission.EDIT, item=the_initiative)
def initiative_edit(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponse:
    """An initiative's wording, dates and place."""
    row = the_initiative(plan=plan, initiative=initiative)
    structural = keeps_structure(act.person)

    def ask(sent: QueryDict | None) -> InitiativeForm:
        return InitiativeForm(sent, plan=row.plan, instance=copy.copy(row), structure=structural)

    def save(form: InitiativeForm) -> Initiative:
        return initiatives.revise_initiative(
            initiative=row, changes=form.changes(), reason=form.why, **act.who
        )

    desk = Desk(
        title=_("Edit the initiative"),
        lead=str(row),
        ask=ask,
        save=save,
        done=lambda _saved: initiative_url(row),
        said=_("The initiative was saved."),
        crumbs=way_to(plan_step(row.plan), initiative_step(row)),
        watch=Watch.row(row),
        notice=None if structural else _only_wording(),
    )
    return serve(request, act, desk)


def _only_wording() -> Notice:
    """What a division editor does not change, and who does."""
    return Notice(
        _("You can change the wording, the dates and the place."),
        _("Priority, division, cadence and visibility are changed by a plan administrator."),
    )


@staff_page(Permission.MANAGE_PLANS)
def initiative_close(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponse:
    """Complete, cancel, merge or supersede, with the day and the reason."""
    row = the_initiative(plan=plan, initiative=initiative)
    told = _told_until(row)

    def ask(sent: QueryDict | None) -> CloseForm:
        return CloseForm(sent, initiative=row, today=act.today, told=told)

    def save(form: CloseForm) -> StatusUpdate:
        said = form.cleaned_data
        return updates.close_initiative(
            initiative=row,
            period=said["period"],
            lifecycle=Lifecycle(said["lifecycle"]),
            closed_on=said["closed_on"],
            successor=said["successor"],
            reason=said["reason"],
            **act.who,
        )

    return serve(request, act, _fate(row, _("Complete, cancel, merge or supersede"), ask, save))


@staff_page(Permission.MANAGE_PLANS)
def initiative_reopen(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponse:
    """Take a closed initiative up again."""
    row = the_initiative(plan=plan, initiative=initiative)
    told = _told_until(row)

    def ask(sent: QueryDict | None) -> ReopenForm:
        return ReopenForm(sent, initiative=row, today=act.today, told=told)

    def save(form: ReopenForm) -> StatusUpdate:
        said = form.cleaned_data
        return updates.reopen_initiative(
            initiative=row,
            period=said["period"],
            health=Health(said["health"]),
            reason=said["reason"],
            **{name: said[name] for name in ("cause", "recovery_step", "recovery_on")},
            **act.who,
        )

    return serve(request, act, _fate(row, _("Take the initiative up again"), ask, save))


def _told_until(row: Initiative) -> Any:
    """The period of the newest report; a fate told in an earlier one would not show."""
    last = updates.latest_published(row)
    return last.period_end if last else None


def _fate(row: Initiative, title: str, ask: Any, save: Any) -> Desk:
    """The desk on which an initiative ends or goes on."""
    return Desk(
        title=title,
        lead=str(row),
        ask=ask,
        save=save,
        done=lambda _saved: initiative_url(row),
        said=_("Done. The initiative stays listed, with the day and the reason."),
        crumbs=way_to(plan_step(row.plan), initiative_step(row)),
        watch=Watch.below(row, StatusUpdate),
    )


@staff_page(Permission.EDIT, item=the_initiative)
def milestone_add(request: HttpRequest, act: Act, plan: str, initiative: str) -> HttpResponse:
    """A new step."""
    row = the_initiative(plan=plan, initiative=initiative)

    def save(form: MilestoneForm) -> Milestone:
        return initiatives.add_milestone(initiative=row, **form.given(), **act.who)

    desk = Desk(
        title=_("Add a milestone"),
        lead=str(row),
        ask=MilestoneForm,
        save=save,
        done=lambda _saved: initiative_url(row),
        said=_("The milestone was added."),
        crumbs=way_to(plan_step(row.plan), initiative_step(row)),
        watch=Watch.below(row, Milestone),
    )
    return serve(request, act, desk)


@staff_page(Permission.EDIT, item=the_milestone)
def milestone_edit(request: HttpRequest, act: Act, milestone: int) -> HttpResponse:
    """Reword, re-date, tick off or drop a step."""
    row = the_milestone(milestone=milestone)
    about = row.initiative

    def ask(sent: QueryDict | None) -> MilestoneForm:
        return MilestoneForm(sent, instance=copy.copy(row))

    def save(form: MilestoneForm) -> Milestone:
        return initiatives.revise_milestone(
            milestone=row, changes=form.changes(), reason=form.why, **act.who
        )

    first = {"day": spelling.dated(row.original_due_on, row.due_precision)}
    desk = Desk(
        title=_("Edit the milestone"),
        lead=_("First promised for %(day)s; that date stays.") % first,
        ask=ask,
        save=save,
        done=lambda _saved: initiative_url(about),
        said=_("The milestone was saved."),
        crumbs=way_to(plan_step(about.plan), initiative_step(about)),
        watch=Watch.row(row),
    )
    return serve(request, act, desk)
