"""What a person needs before them to enter the value of a metric for a period.

The figures before it, what is expected, what is recorded for that very period, what was typed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from accounts.models import User
from priorities.assessment.expectation import Expected, expected_value
from priorities.assessment.periods import AsOf, Period, period_containing
from priorities.assessment.usual_range import Past
from priorities.enums import AssignmentState, Calendar, Direction, TargetPath
from priorities.models import Assignment, Draft, Metric, Observation, Organization
from priorities.queries.series import CardFacts, Figure, card_facts, exact
from priorities.spelling import Unit

#: The code of a metric and the end of a period stand for one row of the grid.
LENGTH_OF_DATE = len("2022-06-30")


@dataclass(frozen=True, slots=True)
class Asked:
    """One value that is asked for: of a metric, for a period, due on a day.

    ``correcting``: what is recorded for the period is to be replaced.
    """

    metric_pk: int
    period: Period
    due_on: dt.date | None = None
    days_overdue: int = 0
    correcting: bool = False

    @property
    def form(self) -> str:
        """The name under which what is typed is kept: the same as of the item in the round."""
        kind = "correction" if self.correcting else "metric"
        return f"{kind}:{self.metric_pk}:{self.period.end.isoformat()}"


@dataclass(frozen=True, slots=True)
class ValueDesk:
    """One value that is asked for, with all that lies there for who enters it.

    ``last``: the newest figure with a value before the period. ``past``: all earlier values, for
    the usual range. ``recorded``: the row in force for this very period. ``draft``: what the
    person typed and did not save. ``fiscal``: the month in which the fiscal year begins.
    ``assignment_pk``: that of the person who answers for the metric and may say "not mine".
    """

    asked: Asked
    metric: Metric
    expected: Expected | None
    last: Figure | None
    past: tuple[Past, ...] = field(repr=False)
    recorded: Observation | None
    draft: Draft | None
    fiscal: int = 7
    assignment_pk: int | None = None

    @property
    def key(self) -> str:
        """What stands for the row in the form: "311-calls-answered-2022-06-30"."""
        return key_of(self.metric.code, self.asked.period.end)

    @property
    def unit(self) -> Unit:
        """How its values are written."""
        return unit_of(self.metric)


def key_of(code: str, end: dt.date) -> str:
    """What stands for a metric and a period in a form."""
    return f"{code}-{end.isoformat()}"


def parted(key: str) -> tuple[str, dt.date] | None:
    """The code and the day in a key; None for what is no key.

    >>> parted("calls-2022-06-30"), parted("calls"), parted("calls-2022-06-31")
    (('calls', datetime.date(2022, 6, 30)), None, None)
    """
    code, end = key[: -LENGTH_OF_DATE - 1], key[-LENGTH_OF_DATE:]
    try:
        day = dt.date.fromisoformat(end)
    except ValueError:
        return None
    return (code, day) if code and key == key_of(code, day) else None


def unit_of(metric: Metric) -> Unit:
    """How the values of a metric are written."""
    return Unit.of({name: getattr(metric, name) for name in (
        "kind", "decimals", "unit", "unit_plural", "symbol"
    )})  # fmt: skip


def ended_period(metric: Metric, end: dt.date, *, on: dt.date, fiscal: int) -> Period | None:
    """The period of the metric's calendar that ends on that day, when it is over; else None."""
    try:
        period = period_containing(end, Calendar(metric.calendar), fiscal_start_month=fiscal)
    except ValueError:  # it would begin before the first year, or end after the last
        return None
    return period if period is not None and period.end == end < on else None


def fiscal_start() -> int:
    """The month in which the agency's fiscal year begins. Queries: one."""
    found = Organization.objects.order_by("pk").values_list("fiscal_year_start_month", flat=True)
    return found.first() or 7


def value_desks(
    asked: Iterable[Asked], *, person: User, as_of: AsOf, fiscal: int
) -> tuple[ValueDesk, ...]:
    """Each value that is asked for, in the same order. Queries: five, whatever the number."""
    wanted = tuple(asked)
    metrics = Metric.objects.in_bulk({one.metric_pk for one in wanted})
    calendars = {pk: Calendar(metric.calendar) for pk, metric in metrics.items()}
    facts = card_facts(calendars, as_of=as_of, whole=True)
    recorded = in_force(
        Observation.objects.filter(
            metric__in=metrics, period_end__in={one.period.end for one in wanted}, categories=""
        )
    )
    held = Assignment.objects.filter(
        person=person, metric__in=metrics, state=AssignmentState.ACCEPTED.value
    )
    assigned = dict(held.order_by("pk").values_list("metric_id", "pk"))
    drafts = {row.form: row for row in Draft.objects.filter(person=person)}
    return tuple(
        replace(
            _desk(one, metrics[one.metric_pk], facts.get(one.metric_pk, CardFacts()), recorded),
            draft=drafts.get(one.form),
            fiscal=fiscal,
            assignment_pk=assigned.get(one.metric_pk),
        )
        for one in wanted
    )


Recorded = Mapping[tuple[int, Period], Observation]


def in_force(rows: Iterable[Observation]) -> Recorded:
    """The newest row of each metric and period: a correction is made after what it corrects."""
    return {
        (row.metric_id, Period(row.period_start, row.period_end)): row
        for row in sorted(rows, key=lambda row: row.pk)
    }


def _desk(
    one: Asked,
    metric: Metric,
    facts: CardFacts,
    recorded: Recorded,
) -> ValueDesk:
    """The value that is asked for, beside the figures of its metric."""
    earlier = [figure for figure in facts.figures if figure.end < one.period.end]
    valued = [figure for figure in earlier if figure.value is not None]
    return ValueDesk(
        asked=one,
        metric=metric,
        expected=expected_value(
            one.period,
            direction=Direction(metric.direction),
            path=TargetPath(metric.path),
            targets=facts.targets,
            baseline=facts.baseline,
        ),
        last=valued[-1] if valued else None,
        past=tuple(past_of(valued)),
        recorded=recorded.get((metric.pk, one.period)),
        draft=None,
    )


def past_of(figures: Iterable[Figure]) -> Iterable[Past]:
    """Figures with a value, as the rule of the usual range takes them."""
    for figure in figures:
        value = exact(repr(figure.value)) if figure.value is not None else None
        if value is not None:
            yield Past(Period(figure.start, figure.end), value)
