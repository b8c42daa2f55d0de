"""Rows for tests, made through the actions, so that each comes with its event.

Use as ``from tests import factories as make``: ``make.initiative(name="…")``. Every function takes
``now`` and ``by``; without ``now`` the row is made at the moment of the newest event, or at
``START``, so that a test names a moment only where it matters. What a row belongs to is the newest
row of that kind, made when there is none. Other keywords are fields of the row.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model

from accounts.models import User
from priorities.actions import (
    assignments,
    briefs,
    initiatives,
    metrics,
    observations,
    people,
    plans,
    reviews,
    targets,
    tokens,
    updates,
)
from priorities.enums import (
    AssignmentRole,
    BudgetKind,
    Calendar,
    Direction,
    Health,
    Lifecycle,
    MetricKind,
    PlanState,
    Role,
)
from priorities.models import (
    Answer,
    Assignment,
    Baseline,
    BudgetLine,
    Category,
    ChainHead,
    Dimension,
    Division,
    FrozenBrief,
    Initiative,
    IntakeToken,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Organization,
    Plan,
    Priority,
    Question,
    ReportingPeriod,
    ReviewRating,
    RoleGrant,
    StatusUpdate,
    Target,
)

Row = TypeVar("Row", bound=Model)

#: The agency's time zone.
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def at(
    year: int, month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0
) -> dt.datetime:
    """A moment on the agency's wall clock; nine in the morning unless told."""
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=LOS_ANGELES)


#: The moment of the first event, unless a test says otherwise.
START = at(2022, 1, 3)
#: Who writes in tests.
BY = "a test"


def moment() -> dt.datetime:
    """The moment of the newest event, or ``START``: the record never runs backward."""
    newest = ChainHead.objects.values_list("at", flat=True).first()
    return max(newest.astimezone(LOS_ANGELES), START) if newest else START


def _act(values: dict[str, Any]) -> dict[str, Any]:
    """Who and when: as told, else a test at the newest moment."""
    return {"by": values.pop("by", BY), "now": values.pop("now", None) or moment()}


def _newest(model: type[Row]) -> Row | None:
    return model._default_manager.order_by("-pk").first()


def _code(model: type[Model], word: str) -> str:
    """A code that no row of the kind has: "metric-1", "metric-2", …"""
    return f"{word}-{model._default_manager.count() + 1}"


# ── The agency, its plan and what is in it ───────────────────────────────────────────────────


def organization(**values: Any) -> Organization:
    """The agency."""
    act = _act(values)
    defaults = {
        "code": "ita",
        "name": "Information Technology Agency",
        "short_name": "ITA",
        "languages": ["en"],
    }
    return plans.create_organization(**act, **(defaults | values))


def division(**values: Any) -> Division:
    """A division of the agency."""
    act = _act(values)
    code = values.setdefault("code", _code(Division, "division"))
    values.setdefault("name", code.replace("-", " ").capitalize())
    return plans.create_division(**act, **values)


def plan(**values: Any) -> Plan:
    """An active plan for 2022 and 2023."""
    act = _act(values)
    if "organization" not in values:
        values["organization"] = _newest(Organization) or organization(**act)
    defaults = {
        "code": "ita-2022-2023" if not Plan.objects.exists() else _code(Plan, "plan"),
        "title": "Strategic Plan 2022-2023",
        "period_start": dt.date(2022, 1, 1),
        "period_end": dt.date(2023, 12, 31),
        "adopted_on": dt.date(2022, 1, 1),
        "state": PlanState.ACTIVE.value,
    }
    return plans.create_plan(**act, **(defaults | values))


def priority(**values: Any) -> Priority:
    """A strategic priority."""
    act = _act(values)
    if "plan" not in values:
        values["plan"] = _newest(Plan) or plan(**act)
    count = Priority.objects.filter(plan=values["plan"]).count()
    code = values.setdefault("code", str(count + 1))
    defaults = {"order": count + 1, "name": f"Priority {code}"}
    return plans.create_priority(**act, **(defaults | values))


def periods(**values: Any) -> list[ReportingPeriod]:
    """The reporting periods of a plan, by quarter unless told; those there are already, too."""
    act = _act(values)
    the_plan = values.pop("plan", None) or _newest(Plan) or plan(**act)
    calendar = values.setdefault("calendar", Calendar.QUARTER)
    plans.open_periods(plan=the_plan, **act, **values)
    return list(the_plan.periods.filter(calendar=calendar.value).order_by("end"))


def period(
    end: dt.date = dt.date(2022, 3, 31), *, plan: Plan | None = None, **values: Any
) -> ReportingPeriod:
    """The reporting period that ends on that day; the plan's periods are laid out for it."""
    if plan is not None:
        values["plan"] = plan
    return next(one for one in periods(**values) if one.end == end)


def meeting(**values: Any) -> Meeting:
    """A meeting at which the newest plan is reviewed."""
    act = _act(values)
    row_plan = values.pop("plan", None) or _newest(Plan) or plan()
    defaults = {"plan": row_plan, "held_on": dt.date(2022, 5, 18), "name": "Committee"}
    return plans.schedule_meeting(**act, **(defaults | values))


