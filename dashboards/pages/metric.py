"""The page of one metric: its course, its status and why, its targets and every revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from dashboards.charts import LineChart
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, marks_url, method_url
from dashboards.pages.elements import Cell, Column, Fact, Link, Mark, Pill, Table
from dashboards.pages.layout import Chrome
from dashboards.pages.metric_chart import metric_chart
from dashboards.pages.raw import raw
from dashboards.pages.reasons import ReasonLine, lowered, reason_lines
from dashboards.pages.words import Amount, Unit
from dashboards.visit import PageNotFound, Visit
from priorities.assessment.attainment import attainment, latest_change
from priorities.assessment.forecast import Forecast, ForecastMissing
from priorities.assessment.metric_status import MetricStanding
from priorities.enums import Calendar, Direction, MetricState, Quality
from priorities.labels import label
from priorities.models import Initiative, Metric, Priority
from priorities.queries.publication import (
    Document,
    Documents,
    documents,
    frame,
    later_changes,
    public_items,
)
from priorities.queries.series import FactRow, MetricFacts, MetricJudge, metric_facts
from priorities.queries.standing import closing_day, is_closed


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the big numbers at the top, and what it is."""

    amount: Amount
    text: str


@dataclass(frozen=True, slots=True)
class MetricPage:
    """Everything the template of a metric prints, and the raw values for machines."""

    chrome: Chrome
    name: str
    lede: str
    marks: tuple[Mark, ...]
    headline: Figure | None
    missing: str
    figures: tuple[Figure, ...]
    pill: Pill
    said: str
    chart: LineChart
    why_title: str
    why_text: str
    reasons: tuple[ReasonLine, ...]
    bands: tuple[str, ...]
    method: Link
    outlook: str
    values: Table
    revisions: Table | None
    targets: Table | None
    facts: tuple[Fact, ...]
    informs: tuple[Link, ...]
    raw: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The metric, its facts and its standing as JSON values."""
        return self.raw


@dataclass(frozen=True, slots=True)
class _Known:
    """What the page is made from: the metric as worded then, its facts, its standing."""

    visit: Visit
    found: Documents
    metric: Document
    unit: Unit
    facts: MetricFacts
    standing: MetricStanding
    fiscal_start_month: int
    judge: MetricJudge

    def period(self, start: Any, end: Any) -> str:
        return words.period(start or end, end, fiscal_start_month=self.fiscal_start_month)


def build_metric_page(*, visit: Visit, code: str) -> MetricPage:
    """The page of a metric as known on a date.

    Errors: ``PageNotFound`` for a code that was not public then.
    Queries: five, beside the revision.
    """
    known = _load(visit, code)
    metric, unit, standing = known.metric, known.unit, known.standing
    pill = words.metric_pill(standing)
    outlook = known.facts.outlook(metric)
    return MetricPage(
        chrome=build_chrome(
            visit=visit,
            found=known.found,
            title=metric["name"],
            description=metric["definition"][:300],
            current="metrics",
            breadcrumb=_breadcrumb(known),
        ),
        name=metric["name"],
        lede=_lede(metric),
        marks=words.marks(metric["provenance"], url=marks_url(visit)),
        headline=_headline(known),
        missing=words.missing(standing.missing.missing_reason or "")
        if standing.missing
        else _("No value yet"),
        figures=_figures(known),
        pill=pill,
        said=words.last_said(standing.last_said),
        chart=metric_chart(
            metric=metric,
            unit=unit,
            facts=known.facts,
            standing=standing,
            outlook=outlook,
            tz=visit.tz,
            fiscal_start_month=known.fiscal_start_month,
        ),
        why_title=_("Why “%(state)s”?") % {"state": lowered(pill.label)},
        why_text=_why(standing.state),
        reasons=reason_lines(standing, unit, fiscal_start_month=known.fiscal_start_month),
        bands=_bands(standing.direction),
        method=Link(_("How status is decided"), method_url(visit, "metrics")),
        outlook=_outlook_text(outlook, unit),
        values=_values(known),
        revisions=_revisions(known),
        targets=_targets(known),
        facts=_about(known),
        informs=_informs(known),
        raw=_raw(known),
    )


def _load(visit: Visit, code: str) -> _Known:
    as_of = visit.as_of
    undo = later_changes(Metric, Initiative, Priority, *(q.model for q in frame()), as_of=as_of)
    linked = Metric.initiatives.through.objects.filter(metric__code=code).values("initiative")
    once = {item.rpartition("/")[2] for old in undo.values() for item in old.get("initiatives", ())}
    found = public_items(
        documents(
            *frame(),
            Metric.objects.filter(code=code),
            Priority.objects.all(),
            Initiative.objects.filter(Q(pk__in=linked) | Q(code__in=once)),
            as_of=as_of,
            undo=undo,
        )
    )
    metric = found["metric"].get(code)
    if metric is None:
        raise PageNotFound(_not_known(visit, code))
    agency = next(iter(found["organization"].values()))
    judge = MetricJudge(
        as_of=as_of,
        closings={
            plan["code"]: closing_day(plan) if is_closed(plan, as_of.day) else None
            for plan in found["plan"].values()
        },
        fiscal_start_month=agency["fiscal_year_start_month"],
    )
    facts = metric_facts(metric["pk"], as_of=as_of)
    return _Known(
        visit,
        found,
        metric,
        Unit.of(metric),
        facts,
        facts.standing(metric, judge),
        agency["fiscal_year_start_month"],
        judge,
    )


def _not_known(visit: Visit, code: str) -> str:
    if visit.is_past:
        return _("On %(day)s no metric “%(code)s” was public yet.") % {
            "day": words.day(visit.as_of.day),
            "code": code,
        }
    return _("There is no metric “%(code)s”.") % {"code": code}


def _lede(metric: Document) -> str:
    """The definition and which way is better, as one line."""
    definition = metric["definition"].strip()
    if definition and definition[-1] not in ".?!…":
        definition += "."
    return f"{definition} {label(Direction(metric['direction']))}.".strip()


def _breadcrumb(known: _Known) -> tuple[Link, ...]:
    links: list[Link] = []
    for code in known.metric["priorities"]:
        priority = known.found["priority"].get(code)
        plan = known.found["plan"].get(code.partition("/")[0])
        if priority is None or plan is None or links:
            continue
        links = [
            Link(plan["title"], known.visit.link("plan", plan=plan["code"])),
            Link(
                priority["name"],
                known.visit.link("priority", plan=plan["code"], priority=priority["code"]),
            ),
        ]
    return (
        *(links or [Link(_("Metrics"), known.visit.link("metrics"))]),
        Link(known.metric["name"], known.visit.path, current=True),
    )


def _headline(known: _Known) -> Figure | None:
    """The newest value, its period, and whether it is an estimate."""
    observed = known.standing.observation
    if observed is None or observed.value is None:
        return None
    text = known.period(observed.start, observed.end)
    if observed.is_estimate:
        text = _("%(period)s, estimate") % {"period": text}
    return Figure(words.amount(observed.value, known.unit), text)


def _figures(known: _Known) -> tuple[Figure, ...]:
    """What the value is held against, the change, and how much of the way is done."""
    figures: list[Figure] = []
    expected, unit = known.standing.expected, known.unit
    if expected is not None and expected.value is not None:
        text = (
            _("target for %(period)s")
            % {"period": known.period(expected.period.start, expected.period.end)}
            if expected.period
            else _("expected by %(day)s") % {"day": words.day(expected.on)}
        )
        figures.append(Figure(words.amount(expected.value, unit), text))
    elif expected is not None:
        low, high = expected.low, expected.high
        spelled = [words.quantity(v, unit) for v in (low, high) if v is not None]
        figures.append(Figure(Amount("–".join(spelled)), _("target range")))
    if ahead := _next_target(known):
        figures.append(ahead)
    if change := latest_change(known.facts.observed(), kind=unit.kind):
        since = known.period(change.since.start, change.since.end)
        text = (
            _("since %(period)s, with periods missing between")
            if change.gap
            else _("since %(period)s")
        ) % {"period": since}
        figures.append(Figure(Amount(words.difference(change.amount, unit, signed=True)), text))
    return tuple(figures)


def _next_target(known: _Known) -> Figure | None:
    """The next target after the value's period, when there is one ahead."""
    observed = known.standing.observation
    ahead = [
        line
        for line in known.facts.target_lines()
        if line.value is not None and (observed is None or line.end > observed.end)
    ]
    if not ahead:
        return None
    line = min(ahead, key=lambda each: each.end)
    text = (
        _("target for %(period)s") % {"period": known.period(line.start, line.end)}
        if line.start
        else _("target by %(day)s") % {"day": words.day(line.end)}
    )
    return Figure(words.amount(line.value, known.unit), text) if line.value is not None else None


