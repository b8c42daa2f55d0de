"""What a metric's page says beside its chart: big figures, why, who answers, how it is measured."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Fact, Link
from dashboards.pages.metric_known import Known
from dashboards.pages.words import Amount
from priorities.assessment.attainment import attainment, latest_change
from priorities.assessment.expectation import Expected
from priorities.assessment.rollup import RATED
from priorities.enums import Accumulation, Calendar, Direction, MetricKind, MetricState, Stage
from priorities.labels import label
from priorities.queries.publication import Document
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the big numbers at the top, and what it is."""

    amount: Amount
    text: str

    @property
    def tight(self) -> bool:
        """Does the unit follow the number without a space?"""
        return self.amount.unit == "%"


def lede(metric: Document) -> str:
    """The definition and which way is better, as one line."""
    definition = metric["definition"].strip()
    if definition and definition[-1] not in ".?!…":
        definition += "."
    return f"{definition} {words.way(metric['direction'])}.".strip()


def newest_figure(known: Known) -> Figure | None:
    """The newest value, its period, and whether it is an estimate."""
    observed = known.standing.observation
    if observed is None or observed.value is None:
        return None
    text = known.period(observed.start, observed.end)
    if observed.is_estimate:
        text = _("%(period)s, estimate") % {"period": text}
    return Figure(words.amount(observed.value, known.unit), text)


def missing_text(known: Known) -> str:
    """What stands where the newest value would."""
    missing = known.standing.missing
    return words.missing(missing.missing_reason or "" if missing else "")


def newer_missing(known: Known) -> str:
    """That a newer period was reported without a value."""
    missing = known.standing.missing
    if missing is None or known.standing.observation is None:
        return ""
    return _("%(period)s has no value: %(reason)s.") % {
        "period": known.period(missing.start, missing.end),
        "reason": words.lowered(words.missing(missing.missing_reason or "")),
    }


def side_figures(known: Known) -> tuple[Figure, ...]:
    """The next target, or what the value is held against; the change since the period before."""
    figures: list[Figure] = []
    expected, unit = known.standing.expected, known.unit
    if ahead := _next_target(known):
        figures.append(ahead)
    elif expected is not None:
        figures.append(_expected_figure(known, expected))
    if change := latest_change(known.facts.observed(), kind=unit.kind):
        since = known.period(change.since.start, change.since.end)
        text = (
            _("since %(period)s, periods between missing") if change.gap else _("since %(period)s")
        )
        spelled = words.difference(change.amount, unit, signed=True)
        figures.append(Figure(Amount(spelled), text % {"period": since}))
    return tuple(figures)


def _expected_figure(known: Known, expected: Expected) -> Figure:
    """What the newest value is held against."""
    unit = known.unit
    if expected.value is None:
        low, high = expected.low, expected.high
        spelled = [words.quantity(v, unit) for v in (low, high) if v is not None]
        return Figure(Amount("–".join(spelled)), _("target range"))
    if expected.period is None:
        text = _("expected by %(day)s") % {"day": words.day(expected.on)}
    else:
        period = known.period(expected.period.start, expected.period.end)
        text = _("target for %(period)s") % {"period": period}
    return Figure(words.amount(expected.value, unit), text)


def _next_target(known: Known) -> Figure | None:
    """The next target after the value's period, when there is one ahead."""
    observed = known.standing.observation
    ahead = [
        line
        for line in known.facts.target_lines()
        if line.value is not None and (observed is None or line.end > observed.end)
    ]
    line = min(ahead, key=lambda each: each.end, default=None)
    if line is None or line.value is None:
        return None
    text = (
        _("target for %(period)s") % {"period": known.period(line.start, line.end)}
        if line.start
        else _("target by %(day)s") % {"day": words.day(line.end)}
    )
    return Figure(words.amount(line.value, known.unit), text)


def why_text(state: MetricState) -> str:
    """What is compared, in a sentence."""
    match state:
        case MetricState.NO_DATA:
            return _("Nothing can be compared before a first value is reported.")
        case MetricState.NO_TARGET:
            return _("The value’s period has no target, so it is shown and not judged.")
        case MetricState.OVERDUE:
            return _("The newest value is too old to say how things stand.")
    return _("The newest value is compared with what was expected of its period.")


