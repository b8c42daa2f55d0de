"""What an action refuses comes back as an error beside all that was typed; nothing is written."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client

from priorities.admin import people
from priorities.models import (
    RECORDED,
    Baseline,
    BudgetLine,
    ChainHead,
    ChangeEvent,
    Milestone,
    Observation,
    Target,
)
from tests import factories as make
from tests.priorities.admin.browsing import (
    add_page,
    change_page,
    errors_of,
    list_page,
    newest_event,
)

pytestmark = pytest.mark.django_db

Send = Callable[..., HttpResponse]


def test_a_milestone_is_not_moved_without_a_reason(send: Send) -> None:
    row = make.milestone(due_on=dt.date(2022, 6, 30))
    before = ChangeEvent.objects.count()
    answer = send(change_page(row), due_on="2022-09-30", name="Contract signed by all")
    assert answer.status_code == 200
    assert "Say why the date moves" in errors_of(answer)
    page = answer.content.decode()
    assert 'value="2022-09-30"' in page
    assert 'value="Contract signed by all"' in page
    row.refresh_from_db()
    assert (row.due_on, row.name) == (dt.date(2022, 6, 30), "Contract signed")
    assert ChangeEvent.objects.count() == before


def test_with_a_reason_it_moves_and_keeps_its_first_date(send: Send) -> None:
    row = make.milestone(due_on=dt.date(2022, 6, 30))
    assert errors_of(send(change_page(row), due_on="2022-09-30", reason="Late vendor.")) == ""
    row.refresh_from_db()
    assert (row.due_on, row.original_due_on) == (dt.date(2022, 9, 30), dt.date(2022, 6, 30))
    assert newest_event().fields == {"due_on": ["2022-06-30", "2022-09-30"]}
    assert newest_event().reason == "Late vendor."


def test_a_refusal_of_a_row_below_undoes_the_whole_save(send: Send) -> None:
    row = make.milestone(due_on=dt.date(2022, 6, 30))
    before = ChangeEvent.objects.count()
    typed = {"name": "New name", "milestones-0-due_on": "2022-09-30"}
    answer = send(change_page(row.initiative), **typed)
    assert answer.status_code == 200
    assert "Say why the date moves" in errors_of(answer)
    assert 'value="New name"' in answer.content.decode()
    assert 'value="2022-09-30"' in answer.content.decode()
    assert ChangeEvent.objects.count() == before
    row.initiative.refresh_from_db()
    assert row.initiative.name == "Initiative 1"


def test_the_reason_of_the_whole_save_serves_the_rows_below(send: Send) -> None:
    row = make.milestone(due_on=dt.date(2022, 6, 30))
    typed = {"milestones-0-due_on": "2022-09-30", "reason": "Late vendor."}
    assert errors_of(send(change_page(row.initiative), **typed)) == ""
    assert newest_event().reason == "Late vendor."


def test_a_refused_new_row_keeps_what_was_typed(send: Send) -> None:
    make.initiative(code="first")
    other = make.priority(plan=make.plan(code="other"))
    plan = make.Plan.objects.get(code="ita-2022-2023")
    answer = send(
        add_page("initiative"), plan=plan.pk, priority=other.pk, name="Cloud", code="cloud"
    )
    assert answer.status_code == 200
    assert "priority" in errors_of(answer)
    assert 'value="Cloud"' in answer.content.decode()


def test_a_broken_constraint_is_said_in_its_words(send: Send) -> None:
    row = make.plan()
    answer = send(change_page(row), period_end="2021-12-31")
    assert "The period ends before it starts." in errors_of(answer)


def test_closing_a_plan_needs_its_day_and_reason(send: Send) -> None:
    answer = send(change_page(make.plan()), state="closed")
    assert "Say why the plan is closed." in errors_of(answer)
    assert "the day on which it was closed" in errors_of(answer)


def test_a_division_is_no_part_of_what_is_below_it(send: Send) -> None:
    above = make.division(code="above")
    below = make.division(code="below", parent=above)
    answer = send(change_page(above), parent=below.pk)
    assert "A division cannot be part of" in errors_of(answer)


def test_a_moment_before_the_record_is_refused_in_words(send: Send, settings: Any) -> None:
    row = make.initiative()
    settings.CLOCK_OFFSET_SECONDS = -20 * 365 * 86400
    answer = send(change_page(row), name="Cloud")
    assert "Enter history in chronological order" in errors_of(answer)
    assert 'value="Cloud"' in answer.content.decode()


def test_declining_needs_a_reason(send: Send) -> None:
    row = make.offer()
    assert "Say why it is declined." in errors_of(send(change_page(row), state="declined"))
    assert errors_of(send(change_page(row), state="declined", reason="Not my field.")) == ""


def test_an_item_of_an_assignment_is_one(send: Send) -> None:
    person, item, metric = make.person(), make.initiative(), make.metric()
    typed = {"person": person.pk, "role": "owner"}
    nothing = send(add_page("assignment"), **typed)
    assert "one of them" in errors_of(nothing)
    both = send(add_page("assignment"), **typed, initiative=item.pk, metric=metric.pk)
    assert "one of them" in errors_of(both)


def test_a_division_editor_has_a_division(send: Send) -> None:
    person = make.person()
    answer = send(add_page("rolegrant"), person=person.pk, role="division_editor")
    assert "has a division" in errors_of(answer)


def test_a_list_says_which_word_is_wrong(send: Send) -> None:
    row = make.initiative()
    answer = send(change_page(row), districts="1, four", links="no address")
    assert "four is not a number" in errors_of(answer)
    assert "is not a link" in errors_of(answer)
    assert 'value="1, four"' in answer.content.decode()


# ── Facts: corrected, never changed ──────────────────────────────────────────────────────────


def test_an_empty_value_is_not_a_zero(send: Send) -> None:
    metric = make.metric()
    period = {"metric": metric.pk, "period_start": "2022-01-01", "period_end": "2022-03-31"}
    answer = send(add_page("observation"), **period, value="")
    assert "Give a value, or the reason why there is none." in errors_of(answer)
    assert errors_of(send(add_page("observation"), **period, missing_reason="not_collected")) == ""
    assert Observation.objects.get().value is None


def test_a_period_has_one_value(send: Send) -> None:
    row = make.observation(10)
    period = {"period_start": "2022-01-01", "period_end": "2022-03-31", "value": "11"}
    answer = send(add_page("observation"), metric=row.metric.pk, **period)
    assert "This period has a value already" in errors_of(answer)


def test_a_correction_is_a_new_row_with_its_reason(send: Send) -> None:
    row = make.observation(10)
    address = add_page("observation", f"?supersedes={row.pk}")
    refused = send(address, value="0")
    assert "reason" in errors_of(refused)
    assert Observation.objects.count() == 1
    before = ChangeEvent.objects.count()
    assert errors_of(send(address, value="0", quality="revised", reason="A typing error.")) == ""
    assert ChangeEvent.objects.count() == before + 1
    new = Observation.objects.get(supersedes=row)
    assert (new.value, new.period_end, new.reason) == (0, row.period_end, "A typing error.")
    event = newest_event()
    assert (event.kind, event.fields["value"]) == ("corrected", ["10", "0"])


def test_a_correction_cannot_be_of_another_period(send: Send) -> None:
    row = make.observation(10)
    other = make.metric(code="other")
    send(
        add_page("observation", f"?supersedes={row.pk}"),
        metric=other.pk,
        period_end="2022-06-30",
        value="0",
        reason="A typing error.",
    )
    new = Observation.objects.get(supersedes=row)
    assert (new.metric, new.period_end) == (row.metric, row.period_end)


def test_the_newest_value_is_corrected(send: Send, door: Client) -> None:
    row = make.observation(10)
    address = add_page("observation", f"?supersedes={row.pk}")
    send(address, value="11", reason="First.")
    second = Observation.objects.get(supersedes=row)
    assert errors_of(send(address, value="12", reason="Second.")) != ""
    assert Observation.objects.count() == 2
    page = door.get(change_page(row)).content.decode()
    assert f"?supersedes={second.pk}" in page


@pytest.mark.parametrize("asked", ["0", "999", "x"])
def test_an_unknown_correction_is_not_found(door: Client, asked: str) -> None:
    assert door.get(add_page("observation", f"?supersedes={asked}")).status_code == 404


def test_a_changed_target_says_why_and_keeps_the_old(send: Send) -> None:
    row = make.target(90)
    address = add_page("target", f"?supersedes={row.pk}")
    assert "reason" in errors_of(send(address, value="80"))
    assert errors_of(send(address, value="80", reason="Fewer staff.")) == ""
    assert Target.objects.get(supersedes=row).value == Decimal(80)
    plain = send(
        add_page("target"),
        metric=row.metric.pk,
        period_end="2022-12-31",
        value="70",
        adopted_on="2022-05-01",
        authority="Memo",
    )
    assert "A changed target says why." in errors_of(plain)
    assert 'value="Memo"' in plain.content.decode()


def test_a_changed_baseline_says_why(send: Send) -> None:
    row = make.baseline(63)
    address = add_page("baseline", f"?supersedes={row.pk}")
    assert errors_of(send(address, value="64", reason="Recounted.")) == ""
    assert Baseline.objects.get(supersedes=row).value == Decimal(64)


def test_a_corrected_budget_line_says_why(send: Send) -> None:
    row = make.budget_line()
    address = add_page("budgetline", f"?supersedes={row.pk}")
    assert errors_of(send(address, amount="5.00", reason="A typing error.")) == ""
    assert BudgetLine.objects.get(supersedes=row).amount == Decimal(5)
    assert newest_event().kind == "corrected"


# ── Nothing is deleted, facts and the log do not change ──────────────────────────────────────

ROWS: list[Callable[[], Any]] = [
    make.organization,
    make.division,
    make.plan,
    make.priority,
    lambda: make.periods()[0],
    make.initiative,
    make.milestone,
    make.metric,
    make.dimension,
    make.category,
    make.observation,
    make.target,
    make.baseline,
    make.budget_line,
    make.report,
    make.person,
    make.grant,
    make.offer,
    make.rating,
    make.question,
    make.answer,
    lambda: make.plan() and ChangeEvent.objects.latest("sequence"),
    lambda: make.plan() and ChainHead.objects.get(),
]


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_nothing_is_deleted(door: Client, row: Callable[[], Any]) -> None:
    kept = row()
    address = change_page(kept).replace("/change/", "/delete/")
    assert door.get(address).status_code == 403
    assert door.post(address, {"post": "yes"}).status_code == 403
    assert "deletelink" not in door.get(change_page(kept)).content.decode()
    name = kept._meta.model_name
    listing = list_page(name, kept._meta.app_label)
    assert "delete_selected" not in door.get(listing).content.decode()
    assert type(kept)._default_manager.filter(pk=kept.pk).exists()


UNCHANGING = ("observation", "target", "baseline", "budgetline", "statusupdate", "reviewrating")


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_facts_and_the_log_are_only_looked_at(door: Client, row: Callable[[], Any]) -> None:
    kept = row()
    name = kept._meta.model_name
    page = door.get(change_page(kept)).content.decode()
    is_fixed = name in (*UNCHANGING, "question", "answer", "changeevent", "chainhead")
    assert ('name="_save"' in page) is not is_fixed
    if is_fixed:
        assert door.post(change_page(kept), {"value": "1"}).status_code == 403


def test_every_recorded_model_has_its_page() -> None:
    from django.contrib import admin

    registered: set[type[Model]] = set(admin.site._registry)
    assert set(RECORDED) <= registered
    assert people.Group not in registered


def test_a_milestone_is_reached_from_its_initiative(send: Send) -> None:
    row = make.initiative()
    typed = {
        "milestones-TOTAL_FORMS": "1",
        "milestones-0-name": "Go\r\nlive",
        "milestones-0-due_on": "2022-09-30",
        "milestones-0-due_precision": "month",
    }
    assert errors_of(send(change_page(row), **typed)) == ""
    step = Milestone.objects.get()
    assert (step.name, step.original_due_on) == ("Go live", dt.date(2022, 9, 30))