def _why(state: MetricState) -> str:
    match state:
        case MetricState.NO_DATA:
            return _("Nothing can be compared before a first value is reported.")
        case MetricState.NO_TARGET:
            return _("A value without a target is shown, and not judged.")
        case MetricState.OVERDUE:
            return _("How fresh a value is comes before what it says.")
    return _("The newest value is compared with what was expected of its period.")


def _bands(direction: Direction) -> tuple[str, ...]:
    if direction == Direction.INFORMATIONAL:
        return ()
    if direction == Direction.MAINTAIN_RANGE:
        first = _("Within the range: on target")
    else:
        first = _("Meets the target: on target")
    return (
        first,
        _("Short by the tolerance or less: near target"),
        _("Short by more: off target"),
    )


def _outlook_text(outlook: Forecast | ForecastMissing | None, unit: Unit) -> str:
    """The forecast in a sentence, or what is missing for one."""
    if outlook is None:
        return ""
    if isinstance(outlook, ForecastMissing):
        return _(
            "No forecast: it takes %(need)s comparable periods without a gap, and there are "
            "%(have)s."
        ) % {"need": outlook.need, "have": outlook.have}
    last = outlook.path[-1]
    said = _(
        "If it goes on as before, %(mean)s at %(day)s, with 8 chances in 10 between %(low)s and "
        "%(high)s. Method: mean of drift, smoothing with drift and damped trend, over %(n)s "
        "periods."
    ) % {
        "mean": words.quantity(_decimal(last.mean), unit),
        "day": words.day(last.period.end),
        "low": words.quantity(_decimal(last.low), unit),
        "high": words.quantity(_decimal(last.high), unit),
        "n": outlook.n,
    }
    if outlook.chance is None:
        return said
    chance = _("Chance of meeting the target: %(percent)s%%.") % {
        "percent": round(float(outlook.chance) * 100)
    }
    return f"{said} {chance}"