def bands(state: MetricState, direction: Direction) -> tuple[str, ...]:
    """What leads to which status; nothing where no value is rated."""
    if state not in RATED:
        return ()
    first = (
        _("Within the range: on target")
        if direction == Direction.MAINTAIN_RANGE
        else _("Meets the target: on target")
    )
    return (
        first,
        _("Short by the tolerance or less: near target"),
        _("Short by more: off target"),
    )


def about_facts(known: Known) -> tuple[Fact, ...]:
    """Who answers for it, how it is reported, and the data-quality points."""
    metric, facts = known.metric, []
    division = known.found["division"].get(metric["lead_division"] or "")
    if division is not None:
        url = known.visit.link("division", division=division["code"])
        facts.append(Fact(_("Owner"), division["name"], url=url))
    facts.append(Fact(_("Reported"), _reported(known), detail=_next_due(known)))
    facts.append(Fact(_("Kind"), _kind(metric)))
    if metric["retired_on"]:
        facts.append(Fact(_("Retired"), words.day(metric["retired_on"])))
    facts += _baseline(known)
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


def _kind(metric: Document) -> str:
    """What sort of number it is, and where from effort to effect: "Percent, outcome"."""
    parts = [label(MetricKind(metric["kind"]))]
    if metric["accumulation"] != Accumulation.PERIOD:
        parts.append(words.lowered(label(Accumulation(metric["accumulation"]))))
    if metric["stage"]:
        parts.append(words.lowered(label(Stage(metric["stage"]))))
    return ", ".join(parts)


def _baseline(known: Known) -> list[Fact]:
    """Where the way begins, and how much of it is done."""
    row = next((r for r in reversed(known.facts.baselines) if r.in_force), None)
    if row is None or row.value is None:
        return []
    marks = words.marks(row.provenance, url=marks_url(known.visit))
    shown = words.quantity(row.value, known.unit)
    facts = [Fact(_("Baseline"), shown, detail=words.day(row.end), marks=marks)]
    expected, value = known.standing.expected, known.standing.value
    target = expected.target_value if expected is not None else None
    if target is not None and value is not None:
        share = attainment(value, baseline=row.value, target=target)
        if share is not None:
            done = _("%(percent)s%% of the way") % {"percent": words.number(share * 100)}
            facts.append(Fact(_("From baseline to target"), done))
    return facts


def _reported(known: Known) -> str:
    """How often, and how soon after."""
    said = {
        Calendar.FISCAL_YEAR: _("Each fiscal year"),
        Calendar.CALENDAR_YEAR: _("Each calendar year"),
        Calendar.QUARTER: _("Each quarter"),
        Calendar.MONTH: _("Each month"),
    }.get(Calendar(known.metric["calendar"]))
    if said is None:
        return _("When a value is published")
    days = known.metric["grace_days"]
    return ngettext(
        "%(calendar)s, due %(n)s day after its end",
        "%(calendar)s, due %(n)s days after its end",
        days,
    ) % {"calendar": said, "n": words.count(days)}


def _next_due(known: Known) -> str:
    """When the oldest missing value was due, or the next one is."""
    freshness = known.freshness
    if freshness.overdue_since is not None:
        return _("was due on %(day)s") % {"day": words.day(freshness.overdue_since)}
    if freshness.next_due is not None:
        return _("next on %(day)s") % {"day": words.day(freshness.next_due)}
    return ""


def informs(known: Known) -> tuple[Link, ...]:
    """The priorities and initiatives that the metric informs."""
    links = []
    for kind, names in (("priority", "priorities"), ("initiative", "initiatives")):
        for code, item in known.found[kind].items():
            if code in known.metric[names]:
                codes = {"plan": code.partition("/")[0], kind: str(item["code"])}
                links.append(Link(item["name"], known.visit.link(kind, query=None, **codes)))
    return tuple(links)
