"""Why a status is what it is: each line of a rule's arithmetic in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from dashboards.pages import words
from dashboards.pages.words import Unit
from priorities.assessment.arithmetic import Step, StepCode, steps_of
from priorities.assessment.metric_status import MetricStanding
from priorities.assessment.periods import Period
from priorities.enums import MetricState, MissingReason
from priorities.labels import label
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One line of the arithmetic; ``result`` is what it comes to, set in bold."""

    text: str
    result: str = ""


#: What each line says. Names in parentheses are the facts of ``STEP_FACTS``, spelled.
TEXTS: Mapping[StepCode, tuple[Any, str]] = {
    StepCode.NO_OBSERVATION: (gettext_lazy("No value has been reported yet."), ""),
    StepCode.NEWEST_IS_MISSING: (
        gettext_lazy("%(period)s has no value: %(reason)s. The one before it is compared."),
        "",
    ),
    StepCode.INFORMATIONAL: (
        gettext_lazy("This metric is for information: no direction is better."),
        "",
    ),
    StepCode.NOTHING_EXPECTED: (gettext_lazy("No target covers %(period)s."), ""),
    StepCode.TARGET_OF_PERIOD: (gettext_lazy("Target for %(period)s:"), "target"),
    StepCode.TARGET_ON_DATE: (gettext_lazy("Target by %(on)s:"), "target"),
    StepCode.TARGET_ON_LINE: (
        gettext_lazy(
            "Expected by %(on)s: %(since_value)s on %(since)s towards %(until_value)s on "
            "%(until)s, after %(elapsed)s of %(total)s days ="
        ),
        "target",
    ),
    StepCode.TARGET_IN_FORCE: (gettext_lazy("Target in force on %(on)s:"), "target"),
    StepCode.RANGE_OF_PERIOD: (gettext_lazy("Target for %(period)s:"), "range"),
    StepCode.RANGE_ON_DATE: (gettext_lazy("Target by %(on)s:"), "range"),
    StepCode.RANGE_ON_LINE: (
        gettext_lazy("Expected by %(on)s, after %(elapsed)s of %(total)s days:"),
        "range",
    ),
    StepCode.RANGE_IN_FORCE: (gettext_lazy("Target in force on %(on)s:"), "range"),
    StepCode.ACTUAL_ALONE: (gettext_lazy("Value for %(period)s:"), "actual"),
    StepCode.ACTUAL_MEETS: (gettext_lazy("Actual:"), "actual"),
    StepCode.ACTUAL_SHORT: (gettext_lazy("Actual: %(actual)s, short by"), "shortfall"),
    StepCode.ACTUAL_OVER: (gettext_lazy("Actual: %(actual)s, over by"), "shortfall"),
    StepCode.TOLERANCE_OWN: (gettext_lazy("Tolerance of this metric:"), "tolerance"),
    StepCode.TOLERANCE_SHARE: (
        gettext_lazy("Tolerance: 10%% of the way from baseline %(baseline)s to %(target)s ="),
        "tolerance",
    ),
    StepCode.TOLERANCE_NONE: (
        gettext_lazy("Tolerance: none, since there is neither a baseline nor one of its own."),
        "",
    ),
    StepCode.MEETS: (gettext_lazy("The target is met, so"), "state"),
    StepCode.WITHIN_TOLERANCE: (gettext_lazy("%(shortfall)s ≤ %(tolerance)s, so"), "state"),
    StepCode.BEYOND_TOLERANCE: (gettext_lazy("%(shortfall)s > %(tolerance)s, so"), "state"),
    StepCode.OVERDUE: (
        gettext_lazy("A newer value was due on %(since)s:"),
        "overdue",
    ),
}

#: Facts that are distances between values: percents in points.
DISTANCES = frozenset({"shortfall", "tolerance"})


def reason_lines(
    standing: MetricStanding, unit: Unit, *, fiscal_start_month: int
) -> tuple[ReasonLine, ...]:
    """The arithmetic behind a metric's status, one line a step."""
    return tuple(_line(step, unit, fiscal_start_month) for step in steps_of(standing))


def _line(step: Step, unit: Unit, fiscal_start_month: int) -> ReasonLine:
    said = {name: _spell(name, fact, unit, fiscal_start_month) for name, fact in step.facts.items()}
    said["range"] = _range(step.facts, unit)
    if "days" in said:
        days = words.counted_days(int(str(step.facts["days"])))
        said["overdue"] = _("overdue %(days)s") % {"days": days}
    text, result = TEXTS[step.code]
    return ReasonLine(str(text) % said, said[result] if result else "")


def _spell(name: str, fact: Any, unit: Unit, fiscal_start_month: int) -> str:
    """One fact of a step, spelled by what it is."""
    match fact:
        case None:
            return ""
        case MetricState() | MissingReason():
            return lowered(label(fact))
        case Decimal() if name in DISTANCES:
            return words.difference(fact, unit)
        case Decimal():
            return words.quantity(fact, unit, exact=True)
        case dt.date():
            return words.day(fact)
        case Period():
            return words.period_of(fact, fiscal_start_month=fiscal_start_month)
        case int() if not isinstance(fact, bool):
            return words.count(fact)
    return str(fact)


def _range(facts: Mapping[str, Any], unit: Unit) -> str:
    low, high = facts.get("low"), facts.get("high")
    spell: Callable[[Decimal], str] = lambda value: words.quantity(value, unit, exact=True)  # noqa: E731
    if low is not None and high is not None:
        return _("%(low)s to %(high)s") % {"low": spell(low), "high": spell(high)}
    if low is not None:
        return _("at least %(low)s") % {"low": spell(low)}
    return _("at most %(high)s") % {"high": spell(high)} if high is not None else ""


def lowered(words_: str) -> str:
    """A label inside a sentence: "near target"."""
    return words_[:1].lower() + words_[1:]
