"""The database states the rules: each named constraint is broken here, and says its message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from priorities.enums import (
    AssignmentRole,
    AssignmentState,
    Health,
    Lifecycle,
    Role,
    UpdateState,
)
from priorities.models import (
    RECORDED,
    Assignment,
    ChainHead,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = dt.date(2022, 6, 30)
Case = Callable[[], models.Model]


def copy(row: models.Model, **changes: Any) -> models.Model:
    """The same row once more, unsaved, with some fields changed."""
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    del fields["id"]
    return type(row)(**(fields | changes))


def broken(row: models.Model, **changes: Any) -> models.Model:
    """A row that is in the table, changed but not saved."""
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def update(**changes: Any) -> models.Model:
    """A published update with some fields changed."""
    return copy(make.report(), **changes)


def merged_without_successor() -> models.Model:
    return update(lifecycle=Lifecycle.MERGED.value, closed_on=DAY)


def second_owner(**item: Any) -> models.Model:
    return copy(make.owner(**item), person_id=make.person().pk)


CASES: dict[str, Case] = {
    "organization_fiscal_month_in_year": lambda: copy(
        make.organization(), code="other", fiscal_year_start_month=13
    ),
    "division_not_its_own_parent": lambda: (lambda row: broken(row, parent=row))(make.division()),
    "plan_period_in_order": lambda: copy(make.plan(), code="x", period_end=dt.date(2021, 12, 31)),
    "plan_closed_has_date": lambda: copy(make.plan(), code="x", state="closed"),
    "plan_not_its_own_predecessor": lambda: (lambda row: broken(row, predecessor=row))(make.plan()),
    "priority_code_once_in_plan": lambda: copy(make.priority()),
    "period_once_in_calendar": lambda: copy(make.period()),
    "period_dates_in_order": lambda: copy(
        make.period(), calendar="month", due_on=DAY.replace(2021)
    ),
    "meeting_once_a_day": lambda: copy(make.meeting()),
    "frozen_brief_code_once_in_plan": lambda: copy(make.frozen_brief()),
    "frozen_brief_dates_in_order": lambda: copy(
        make.frozen_brief(), code="x", since=DAY, until=dt.date(2022, 6, 29)
    ),
    "frozen_brief_has_content": lambda: copy(make.frozen_brief(), code="x", content=""),
    "meeting_has_name": lambda: copy(make.meeting(), held_on=DAY, name=""),
    "initiative_code_once_in_plan": lambda: copy(make.initiative()),
    "initiative_dates_in_order": lambda: copy(
        make.initiative(), code="x", start=DAY, end=dt.date(2022, 6, 29)
    ),
    "initiative_ongoing_has_no_end": lambda: copy(
        make.initiative(), code="x", ongoing=True, end=DAY
    ),
    "milestone_done_or_dropped": lambda: copy(make.milestone(), done_on=DAY, dropped_on=DAY),
    "category_code_once_in_dimension": lambda: copy(make.category()),
    "metric_tolerance_not_negative": lambda: copy(make.metric(), code="x", tolerance=Decimal(-1)),
    "metric_decimals_at_most_six": lambda: copy(make.metric(), code="x", decimals=7),
    "update_published_has_moment": lambda: update(published_at=None),
    "update_percent_to_hundred": lambda: update(percent_complete=101),
    "update_trouble_explained": lambda: update(health=Health.AT_RISK.value, cause="Late."),
    "update_open_has_health": lambda: update(health=""),
    "update_closed_has_date": lambda: update(lifecycle=Lifecycle.COMPLETED.value),
    "update_successor_when_merged": merged_without_successor,
    "observation_value_or_reason": lambda: copy(
        make.observation(), period_end=DAY, value=None, missing_reason=""
    ),
    "observation_period_in_order": lambda: copy(make.observation(), period_start=DAY),
    "observation_correction_has_reason": lambda: (lambda row: copy(row, supersedes_id=row.pk))(
        make.observation()
    ),
    "observation_withdrawn_was_published": lambda: copy(
        make.observation(), period_end=DAY, value=None, missing_reason="withdrawn"
    ),
    "observation_first_of_period_once": lambda: copy(make.observation()),
    "target_value_or_range": lambda: copy(make.target(), low=Decimal(1)),
    "target_period_in_order": lambda: copy(make.target(), period_start=dt.date(2023, 1, 1)),
    "target_change_has_reason": lambda: (lambda row: copy(row, supersedes_id=row.pk))(
        make.target()
    ),
    "baseline_change_has_reason": lambda: (lambda row: copy(row, supersedes_id=row.pk))(
        make.baseline()
    ),
    "budget_line_correction_has_reason": lambda: (lambda row: copy(row, supersedes_id=row.pk))(
        make.budget_line()
    ),
    "assignment_of_one_item": lambda: copy(make.offer(), metric_id=make.metric().pk),
    "assignment_declined_has_reason": lambda: copy(
        make.offer(), state=AssignmentState.DECLINED.value
    ),
    "initiative_has_one_owner": second_owner,
    "metric_has_one_owner": lambda: second_owner(item=make.metric()),
    "role_division_for_editors": lambda: copy(make.grant(), role=Role.DIVISION_EDITOR.value),
    "role_granted_once": lambda: copy(make.grant()),
    "review_rating_of_one_item": lambda: copy(make.rating(), initiative_id=None),
    "review_rating_has_reason": lambda: copy(make.rating(), reason=""),
    "question_about_one_item": lambda: copy(make.question(), metric_id=make.metric().pk),
    "question_has_text": lambda: copy(make.question(), text=""),
    "answer_has_text": lambda: copy(make.answer(), text=""),
    "token_name_once": lambda: copy(make.token(), secret_hash="0" * 64),
    "chain_has_one_head": lambda: ChainHead(id=2),
}


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    """Every constraint of the domain."""
    for model in (*RECORDED, ChainHead):
        for constraint in model._meta.constraints:
            yield model, constraint


def test_every_constraint_has_a_case() -> None:
    assert sorted(CASES) == sorted(constraint.name for _model, constraint in constraints())


def test_every_constraint_says_a_message_of_its_own() -> None:
    default = models.BaseConstraint.default_violation_error_message
    silent = [c.name for _model, c in constraints() if c.violation_error_message == default]
    assert silent == []


@pytest.mark.parametrize("name", CASES)
def test_a_form_is_told_the_message(name: str) -> None:
    row = CASES[name]()
    message = next(c.get_violation_error_message() for _m, c in constraints() if c.name == name)
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert message in refusal.value.messages


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name: str) -> None:
    """By the name of the constraint; SQLite names the table and columns of a plain unique one."""
    row = CASES[name]()
    refusal = rf"{name}|UNIQUE constraint failed: {row._meta.db_table}\."
    save = row.save if row.pk and row._meta.model is not ChainHead else row.save_base
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        save(force_insert=save == row.save_base)


def test_a_draft_may_be_incomplete() -> None:
    draft = make.draft(health=Health.OFF_TRACK.value)
    assert (draft.state, draft.cause, draft.published_at) == (UpdateState.DRAFT, "", None)


def test_a_paused_initiative_needs_no_health() -> None:
    assert make.report(lifecycle=Lifecycle.PAUSED).health == ""


def test_zero_is_a_value_and_blank_is_not() -> None:
    assert make.observation(0).value == 0
    with pytest.raises(ValidationError, match="Give a value, or the reason"):
        make.observation(None, end=DAY)


def test_an_ended_owner_leaves_room_for_the_next() -> None:
    first = make.owner()
    Assignment.objects.filter(pk=first.pk).update(state=AssignmentState.ENDED.value)
    second = copy(first, state=AssignmentState.ACCEPTED.value, role=AssignmentRole.OWNER.value)
    second.validate_constraints()
