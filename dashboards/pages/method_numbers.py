"""The parts of the method page that reckon: roll-up, attainment, forecast."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.pages import words
from dashboards.pages.cards import RatedMetric
from dashboards.pages.elements import Link
from dashboards.pages.headline import headline
from dashboards.pages.method_parts import Example, Section
from dashboards.pages.outlook import held_text, outlook_text
from dashboards.pages.reasons import ReasonLine
from dashboards.pages.words import Unit
from priorities.assessment.attainment import attainment
from priorities.assessment.forecast import (
    BACKTESTED_PERIODS,
    LEVEL,
    NEEDED_PERIODS,
    USED_PERIODS,
    Backtest,
    Forecast,
    ForecastMissing,
)
from priorities.assessment.rollup import SET_ASIDE, Rollup
from priorities.enums import InitiativeState
from priorities.labels import label
from priorities.saying import gettext as _


def rollup_section(
    plan: Link | None, counts: Mapping[InitiativeState, int], *, closed: bool
) -> Section:
    """Rule 4.5: counts and coverage with their denominators."""
    aside = words.joined([words.lowered(label(state)) for state in SET_ASIDE])
    text = (
        _("A plan, a priority or a division is told in counts and in how many have reported. A "
          "percentage names what it is a percentage of. There is no average color. What is "
          "%(aside)s is no longer work of the plan and not done either: it is left out of the "
          "whole and told apart.") % {"aside": aside},
    )  # fmt: skip
    if plan is None:
        return Section("rollup", _("Many items at once"), text)
    found = Rollup({state: counts.get(state, 0) for state in InitiativeState})
    done = found.on_track_or_complete
    lines = (
        ReasonLine(headline(counts, closed=closed).text),
        ReasonLine(
            _("%(total)s in all, less %(aside)s set aside:")
            % {"total": words.count(found.total), "aside": words.count(found.set_aside)},
            _("%(of)s initiatives") % {"of": words.count(found.of)},
        ),
        ReasonLine(
            _("On track or complete:"),
            _("%(n)s of %(of)s") % {"n": words.count(done), "of": words.count(found.of)},
        ),
        ReasonLine(
            _("Reported, not overdue and not silent from the start:"),
            _("%(n)s of %(of)s") % {"n": words.count(found.reported), "of": words.count(found.of)},
        ),
    )
    return Section(
        "rollup",
        _("Many items at once"),
        text,
        examples=(Example(plan, lines),),
        examples_title=_("Example: the plan as it stands"),
    )


def attainment_section(link: Link | None, rated: RatedMetric | None) -> Section:
    """Rule 4.6 on one metric."""
    text = (
        _("Attainment is how much of the way from the baseline to the target is done, whichever "
          "way is better: (value − baseline) ÷ (target − baseline). It is not cut off: a step back "
          "is negative, more than the target is above 100%. Where the target equals the baseline "
          "there is no way to go, and none is given."),
        _("A change is measured to the period before, of the same length. When periods are missing "
          "between, the page says so."),
    )  # fmt: skip
    title = _("How far a metric has come")
    if link is None or rated is None:
        return Section("attainment", title, text)
    standing, unit = rated.standing, Unit.of(rated.metric)
    baseline, expected = standing.baseline, standing.expected
    target = expected.target_value if expected is not None else None
    if baseline is None or target is None or standing.value is None:
        return Section("attainment", title, text)
    share = attainment(standing.value, baseline=baseline.value, target=target)
    if share is None:
        return Section("attainment", title, text)
    spelled = {
        "value": words.quantity(standing.value, unit, exact=True),
        "baseline": words.quantity(baseline.value, unit, exact=True),
        "target": words.quantity(target, unit, exact=True),
    }
    line = ReasonLine(
        _("(%(value)s − %(baseline)s) ÷ (%(target)s − %(baseline)s) =") % spelled,
        f"{words.number(share * 100)}%",
    )
    return Section(
        "attainment",
        title,
        text,
        examples=(Example(link, (line,)),),
        examples_title=_("Example"),
    )


def forecast_section(
    link: Link | None,
    unit: Unit,
    outlook: Forecast | ForecastMissing | None,
    held: Backtest | None,
) -> Section:
    """Rule 4.7 with its constants, and on one metric how often its interval held."""
    numbers = {
        "need": NEEDED_PERIODS,
        "used": USED_PERIODS,
        "tested": BACKTESTED_PERIODS,
        "level": f"{words.number(LEVEL * 100)}%",
    }
    text = (
        _("There is a forecast only where %(need)s or more periods of one length follow each other "
          "without a gap; the newest %(used)s are used. It is the mean of three simple methods: "
          "drift, exponential smoothing with drift, and a damped trend. Months and quarters are "
          "freed of their season first when two full years are there.") % numbers,
        _("It comes with a range that the value should fall into in %(level)s of cases, and with "
          "the chance of meeting the target. How often the range held is found by forecasting each "
          "of the newest %(tested)s periods again from those before it.") % numbers,
    )  # fmt: skip
    title = _("Where a metric is heading")
    if link is None or outlook is None:
        return Section("forecast", title, text)
    lines = [ReasonLine(outlook_text(outlook, unit))]
    if held is not None and held.tried:
        lines.append(ReasonLine(held_text(held)))
    return Section(
        "forecast",
        title,
        text,
        examples=(Example(link, tuple(lines)),),
        examples_title=_("Example"),
    )
