"""A status update: drafted, submitted, returned, published; closed and taken up again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from priorities.actions import plans, updates
from priorities.actions.recording import WriteRefused
from priorities.enums import Health, Lifecycle, UpdateState
from priorities.models import ChangeEvent, Initiative, StatusUpdate
from priorities.queries.history import verify
from tests import factories as make

pytestmark = pytest.mark.django_db

Q1, Q2 = dt.date(2022, 3, 31), dt.date(2022, 6, 30)


def act(day: int = 15) -> dict[str, Any]:
    return {"by": "a test", "now": make.at(2022, 7, day)}


def in_reviewed_plan() -> Initiative:
    plan = make.plan(requires_review=True)
    return make.initiative(plan=plan, priority=make.priority(plan=plan))


def newest() -> ChangeEvent:
    return ChangeEvent.objects.latest("sequence")


def test_from_draft_to_the_public_by_way_of_a_return() -> None:
    draft = make.draft(initiative=in_reviewed_plan(), narrative="Soon.")
    updates.submit_update(update=draft, **act(1))
    updates.return_update(update=draft, comment="Say when.", **act(2))
    updates.revise_draft(update=draft, changes={"narrative": "In May."}, **act(3))
    updates.submit_update(update=draft, **act(4))
    row = updates.publish_update(update=draft, **act(5))
    assert (row.state, row.published_at, row.narrative) == (
        UpdateState.PUBLISHED,
        make.at(2022, 7, 5),
        "In May.",
    )
    assert (row.recorded_at, row.return_comment) == (make.START, "")
    told = ChangeEvent.objects.filter(item_type="status_update").values_list("kind", "public")
    assert list(told) == [
        ("drafted", False),
        ("submitted", False),
        ("returned", False),
        ("drafted", False),
        ("submitted", False),
        ("published", True),
    ]
    assert newest().fields["narrative"] == [None, "In May."]
    assert verify().count == 0


def test_a_reviewed_plan_publishes_nothing_unreviewed() -> None:
    initiative = in_reviewed_plan()
    draft = make.draft(initiative=initiative)
    with pytest.raises(WriteRefused, match="requires a review"):
        updates.publish_update(update=draft, **act())
    with pytest.raises(WriteRefused, match="requires a review"):
        make.report(initiative=initiative)
    updates.submit_update(update=draft, **act())
    returned = updates.return_update(update=draft, comment="No.", **act())
    with pytest.raises(WriteRefused, match="is Returned"):
        updates.publish_update(update=returned, **act())


def test_each_step_is_done_once() -> None:
    draft = make.draft()
    updates.submit_update(update=draft, **act())
    with pytest.raises(WriteRefused, match="is Submitted"):
        updates.submit_update(update=draft, **act())
    with pytest.raises(WriteRefused, match="is Submitted"):
        updates.revise_draft(update=draft, changes={"narrative": "x"}, **act())
    updates.publish_update(update=draft, **act())
    for step in (updates.submit_update, updates.publish_update):
        with pytest.raises(WriteRefused, match="is Published"):
            step(update=draft, **act())
    with pytest.raises(WriteRefused, match="is Published"):
        updates.revise_draft(update=draft, changes={"narrative": "x"}, **act())
    with pytest.raises(WriteRefused, match="is Published"):
        updates.return_update(update=draft, comment="Too late.", **act())


def test_a_return_says_why() -> None:
    draft = make.draft()
    updates.submit_update(update=draft, **act())
    with pytest.raises(WriteRefused, match="what the author should change"):
        updates.return_update(update=draft, comment=" ", **act())


@pytest.mark.parametrize("field", sorted(updates.DECIDED))
def test_no_update_is_published_by_setting_a_field(field: str) -> None:
    draft = make.draft()
    values = {"state": UpdateState.PUBLISHED.value, "published_at": make.START, "period_end": Q2}
    value = values.get(field, "x")
    with pytest.raises(WriteRefused, match=f"{field} is decided"):
        updates.revise_draft(update=draft, changes={field: value}, **act())
    with pytest.raises(WriteRefused, match=f"{field} is decided"):
        make.draft(**{field: value})


def test_a_draft_stays_with_its_initiative() -> None:
    draft = make.draft()
    with pytest.raises(WriteRefused, match="initiative is permanent"):
        updates.revise_draft(update=draft, changes={"initiative": make.initiative()}, **act())


def test_a_draft_that_moves_to_another_period_takes_its_end_along() -> None:
    draft = make.draft()
    row = updates.revise_draft(update=draft, changes={"period": make.period(Q2)}, **act())
    assert (row.period.end, row.period_end) == (Q2, Q2)
    assert newest().fields["period_end"] == ["2022-03-31", "2022-06-30"]
    other = make.period(plan=make.plan())
    with pytest.raises(WriteRefused, match="belongs to another plan"):
        updates.revise_draft(update=draft, changes={"period": other}, **act())
    assert StatusUpdate.objects.get().period.end == Q2


def test_a_period_of_another_plan_is_refused() -> None:
    initiative = make.initiative()
    other = make.period(plan=make.plan())
    with pytest.raises(WriteRefused, match="belongs to another plan"):
        make.report(initiative=initiative, period=other)


def test_trouble_is_explained_before_it_is_published() -> None:
    draft = make.draft(health=Health.OFF_TRACK.value)
    with pytest.raises(ValidationError, match="Say the cause"):
        updates.publish_update(update=draft, **act())
    assert StatusUpdate.objects.get().state == UpdateState.DRAFT
    updates.revise_draft(update=draft, changes=make.TROUBLE, **act())
    assert updates.publish_update(update=draft, **act()).is_public


def test_nothing_changed_repeats_the_state_and_not_the_words() -> None:
    first = make.report(
        health=Health.AT_RISK, percent_complete=0, narrative="Waiting.", next_steps="Wait."
    )
    row = updates.report_nothing_changed(
        initiative=first.initiative, period=make.period(Q2), **act()
    )
    assert (row.nothing_changed, row.health, row.cause, row.percent_complete) == (
        True,
        Health.AT_RISK,
        "The vendor delivers late.",
        0,
    )
    assert (row.narrative, row.next_steps, row.period_end) == ("", "", Q2)


def test_nothing_changed_needs_something_before() -> None:
    make.draft()
    with pytest.raises(WriteRefused, match="no earlier update"):
        updates.report_nothing_changed(
            initiative=Initiative.objects.get(), period=make.period(), **act()
        )


def test_the_latest_update_is_of_the_latest_period_not_the_latest_typed() -> None:
    later = make.report(period=make.period(Q2))
    make.report(period=make.period(Q1), now=make.at(2022, 8, 1))
    make.draft(period=make.period(dt.date(2022, 9, 30)))
    assert updates.latest_published(later.initiative) == later


def test_closing_says_why_and_keeps_the_item() -> None:
    row = make.close(Lifecycle.COMPLETED)
    assert (row.lifecycle, row.closed_on, row.narrative) == (
        "completed",
        Q1,
        "Everything is delivered.",
    )
    assert newest().reason == "Everything is delivered."
    with pytest.raises(WriteRefused, match="Say why the initiative is closed"):
        make.close(initiative=make.initiative(), reason=" ")
    with pytest.raises(WriteRefused, match="completing, cancelling, merging or superseding"):
        make.close(Lifecycle.PAUSED, initiative=make.initiative())


def test_a_closed_initiative_takes_no_update_until_reopened() -> None:
    initiative = make.close().initiative
    with pytest.raises(WriteRefused, match="Reopen it first"):
        make.report(initiative=initiative, period=make.period(Q2))
    with pytest.raises(WriteRefused, match="Reopen it first"):
        make.draft(initiative=initiative, period=make.period(Q2))
    with pytest.raises(WriteRefused, match="Reopen it first"):
        make.close(Lifecycle.CANCELLED, initiative=initiative, period=make.period(Q2))
    reopen = {"initiative": initiative, "health": Health.ON_TRACK, **act()}
    with pytest.raises(WriteRefused, match="taken up again"):
        updates.reopen_initiative(period=make.period(Q2), reason="", **reopen)
    row = updates.reopen_initiative(period=make.period(Q2), reason="A step was missing.", **reopen)
    assert (row.lifecycle, row.closed_on) == ("in_progress", None)
    assert make.report(initiative=initiative, period=make.period(Q2)).is_public
    with pytest.raises(WriteRefused, match="is not closed"):
        updates.reopen_initiative(period=make.period(Q2), reason="Again.", **reopen)


def test_a_draft_from_before_the_closing_reopens_nothing() -> None:
    draft = make.draft(period=make.period(Q2))
    make.close(initiative=draft.initiative)
    with pytest.raises(WriteRefused, match="Reopen it first"):
        updates.publish_update(update=draft, **act())


def test_closing_and_reopening_come_after_what_is_reported() -> None:
    """Else the latest period would go on saying what it said."""
    initiative = make.report(period=make.period(Q2)).initiative
    with pytest.raises(WriteRefused, match="period ending 2022-06-30 exists"):
        make.close(initiative=initiative, period=make.period(Q1))
    make.close(initiative=initiative, period=make.period(Q2))
    with pytest.raises(WriteRefused, match="period ending 2022-06-30 exists"):
        updates.reopen_initiative(
            initiative=initiative,
            period=make.period(Q1),
            health=Health.ON_TRACK,
            reason="x",
            **act(),
        )


def test_merging_names_where_the_work_goes_on() -> None:
    goes_on = make.initiative()
    merged = make.initiative()
    with pytest.raises(ValidationError, match="which initiative continues"):
        make.close(Lifecycle.MERGED, initiative=merged)
    with pytest.raises(WriteRefused, match="continued in itself"):
        make.close(Lifecycle.MERGED, initiative=merged, successor=merged)
    row = make.close(Lifecycle.MERGED, initiative=merged, successor=goes_on)
    assert newest().fields["successor"] == [None, goes_on.item_code]
    assert list(goes_on.continues.all()) == [row]


def test_a_correction_is_of_the_same_item_and_period_and_says_why() -> None:
    first = make.report()
    other = make.initiative()
    same = {"period": first.period, "supersedes": first, "reason": "A slip."}
    with pytest.raises(WriteRefused, match="same initiative and the same period"):
        make.report(initiative=other, **same)
    with pytest.raises(WriteRefused, match="same initiative and the same period"):
        make.report(initiative=first.initiative, **(same | {"period": make.period(Q2)}))
    with pytest.raises(WriteRefused, match="A correction says why"):
        make.report(initiative=first.initiative, **(same | {"reason": ""}))
    row = make.report(initiative=first.initiative, health=Health.AT_RISK, **same)
    assert updates.latest_published(first.initiative) == row
    assert newest().reason == "A slip."
    with pytest.raises(ValidationError, match="already exists"):
        make.report(initiative=first.initiative, **same)


def test_only_what_is_published_is_corrected() -> None:
    draft = make.draft()
    with pytest.raises(WriteRefused, match="a draft is changed"):
        make.report(initiative=draft.initiative, supersedes=draft, reason="x")


def test_an_old_report_of_a_closed_initiative_can_be_corrected() -> None:
    first = make.report()
    closing = make.close(initiative=first.initiative, period=make.period(Q2))
    make.report(
        initiative=first.initiative, period=first.period, supersedes=first, reason="A slip."
    )
    assert updates.latest_published(first.initiative) == closing


def test_a_draft_that_closes_says_why_and_shows() -> None:
    closing = {"lifecycle": Lifecycle.CANCELLED.value, "health": "", "closed_on": Q1}
    draft = make.draft(period=make.period(Q1), **closing)
    with pytest.raises(WriteRefused, match="Say why the initiative is closed"):
        updates.publish_update(update=draft, **act())
    updates.revise_draft(update=draft, changes={"narrative": "No money."}, **act())
    make.report(period=make.period(Q2), now=make.at(2022, 7, 15))
    with pytest.raises(WriteRefused, match="for the period ending 2022-06-30 exists"):
        updates.publish_update(update=draft, **act())


def test_a_draft_that_corrects_says_why() -> None:
    draft = make.draft(supersedes=make.report())
    with pytest.raises(WriteRefused, match="A correction says why"):
        updates.publish_update(update=draft, **act())


def test_nothing_is_reported_of_a_period_that_has_not_begun() -> None:
    item, early = make.initiative(), make.period(Q2)
    what: dict[str, Any] = {"initiative": item, "period": early, "health": Health.ON_TRACK}
    with pytest.raises(WriteRefused, match="The period ending 2022-06-30 has not begun"):
        updates.report(**what, by="a test", now=make.at(2022, 3, 30))
    updates.report(**what, by="a test", now=make.at(2022, 4, 1))


def test_a_report_is_handed_in_while_its_period_is_open() -> None:
    item = make.initiative()
    what: dict[str, Any] = {"initiative": item, "health": Health.ON_TRACK, "by": "a test"}
    what["period"] = make.period(Q1)
    what["period"] = plans.revise_period(
        period=what["period"],
        changes={"closes_on": dt.date(2022, 4, 30)},
        by="a test",
        now=make.moment(),
    )
    first = updates.report(**what, now=make.at(2022, 4, 30, 23))
    late = make.at(2022, 5, 2)
    with pytest.raises(WriteRefused, match="closed on 2022-04-30"):
        updates.report(**what, now=late)
    updates.report(**what, supersedes=first, reason="A slip.", now=late)
