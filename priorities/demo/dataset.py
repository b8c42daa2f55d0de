"""Reads the data files as typed rows.

Pure: no database. Unknown keys in a file are errors, so a typo cannot drop a figure.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from priorities.demo.notation import parse_span
from priorities.demo.rows import (
    BaselineFigure,
    BudgetData,
    Dataset,
    Figure,
    InitiativeData,
    MetricData,
    MilestoneChange,
    MilestoneData,
    PersonData,
    PlanData,
    PriorityData,
    Revision,
    Row,
    Source,
    TargetFigure,
    UpdateData,
)
from priorities.enums import MissingReason, Provenance, Quality

DATA = Path(__file__).parent / "data"


def read_dataset(folder: Path = DATA) -> Dataset:
    """Read all files of a folder.

    Errors: ``TypeError`` for an unknown key, ``KeyError`` for a missing one or an unknown source,
    ``ValueError`` for a value that is none.
    """
    files = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    sources = {key: Source(key=key, **row) for key, row in files["sources"].items()}
    agency, current, following = (
        files[name] for name in ("organization", "plan-2022-2023", "plan-next")
    )
    reports, people = files["illustrative-updates"], files["illustrative-people"]
    code = current["plan"]["code"]
    published = [
        *files["metrics-budget"]["metric"],
        *files["metrics-city"]["metric"],
        *following["metric"],
    ]
    made_up = files["illustrative-metrics"]["metric"]
    return Dataset(
        sources=sources,
        organization=agency["organization"],
        organization_revisions=agency["organization_revision"],
        divisions=agency["division"],
        people=[PersonData(**row) for row in agency["person"]],
        plans=[PlanData(**row) for row in [current["plan"], *following["plan"]]],
        priorities=[
            *(PriorityData(plan=code, **row) for row in current["priority"]),
            *(PriorityData(**row) for row in following["priority"]),
        ],
        initiatives=[
            *(_initiative(row | {"plan": code}, sources) for row in current["initiative"]),
            *(_initiative(row, sources) for row in following["initiative"]),
        ],
        metrics=[
            *(_metric(row, sources, Provenance.PUBLISHED) for row in published),
            *(_metric(row, sources, Provenance.ILLUSTRATIVE) for row in made_up),
        ],
        dimensions=files["illustrative-metrics"]["dimension"],
        updates=list(_updates(reports)),
        owners={f"{reports['plan']}/{row['code']}": row["owner"] for row in reports["initiative"]},
        milestone_changes=[
            MilestoneChange(
                initiative=f"{reports['plan']}/{row['initiative']}", key=row["key"], **change
            )
            for row in reports["milestone"]
            for change in row["changes"]
        ],
        handshakes={key: value for key, value in people.items() if not isinstance(value, list)},
        assignments=people["assignment"],
        questions=people["question"],
        ratings=people["rating"],
        meetings=files["illustrative-meetings"],
    )


def _initiative(row: Row, sources: dict[str, Source]) -> InitiativeData:
    parts = {
        "budget": [BudgetData(**line) for line in row.get("budget", [])],
        "milestones": [MilestoneData(**line) for line in row.get("milestones", [])],
        "revisions": [_revision(line, sources) for line in row.get("revisions", [])],
    }
    return InitiativeData(**(row | parts))


#: Words of a metric's file that do not go to the model under the same name.
OWN_WORDS = frozenset(
    {
        "code",
        "priorities",
        "initiatives",
        "dimensions",
        "division",
        "owner",
        "observations",
        "targets",
        "baseline",
        "revisions",
        "provenance",
        "official_name",
        "official_code",
        "values_from",
        "added_on",
    }
)


def _metric(row: Row, sources: dict[str, Source], facts: Provenance) -> MetricData:
    fields = {name: value for name, value in row.items() if name not in OWN_WORDS}
    if "tolerance" in fields:
        fields["tolerance"] = Decimal(fields["tolerance"])
    fields["source"] = _source_of_values(row)
    provenance = Provenance(row.get("provenance", facts))
    baseline = row.get("baseline")
    return MetricData(
        code=row["code"],
        fields=fields,
        division=row.get("division", ""),
        priorities=tuple(row.get("priorities", ())),
        initiatives=tuple(row.get("initiatives", ())),
        dimensions=tuple(row.get("dimensions", ())),
        owner=row.get("owner", ""),
        added_on=row.get("added_on"),
        provenance=provenance,
        observations=tuple(_figure(line, sources, facts) for line in row["observations"]),
        targets=tuple(_target(line, sources, facts) for line in row.get("targets", [])),
        baseline=_baseline(baseline, sources, facts) if baseline else None,
        revisions=tuple(_revision(line, sources) for line in row.get("revisions", [])),
    )


def _source_of_values(row: Row) -> str:
    if "official_code" in row:
        return f"City budget: “{row['official_name']}”, measure {row['official_code']}."
    return str(row.get("values_from", "A published page for each value."))


def _decimal(line: Row, name: str) -> Decimal | None:
    return Decimal(line.pop(name)) if name in line else None


def _day(line: Row, sources: dict[str, Source]) -> dt.date:
    """Since when a figure was public: its own day, or its source's."""
    own: dt.date | None = line.pop("published_on", None)
    return own or sources[line["source"]].published_on


