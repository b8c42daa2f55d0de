"""Each action tells what it did: the kind of its event, whether the public may know, old → new.

The table has a row for every action that there is; a new action without one fails.
"""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

import priorities.actions
from priorities.actions import (
    assignments,
    briefs,
    bulk,
    carrying,
    initiatives,
    invitations,
    metrics,
    observations,
    ordering,
    people,
    plans,
    reporting,
    reviewing,
    reviews,
    targets,
    tokens,
    updates,
    values,
)
from priorities.assessment.periods import Period
from priorities.enums import (
    BudgetKind,
    Calendar,
    Health,
    Lifecycle,
    MissingReason,
    PlanState,
    Role,
    Visibility,
)
from priorities.models import ChangeEvent, Organization
from priorities.queries.history import verify
from priorities.queries.review_queue import with_before
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 15)
DAY = dt.date(2022, 7, 15)
ACT: dict[str, Any] = {"by": "a test", "now": NOW}
Q1 = {"period_start": dt.date(2022, 1, 1), "period_end": dt.date(2022, 3, 31)}

#: What an action does: called after its rows are there, it returns what is done.
Case = tuple[Callable[[], Callable[[], object]], str, bool, str, list[object]]


def case(
    prepare: Callable[[], Any],
    act: Callable[[Any], object],
    kind: str,
    public: bool,
    field: str,
    change: list[object],
) -> Case:
    """A row of the table: what is there, what is done, and what the newest event says of it."""

    def ready() -> Callable[[], object]:
        row = prepare()
        return lambda: act(row)

    return ready, kind, public, field, change


def draft_in_reviewed_plan() -> Any:
    plan = make.plan(requires_review=True)
    make.priority(plan=plan)
    return make.draft(initiative=make.initiative(plan=plan))


def submitted() -> Any:
    return updates.submit_update(update=draft_in_reviewed_plan(), by="a", now=make.moment())


def link() -> dict[str, Any]:
    return {"token": "a token", "sent_at": NOW, "ends_at": NOW + dt.timedelta(days=7)}


def with_second_factor() -> Any:
    person = make.person()
    Authenticator.objects.create(user=person, type="totp", data={})
    return person


def closed() -> Any:
    return make.close().initiative


def nothing() -> None:
    """Nothing needs to be there."""


def seen(update: Any) -> str:
    return with_before([update])[0].fingerprint


def entered(metric: Any, value: Decimal) -> values.ValueEntry:
    return values.ValueEntry(metric=metric, period=Period(*Q1.values()), value=value)


