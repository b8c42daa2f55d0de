"""A forecast in words, or what is missing for one."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.words import Unit
from priorities.assessment.forecast import (
    LEVEL,
    Backtest,
    Forecast,
    ForecastMethod,
    ForecastMissing,
    MissingCode,
)
from priorities.saying import gettext as _


def outlook_text(outlook: Forecast | ForecastMissing | None, unit: Unit) -> str:
    """Where a metric is heading, in sentences."""
    if outlook is None:
        return ""
    if isinstance(outlook, ForecastMissing):
        return missing_text(outlook)
    said = _(
        "If it goes on as before: %(mean)s at %(day)s, in %(level)s of cases between %(low)s and "
        "%(high)s."
    ) % {
        "mean": _quantity(outlook.value, unit),
        "day": words.day(outlook.period.end),
        "level": f"{words.number(LEVEL * 100)}%",
        "low": _quantity(outlook.low, unit),
        "high": _quantity(outlook.high, unit),
    }
    parts = [said]
    if outlook.chance is not None:
        parts.append(_("Chance of meeting the target: %(chance)s.") % {"chance": _chance(outlook)})
    parts.append(_method(outlook))
    return " ".join(parts)


def missing_text(missing: ForecastMissing) -> str:
    """Why there is no forecast."""
    numbers = {"need": words.count(missing.need), "have": words.count(missing.have)}
    match missing.code:
        case MissingCode.NO_VALUES:
            return _("No forecast yet: there are no values.")
        case MissingCode.TOO_FEW:
            return (
                ngettext(
                    "No forecast yet: it takes %(need)s periods of one length, and there is "
                    "%(have)s.",
                    "No forecast yet: it takes %(need)s periods of one length, and there are "
                    "%(have)s.",
                    missing.have,
                )
                % numbers
            )
        case MissingCode.TOO_FEW_AFTER_GAP:
            return (
                ngettext(
                    "No forecast yet: it takes %(need)s periods without a gap between them, and "
                    "since the last gap there is %(have)s.",
                    "No forecast yet: it takes %(need)s periods without a gap between them, and "
                    "since the last gap there are %(have)s.",
                    missing.have,
                )
                % numbers
            )
        case MissingCode.TOO_FAR:
            return (
                _("No forecast: the target is %(need)s periods ahead, and only %(have)s are known.")
                % numbers
            )
    return _("No forecast: no target lies ahead of the newest value.")


def held_text(held: Backtest) -> str:
    """How often the interval held when past periods were forecast again."""
    return ngettext(
        "Tried on its own past, the range held in %(held)s of %(tried)s period.",
        "Tried on its own past, the range held in %(held)s of %(tried)s periods.",
        held.tried,
    ) % {"held": held.held, "tried": held.tried}


def _chance(outlook: Forecast) -> str:
    """A chance in percent; what is nearly sure or nearly impossible is not called either."""
    percent = round(float(outlook.chance or 0) * 100)
    if percent >= 100:
        return _("more than 99%")
    return _("less than 1%") if percent <= 0 else f"{percent}%"


def _method(outlook: Forecast) -> str:
    seasonal = outlook.method == ForecastMethod.AVERAGE_OF_THREE_SEASONAL
    said = (
        _("Mean of three methods over %(n)s periods, freed of their season.")
        if seasonal
        else _("Mean of three methods over %(n)s periods.")
    ) % {"n": words.count(outlook.n)}
    if outlook.clipped:
        said = f"{said} {_('The range is cut at what is possible.')}"
    if outlook.has_estimate:
        said = f"{said} {_('An estimate is among the values.')}"
    return said


def _quantity(value: Decimal, unit: Unit) -> str:
    return words.quantity(round(value, 6), unit)
