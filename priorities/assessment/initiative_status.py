"""What an initiative shows, and what stands beside it (rule 4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from priorities.assessment.freshness import Freshness
from priorities.assessment.periods import period_containing
from priorities.enums import (
    CLOSED_LIFECYCLES,
    Calendar,
    DatePrecision,
    Health,
    InitiativeState,
    Lifecycle,
    MetricState,
)

_STATE_OF_CLOSED = {closed: InitiativeState(closed.value) for closed in CLOSED_LIFECYCLES}
_STATE_OF_HEALTH = {health: InitiativeState(health.value) for health in Health}


class DecidedBy(StrEnum):
    """Which fact decided what an initiative shows, in order of precedence."""

    CLOSED = "closed"
    NEVER_REPORTED = "never_reported"
    OVERDUE = "overdue"
    PAUSED = "paused"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Reported:
    """The newest published report on an initiative."""

    lifecycle: Lifecycle
    health: Health | None
    percent: int | None = None
    closed_on: date | None = None
    reason: str = ""
    period_end: date | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class InitiativeStanding:
    """What an initiative shows on a day, and why.

    ``last_said`` is what an overdue initiative showed before it fell silent.
    """

    state: InitiativeState
    decided_by: DecidedBy
    reported: Reported | None
    days_overdue: int = 0
    last_said: InitiativeState | None = None
    overdue_since: date | None = None

    @property
    def closed_on(self) -> date | None:
        """The day on which it was closed, when it is."""
        if self.reported is None or self.decided_by != DecidedBy.CLOSED:
            return None
        return self.reported.closed_on

    @property
    def reason(self) -> str:
        """Why it was closed, paused or is not on track, in the owner's words."""
        return "" if self.reported is None else self.reported.reason

    @property
    def said(self) -> InitiativeState:
        """What was said last, overdue or not."""
        return self.last_said or self.state


def initiative_state(reported: Reported | None, freshness: Freshness | None) -> InitiativeStanding:
    """What an initiative shows: closed, never reported, overdue, paused, the owner's health.

    ``freshness`` None means that nothing is ever due. A report without a health is no word on
    how it stands, so it counts as never reported.

    >>> going = Reported(Lifecycle.IN_PROGRESS, Health.AT_RISK)
    >>> str(initiative_state(going, None).state)
    'at_risk'
    >>> from priorities.assessment.freshness import freshness, windows_for
    >>> silent = freshness(
    ...     windows_for(Calendar.QUARTER, first=date(2022, 1, 1), on=date(2022, 8, 1)),
    ...     last_covered_end=date(2022, 3, 31), on=date(2022, 8, 1))
    >>> late = initiative_state(going, silent)
    >>> str(late.state), late.days_overdue, str(late.last_said)
    ('overdue', 17, 'at_risk')

    What is closed stays closed, however long nobody reports:

    >>> over = Reported(Lifecycle.CANCELLED, None, closed_on=date(2022, 2, 1), reason="No funds")
    >>> str(initiative_state(over, silent).state), initiative_state(over, silent).days_overdue
    ('cancelled', 0)
    >>> str(initiative_state(None, silent).state), initiative_state(None, silent).days_overdue
    ('never_reported', 17)
    """
    if reported is None:
        said, decided = InitiativeState.NEVER_REPORTED, DecidedBy.NEVER_REPORTED
    else:
        said, decided = _said(reported)
        if decided == DecidedBy.CLOSED:
            return InitiativeStanding(said, decided, reported)
    if freshness is None or not freshness.overdue:
        return InitiativeStanding(said, decided, reported)
    days, since = freshness.days_overdue, freshness.overdue_since
    if decided == DecidedBy.NEVER_REPORTED:
        return InitiativeStanding(said, decided, reported, days, None, since)
    return InitiativeStanding(
        InitiativeState.OVERDUE, DecidedBy.OVERDUE, reported, days, said, since
    )


def _said(reported: Reported) -> tuple[InitiativeState, DecidedBy]:
    """What the report itself says, however old it is."""
    closed = _STATE_OF_CLOSED.get(reported.lifecycle)
    if closed is not None:
        return closed, DecidedBy.CLOSED
    if reported.lifecycle == Lifecycle.PAUSED:
        return InitiativeState.PAUSED, DecidedBy.PAUSED
    if reported.health is None:
        return InitiativeState.NEVER_REPORTED, DecidedBy.NEVER_REPORTED
    return _STATE_OF_HEALTH[reported.health], DecidedBy.HEALTH


