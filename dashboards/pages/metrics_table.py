"""Metrics as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.pages import words
from dashboards.pages.cards import RatedMetric, period_words, target_words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Cell, Column, Table
from dashboards.pages.reading import fiscal_start_month
from dashboards.pages.words import Unit
from dashboards.visit import Visit
from priorities.enums import MetricState
from priorities.queries.publication import Documents
from priorities.saying import gettext as _


def metrics_table(visit: Visit, found: Documents, rated: Sequence[RatedMetric]) -> Table:
    """Each metric with its status, newest value, what that is held against, and who answers."""
    fiscal, url = fiscal_start_month(found), marks_url(visit)
    return Table(
        caption=_("Metrics"),
        columns=(
            Column(_("Metric")),
            Column(_("Status")),
            Column(_("Newest value"), numeric=True),
            Column(_("Held against")),
            Column(_("Lead division")),
        ),
        rows=tuple(_row(visit, found, each, fiscal, url) for each in rated),
    )


def _row(
    visit: Visit, found: Documents, rated: RatedMetric, fiscal: int, url: str
) -> tuple[Cell, ...]:
    metric, standing, newest = rated.metric, rated.standing, rated.newest
    unit = Unit.of(metric)
    division = found["division"].get(metric["lead_division"] or "")
    said = words.last_said(standing.last_said) if standing.state == MetricState.OVERDUE else ""
    trust = newest.provenance if newest else metric["provenance"]
    return (
        Cell(
            metric["name"],
            visit.link("metric", metric=metric["code"]),
            head=True,
            marks=words.marks(trust, url=url),
        ),
        Cell(pill=words.metric_pill(standing), detail=said),
        Cell(
            words.quantity(newest.value, unit),
            detail=_when(rated, fiscal),
            numeric=True,
            strong=True,
        )
        if newest is not None and newest.value is not None
        else Cell("—", detail=_("No value yet"), numeric=True),
        Cell(
            target_words(standing.expected, rated.facts.targets, unit),
            detail=words.way(metric["direction"]),
        ),
        Cell(
            division["short_name"] or division["name"],
            visit.link("division", division=division["code"]),
        )
        if division
        else Cell("—"),
    )


def _when(rated: RatedMetric, fiscal: int) -> str:
    """The period of the newest value, and whether it is an estimate."""
    when = period_words(rated.newest, rated.metric, fiscal)
    if rated.standing.is_estimate:
        return _("%(period)s, estimate") % {"period": when}
    return when