def _decimal(value: Any) -> Any:
    return round(float(value), 6)


# ── Tables ───────────────────────────────────────────────────────────────────────────────────


def _values(known: _Known) -> Table:
    """The values in force, newest first, beside the target of the same period."""
    targets = {(t.start, t.end): t for t in known.facts.targets if t.in_force}
    totals = {(row.start, row.end): row for row in known.facts.totals()}
    periods = sorted(
        {*totals, *(key for key in targets if key[0] is not None)},
        key=lambda key: (key[1], key[0] or key[1]),
        reverse=True,
    )
    rows = tuple(_value_row(known, totals.get(key), targets.get(key), key) for key in periods)
    return Table(
        caption=_("Values of %(metric)s") % {"metric": known.metric["name"]},
        columns=(
            Column(label(Calendar(known.metric["calendar"])) if _regular(known) else _("Period")),
            Column(_("Actual"), numeric=True),
            Column(_("Target"), numeric=True),
            Column(_("Note")),
            Column(_("Source")),
        ),
        rows=rows,
        empty=_("No value has been reported yet."),
    )


def _regular(known: _Known) -> bool:
    return bool(known.metric["calendar"] != Calendar.IRREGULAR)


def _value_row(
    known: _Known, row: FactRow | None, target: FactRow | None, key: tuple[Any, Any]
) -> tuple[Cell, ...]:
    source = row or target
    marks = words.marks(source.provenance, url=marks_url(known.visit)) if source else ()
    return (
        Cell(known.period(*key), head=True, marks=marks),
        _value_cell(known, row),
        Cell(_target_text(known, target) if target else "—", numeric=True),
        Cell(_value_note(known, row, target)),
        Cell(source.source, url=source.source_url) if source else Cell(),
    )


