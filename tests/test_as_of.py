"""The same address at the same date gives the same page forever.

Random histories are acted out through the actions. After each act the JSON of every public page
is kept as it is read at that moment; at the end each page is asked for as of each of those moments
and must be what it was, to the last value.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from priorities.actions import (
    initiatives,
    metrics,
    observations,
    plans,
    reviews,
    updates,
)
from priorities.enums import (
    CLOSED_LIFECYCLES,
    Direction,
    Health,
    Lifecycle,
    MissingReason,
    Quality,
    Visibility,
)
from priorities.models import (
    BudgetLine,
    Division,
    Initiative,
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

    def addresses(self) -> Iterator[str]:
        """Every page that there may be."""
        yield from ("index", "plans", "metrics", "search")
        yield "search.json?q=cloud"
        for plan in Plan.objects.order_by("pk"):
            yield from (f"plans/{plan.code}", f"plans/{plan.code}/initiatives")
            yield f"plans/{plan.code}/changes.json?from=2022-01-01&to=2022-01-03"
            yield f"plans/{plan.code}/initiatives.json?sort=name&health=at_risk"
        for priority in Priority.objects.select_related("plan").order_by("pk"):
            yield f"plans/{priority.plan.code}/priorities/{priority.code}"
        for initiative in Initiative.objects.select_related("plan").order_by("pk"):
            yield f"plans/{initiative.plan.code}/initiatives/{initiative.code}"
        for kind in (Metric, Division):
            for row in kind._base_manager.order_by("pk"):
                yield f"{kind._meta.model_name}s/{row.code}"

    def read(self, address: str, **query: str) -> tuple[int, Any]:
        """A page's JSON as it is told, without what repeats the question."""
        path, _mark, asked = address.partition("?")
        path = path if path.endswith(".json") else f"{path}.json"
        pairs = dict(pair.split("=") for pair in asked.split("&") if pair)
        answer = self.client.get(f"/{path}", {**pairs, **query})
        if answer.status_code != 200:
            return answer.status_code, None
        return 200, json.loads(answer.content)

    def forget(self) -> None:
        """A new history has the numbers of the one before."""
        forget()

    @invariant()
    def look(self) -> None:
        """Keep what every page says at this moment, if there is a new event or a new day."""
        CLOCK.append(self.now)
        told = (head().revision, self.now.date())
        if told != self.told:
            self.told = told
            self.seen[self.now] = {address: self.read(address) for address in self.addresses()}

    def teardown(self) -> None:
        """Ask again for each moment, when all is over."""
        try:
            CLOCK.append(self.now + dt.timedelta(days=400))
            for moment, pages in self.seen.items():
                as_of = moment.astimezone(dt.UTC).isoformat()
                again = {address: self.read(address, as_of=as_of) for address in pages}
                for address, (status, said) in pages.items():
                    assert (address, as_of, again[address]) == (address, as_of, (status, said))
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
            changes = {what: "Renamed" if what == "name" else day}
            act = initiatives.revise_milestone
            self.act(act, milestone=row, changes=changes, reason="So it is.")

    @rule(data=st.data(), health=HEALTHS, words=WORDS)
    def update_is_reported(self, data: st.DataObject, health: Health, words: str) -> None:
        row = self.one(data, Initiative)
        assert row is not None
        period = self.one(data, ReportingPeriod, plan=row.plan)
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
        period = self.one(data, ReportingPeriod, plan=row.plan)
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

    @rule(data=st.data(), visibility=st.sampled_from(Visibility))
    def reviewer_speaks(self, data: st.DataObject, visibility: Visibility) -> None:
        item = self.one(data, Initiative)
        match data.draw(st.sampled_from(["rate", "ask", "answer", "close", "own"])):
            case "rate":
                self.act(make.rating, item=item, visibility=visibility)
            case "ask":
                self.act(make.question, item=item, visibility=visibility)
            case "answer":
                self.act(make.answer)
            case "close":
                question = self.one(data, Question)
                if question is not None:
                    act = reviews.close_question
                    self.act(act, question=question, on=self.now.date())
            case "own":
                self.act(make.owner, item=item)


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
