"""The same address at the same date gives the same page forever.

Random histories are acted out through the actions. After each act the JSON of every public page
is kept as it is read at that moment; at the end each page is asked for as of each of those moments
and must be what it was, to the last value.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import dashboards.urls
from priorities.actions import (
    carrying,
    initiatives,
    metrics,
    observations,
    ordering,
    plans,
    reviews,
    updates,
)
from priorities.enums import (
    CLOSED_LIFECYCLES,
    DatePrecision,
    Direction,
    Health,
    Lifecycle,
    MissingReason,
    Quality,
    Visibility,
)
from priorities.models import (
    BudgetLine,
    Category,
    Dimension,
    Division,
    FrozenBrief,
    Initiative,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Organization,
    Plan,
    Priority,
    Question,
    ReportingPeriod,
    StatusUpdate,
)
from priorities.queries.head import head
from priorities.queries.history import verify
from tests import factories as make
from tests.worker import forget

Row = TypeVar("Row", bound=Model)
Pages = dict[str, tuple[int, Any]]

#: How many histories of how many acts; the environment may ask for a longer search.
HISTORIES = int(os.environ.get("AS_OF_HISTORIES", "5"))
ACTS = int(os.environ.get("AS_OF_ACTS", "16"))

WORDS = st.sampled_from(["Cloud", "Network “core”", "Año nuevo", "A & B <c>", "Ω", ""])
NAMES = st.sampled_from(["Cloud", "Network “core”", "Año nuevo", "A & B <c>", "Ω"])
NUMBERS = st.sampled_from(["0", "-3.5", "10", "99.87", "100", "1234567.5"]).map(Decimal)
HEALTHS = st.sampled_from(Health)
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2024, 12, 31))
PAUSES = st.sampled_from(
    [
        dt.timedelta(seconds=1),
        dt.timedelta(minutes=59, seconds=59),
        dt.timedelta(hours=14),
        dt.timedelta(days=9),
        dt.timedelta(days=60),
        dt.timedelta(days=200),
    ]
)


#: The fields of a plan to carry another one over into.
NEXT_PLAN = {
    "code": "next",
    "title": "The next",
    "period_start": dt.date(2023, 1, 1),
    "period_end": dt.date(2024, 12, 31),
}
#: At each moment one page in so many is read; at the first and at the last of a history, all.
PARTS = 6
#: The date that the addresses in a page's JSON carry along.
CARRIED = re.compile(rb"[?&]as_of=[^&\"#]*")
#: What is asked of a page beside its bare address, by the name of its twin.
ASKED: dict[str, tuple[str, ...]] = {
    "search-json": ("q=cloud",),
    "follow-json": ("of=plan:one", "of=metric:metric-1"),
    "initiatives-json": ("sort=name&status=at_risk", "overdue=1&sort=overdue"),
    "metrics-json": ("sort=status&status=overdue", "q=cloud&retired=1"),
    "changes-json": ("from=2022-01-01&to=2022-01-03", "from=2022-01-01", "kind=review"),
    "brief-json": ("from=2022-01-03",),
    **{
        f"{kind}-compare-json": ("from=2022-01-03",)
        for kind in ("plan", "priority", "initiative", "metric")
    },
}
#: The twins that have answered with a page.
ANSWERED: set[str] = set()


def twins() -> dict[str, tuple[str, ...]]:
    """Every JSON twin by its name, and the codes that its address takes."""
    return {
        each.name: tuple(each.pattern.converters)
        for each in dashboards.urls.urlpatterns
        if isinstance(each, URLPattern) and each.name and each.name.endswith("-json")
    }


def addresses() -> Iterator[tuple[str, str]]:
    """Every page that there may be, by the name of its twin: of each row that there is.

    Errors: ``KeyError`` for an address of which nobody has said here what its codes are.
    """
    codes: dict[tuple[str, ...], list[tuple[str, ...]]] = {
        (): [()],
        ("plan",): rows(Plan, "code"),
        ("plan", "priority"): rows(Priority, "plan__code", "code"),
        ("plan", "initiative"): rows(Initiative, "plan__code", "code"),
        ("plan", "brief"): rows(FrozenBrief, "plan__code", "code"),
        ("division",): rows(Division, "code"),
        ("metric",): rows(Metric, "code"),
    }
    for name, names in twins().items():
        for values in codes[names]:
            kwargs = dict(zip(names, values, strict=True))
            path = reverse(f"dashboards:{name}", kwargs=kwargs)
            for asked in ("", *ASKED.get(name, ())):
                yield name, f"{path}?{asked}" if asked else path


def rows(model: type[Model], *fields: str) -> list[tuple[str, ...]]:
    """The codes of all rows of a table."""
    return list(model._base_manager.order_by("pk").values_list(*fields))


class History(RuleBasedStateMachine):
    """An agency at work, and a reader who looks at every page after each act."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.stack.callback(transaction.set_rollback, True)
        self.forget()
        self.now = make.START
        self.seen: dict[dt.datetime, Pages] = {}
        self.told: tuple[int, dt.date] | None = None
        self.client = Client()

    # ── How a rule acts and how the reader looks ─────────────────────────────────────────────

    def act(self, do: Callable[..., Any], **values: Any) -> None:
        """Do it a second later; what is refused leaves no trace."""
        self.now += dt.timedelta(seconds=1)
        try:
            do(by="a test", now=self.now, **values)
        except ValidationError:
            return

    def one(self, data: st.DataObject, model: type[Row], **where: Any) -> Row | None:
        """Any row of a table."""
        rows = list(model._base_manager.filter(**where).order_by("pk"))
        return data.draw(st.sampled_from(rows)) if rows else None

    def period(self, data: st.DataObject, plan: Plan) -> ReportingPeriod | None:
        """Any period of a plan that has begun; before the first, one of which nothing is taken."""
        begun = self.one(data, ReportingPeriod, plan=plan, start__lte=self.now.date())
        return begun or self.one(data, ReportingPeriod, plan=plan)

    def read(self, address: str, **query: str) -> tuple[int, Any]:
        """A page's JSON as it is told, without the date that its addresses carry along.

        ``address``: as it is, or a path's without its slash and ``.json``.
        """
        path, _mark, asked = address.partition("?")
        path = path if path.endswith(".json") else f"/{path}.json"
        answer = self.client.get(path, dict(parse_qsl(asked)) | query)
        if answer.status_code != 200:
            return answer.status_code, None
        return 200, json.loads(CARRIED.sub(b"", answer.content))

    def forget(self) -> None:
        """A new history has the numbers of the one before."""
        forget()

    @invariant()
    def look(self) -> None:
        """Keep what pages say at this moment, if there is a new event or a new day.

        All of them at first; then a part of them each time, in turn.
        """
        CLOCK.append(self.now)
        told = (head().revision, self.now.date())
        if told != self.told:
            self.told = told
            turn = len(self.seen)
            self.keep(lambda place: not turn or place % PARTS == turn % PARTS)

    def keep(self, chosen: Callable[[int], bool]) -> None:
        """Keep what the chosen pages say at this moment."""
        pages = self.seen.setdefault(self.now, {})
        for place, (name, address) in enumerate(addresses()):
            if chosen(place) and address not in pages:
                pages[address] = self.read(address)
                if pages[address][0] == 200:
                    ANSWERED.add(name)

    def teardown(self) -> None:
        """Ask again for each moment, when all is over; before that for every page once more."""
        try:
            self.keep(lambda place: True)
            self.act(make.division, name="Something happens later")
            CLOCK.append(self.now + dt.timedelta(days=400))
            for moment, pages in self.seen.items():
                as_of = moment.astimezone(dt.UTC).isoformat()
                for address, then in pages.items():
                    again = self.read(address, as_of=as_of)
                    assert (address, as_of, again) == (address, as_of, then)
            assert verify().breaks == ()
        finally:
            self.stack.close()
            self.forget()

    # ── What an agency does ──────────────────────────────────────────────────────────────────

    @initialize()
    def begin(self) -> None:
        """One active plan with a little in it."""
        make.organization()
        make.division(name="Engagement")
        make.plan(code="one")
        make.periods()
        make.priority()
        make.initiative(name="Cloud", lead_division=Division.objects.get())
        make.milestone()
        make.metric(initiatives=[Initiative.objects.get()], headline=True)
        make.target(100)
        make.frozen_brief(visibility=Visibility.PUBLIC)

    @rule(pause=PAUSES)
    def time_passes(self, pause: dt.timedelta) -> None:
        """A clock that only moves tells a page nothing new but how late it is."""
        self.now += pause

    @rule(name=NAMES, month=st.integers(1, 12))
    def agency_changes(self, name: str, month: int) -> None:
        changes = {"name": name, "fiscal_year_start_month": month}
        row = Organization.objects.get()
        self.act(plans.revise_organization, organization=row, changes=changes)

    @rule(data=st.data(), name=NAMES)
    def division_is_renamed_or_moved(self, data: st.DataObject, name: str) -> None:
        row, parent = self.one(data, Division), self.one(data, Division)
        changes = data.draw(st.sampled_from([{"name": name}, {"parent": parent}]))
        self.act(plans.revise_division, division=row, changes=changes)

    @rule(name=NAMES)
    def division_is_added(self, name: str) -> None:
        self.act(make.division, name=name)

    @rule(state=st.sampled_from(["draft", "active"]), review=st.booleans())
    def plan_is_added(self, state: str, review: bool) -> None:
        if Plan.objects.count() < 2:
            self.act(make.plan, code="two", state=state, requires_review=review)
            plan = Plan.objects.get(code="two")
            self.act(make.periods, plan=plan)
            self.act(make.priority, plan=plan)

    @rule(data=st.data(), words=WORDS)
    def plan_goes_on(self, data: st.DataObject, words: str) -> None:
        plan = self.one(data, Plan)
        match data.draw(st.sampled_from(["wording", "activate", "close", "dates"])):
            case "wording":
                changes = {"tagline": words, "vision": words, "priority_label": words or "Goal"}
                self.act(plans.revise_plan, plan=plan, changes=changes)
            case "activate":
                self.act(plans.activate_plan, plan=plan)
            case "close":
                day = self.now.date()
                self.act(plans.close_plan, plan=plan, closed_on=day, reason="Over.")
            case "dates":
                end = data.draw(DAYS)
                self.act(plans.revise_plan, plan=plan, changes={"period_end": end})

    @rule(data=st.data(), days=st.integers(0, 40))
    def due_date_moves(self, data: st.DataObject, days: int) -> None:
        row = self.one(data, ReportingPeriod)
        assert row is not None
        changes = {"due_on": row.end + dt.timedelta(days=days)}
        self.act(plans.revise_period, period=row, changes=changes)

    @rule(data=st.data(), name=NAMES, words=WORDS, retires=st.booleans())
    def priority_changes(self, data: st.DataObject, name: str, words: str, retires: bool) -> None:
        changes = {"name": name, "description": words, "order": data.draw(st.integers(0, 3))}
        changes |= {"retired_on": self.now.date() if retires else None}
        self.act(plans.revise_priority, priority=self.one(data, Priority), changes=changes)

    @rule(data=st.data(), name=NAMES, visibility=st.sampled_from(Visibility))
    def initiative_is_added(self, data: st.DataObject, name: str, visibility: Visibility) -> None:
        if Initiative.objects.count() < 4:
            values = {"name": name, "visibility": visibility.value}
            priority = self.one(data, Priority)
            self.act(make.initiative, priority=priority, tags=["cloud"], **values)

    @rule(data=st.data(), name=NAMES, words=WORDS)
    def initiative_is_reworded(self, data: st.DataObject, name: str, words: str) -> None:
        changes: dict[str, Any] = {"name": name, "summary": words, "description": words}
        changes["lead_division"] = self.one(data, Division)
        changes["start"] = data.draw(st.none() | DAYS)
        changes["tags"] = data.draw(st.lists(st.sampled_from(["cloud", "311"]), unique=True))
        changes["order"] = data.draw(st.integers(0, 3))
        row = self.one(data, Initiative)
        self.act(initiatives.revise_initiative, initiative=row, changes=changes)

    @rule(data=st.data(), shown=st.booleans(), name=NAMES)
    def item_is_hidden_or_shown(self, data: st.DataObject, shown: bool, name: str) -> None:
        visibility = Visibility.PUBLIC if shown else Visibility.INTERNAL
        changes = {"visibility": visibility.value}
        if data.draw(st.booleans()):
            changes["name"] = name
        if data.draw(st.booleans()):
            row = self.one(data, Initiative)
            self.act(initiatives.revise_initiative, initiative=row, changes=changes)
        else:
            self.act(metrics.revise_metric, metric=self.one(data, Metric), changes=changes)

    @rule(data=st.data())
    def links_change(self, data: st.DataObject) -> None:
        """Many-to-many links come and go."""
        linked = {
            "initiatives": list(Initiative.objects.order_by("pk")),
            "priorities": list(Priority.objects.order_by("pk")),
        }
        changes = {
            name: data.draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row.pk))
            for name, rows in linked.items()
            if rows
        }
        self.act(metrics.revise_metric, metric=self.one(data, Metric), changes=changes)
        row = self.one(data, Initiative)
        assert row is not None
        related = {
            "related_priorities": changes["priorities"][:1],
            "supporting_divisions": [self.one(data, Division)],
        }
        if data.draw(st.booleans()):
            related["priority"] = self.one(data, Priority, plan=row.plan)
        self.act(initiatives.revise_initiative, initiative=row, changes=related)

    @rule(data=st.data(), day=DAYS)
    def milestone_moves(self, data: st.DataObject, day: dt.date) -> None:
        row = self.one(data, Milestone)
        what = data.draw(st.sampled_from(["add", "due_on", "done_on", "dropped_on", "name"]))
        if what == "add":
            initiative = self.one(data, Initiative)
            self.act(make.milestone, initiative=initiative, due_on=day)
        else:
            changes: dict[str, Any] = {what: "Renamed" if what == "name" else day}
            if what == "due_on":
                changes["due_precision"] = data.draw(st.sampled_from(DatePrecision))
            act = initiatives.revise_milestone
            self.act(act, milestone=row, changes=changes, reason="So it is.")

    @rule(data=st.data(), health=HEALTHS, words=WORDS)
    def update_is_reported(self, data: st.DataObject, health: Health, words: str) -> None:
        row = self.one(data, Initiative)
        assert row is not None
        period = self.period(data, row.plan)
        values: dict[str, Any] = {"initiative": row, "period": period, "narrative": words}
        match data.draw(st.sampled_from(["report", "same", "pause", "draft", "correct"])):
            case "report":
                self.act(make.report, health=health, **values)
            case "same":
                self.act(updates.report_nothing_changed, initiative=row, period=period)
            case "pause":
                self.act(make.report, lifecycle=Lifecycle.PAUSED, **values)
            case "draft":
                self.act(make.draft, **values)
            case "correct":
                first = self.one(data, StatusUpdate, initiative=row, state="published")
                if first is not None:
                    values |= {"period": first.period, "supersedes": first}
                    self.act(make.report, health=health, reason="A slip.", **values)

    @rule(data=st.data(), words=WORDS)
    def draft_goes_on(self, data: st.DataObject, words: str) -> None:
        row = self.one(data, StatusUpdate, published_at=None)
        if row is None:
            return
        match data.draw(st.sampled_from(["revise", "submit", "return", "publish"])):
            case "revise":
                self.act(updates.revise_draft, update=row, changes={"narrative": words})
            case "submit":
                self.act(updates.submit_update, update=row)
            case "return":
                self.act(updates.return_update, update=row, comment="Not yet.")
            case "publish":
                self.act(updates.publish_update, update=row)

    @rule(data=st.data(), lifecycle=st.sampled_from(sorted(CLOSED_LIFECYCLES)), day=DAYS)
    def initiative_is_closed_or_reopened(
        self, data: st.DataObject, lifecycle: Lifecycle, day: dt.date
    ) -> None:
        row = self.one(data, Initiative)
        assert row is not None
        period = self.period(data, row.plan)
        act: dict[str, Any] = {"initiative": row, "period": period, "reason": "It is decided."}
        if data.draw(st.booleans()):
            act |= {"lifecycle": lifecycle, "closed_on": day}
            self.act(updates.close_initiative, successor=self.one(data, Initiative), **act)
        else:
            self.act(updates.reopen_initiative, health=Health.ON_TRACK, **act)

    @rule(data=st.data(), name=NAMES, direction=st.sampled_from(Direction))
    def metric_changes(self, data: st.DataObject, name: str, direction: Direction) -> None:
        changes: dict[str, Any] = {"name": name, "direction": direction.value}
        changes["tolerance"] = data.draw(st.none() | st.just(Decimal("2.5")))
        changes["decimals"] = data.draw(st.integers(0, 2))
        changes["headline"] = data.draw(st.booleans())
        changes["retired_on"] = data.draw(st.none() | DAYS)
        changes["lead_division"] = self.one(data, Division)
        changes["calendar"] = data.draw(st.sampled_from(["quarter", "fiscal_year", "month"]))
        if data.draw(st.booleans()) and Metric.objects.count() < 3:
            self.act(make.metric, name=name, direction=direction.value)
        self.act(metrics.revise_metric, metric=self.one(data, Metric), changes=changes)

    @rule(data=st.data(), value=NUMBERS, quarter=st.integers(0, 7))
    def figure_is_published(self, data: st.DataObject, value: Decimal, quarter: int) -> None:
        metric = self.one(data, Metric)
        start = dt.date(2022 + quarter // 4, quarter % 4 * 3 + 1, 1)
        end = (start + dt.timedelta(days=92)).replace(day=1) - dt.timedelta(days=1)
        row = self.one(data, Observation, metric=metric)
        match data.draw(st.sampled_from(["value", "missing", "correct", "baseline"])):
            case "value":
                quality = data.draw(st.sampled_from(Quality))
                values = {"metric": metric, "start": start, "end": end, "quality": quality}
                self.act(make.observation, value=value, **values)
            case "missing":
                values = {"metric": metric, "start": start, "end": end}
                reason = MissingReason.NOT_COLLECTED
                self.act(make.observation, value=None, missing_reason=reason, **values)
            case "correct" if row is not None:
                act = observations.correct_observation
                self.act(act, observation=row, value=value, reason="Recounted.")
            case "baseline":
                self.act(make.baseline, value=value, metric=metric, reason="Found.")

    @rule(data=st.data(), value=NUMBERS, day=st.sampled_from([2022, 2023]))
    def target_is_set(self, data: st.DataObject, value: Decimal, day: int) -> None:
        end = dt.date(day, 12, 31)
        start = data.draw(st.none() | st.just(dt.date(day, 10, 1)))
        values: dict[str, Any] = {"metric": self.one(data, Metric), "period_start": start}
        if data.draw(st.booleans()):
            self.act(make.target, value=value, end=end, reason="Re-based.", **values)
        else:
            band = {"low": value - 5, "high": value}
            self.act(make.target, value=None, end=end, reason="A range.", **band, **values)

    @rule(data=st.data(), amount=NUMBERS)
    def money_is_recorded(self, data: st.DataObject, amount: Decimal) -> None:
        row = self.one(data, Initiative)
        first = self.one(data, BudgetLine, initiative=row)
        if data.draw(st.booleans()):
            first = None
        values = {"initiative": row, "supersedes": first, "reason": "A misprint." if first else ""}
        self.act(make.budget_line, amount=amount, **values)

    @rule(data=st.data(), name=NAMES, value=NUMBERS)
    def figures_are_split(self, data: st.DataObject, name: str, value: Decimal) -> None:
        """By district, for example: a dimension of a metric, its categories, values of one."""
        metric, dimension = self.one(data, Metric), self.one(data, Dimension)
        category = self.one(data, Category)
        match data.draw(st.sampled_from(["split", "rename", "value"])):
            case "rename" if category is not None:
                changes = {"name": name, "order": data.draw(st.integers(0, 3))}
                self.act(metrics.revise_category, category=category, changes=changes)
                self.act(metrics.revise_dimension, dimension=dimension, changes={"name": name})
            case "value" if category is not None:
                quarter = {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 3, 31)}
                told = f"{category.dimension.code}={category.code}"
                self.act(make.observation, value=value, metric=metric, categories=told, **quarter)
            case _:
                self.act(make.dimension, name=name)
                self.act(make.category, name=name)
                kept = list(Dimension.objects.order_by("pk"))
                self.act(metrics.revise_metric, metric=metric, changes={"dimensions": kept})

    @rule(data=st.data(), name=NAMES, days=st.integers(-90, 90))
    def meeting_is_scheduled_or_moved(self, data: st.DataObject, name: str, days: int) -> None:
        day = self.now.date() + dt.timedelta(days=days)
        row = self.one(data, Meeting)
        if row is None or data.draw(st.booleans()):
            self.act(make.meeting, plan=self.one(data, Plan), held_on=day, name=name)
        else:
            changes = {"held_on": day, "name": name, "called_off": data.draw(st.booleans())}
            self.act(plans.revise_meeting, meeting=row, changes=changes)

    @rule(data=st.data())
    def plan_is_carried_over(self, data: st.DataObject) -> None:
        """Into another plan that is there, or a new one."""
        plan = self.one(data, Plan)
        assert plan is not None
        others = [*Plan.objects.exclude(pk=plan.pk).order_by("pk"), NEXT_PLAN]
        work = list(Initiative.objects.filter(plan=plan).order_by("pk")[:1])
        if Plan.objects.count() < 3 and Initiative.objects.count() < 5:
            self.act(
                carrying.carry_over,
                plan=plan,
                into=data.draw(st.sampled_from(others)),
                initiatives=work,
                metrics=Metric.objects.filter(initiatives__in=work).order_by("pk"),
            )
            self.act(make.periods, plan=Plan.objects.order_by("-pk")[0])

    @rule(data=st.data())
    def things_are_put_into_another_order(self, data: st.DataObject) -> None:
        """Priorities and initiatives of a plan's, metrics, categories."""
        first = self.one(data, data.draw(st.sampled_from([Priority, Initiative, Metric, Category])))
        if first is not None:
            within = ordering.WITHIN[type(first)]
            beside = {within: getattr(first, within)} if within else {}
            rows = list(type(first)._base_manager.filter(**beside).order_by("pk"))
            self.act(ordering.reorder, rows=data.draw(st.permutations(rows)))

    @rule(data=st.data(), visibility=st.sampled_from(Visibility))
    def reviewer_speaks(self, data: st.DataObject, visibility: Visibility) -> None:
        """About an initiative or a metric; the one who answers for it has the last word."""
        item = self.one(data, data.draw(st.sampled_from([Initiative, Metric])))
        question = self.one(data, Question)
        match data.draw(st.sampled_from(["rate", "ask", "ask on", "answer", "close", "own"])):
            case "rate":
                health = data.draw(HEALTHS)
                self.act(make.rating, value=health, item=item, visibility=visibility)
            case "ask on" if question is not None:
                due = self.now.date() + dt.timedelta(days=14)
                more = {"text": "And now?", "answer_due_on": due}
                self.act(reviews.ask_on, question=question, **more)
            case "answer" if question is not None:
                self.act(make.answer, question=question)
            case "close" if question is not None:
                self.act(reviews.close_question, question=question, on=self.now.date())
            case "own":
                self.act(make.owner, item=item)
            case _:
                self.act(make.question, item=item, visibility=visibility)

    @rule(data=st.data(), visibility=st.sampled_from(Visibility))
    def brief_is_frozen(self, data: st.DataObject, visibility: Visibility) -> None:
        if FrozenBrief.objects.count() < 3:
            self.act(make.frozen_brief, plan=self.one(data, Plan), visibility=visibility)


#: Where the portal's clock stands.
CLOCK: list[dt.datetime] = []


@pytest.mark.django_db
def test_every_page_as_of_every_moment_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.http.now", lambda newest=None: CLOCK[-1])
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=ACTS,
            deadline=None,
            derandomize=True,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(twins()) - ANSWERED == set()
