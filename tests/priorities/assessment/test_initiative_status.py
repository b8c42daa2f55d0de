"""What an initiative shows, and in which order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorities.assessment.freshness import freshness, windows_for
from priorities.assessment.initiative_status import (
    DecidedBy,
    DisagreementCode,
    MilestoneDates,
    Reported,
    disagreement,
    initiative_state,
    late_milestones,
)
from priorities.enums import (
    CLOSED_LIFECYCLES,
    Calendar,
    DatePrecision,
    Health,
    InitiativeState,
    Lifecycle,
    MetricState,
)

TODAY = date(2023, 7, 20)
QUARTERS = windows_for(Calendar.QUARTER, first=date(2022, 1, 1), on=TODAY)
FRESH = freshness(QUARTERS, last_covered_end=date(2023, 6, 30), on=TODAY)
SILENT = freshness(QUARTERS, last_covered_end=date(2023, 3, 31), on=TODAY)


@pytest.mark.parametrize(
    ("lifecycle", "health", "fresh", "silent"),
    [
        (Lifecycle.IN_PROGRESS, Health.ON_TRACK, "on_track", "overdue"),
        (Lifecycle.IN_PROGRESS, Health.AT_RISK, "at_risk", "overdue"),
        (Lifecycle.NOT_STARTED, Health.OFF_TRACK, "off_track", "overdue"),
        (Lifecycle.PAUSED, Health.ON_TRACK, "paused", "overdue"),
        (Lifecycle.IN_PROGRESS, None, "never_reported", "never_reported"),
        (Lifecycle.COMPLETED, Health.ON_TRACK, "completed", "completed"),
        (Lifecycle.CANCELLED, None, "cancelled", "cancelled"),
        (Lifecycle.MERGED, None, "merged", "merged"),
        (Lifecycle.SUPERSEDED, None, "superseded", "superseded"),
    ],
)
def test_the_order_of_the_rule(
    lifecycle: Lifecycle, health: Health | None, fresh: str, silent: str
) -> None:
    reported = Reported(lifecycle, health)
    assert initiative_state(reported, FRESH).state == fresh
    late = initiative_state(reported, SILENT)
    assert late.state == silent
    assert late.said == fresh


def test_an_overdue_initiative_says_since_when_and_what_it_said() -> None:
    late = initiative_state(Reported(Lifecycle.PAUSED, None), SILENT)
    assert (late.days_overdue, late.overdue_since) == (5, date(2023, 7, 15))
    assert (late.last_said, late.decided_by) == (InitiativeState.PAUSED, DecidedBy.OVERDUE)


def test_never_reported_still_counts_its_days() -> None:
    never = freshness(QUARTERS, last_covered_end=None, on=TODAY)
    standing = initiative_state(None, never)
    assert (standing.state, standing.last_said) == (InitiativeState.NEVER_REPORTED, None)
    assert standing.days_overdue == (TODAY - date(2022, 4, 15)).days


def test_a_closed_initiative_carries_its_day_and_reason() -> None:
    reported = Reported(
        Lifecycle.MERGED, None, closed_on=date(2023, 1, 5), reason="Part of the new program"
    )
    standing = initiative_state(reported, SILENT)
    assert (standing.closed_on, standing.reason) == (date(2023, 1, 5), "Part of the new program")
    assert standing.days_overdue == 0


@given(st.sampled_from(Lifecycle), st.none() | st.sampled_from(Health), st.booleans())
def test_only_the_completed_is_shown_as_completed(
    lifecycle: Lifecycle, health: Health | None, late: bool
) -> None:
    standing = initiative_state(Reported(lifecycle, health), SILENT if late else FRESH)
    assert (standing.state == InitiativeState.COMPLETED) is (lifecycle == Lifecycle.COMPLETED)
    assert (standing.decided_by == DecidedBy.CLOSED) is (lifecycle in CLOSED_LIFECYCLES)


def test_milestones_are_late_by_their_precision() -> None:
    on = date(2023, 4, 10)
    late = [
        MilestoneDates(date(2023, 4, 1)),
        MilestoneDates(date(2023, 2, 15), precision=DatePrecision.QUARTER),
        MilestoneDates(date(2023, 3, 1), done_on=date(2023, 4, 11)),
    ]
    in_time = [
        MilestoneDates(None),
        MilestoneDates(on),
        MilestoneDates(date(2023, 1, 1), precision=DatePrecision.YEAR),
        MilestoneDates(date(2023, 4, 1), precision=DatePrecision.MONTH),
        MilestoneDates(date(2022, 1, 1), done_on=date(2022, 9, 1)),
    ]
    found = late_milestones(late + in_time, on)
    assert (found.count, found.worst_days) == (3, 40)
    assert late_milestones(in_time, on).count == 0


@pytest.mark.parametrize(
    ("health", "states", "reviewer", "codes"),
    [
        (Health.ON_TRACK, ["off_target"], None, ["owner_above_metrics"]),
        (Health.OFF_TRACK, ["on_target", "no_data"], None, ["owner_below_metrics"]),
        (Health.ON_TRACK, ["near_target"], Health.AT_RISK, ["owner_above_reviewer"]),
        (Health.OFF_TRACK, [], Health.AT_RISK, ["owner_below_reviewer"]),
    ],
)
def test_disagreement(
    health: Health, states: list[str], reviewer: Health | None, codes: list[str]
) -> None:
    found = disagreement(health, [MetricState(state) for state in states], reviewer)
    assert found is not None
    assert found.codes == tuple(DisagreementCode(code) for code in codes)


def test_no_word_is_no_disagreement() -> None:
    assert disagreement(None, [MetricState.OFF_TARGET]) is None
    assert disagreement(Health.ON_TRACK, [MetricState.OVERDUE], Health.ON_TRACK) is None
    assert disagreement(Health.OFF_TRACK, [MetricState.ON_TARGET, MetricState.OFF_TARGET]) is None
