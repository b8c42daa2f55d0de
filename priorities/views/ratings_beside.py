"""What stands above the form of a rating: what owner, numbers and the last reviewer say."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from priorities.assessment.metric_status import MetricStanding
from priorities.labels import label
from priorities.models import Initiative, Metric
from priorities.queries.judging import judged
from priorities.queries.publication import Document
from priorities.queries.ratings import newest_rating_of
from priorities.queries.reports import reports_of
from priorities.queries.value_grid import fiscal_start
from priorities.spelling import Unit, day, period, quantity
from priorities.views.doors import Act
from priorities.views.steps import Looked


def beside(item: Initiative | Metric, act: Act) -> tuple[Looked, ...]:
    """What others say of an item now, a line each. Queries: at most five."""
    fiscal = fiscal_start()
    own = {"initiatives": item} if isinstance(item, Initiative) else {"pk": item.pk}
    found = judged(Metric.objects.filter(**own), as_of=act.as_of)
    numbers = "\n".join(_numbers(item, row, standing, fiscal) for row, standing in found)
    lines = [Looked(_("What the numbers say"), numbers or _("No metric informs it."))]
    if isinstance(item, Initiative):
        said = "\n".join(_owner(item, act, fiscal)) or _("The owner has not reported yet.")
        lines.insert(0, Looked(_("What the owner says"), said))
    return (*lines, Looked(_("What a reviewer said last"), _reviewer(item, act)))


def _owner(initiative: Initiative, act: Act, fiscal: int) -> Iterator[str]:
    """The newest published report: its state and period, then its words."""
    for report in reports_of(initiative.pk, as_of=act.as_of)[:1]:
        yield _("%(state)s, for %(period)s") % {
            "state": label(report.health or report.lifecycle),
            "period": period(report.period_start, report.period_end, fiscal_start_month=fiscal),
        }
        yield from filter(None, (report.narrative, report.cause, report.recovery_step))


def _numbers(
    item: Initiative | Metric, metric: Document, standing: MetricStanding, fiscal: int
) -> str:
    """A metric in a line: "Calls answered: off target, 10% in Q1 2022"."""
    state, value = label(standing.state), standing.observation
    told = state
    if value is not None and value.value is not None:
        told = _("%(state)s, %(value)s for %(period)s") % {
            "state": state,
            "value": quantity(value.value, Unit.of(metric)),
            "period": period(value.start, value.end, fiscal_start_month=fiscal),
        }
    return told if isinstance(item, Metric) else f"{metric['name']}: {told}"


def _reviewer(item: Initiative | Metric, act: Act) -> str:
    given = newest_rating_of(item, act.as_of)
    if given is None:
        return _("Nobody has rated it yet.")
    words = _("%(rating)s, by %(reviewer)s for the period to %(day)s, %(readers)s: %(reason)s")
    return words % {
        "rating": label(given.rating),
        "reviewer": given.reviewer,
        "day": day(given.period_end),
        "readers": _("public") if given.is_public else _("internal"),
        "reason": given.reason,
    }