def initiative(**values: Any) -> Initiative:
    """A public initiative under the newest priority (of its plan, when that is given)."""
    act = _act(values)
    if "priority" not in values:
        found = Priority.objects.order_by("-pk")
        if "plan" in values:
            found = found.filter(plan=values["plan"])
        of = {"plan": values["plan"]} if "plan" in values else {}
        values["priority"] = found.first() or priority(**act, **of)
    values.setdefault("plan", values["priority"].plan)
    code = values.setdefault("code", _code(Initiative, "initiative"))
    values.setdefault("name", code.replace("-", " ").capitalize())
    return initiatives.create_initiative(**act, **values)


def milestone(**values: Any) -> Milestone:
    """A milestone of the newest initiative."""
    act = _act(values)
    if "initiative" not in values:
        values["initiative"] = _newest(Initiative) or initiative(**act)
    defaults = {"name": "Contract signed", "due_on": dt.date(2022, 6, 30)}
    return initiatives.add_milestone(**act, **(defaults | values))


def budget_line(**values: Any) -> BudgetLine:
    """Money for the newest initiative."""
    act = _act(values)
    if "initiative" not in values:
        values["initiative"] = _newest(Initiative) or initiative(**act)
    defaults = {
        "fiscal_year": 2022,
        "amount": Decimal(100000),
        "kind": BudgetKind.ADOPTED.value,
    }
    return initiatives.add_budget_line(**act, **(defaults | values))


# ── Metrics and their facts ──────────────────────────────────────────────────────────────────


def metric(**values: Any) -> Metric:
    """A public metric by quarter of which more is better."""
    act = _act(values)
    code = values.setdefault("code", _code(Metric, "metric"))
    defaults = {
        "name": code.replace("-", " ").capitalize(),
        "kind": MetricKind.COUNT.value,
        "direction": Direction.INCREASE.value,
        "calendar": Calendar.QUARTER.value,
        "unit": "call",
        "unit_plural": "calls",
    }
    return metrics.create_metric(**act, **(defaults | values))


def dimension(**values: Any) -> Dimension:
    """A dimension."""
    act = _act(values)
    defaults = {"code": _code(Dimension, "dimension"), "name": "Council district"}
    return metrics.create_dimension(**act, **(defaults | values))


def category(**values: Any) -> Category:
    """A category of the newest dimension."""
    act = _act(values)
    if "dimension" not in values:
        values["dimension"] = _newest(Dimension) or dimension(**act)
    code = values.setdefault("code", _code(Category, "category"))
    values.setdefault("name", code.capitalize())
    return metrics.create_category(**act, **values)


def observation(
    value: Decimal | int | str | None = 10,
    *,
    start: dt.date = dt.date(2022, 1, 1),
    end: dt.date = dt.date(2022, 3, 31),
    **values: Any,
) -> Observation:
    """The value of the newest metric in a period; ``value=None`` with a ``missing_reason``."""
    act = _act(values)
    if "metric" not in values:
        values["metric"] = _newest(Metric) or metric(**act)
    number = None if value is None else Decimal(value)
    return observations.record_observation(
        value=number, period_start=start, period_end=end, **act, **values
    )


def target(
    value: Decimal | int | str | None = 100, *, end: dt.date = dt.date(2022, 12, 31), **values: Any
) -> Target:
    """A target of the newest metric by a date, or of a period when ``period_start`` is given."""
    act = _act(values)
    if "metric" not in values:
        values["metric"] = _newest(Metric) or metric(**act)
    defaults = {"adopted_on": dt.date(2022, 1, 1), "authority": "Strategic Plan 2022-2023"}
    number = None if value is None else Decimal(value)
    return targets.set_target(value=number, period_end=end, **act, **(defaults | values))


def baseline(
    value: Decimal | int | str = 0, *, on: dt.date = dt.date(2021, 12, 31), **values: Any
) -> Baseline:
    """Where the newest metric started."""
    act = _act(values)
    if "metric" not in values:
        values["metric"] = _newest(Metric) or metric(**act)
    return targets.set_baseline(value=Decimal(value), on=on, **act, **values)


def token(**values: Any) -> IntakeToken:
    """A token that sends values of the newest metric, for a year."""
    act = _act(values)
    chosen = values.pop("metrics", None) or [_newest(Metric) or metric(**act)]
    until = act["now"].date() + dt.timedelta(days=365)
    defaults = {"name": f"Token {IntakeToken.objects.count() + 1}", "expires_on": until}
    return tokens.make_token(metrics=chosen, **act, **(defaults | values))[0]


# ── Status updates ───────────────────────────────────────────────────────────────────────────

#: What an update that is not on track must say.
TROUBLE: dict[str, Any] = {
    "cause": "The vendor delivers late.",
    "recovery_step": "Weekly calls with the vendor.",
    "recovery_on": dt.date(2022, 9, 30),
}