def _value_cell(known: _Known, row: FactRow | None) -> Cell:
    if row is None:
        return Cell("—", numeric=True)
    if row.value is None:
        return Cell("—", detail=words.missing(row.missing), numeric=True)
    return Cell(words.quantity(row.value, known.unit), numeric=True, strong=True)


def _target_text(known: _Known, target: FactRow) -> str:
    if target.value is not None:
        return words.quantity(target.value, known.unit)
    ends = [words.quantity(v, known.unit) for v in (target.low, target.high) if v is not None]
    return "–".join(ends)


def _value_note(known: _Known, row: FactRow | None, target: FactRow | None) -> str:
    parts: list[str] = []
    if row is not None:
        if row.quality == Quality.PROVISIONAL and row.value is not None:
            parts.append(label(Quality.PROVISIONAL))
        if (before := _superseded_by(known.facts.observations, row)) is not None:
            was = (
                words.quantity(before.value, known.unit)
                if before.value is not None
                else words.missing(before.missing)
            )
            parts.append(_("Restated from %(value)s") % {"value": was})
        if row.note:
            parts.append(row.note)
    if target is not None and target.note:
        parts.append(target.note)
    return ". ".join(part.rstrip(".") for part in parts)


def _superseded_by(rows: Sequence[FactRow], row: FactRow) -> FactRow | None:
    """The row that this one corrects."""
    return next((each for each in rows if each.pk == row.supersedes), None)


def _revisions(known: _Known) -> Table | None:
    """Every value ever published, newest first; none when nothing was ever corrected."""
    if all(row.in_force for row in known.facts.observations):
        return None
    rows = tuple(
        (
            Cell(known.period(row.start, row.end), head=True),
            _value_cell(known, row),
            Cell(words.day(row.published_at.astimezone(known.visit.tz).date())),
            Cell(_("In force") if row.in_force else _("Replaced")),
            Cell(row.reason),
            Cell(row.source, url=row.source_url),
        )
        for row in sorted(
            known.facts.observations, key=lambda r: (r.end, r.published_at, r.pk), reverse=True
        )
        if not row.in_force or row.supersedes
    )
    return Table(
        caption=_("Values that were corrected"),
        columns=(
            Column(_("Period")),
            Column(_("Value"), numeric=True),
            Column(_("Published")),
            Column(_("State")),
            Column(_("Why it was corrected")),
            Column(_("Source")),
        ),
        rows=rows,
    )


def _targets(known: _Known) -> Table | None:
    """Every target ever set, replaced ones included."""
    if not known.facts.targets:
        return None
    rows = tuple(
        (
            Cell(
                known.period(row.start, row.end)
                if row.start
                else _("by %(day)s") % {"day": words.day(row.end)},
                head=True,
                marks=words.marks(row.provenance, url=marks_url(known.visit)),
            ),
            Cell(_target_text(known, row), numeric=True, strong=row.in_force),
            Cell(words.day(row.adopted_on) if row.adopted_on else ""),
            Cell(row.source, url=row.source_url),
            Cell(row.reason or ("" if row.in_force else _("Replaced"))),
        )
        for row in sorted(
            known.facts.targets, key=lambda r: (r.end, r.published_at, r.pk), reverse=True
        )
    )
    return Table(
        caption=_("Targets, as set and as changed"),
        columns=(
            Column(_("For")),
            Column(_("Target"), numeric=True),
            Column(_("Adopted")),
            Column(_("By authority of")),
            Column(_("Reason")),
        ),
        rows=rows,
    )


# ── About ────────────────────────────────────────────────────────────────────────────────────


