"""Plan work: plans, priorities, initiatives, metrics, targets, periods."""

from django.urls import URLPattern, path

from priorities.views.manage import agency, initiatives, meetings, metrics, plans

PLAN = "manage/plans/<slug:plan>/"
INITIATIVE = f"{PLAN}initiatives/<slug:initiative>/"
METRIC = "manage/metrics/<slug:metric>/"

urlpatterns: list[URLPattern] = [
    path("manage/", plans.overview, name="manage"),
    path("manage/new-plan/", plans.plan_add, name="manage-plan-add"),
    path(PLAN, plans.plan_page, name="manage-plan"),
    path(f"{PLAN}edit/", plans.plan_edit, name="manage-plan-edit"),
    path(f"{PLAN}state/", plans.plan_state, name="manage-plan-state"),
    path(f"{PLAN}order/", plans.plan_order, name="manage-plan-order"),
    path(f"{PLAN}carry-over/", agency.carry_over, name="manage-carry-over"),
    path(f"{PLAN}periods/", agency.period_list, name="manage-periods"),
    path(f"{PLAN}periods/add/", agency.period_add, name="manage-period-add"),
    path("manage/periods/<int:period>/", agency.period_edit, name="manage-period"),
    path(f"{PLAN}meetings/", meetings.meeting_list, name="manage-meetings"),
    path(f"{PLAN}meetings/add/", meetings.meeting_add, name="manage-meeting-add"),
    path("manage/meetings/<int:meeting>/", meetings.meeting_edit, name="manage-meeting"),
    path(f"{PLAN}new-priority/", plans.priority_add, name="manage-priority-add"),
    path(f"{PLAN}priorities/<slug:priority>/", plans.priority_edit, name="manage-priority"),
    path(
        f"{PLAN}priorities/<slug:priority>/order/",
        plans.priority_order,
        name="manage-priority-order",
    ),
    path(f"{PLAN}new-initiative/", initiatives.initiative_add, name="manage-initiative-add"),
    path(INITIATIVE, initiatives.initiative_page, name="manage-initiative"),
    path(f"{INITIATIVE}edit/", initiatives.initiative_edit, name="manage-initiative-edit"),
    path(f"{INITIATIVE}close/", initiatives.initiative_close, name="manage-initiative-close"),
    path(f"{INITIATIVE}reopen/", initiatives.initiative_reopen, name="manage-initiative-reopen"),
    path(f"{INITIATIVE}new-milestone/", initiatives.milestone_add, name="manage-milestone-add"),
    path("manage/milestones/<int:milestone>/", initiatives.milestone_edit, name="manage-milestone"),
    path("manage/metrics/", metrics.metric_list, name="manage-metrics"),
    path("manage/metrics-order/", metrics.metric_order, name="manage-metrics-order"),
    path("manage/new-metric/", metrics.metric_add, name="manage-metric-add"),
    path(METRIC, metrics.metric_page, name="manage-metric"),
    path(f"{METRIC}edit/", metrics.metric_edit, name="manage-metric-edit"),
    path(f"{METRIC}new-target/", metrics.target_add, name="manage-target-add"),
    path(f"{METRIC}new-baseline/", metrics.baseline_add, name="manage-baseline-add"),
    path("manage/divisions/", agency.division_list, name="manage-divisions"),
    path("manage/new-division/", agency.division_add, name="manage-division-add"),
    path("manage/divisions/<slug:division>/", agency.division_edit, name="manage-division"),
]