CASES: dict[str, Case] = {
    "create_organization": case(
        nothing,
        lambda _: plans.create_organization(code="ita", name="ITA", short_name="ITA", **ACT),
        *("created", True, "time_zone", [None, "America/Los_Angeles"]),
    ),
    "revise_organization": case(
        lambda: make.organization(reviewing_body="IT Committee"),
        lambda row: plans.revise_organization(
            organization=row, changes={"reviewing_body": "GIT Committee"}, **ACT
        ),
        *("revised", True, "reviewing_body", ["IT Committee", "GIT Committee"]),
    ),
    "create_division": case(
        nothing,
        lambda _: plans.create_division(code="ce", name="Engagement", **ACT),
        *("created", True, "name", [None, "Engagement"]),
    ),
    "revise_division": case(
        lambda: (make.division(), make.division()),
        lambda rows: plans.revise_division(division=rows[0], changes={"parent": rows[1]}, **ACT),
        *("revised", True, "parent", [None, "division-2"]),
    ),
    "create_plan": case(
        make.organization,
        lambda row: plans.create_plan(
            organization=row,
            code="p",
            title="P",
            period_start=dt.date(2022, 1, 1),
            period_end=dt.date(2023, 12, 31),
            **ACT,
        ),
        *("created", False, "state", [None, "draft"]),
    ),
    "revise_plan": case(
        make.plan,
        lambda row: plans.revise_plan(plan=row, changes={"grace_days": 20}, **ACT),
        *("revised", True, "grace_days", [15, 20]),
    ),
    "activate_plan": case(
        lambda: make.plan(state=PlanState.DRAFT.value),
        lambda row: plans.activate_plan(plan=row, **ACT),
        *("published", True, "state", ["draft", "active"]),
    ),
    "close_plan": case(
        make.plan,
        lambda row: plans.close_plan(plan=row, closed_on=DAY, reason="Succeeded.", **ACT),
        *("closed", True, "closed_on", [None, "2022-07-15"]),
    ),
    "reorder": case(
        lambda: (make.priority(), make.priority()),
        lambda rows: ordering.reorder(rows=rows[::-1], **ACT),
        *("revised", True, "order", [1, 2]),
    ),
    "carry_over": case(
        make.initiative,
        lambda row: carrying.carry_over(
            plan=row.plan,
            into={
                "code": "next",
                "title": "Next",
                "period_start": dt.date(2024, 1, 1),
                "period_end": dt.date(2025, 12, 31),
            },
            initiatives=[row],
            **ACT,
        ),
        *("created", False, "carried_from", [None, "ita-2022-2023/initiative-1"]),
    ),
    "create_priority": case(
        make.plan,
        lambda row: plans.create_priority(plan=row, code="1", name="Service", **ACT),
        *("created", True, "plan", [None, "ita-2022-2023"]),
    ),
    "revise_priority": case(
        make.priority,
        lambda row: plans.revise_priority(priority=row, changes={"retired_on": DAY}, **ACT),
        *("revised", True, "retired_on", [None, "2022-07-15"]),
    ),
    "open_periods": case(
        make.plan,
        lambda row: plans.open_periods(plan=row, calendar=Calendar.QUARTER, **ACT),
        *("created", True, "due_on", [None, "2024-01-15"]),
    ),
    "revise_period": case(
        make.period,
        lambda row: plans.revise_period(
            period=row, changes={"due_on": dt.date(2022, 4, 30)}, reason="Holidays.", **ACT
        ),
        *("revised", True, "due_on", ["2022-04-15", "2022-04-30"]),
    ),
    "schedule_meeting": case(
        make.plan,
        lambda row: plans.schedule_meeting(
            plan=row, held_on=dt.date(2022, 9, 7), name="Committee", **ACT
        ),
        *("created", True, "held_on", [None, "2022-09-07"]),
    ),
    "revise_meeting": case(
        make.meeting,
        lambda row: plans.revise_meeting(
            meeting=row, changes={"held_on": dt.date(2022, 5, 25)}, reason="No quorum.", **ACT
        ),
        *("revised", True, "held_on", ["2022-05-18", "2022-05-25"]),
    ),
    "freeze_brief": case(
        make.plan,
        lambda row: briefs.freeze_brief(
            plan=row,
            since=DAY - dt.timedelta(days=1),
            until=DAY,
            content='{"lead": "2 of 3"}',
            pdf=b"%PDF-",
            visibility=Visibility.PUBLIC,
            **ACT,
        ),
        *("frozen", True, "code", [None, "ef4deec075df"]),
    ),
    "create_initiative": case(
        make.priority,
        lambda row: initiatives.create_initiative(
            plan=row.plan, priority=row, code="x", name="X", related_priorities=[row], **ACT
        ),
        *("created", True, "related_priorities", [None, ["ita-2022-2023/1"]]),
    ),
    "revise_initiative": case(
        lambda: make.initiative(supporting_divisions=[make.division()]),
        lambda row: initiatives.revise_initiative(
            initiative=row, changes={"supporting_divisions": []}, **ACT
        ),
        *("revised", True, "supporting_divisions", [["division-1"], []]),
    ),
    "add_milestone": case(
        make.initiative,
        lambda row: initiatives.add_milestone(initiative=row, name="Go live", due_on=DAY, **ACT),
        *("created", True, "original_due_on", [None, "2022-07-15"]),
    ),
    "revise_milestone": case(
        make.milestone,
        lambda row: initiatives.revise_milestone(
            milestone=row, changes={"due_on": DAY}, reason="Late delivery.", **ACT
        ),
        *("revised", True, "due_on", ["2022-06-30", "2022-07-15"]),
    ),
    "add_budget_line": case(
        make.budget_line,
        lambda row: initiatives.add_budget_line(
            supersedes=row,
            reason="A misprint.",
            fiscal_year=2022,
            amount=Decimal("120000.50"),
            kind=BudgetKind.ADOPTED.value,
            **ACT,
        ),
        *("corrected", True, "amount", ["100000", "120000.5"]),
    ),
    "create_metric": case(
        make.initiative,
        lambda row: metrics.create_metric(
            code="m",
            name="M",
            kind="percent",
            direction="decrease",
            calendar="month",
            initiatives=[row],
            **ACT,
        ),
        *("created", True, "initiatives", [None, ["ita-2022-2023/initiative-1"]]),
    ),
    "revise_metric": case(
        make.metric,
        lambda row: metrics.revise_metric(metric=row, changes={"tolerance": "0.50"}, **ACT),
        *("revised", True, "tolerance", [None, "0.5"]),
    ),
    "create_dimension": case(
        nothing,
        lambda _: metrics.create_dimension(code="district", name="Council district", **ACT),
        *("created", True, "code", [None, "district"]),
    ),
    "revise_dimension": case(
        make.dimension,
        lambda row: metrics.revise_dimension(dimension=row, changes={"name": "District"}, **ACT),
        *("revised", True, "name", ["Council district", "District"]),
    ),
    "create_category": case(
        make.dimension,
        lambda row: metrics.create_category(dimension=row, code="4", name="District 4", **ACT),
        *("created", True, "dimension", [None, "dimension-1"]),
    ),
    "revise_category": case(
        make.category,
        lambda row: metrics.revise_category(category=row, changes={"order": 4}, **ACT),
        *("revised", True, "order", [0, 4]),
    ),
    "record_observation": case(
        make.metric,
        lambda row: observations.record_observation(
            metric=row, missing_reason=MissingReason.NOT_COLLECTED, **Q1, **ACT
        ),
        *("recorded", True, "missing_reason", [None, "not_collected"]),
    ),
    "correct_observation": case(
        make.observation,
        lambda row: observations.correct_observation(
            observation=row, value=Decimal("-3.50"), reason="A wrong sign.", **ACT
        ),
        *("corrected", True, "value", ["10", "-3.5"]),
    ),
    "enter_value": case(
        make.metric,
        lambda row: values.enter_value(entry=entered(row, Decimal(0)), **ACT),
        *("recorded", True, "value", [None, "0"]),
    ),
    "record_values": case(
        lambda: (make.observation().metric, make.metric()),
        lambda rows: values.record_values(
            entries=[entered(rows[0], Decimal(1)), entered(rows[1], Decimal(2))], **ACT
        ),
        *("recorded", True, "value", [None, "2"]),
    ),
    "set_target": case(
        make.target,
        lambda row: targets.set_target(
            metric=row.metric,
            period_end=row.period_end,
            value=Decimal(0),
            adopted_on=DAY,
            authority="Council file",
            reason="Re-baselined.",
            **ACT,
        ),
        *("corrected", True, "value", ["100", "0"]),
    ),
    "set_baseline": case(
        make.baseline,
        lambda row: targets.set_baseline(
            metric=row.metric, on=row.on, value=Decimal(63), reason="Found.", **ACT
        ),
        *("corrected", True, "value", ["0", "63"]),
    ),
    "draft_update": case(
        lambda: (make.initiative(), make.period()),
        lambda rows: updates.draft_update(
            initiative=rows[0], period=rows[1], lifecycle="in_progress", **ACT
        ),
        *("drafted", False, "state", [None, "draft"]),
    ),
    "revise_draft": case(
        make.draft,
        lambda row: updates.revise_draft(update=row, changes={"percent_complete": 40}, **ACT),
        *("drafted", False, "percent_complete", [None, 40]),
    ),
    "submit_update": case(
        draft_in_reviewed_plan,
        lambda row: updates.submit_update(update=row, **ACT),
        *("submitted", False, "state", ["draft", "submitted"]),
    ),
    "return_update": case(
        submitted,
        lambda row: updates.return_update(update=row, comment="Say when.", **ACT),
        *("returned", False, "return_comment", ["", "Say when."]),
    ),
    "publish_looked_at": case(
        submitted,
        lambda row: reviewing.publish_looked_at(looked_at={row.pk: seen(row)}, **ACT),
        *("published", True, "state", [None, "published"]),
    ),
    "return_looked_at": case(
        submitted,
        lambda row: reviewing.return_looked_at(
            update=row, fingerprint=seen(row), comment="Say more.", **ACT
        ),
        *("returned", False, "state", ["submitted", "returned"]),
    ),
    "publish_update": case(
        submitted,
        lambda row: updates.publish_update(update=row, **ACT),
        *("published", True, "health", [None, "on_track"]),
    ),
    "report": case(
        make.report,
        lambda row: updates.report(
            initiative=row.initiative,
            period=make.period(dt.date(2022, 6, 30)),
            health=Health.AT_RISK,
            **make.TROUBLE,
            **ACT,
        ),
        *("published", True, "health", ["on_track", "at_risk"]),
    ),
    "report_nothing_changed": case(
        make.report,
        lambda row: updates.report_nothing_changed(
            initiative=row.initiative, period=make.period(dt.date(2022, 6, 30)), **ACT
        ),
        *("published", True, "nothing_changed", [False, True]),
    ),
    "hand_in": case(
        make.report,
        lambda row: reporting.hand_in(
            initiative=row.initiative,
            period=make.period(dt.date(2022, 6, 30)),
            said={"lifecycle": Lifecycle.PAUSED.value, "narrative": "It waits."},
            **ACT,
        ),
        *("published", True, "lifecycle", ["in_progress", "paused"]),
    ),
    "hand_in_nothing_changed": case(
        make.report,
        lambda row: reporting.hand_in_nothing_changed(
            initiative=row.initiative, period=make.period(dt.date(2022, 6, 30)), **ACT
        ),
        *("published", True, "nothing_changed", [False, True]),
    ),
    "close_initiative": case(
        make.report,
        lambda row: updates.close_initiative(
            initiative=row.initiative,
            period=row.period,
            lifecycle=Lifecycle.CANCELLED,
            closed_on=DAY,
            reason="No money.",
            **ACT,
        ),
        *("published", True, "lifecycle", ["in_progress", "cancelled"]),
    ),
    "reopen_initiative": case(
        closed,
        lambda row: updates.reopen_initiative(
            initiative=row,
            period=make.period(),
            health=Health.ON_TRACK,
            reason="Money was found.",
            **ACT,
        ),
        *("published", True, "lifecycle", ["completed", "in_progress"]),
    ),
    "offer_assignment": case(
        lambda: (make.person(), make.metric()),
        lambda rows: assignments.offer_assignment(person=rows[0], item=rows[1], on=DAY, **ACT),
        *("offered", False, "person", [None, "person.1@example.org"]),
    ),
    "offer_ownership": case(
        lambda: (make.person(), [make.metric()]),
        lambda rows: assignments.offer_ownership(person=rows[0], items=rows[1], on=DAY, **ACT),
        *("offered", False, "role", [None, "owner"]),
    ),
    "accept_assignment": case(
        make.offer,
        lambda row: assignments.accept_assignment(assignment=row, on=DAY, **ACT),
        *("accepted", False, "state", ["offered", "accepted"]),
    ),
    "decline_assignment": case(
        make.offer,
        lambda row: assignments.decline_assignment(
            assignment=row, reason="Not mine.", on=DAY, **ACT
        ),
        *("declined", False, "reason", ["", "Not mine."]),
    ),
    "end_assignment": case(
        make.owner,
        lambda row: assignments.end_assignment(assignment=row, on=DAY, **ACT),
        *("ended", False, "ended_on", [None, "2022-07-15"]),
    ),
    "hand_over": case(
        lambda: (make.owner(), make.person(name="Next")),
        lambda rows: assignments.hand_over(assignment=rows[0], to=rows[1], on=DAY, **ACT),
        *("offered", False, "person", [None, "next@example.org"]),
    ),
    "rate": case(
        lambda: (make.initiative(), make.person()),
        lambda rows: reviews.rate(
            item=rows[0],
            reviewer=rows[1],
            rating=Health.OFF_TRACK,
            reason="Late.",
            period_end=DAY,
            **ACT,
        ),
        *("rated", False, "rating", [None, "off_track"]),
    ),
    "ask": case(
        lambda: (make.initiative(), make.person()),
        lambda rows: reviews.ask(
            item=rows[0], asker=rows[1], text="Why?", answer_due_on=DAY, **ACT
        ),
        *("asked", False, "answer_due_on", [None, "2022-07-15"]),
    ),
    "ask_on": case(
        lambda: make.answer().question,
        lambda row: reviews.ask_on(question=row, text="Still why?", answer_due_on=DAY, **ACT),
        *("asked", False, "answer_due_on", [None, "2022-07-15"]),
    ),
    "answer": case(
        make.question,
        lambda row: reviews.answer(question=row, author=row.asker, text="So.", **ACT),
        *("answered", False, "text", [None, "So."]),
    ),
    "close_question": case(
        make.question,
        lambda row: reviews.close_question(question=row, on=DAY, **ACT),
        *("closed", False, "closed_on", [None, "2022-07-15"]),
    ),
    "record_observations": case(
        lambda: make.metric(calendar="quarter"),
        lambda row: bulk.record_observations(
            rows=[bulk.NewValue(metric=row, value=Decimal(12), **Q1)], **ACT
        ),
        *("recorded", True, "value", [None, "12"]),
    ),
    "make_token": case(
        make.metric,
        lambda row: tokens.make_token(name="Calls", metrics=[row], expires_on=DAY, **ACT),
        *("granted", False, "name", [None, "Calls"]),
    ),
    "revoke_token": case(
        make.token,
        lambda row: tokens.revoke_token(token=row, **ACT),
        *("revoked", False, "revoked_at", [None, NOW.astimezone(dt.UTC).isoformat()]),
    ),
    "create_person": case(
        nothing,
        lambda _: people.create_person(email="Ana@Example.org", name="Ana", **ACT),
        *("created", False, "email", [None, "ana@example.org"]),
    ),
    "revise_person": case(
        make.person,
        lambda row: people.revise_person(person=row, changes={"is_active": False}, **ACT),
        *("revised", False, "is_active", [True, False]),
    ),
    "set_password": case(
        make.person,
        lambda row: people.set_password(person=row, password="a long secret", **ACT),
        *("revised", False, "password", [None, "set"]),
    ),
    "invite_person": case(
        nothing,
        lambda _: invitations.invite_person(
            email="Ana@Example.org", name="Ana", role=Role.REVIEWER, on=DAY, **link(), **ACT
        ),
        *("granted", False, "role", [None, "reviewer"]),
    ),
    "invite_again": case(
        make.person,
        lambda row: invitations.invite_again(person=row, **link(), **ACT),
        *("revised", False, "invitation", [None, "sent"]),
    ),
    "accept_invitation": case(
        lambda: invitations.invite_again(person=make.person(), **link(), by="a", now=make.moment()),
        lambda row: invitations.accept_invitation(
            token="a token", name=row.person.name, password="a long secret", at=NOW, **ACT
        ),
        *("revised", False, "invitation", ["sent", "accepted"]),
    ),
    "take_off_second_factor": case(
        with_second_factor,
        lambda row: invitations.take_off_second_factor(person=row, reason="Lost", **ACT),
        *("revised", False, "second_factor", ["set", "taken"]),
    ),
    "grant_role": case(
        make.person,
        lambda row: people.grant_role(person=row, role=Role.REVIEWER, on=DAY, **ACT),
        *("granted", False, "role", [None, "reviewer"]),
    ),
    "revoke_role": case(
        make.grant,
        lambda row: people.revoke_role(grant=row, on=DAY, **ACT),
        *("revoked", False, "revoked_on", [None, "2022-07-15"]),
    ),
}


