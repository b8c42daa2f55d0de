"""The meetings at which a plan is reviewed: added, moved, called off; none is ever removed."""

from __future__ import annotations

import copy
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from priorities import spelling
from priorities.actions import plans
from priorities.forms.manage.meetings import MeetingForm
from priorities.models import Meeting, Plan
from priorities.permissions import Permission
from priorities.queries.edits import Watch
from priorities.views.doors import Act, staff_page
from priorities.views.manage.desk import Desk, serve
from priorities.views.manage.elements import Link
from priorities.views.manage.finding import plan_step, plan_url, the_plan, way_to


def _list_url(plan: Plan) -> str:
    return plan_url(plan, "manage-meetings")


def _step(plan: Plan) -> Link:
    return Link(_("Meetings"), _list_url(plan))


@staff_page(Permission.MANAGE_PLANS)
def meeting_list(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """The meetings of a plan, those to come first. Queries: constant."""
    row = the_plan(plan=plan)
    found = [(each, _state(each, act)) for each in row.meetings.order_by("-held_on", "-pk")]
    context = {"crumbs": way_to(plan_step(row)), "plan": row, "meetings": found}
    return render(request, "manage/meetings.html", context)


def _state(meeting: Meeting, act: Act) -> str:
    """Whether it is to come, was held, or was called off."""
    if meeting.called_off:
        return _("Called off")
    if meeting.held_on == act.today:
        return _("Today")
    return _("To come") if meeting.held_on > act.today else _("Held")


@staff_page(Permission.MANAGE_PLANS)
def meeting_add(request: HttpRequest, act: Act, plan: str) -> HttpResponse:
    """One more meeting; its name is that of the body that reviews the agency."""
    row = the_plan(plan=plan)

    def ask(sent: QueryDict | None) -> MeetingForm:
        initial = {"name": row.organization.reviewing_body}
        return MeetingForm(sent, instance=Meeting(plan=row), initial=initial)

    def save(form: MeetingForm) -> Meeting:
        given: dict[str, Any] = form.given()
        return plans.schedule_meeting(plan=row, **given, **act.who)

    desk = Desk(
        title=_("Add a meeting"),
        ask=ask,
        save=save,
        done=lambda _saved: _list_url(row),
        said=_("The meeting was added."),
        crumbs=way_to(plan_step(row), _step(row)),
    )
    return serve(request, act, desk)


@staff_page(Permission.MANAGE_PLANS)
def meeting_edit(request: HttpRequest, act: Act, meeting: int) -> HttpResponse:
    """Move a meeting, call it off, or add its agenda."""
    found = Meeting.objects.select_related("plan__organization")
    row = get_object_or_404(found, pk=meeting)

    def ask(sent: QueryDict | None) -> MeetingForm:
        return MeetingForm(sent, instance=copy.copy(row))

    def save(form: MeetingForm) -> Meeting:
        changes = form.changes()
        return plans.revise_meeting(meeting=row, changes=changes, reason=form.why, **act.who)

    desk = Desk(
        title=_("Move or call off a meeting"),
        lead=f"{row.name}, {spelling.day(row.held_on)}",
        ask=ask,
        save=save,
        done=lambda _saved: _list_url(row.plan),
        said=_("The meeting was saved."),
        crumbs=way_to(plan_step(row.plan), _step(row.plan)),
        watch=Watch.row(row),
    )
    return serve(request, act, desk)
