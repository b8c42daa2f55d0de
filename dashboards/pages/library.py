"""Every public metric as of a moment, rated: remembered between visits, ready to filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from dashboards.memory import key_of
from dashboards.pages.cards import RatedMetric, rated_metrics
from dashboards.pages.portal import changed_since, read_portal
from dashboards.remembered import Remembered
from dashboards.visit import Visit
from priorities.models import Initiative, Metric, Priority
from priorities.queries.publication import Documents


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of the portal and its metrics, each with its standing.

    ``informed`` maps a metric's code to the item codes of the priorities that it informs, by
    itself or by an initiative. Retired metrics are in it.
    """

    found: Documents
    rated: tuple[RatedMetric, ...]
    informed: Mapping[str, frozenset[str]]


#: Of a thousand metrics a library takes some ten megabytes.
LIBRARIES: Remembered[Library] = Remembered(4)


def library(visit: Visit) -> Library:
    """All metrics as of the visit's moment.

    Queries: three (what to undo, documents, figures); none when remembered.
    """
    return LIBRARIES.recall(key_of(visit.revision, "", visit.as_of), lambda: _load(visit))


def _load(visit: Visit) -> Library:
    undo = changed_since(visit)
    linked = Metric.initiatives.through.objects.values("initiative")
    # Links that were taken away since are known from the log alone.
    once = {code.rpartition("/")[2] for old in undo.values() for code in old.get("initiatives", ())}
    found = read_portal(
        visit,
        Metric.objects.all(),
        Priority.objects.all(),
        Initiative.objects.filter(Q(pk__in=linked) | Q(code__in=once)),
        undo=undo,
    )
    metrics = list(found["metric"].values())
    informed = {
        metric["code"]: frozenset(
            {
                *(code for code in metric["priorities"] if code in found["priority"]),
                *(
                    initiative["priority"]
                    for code in metric["initiatives"]
                    if (initiative := found["initiative"].get(code)) is not None
                ),
            }
        )
        for metric in metrics
    }
    return Library(found, rated_metrics(visit, found, metrics), informed)