def _reporting(values: dict[str, Any]) -> dict[str, Any]:
    """Fill in the initiative and its first period, of which nothing is told before it begins."""
    is_timed = "now" in values
    act = _act(values)
    if "initiative" not in values:
        values["initiative"] = _newest(Initiative) or initiative(**act)
    if "period" not in values:
        values["period"] = period(plan=values["initiative"].plan, **act)
    if not is_timed:
        begun = values["period"].start
        act["now"] = max(act["now"], at(begun.year, begun.month, begun.day))
    return act


def report(**values: Any) -> StatusUpdate:
    """A published update of the newest initiative: in progress and on track unless told."""
    act = _reporting(values)
    lifecycle = values.get("lifecycle", Lifecycle.IN_PROGRESS)
    if "health" not in values and lifecycle is not Lifecycle.PAUSED:
        values["health"] = Health.ON_TRACK
    if values.get("health") in (Health.AT_RISK, Health.OFF_TRACK):
        values = TROUBLE | values
    return updates.report(**act, **values)


def draft(**values: Any) -> StatusUpdate:
    """An update that is only begun."""
    act = _reporting(values)
    defaults = {"lifecycle": Lifecycle.IN_PROGRESS.value, "health": Health.ON_TRACK.value}
    return updates.draft_update(**act, **(defaults | values))


def close(lifecycle: Lifecycle = Lifecycle.COMPLETED, **values: Any) -> StatusUpdate:
    """The closing of the newest initiative."""
    act = _reporting(values)
    defaults = {"closed_on": dt.date(2022, 3, 31), "reason": "Everything is delivered."}
    return updates.close_initiative(lifecycle=lifecycle, **act, **(defaults | values))


# ── People, assignments, reviews ─────────────────────────────────────────────────────────────


def person(**values: Any) -> User:
    """An account without a password."""
    act = _act(values)
    name = values.setdefault("name", f"Person {User.objects.count() + 1}")
    values.setdefault("email", name.lower().replace(" ", ".") + "@example.org")
    return people.create_person(**act, **values)


def grant(role: Role = Role.MANAGER, **values: Any) -> RoleGrant:
    """A role of a new person, or of ``person``."""
    act = _act(values)
    values.setdefault("on", act["now"].date())
    holder = values.pop("person", None) or person(**act)
    return people.grant_role(person=holder, role=role, **act, **values)


def offer(**values: Any) -> Assignment:
    """The newest initiative (or ``item``) offered to a new person, or to ``person``."""
    act = _act(values)
    values.setdefault("on", act["now"].date())
    asked = values.pop("person", None) or person(**act)
    item = values.pop("item", None) or _newest(Initiative) or initiative(**act)
    return assignments.offer_assignment(person=asked, item=item, **act, **values)


def owner(**values: Any) -> Assignment:
    """The same, accepted."""
    act = _act(values)
    offered = offer(**act, role=AssignmentRole.OWNER, **values)
    return assignments.accept_assignment(assignment=offered, on=offered.offered_on, **act)


def rating(value: Health = Health.AT_RISK, **values: Any) -> ReviewRating:
    """A reviewer's rating of the newest initiative, or of ``item``."""
    act = _act(values)
    item = values.pop("item", None) or _newest(Initiative) or initiative(**act)
    reviewer = values.pop("reviewer", None) or person(**act)
    defaults = {"reason": "Two milestones are late.", "period_end": dt.date(2022, 3, 31)}
    return reviews.rate(item=item, reviewer=reviewer, rating=value, **act, **(defaults | values))


def question(**values: Any) -> Question:
    """A reviewer's question about the newest initiative, or about ``item``."""
    act = _act(values)
    item = values.pop("item", None) or _newest(Initiative) or initiative(**act)
    asker = values.pop("asker", None) or person(**act)
    defaults = {"text": "Why is it late?", "answer_due_on": dt.date(2022, 5, 1)}
    return reviews.ask(item=item, asker=asker, **act, **(defaults | values))


def answer(**values: Any) -> Answer:
    """An answer to the newest question."""
    act = _act(values)
    if "question" not in values:
        values["question"] = _newest(Question) or question(**act)
    author = values.pop("author", None) or person(**act)
    return reviews.answer(author=author, text=values.pop("text", "It is not."), **act, **values)


#: The least that a page needs of a brief that was written out.
BRIEF: dict[str, Any] = dict.fromkeys(
    ("eyebrow", "title", "span", "lead", "rest", "known"), "A brief"
)
BRIEF |= {name: [] for name in ("note", "sections", "left_out", "footnotes")}
BRIEF |= {"internal": False, "internal_words": ""}


def frozen_brief(**values: Any) -> FrozenBrief:
    """A brief of the newest plan, kept as delivered; for reviewers only unless told."""
    act = _act(values)
    row_plan = values.pop("plan", None) or _newest(Plan) or plan(**act)
    defaults = {
        "since": dt.date(2021, 12, 31),
        "until": dt.date(2022, 1, 2),
        "content": json.dumps(
            {"number": FrozenBrief.objects.count() + 1, "said": "Frozen.", "brief": BRIEF}
        ),
        "pdf": b"%PDF-",
    }
    return briefs.freeze_brief(plan=row_plan, **act, **(defaults | values))
