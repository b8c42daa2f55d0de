"""What the public reads of an initiative, on staff pages: `{% load preview %}`.

Here because it names both floors: what staff are about to say, and how the public page says it.
Nothing is written, and nothing that is shown here is remembered for other readers.
"""

from __future__ import annotations

import dataclasses

from django import template
from django.http import QueryDict
from django.utils.translation import gettext as _

from dashboards.pages.initiative import InitiativePage, page_of
from dashboards.pages.initiative_known import read_initiative
from dashboards.visit import PageNotFound, Visit
from priorities.enums import Health, Lifecycle
from priorities.models import Initiative, StatusUpdate
from priorities.queries.head import head
from priorities.queries.reports import Report
from priorities.views.doors import Act

register = template.Library()


@register.simple_tag
def public_initiative(
    *, initiative: Initiative, act: Act, update: StatusUpdate | None = None
) -> InitiativePage | None:
    """The public page of an initiative, as it would be with one more update.

    None for what the public cannot see. Queries: eight.
    """
    present = act.as_of
    path = f"/plans/{initiative.plan.code}/initiatives/{initiative.code}/"
    visit = Visit(path, QueryDict(), present, present.day, act.tz, "", head().revision)
    try:
        known = read_initiative(visit, initiative.plan.code, initiative.code)
    except PageNotFound:
        return None
    if update is not None:
        known = dataclasses.replace(known, reports=(_report(update), *known.reports))
    return page_of(known)


def _report(update: StatusUpdate) -> Report:
    """An update that is not saved, as the page takes those that are."""
    if update.published_at is None:
        raise ValueError(_("A preview is of an update as it will be published."))
    return Report(
        pk=0,
        period_start=update.period.start,
        period_end=update.period_end,
        lifecycle=Lifecycle(update.lifecycle),
        health=Health(update.health) if update.health else None,
        percent_complete=update.percent_complete,
        narrative=update.narrative,
        next_steps=update.next_steps,
        cause=update.cause,
        recovery_step=update.recovery_step,
        recovery_on=update.recovery_on,
        nothing_changed=update.nothing_changed,
        closed_on=update.closed_on,
        successor=None,
        published_at=update.published_at,
        corrects=None,
        provenance=update.provenance,
    )