def every_action() -> set[str]:
    """The names of all functions of the actions that take ``by`` and ``now``."""
    names = set()
    for module in pkgutil.iter_modules(priorities.actions.__path__):
        room = importlib.import_module(f"priorities.actions.{module.name}")
        for name, function in inspect.getmembers(room, inspect.isfunction):
            takes = set(inspect.signature(function).parameters)
            if function.__module__ == room.__name__ and {"by", "now"} <= takes:
                names.add(name)
    return names - {"recording"}


def test_every_action_is_in_the_table() -> None:
    assert every_action() == set(CASES)


def test_every_action_takes_keywords_only() -> None:
    for module in pkgutil.iter_modules(priorities.actions.__path__):
        room = importlib.import_module(f"priorities.actions.{module.name}")
        for name in every_action():
            function = getattr(room, name, None)
            if function is not None and function.__module__ == room.__name__:
                kinds = {p.kind for p in inspect.signature(function).parameters.values()}
                assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}


@pytest.mark.parametrize("name", CASES)
def test_an_action_tells_what_it_did(name: str) -> None:
    ready, kind, public, field, change = CASES[name]
    act = ready()
    before = ChangeEvent.objects.count()
    act()
    event = ChangeEvent.objects.latest("sequence")
    assert ChangeEvent.objects.count() > before
    assert (event.kind, event.public, event.fields[field]) == (kind, public, change)
    assert (event.at, event.actor) == (NOW, "a test")
    assert verify().count == 0


@pytest.mark.parametrize("name", CASES)
def test_an_action_refuses_to_write_into_the_past(name: str) -> None:
    act = CASES[name][0]()
    make.division(code="later", now=make.at(2022, 12, 1))
    before = ChangeEvent.objects.count()
    with pytest.raises(Exception, match="chronological order"):
        act()
    assert ChangeEvent.objects.count() == before


def test_a_call_that_changes_nothing_writes_nothing() -> None:
    organization = make.organization()
    plans.revise_organization(
        organization=organization, changes={"name": organization.name, "languages": ("en",)}, **ACT
    )
    assert ChangeEvent.objects.count() == 1
    assert Organization.objects.get().languages == ["en"]
