"""The columns of the table of metrics: what each is called, what it means, what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboards.pages import words
from dashboards.pages.cards import RatedMetric, period_words, target_words
from dashboards.pages.elements import Cell
from dashboards.pages.library import Library
from dashboards.pages.portfolio_fields import NOTHING, Field
from dashboards.pages.reading import fiscal_start_month
from dashboards.pages.words import Unit
from dashboards.visit import Visit
from priorities.enums import MetricState, Provenance
from priorities.labels import label
from priorities.saying import gettext as _

#: The columns that a reader finds who has chosen none.
USUAL = ("status", "newest", "period", "against", "division")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the columns need besides the metric: the documents, and the day."""

    visit: Visit
    library: Library

    @property
    def fiscal(self) -> int:
        """The month in which the agency's fiscal year starts."""
        return fiscal_start_month(self.library.found)


MetricField = Field[Shelf, RatedMetric]


def metric_fields() -> tuple[MetricField, ...]:
    """Every column, in the order in which they stand; the first is always there."""
    return (
        Field(
            "metric",
            _("Metric"),
            _("The name of the metric, as it was on the day."),
            lambda _shelf, one: str(one.metric["name"]),
            _name,
        ),
        Field(
            "code",
            _("Code"),
            _("Its code, which never changes."),
            lambda _shelf, one: str(one.metric["code"]),
        ),
        Field(
            "status",
            _("Status"),
            _("What the numbers say; an overdue one is not held against its target."),
            lambda _shelf, one: label(one.standing.state),
            _status,
        ),
        Field(
            "overdue",
            _("Days overdue"),
            _("How many days its newest value is late; empty when it is not."),
            lambda _shelf, one: one.standing.days_overdue or None,
            numeric=True,
        ),
        Field(
            "said",
            _("Last said"),
            _("What an overdue metric showed before it fell silent."),
            lambda _shelf, one: label(one.standing.last_said) if one.standing.last_said else None,
        ),
        *_figures(),
        Field(
            "way",
            _("Which way is better"),
            _("Whether more or less of it is better."),
            lambda _shelf, one: words.way(one.metric["direction"]),
        ),
        Field("division", _("Lead division"), _("The division that answers for it."), _division),
        Field(
            "headline",
            _("Headline metric"),
            _("Whether it stands for its plan."),
            lambda _shelf, one: _("yes") if one.metric["headline"] else None,
        ),
        Field(
            "provenance",
            _("Provenance"),
            _("Where the newest value comes from, and how far that can be trusted; without a "
              "value, the metric."),
            lambda _shelf, one: label(Provenance(trust_of(one))),
        ),
    )  # fmt: skip


def _figures() -> tuple[MetricField, ...]:
    """Its newest value, and what that is held against."""
    return (
        Field(
            "newest",
            _("Newest value"),
            _("The value of the newest period that has one, in the unit of the metric."),
            _value,
            _newest,
            numeric=True,
        ),
        Field(
            "unit",
            _("Unit"),
            _("What the value counts."),
            lambda _shelf, one: str(one.metric["unit_plural"] or one.metric["unit"]) or None,
        ),
        Field(
            "estimate",
            _("Estimate"),
            _("Whether the newest value is an estimate, which may still be settled."),
            lambda _shelf, one: _("yes") if one.standing.is_estimate else None,
        ),
        Field(
            "period",
            _("Of the period"),
            _("The period of the newest value, by its last day in a file."),
            lambda _shelf, one: one.newest.end if one.newest else None,
            lambda shelf, one: Cell(
                period_words(one.newest, one.metric, shelf.fiscal) if one.newest else NOTHING
            ),
        ),
        Field(
            "against",
            _("Held against"),
            _("The target of that period, or the point on the way to the next one."),
            _against,
        ),
        Field(
            "difference",
            _("Difference"),
            _("The value less what it is held against, in the unit of the metric."),
            _difference,
            _difference_cell,
            numeric=True,
        ),
    )


def of_files(chosen: Sequence[MetricField]) -> tuple[MetricField, ...]:
    """The columns of a file: what the page says within a cell stands in columns of its own."""
    codes = {field.code for field in chosen} | {"provenance"}
    if "status" in codes:
        codes |= {"overdue", "said"}
    if "newest" in codes:
        codes |= {"unit", "estimate"}
    return tuple(field for field in metric_fields() if field.code in codes)


def trust_of(one: RatedMetric) -> str:
    """The provenance of what is shown of a metric: of its newest value, else its own."""
    return str(one.newest.provenance if one.newest else one.metric["provenance"])


# ── Values, and cells that show more than them ───────────────────────────────────────────────


def _name(shelf: Shelf, one: RatedMetric) -> Cell:
    return Cell(
        one.metric["name"], shelf.visit.link("metric", metric=one.metric["code"]), head=True
    )


def _status(_shelf: Shelf, one: RatedMetric) -> Cell:
    standing = one.standing
    late = standing.state == MetricState.OVERDUE
    return Cell(
        pill=words.metric_pill(standing),
        detail=words.last_said(standing.last_said) if late else "",
    )


def _value(_shelf: Shelf, one: RatedMetric) -> Decimal | None:
    return one.newest.observed().value if one.newest else None


def _newest(_shelf: Shelf, one: RatedMetric) -> Cell:
    if one.newest is None or one.newest.value is None:
        return Cell(NOTHING, numeric=True)
    estimate = _("estimate") if one.standing.is_estimate else ""
    return Cell(
        words.quantity(one.newest.value, Unit.of(one.metric)), detail=estimate, numeric=True
    )


def _against(_shelf: Shelf, one: RatedMetric) -> str:
    return target_words(one.standing.expected, one.facts.targets, Unit.of(one.metric))


def _difference(_shelf: Shelf, one: RatedMetric) -> Decimal | None:
    return one.standing.difference


def _difference_cell(_shelf: Shelf, one: RatedMetric) -> Cell:
    if one.standing.difference is None:
        return Cell(NOTHING, numeric=True)
    unit = Unit.of(one.metric)
    return Cell(words.difference(one.standing.difference, unit, signed=True), numeric=True)


def _division(shelf: Shelf, one: RatedMetric) -> str | None:
    division = shelf.library.found["division"].get(one.metric["lead_division"] or "")
    return str(division["short_name"] or division["name"]) if division else None