def _revision(row: Row, sources: dict[str, Source]) -> Revision:
    """What changes on the day of its source, or on a day of its own."""
    line = dict(row)
    own: dt.date | None = line.pop("on", None)
    on = own or sources[line["source"]].published_on
    return Revision(on=on, source=line.pop("source", ""), changes=line)


def _figure(row: Row, sources: dict[str, Source], facts: Provenance) -> Figure:
    line = dict(row)
    return Figure(
        span=parse_span(line.pop("period")),
        value=_decimal(line, "value"),
        missing=MissingReason(line.pop("missing")) if "missing" in line else None,
        quality=Quality(line.pop("quality", Quality.FINAL)),
        published_on=_day(line, sources),
        provenance=Provenance(line.pop("provenance", facts)),
        **({"source": "", "categories": "", "reason": "", "note": ""} | line),
    )


def _target(row: Row, sources: dict[str, Source], facts: Provenance) -> TargetFigure:
    line = dict(row)
    span = parse_span(line.pop("period")) if "period" in line else None
    source = line.pop("source", "")
    return TargetFigure(
        span=span,
        by=line.pop("by") if span is None else span.end,
        value=_decimal(line, "value"),
        low=_decimal(line, "low"),
        high=_decimal(line, "high"),
        authority=line.pop("authority", "") or sources[source].title,
        source=source,
        provenance=Provenance(line.pop("provenance", facts)),
        **({"reason": "", "note": ""} | line),
    )


def _baseline(row: Row, sources: dict[str, Source], facts: Provenance) -> BaselineFigure:
    line = dict(row)
    return BaselineFigure(
        value=Decimal(line.pop("value")),
        published_on=_day(line, sources),
        provenance=Provenance(line.pop("provenance", facts)),
        **({"source": "", "note": ""} | line),
    )


def _updates(reports: Row) -> Iterator[UpdateData]:
    for row in reports["initiative"]:
        code = f"{reports['plan']}/{row['code']}"
        for update in row["updates"]:
            yield UpdateData(initiative=code, owner=row["owner"], **update)
    owners = {row["code"]: row["owner"] for row in reports["initiative"]}
    for row in reports["draft"]:
        code = f"{reports['plan']}/{row['initiative']}"
        said = {name: value for name, value in row.items() if name != "initiative"}
        yield UpdateData(initiative=code, owner=owners[row["initiative"]], draft=True, **said)
    for row in reports["later"]:
        yield UpdateData(**row)