def _about(known: _Known) -> tuple[Fact, ...]:
    """Who answers for it, how it is reported, and the data-quality points."""
    metric, facts = known.metric, []
    division = known.found["division"].get(metric["lead_division"] or "")
    if division is not None:
        url = known.visit.link("division", division=division["code"])
        facts.append(Fact(_("Owner"), division["name"], url=url))
    facts.append(Fact(_("Reported"), _reported(known)))
    if metric["retired_on"]:
        facts.append(Fact(_("Retired"), words.day(metric["retired_on"])))
    baseline = known.facts.baseline()
    if baseline is not None:
        on = words.day(baseline.on)
        facts.append(Fact(_("Baseline"), words.quantity(baseline.value, known.unit), detail=on))
    if (done := _attained(known)) is not None:
        facts.append(done)
    for term, name in (
        (_("Source"), "source"),
        (_("How values are verified"), "verification"),
        (_("Accuracy needed"), "accuracy_needed"),
        (_("Known limits"), "known_limits"),
        (_("How limits are handled"), "limits_handling"),
    ):
        if metric[name]:
            facts.append(Fact(term, metric[name], plain=True))
    return tuple(facts)


def _attained(known: _Known) -> Fact | None:
    """How much of the way from baseline to target is done; undefined when they are equal."""
    baseline, expected = known.facts.baseline(), known.standing.expected
    value = known.standing.value
    if baseline is None or expected is None or expected.value is None or value is None:
        return None
    share = attainment(value, baseline=baseline.value, target=expected.value)
    if share is None:
        return None
    percent = _("%(percent)s%% of the way") % {"percent": words.number(share * 100)}
    return Fact(_("From baseline to target"), percent)


def _reported(known: _Known) -> str:
    metric = known.metric
    calendar = Calendar(metric["calendar"])
    said = {
        Calendar.FISCAL_YEAR: _("Each fiscal year"),
        Calendar.CALENDAR_YEAR: _("Each calendar year"),
        Calendar.QUARTER: _("Each quarter"),
        Calendar.MONTH: _("Each month"),
    }.get(calendar)
    if said is None:
        return _("When the City publishes a value")
    return _("%(calendar)s, due %(days)s after its end") % {
        "calendar": said,
        "days": words.counted_days(metric["grace_days"]),
    }


def _informs(known: _Known) -> tuple[Link, ...]:
    """The priorities and initiatives that the metric informs."""
    links = []
    for kind in ("priority", "initiative"):
        for code, item in known.found[kind].items():
            plan = code.partition("/")[0]
            if code in known.metric["priorities" if kind == "priority" else "initiatives"]:
                codes = {"plan": plan, kind: item["code"]}
                links.append(Link(item["name"], known.visit.link(kind, **codes)))
    return tuple(links)


# ── For machines ─────────────────────────────────────────────────────────────────────────────


def _raw(known: _Known) -> dict[str, Any]:
    """The metric as JSON values."""
    standing, metric = known.standing, known.metric
    expected = standing.expected
    return {
        "code": metric["code"],
        **{
            name: raw(metric[name])
            for name in Metric.LOGGED
            if name not in ("code", "priorities", "initiatives", "order")
        },
        "priorities": sorted(c for c in metric["priorities"] if c in known.found["priority"]),
        "initiatives": sorted(c for c in metric["initiatives"] if c in known.found["initiative"]),
        "standing": {
            "state": standing.state.value,
            "last_said": standing.last_said.value if standing.last_said else None,
            "days_overdue": standing.days_overdue,
            "value": raw(standing.value),
            "period_end": raw(standing.observation.end if standing.observation else None),
            "is_estimate": standing.is_estimate,
            "expected": raw(expected.value if expected else None),
            "expected_low": raw(expected.low if expected else None),
            "expected_high": raw(expected.high if expected else None),
            "shortfall": raw(standing.shortfall),
            "tolerance": raw(standing.tolerance),
        },
        "observations": [_raw_fact(row) for row in known.facts.observations],
        "targets": [_raw_fact(row) for row in known.facts.targets],
        "baselines": [_raw_fact(row) for row in known.facts.baselines],
    }


#: Keys of a row and the names of staff.
PRIVATE = frozenset({"pk", "supersedes", "recorded_by"})


def _raw_fact(row: FactRow) -> dict[str, Any]:
    names = [n for n in FactRow.__dataclass_fields__ if n not in PRIVATE]
    return {"id": row.pk, "supersedes": row.supersedes} | {
        name: raw(getattr(row, name)) for name in names
    }
