"""The doors of `priorities/urls/manage.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from priorities.models import Division, Initiative, Metric, Milestone
from tests import factories as make
from tests.doors.table import Row, those_from

EDITORS = those_from("division editor")
ADMINISTRATORS = those_from("plan administrator")


def _elsewhere(world: dict[str, Any]) -> tuple[Initiative, Metric, Milestone]:
    """An initiative, a metric and a milestone that another division leads."""
    other = Division.objects.filter(code="elsewhere").first() or make.division(code="elsewhere")
    initiative = Initiative.objects.filter(code="elsewhere").first() or make.initiative(
        code="elsewhere", plan=world["plan"], priority=world["priority"], lead_division=other
    )
    metric = Metric.objects.filter(code="elsewhere").first() or make.metric(
        code="elsewhere", lead_division=other
    )
    step = initiative.milestones.first() or make.milestone(initiative=initiative)
    return initiative, metric, step


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    initiative, metric, step = _elsewhere(world)
    plan = {"plan": world["plan"].code}
    top = plan | {"priority": world["priority"].code}
    own = plan | {"initiative": world["initiative"].code}
    others = plan | {"initiative": initiative.code}
    measure, other_measure = {"metric": world["metric"].code}, {"metric": metric.code}
    table = {
        "manage": Row(EDITORS),
        "manage-plan": Row(EDITORS, plan),
        "manage-metrics": Row(EDITORS),
        "manage-milestone": Row(
            EDITORS, {"milestone": world["milestone"].pk}, foreign={"milestone": step.pk}
        ),
        "manage-initiative": Row(EDITORS, own, foreign=others),
        "manage-initiative-edit": Row(EDITORS, own, foreign=others),
        "manage-milestone-add": Row(EDITORS, own, foreign=others),
        "manage-metric": Row(EDITORS, measure, foreign=other_measure),
        "manage-metric-edit": Row(EDITORS, measure, foreign=other_measure),
    }
    structural = {
        "manage-plan-add": {},
        "manage-plan-edit": plan,
        "manage-plan-state": plan,
        "manage-plan-order": plan,
        "manage-carry-over": plan,
        "manage-periods": plan,
        "manage-period-add": plan,
        "manage-period": {"period": world["reportingperiod"].pk},
        "manage-meetings": plan,
        "manage-meeting-add": plan,
        "manage-meeting": {"meeting": world["meeting"].pk},
        "manage-priority-add": plan,
        "manage-priority": top,
        "manage-priority-order": top,
        "manage-initiative-add": plan,
        "manage-initiative-close": own,
        "manage-initiative-reopen": own,
        "manage-metric-add": {},
        "manage-metrics-order": {},
        "manage-target-add": measure,
        "manage-baseline-add": measure,
        "manage-divisions": {},
        "manage-division-add": {},
        "manage-division": {"division": world["division"].code},
    }
    return table | {name: Row(ADMINISTRATORS, kwargs) for name, kwargs in structural.items()}
