"""The page of a metric for machines."""

from __future__ import annotations

from typing import Any

from dashboards.pages.metric_known import Known
from dashboards.pages.questions import question_json
from dashboards.pages.rating import rating_json
from dashboards.pages.raw import raw
from priorities.assessment.forecast import Backtest, Forecast, ForecastMissing
from priorities.models import Metric
from priorities.queries.metric_facts import FactRow

#: Keys of a row and the names of staff.
PRIVATE = frozenset({"pk", "supersedes", "recorded_by"})


def metric_data(
    known: Known, outlook: Forecast | ForecastMissing | None, held: Backtest | None
) -> dict[str, Any]:
    """The metric, its facts, its standing and its forecast as JSON values."""
    metric, facts = known.metric, known.facts
    return {
        "code": metric["code"],
        **{
            name: raw(metric[name])
            for name in Metric.LOGGED
            if name not in ("code", "priorities", "initiatives", "order")
        },
        "priorities": sorted(c for c in metric["priorities"] if c in known.found["priority"]),
        "initiatives": sorted(c for c in metric["initiatives"] if c in known.found["initiative"]),
        "standing": _standing(known),
        "forecast": _forecast(outlook, held),
        "observations": [_fact(row) for row in facts.observations],
        "targets": [_fact(row) for row in facts.targets],
        "reviewer": rating_json(known.rating),
        "questions": [question_json(each, known.targets_named()) for each in known.questions],
        "baselines": [_fact(row) for row in facts.baselines],
    }


def _standing(known: Known) -> dict[str, Any]:
    standing = known.standing
    expected = standing.expected
    return {
        "state": standing.state.value,
        "last_said": raw(standing.last_said),
        "days_overdue": standing.days_overdue,
        "overdue_since": raw(standing.overdue_since),
        "next_due": raw(known.freshness.next_due),
        "value": raw(standing.value),
        "period_end": raw(standing.observation.end if standing.observation else None),
        "is_estimate": standing.is_estimate,
        "expected": raw(expected.value if expected else None),
        "expected_low": raw(expected.low if expected else None),
        "expected_high": raw(expected.high if expected else None),
        "expected_basis": raw(expected.basis if expected else None),
        "shortfall": raw(standing.shortfall),
        "tolerance": raw(standing.tolerance),
        "tolerance_basis": raw(standing.tolerance_basis),
    }


def _forecast(
    outlook: Forecast | ForecastMissing | None, held: Backtest | None
) -> dict[str, Any] | None:
    """The band, or what is missing for one."""
    if outlook is None:
        return None
    if isinstance(outlook, ForecastMissing):
        return {"missing": outlook.code.value, "have": outlook.have, "need": outlook.need}
    return {
        "method": outlook.method.value,
        "n": outlook.n,
        "level": raw(outlook.level),
        "chance": raw(outlook.chance),
        "held": held.held if held else None,
        "tried": held.tried if held else None,
        "path": [
            {
                "start": raw(step.period.start),
                "end": raw(step.period.end),
                "mean": raw(step.mean),
                "low": raw(step.low),
                "high": raw(step.high),
            }
            for step in outlook.path
        ],
    }


def _fact(row: FactRow) -> dict[str, Any]:
    names = [name for name in FactRow.__dataclass_fields__ if name not in PRIVATE]
    return {"id": row.pk, "supersedes": row.supersedes} | {
        name: raw(getattr(row, name)) for name in names
    }