@dataclass(frozen=True, slots=True)
class MilestoneDates:
    """When a milestone is due, how exact that is, and when it was done."""

    due_on: date | None
    done_on: date | None = None
    precision: DatePrecision = DatePrecision.DAY


@dataclass(frozen=True, slots=True)
class LateMilestones:
    """How many milestones are late, and the worst of them in days."""

    count: int
    worst_days: int


_CALENDAR_OF_PRECISION = {
    DatePrecision.MONTH: Calendar.MONTH,
    DatePrecision.QUARTER: Calendar.QUARTER,
    DatePrecision.YEAR: Calendar.CALENDAR_YEAR,
}


def last_day_of(day: date, precision: DatePrecision) -> date:
    """The last day that a date of some precision still allows.

    >>> last_day_of(date(2022, 2, 1), DatePrecision.QUARTER)
    datetime.date(2022, 3, 31)
    >>> last_day_of(date(2022, 2, 1), DatePrecision.DAY)
    datetime.date(2022, 2, 1)
    """
    calendar = _CALENDAR_OF_PRECISION.get(precision)
    period = None if calendar is None else period_containing(day, calendar, fiscal_start_month=1)
    return day if period is None else period.end


def late_milestones(milestones: Iterable[MilestoneDates], on: date) -> LateMilestones:
    """The milestones that are past due and not done on a day.

    One that is due in a year is late only when the year is over; one done after the day is not
    done yet.

    >>> due = [MilestoneDates(date(2022, 6, 1)),
    ...        MilestoneDates(date(2022, 1, 1), precision=DatePrecision.YEAR),
    ...        MilestoneDates(date(2022, 5, 1), done_on=date(2022, 5, 20))]
    >>> late_milestones(due, date(2022, 6, 11))
    LateMilestones(count=1, worst_days=10)
    """
    count = worst = 0
    for milestone in milestones:
        if milestone.due_on is None:
            continue
        if milestone.done_on is not None and milestone.done_on <= on:
            continue
        days = (on - last_day_of(milestone.due_on, milestone.precision)).days
        if days > 0:
            count += 1
            worst = max(worst, days)
    return LateMilestones(count, worst)


class DisagreementCode(StrEnum):
    """In what way two judgements of one initiative differ."""

    OWNER_ABOVE_METRICS = "owner_above_metrics"
    OWNER_BELOW_METRICS = "owner_below_metrics"
    OWNER_ABOVE_REVIEWER = "owner_above_reviewer"
    OWNER_BELOW_REVIEWER = "owner_below_reviewer"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where the owner's word and the numbers, or the reviewer, differ."""

    codes: tuple[DisagreementCode, ...]
    health: Health
    off_target: int
    rated: int
    reviewer: Health | None


_RATED = frozenset({MetricState.ON_TARGET, MetricState.NEAR_TARGET, MetricState.OFF_TARGET})
_WORSE = {Health.ON_TRACK: 0, Health.AT_RISK: 1, Health.OFF_TRACK: 2}


def disagreement(
    health: Health | None,
    metric_states: Iterable[MetricState],
    reviewer: Health | None = None,
) -> Disagreement | None:
    """Does the owner's word differ from the numbers or from the reviewer? None when it does not.

    On track while a metric is off target, or off track while every rated metric is on target.
    Metrics without a rating (no data, no target, overdue) say nothing either way.

    >>> found = disagreement(Health.ON_TRACK, [MetricState.OFF_TARGET, MetricState.ON_TARGET])
    >>> [str(code) for code in found.codes], found.off_target, found.rated
    (['owner_above_metrics'], 1, 2)
    >>> disagreement(Health.OFF_TRACK, [MetricState.NO_DATA]) is None
    True
    """
    if health is None:
        return None
    rated = [state for state in metric_states if state in _RATED]
    off_target = rated.count(MetricState.OFF_TARGET)
    codes: list[DisagreementCode] = []
    if health == Health.ON_TRACK and off_target:
        codes.append(DisagreementCode.OWNER_ABOVE_METRICS)
    if health == Health.OFF_TRACK and rated and set(rated) == {MetricState.ON_TARGET}:
        codes.append(DisagreementCode.OWNER_BELOW_METRICS)
    if reviewer is not None and reviewer != health:
        above = _WORSE[health] < _WORSE[reviewer]
        codes.append(
            DisagreementCode.OWNER_ABOVE_REVIEWER
            if above
            else DisagreementCode.OWNER_BELOW_REVIEWER
        )
    return Disagreement(tuple(codes), health, off_target, len(rated), reviewer) if codes else None
