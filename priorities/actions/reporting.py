"""Hand in what a person says of an initiative in one act: the update and its milestones.

All of it or nothing: what is said, the steps ticked off and the dates moved stand together, or
none of it does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from priorities.actions import updates
from priorities.actions.initiatives import revise_milestone
from priorities.actions.recording import Actor, WriteRefused
from priorities.enums import Health, Lifecycle, UpdateState
from priorities.models import ChainHead, Initiative, Milestone, ReportingPeriod, StatusUpdate
from priorities.queries.reporting import present_state

if TYPE_CHECKING:
    from accounts.models import User

#: On its way to the public, and may still be changed by its author.
CHANGEABLE = (UpdateState.DRAFT.value, UpdateState.RETURNED.value)


class Overtaken(WriteRefused):
    """Somebody else has changed the item since the form was opened."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a report does to a milestone: done on a day, open again, or due on another day."""

    milestone: Milestone
    changes: Mapping[str, object]
    reason: str = ""


def hand_in(
    *,
    initiative: Initiative,
    period: ReportingPeriod,
    said: Mapping[str, Any],
    steps: Iterable[Step] = (),
    correction: str = "",
    seen: str | None = None,
    by: Actor | User | str,
    now: dt.datetime,
) -> StatusUpdate:
    """Publish what is said of an initiative, or submit it where the plan requires a review.

    ``said``: fields of ``StatusUpdate``. A draft or returned update of the period goes on its way
    with it. ``correction`` says what was wrong with the published update of the period, which the
    new one then supersedes. ``seen``: what ``present_state`` gave when the form was opened.
    Errors: ``Overtaken`` when that has changed; ``WriteRefused`` while one waits for review.
    """
    with transaction.atomic():
        ChainHead.objects.select_for_update().get(id=1)  # from here on nobody else writes
        if seen is not None and seen != present_state(initiative, period):
            raise Overtaken(_("Somebody else has changed this meanwhile."))
        for step in steps:
            revise_milestone(
                milestone=step.milestone, changes=step.changes, reason=step.reason, by=by, now=now
            )
        return _say(initiative, period, dict(said), correction, {"by": by, "now": now})


def hand_in_nothing_changed(
    *,
    initiative: Initiative,
    period: ReportingPeriod,
    seen: str | None = None,
    by: Actor | User | str,
    now: dt.datetime,
) -> StatusUpdate:
    """Say, or submit for review, that all is as last reported.

    Errors: as in ``hand_in``; ``WriteRefused`` when nothing was ever reported.
    """
    last = updates.latest_published(initiative)
    if last is None:
        raise WriteRefused(_("There is no earlier update that this could repeat."))
    said = {name: getattr(last, name) for name in updates.REPEATED} | {
        "nothing_changed": True,
        "narrative": "",
        "next_steps": "",
    }
    return hand_in(initiative=initiative, period=period, said=said, seen=seen, by=by, now=now)


def _say(
    initiative: Initiative,
    period: ReportingPeriod,
    said: dict[str, Any],
    correction: str,
    act: dict[str, Any],
) -> StatusUpdate:
    """The update itself, on the way that it takes in this plan."""
    waiting = (
        StatusUpdate.objects.filter(initiative=initiative, period=period)
        .exclude(state=UpdateState.PUBLISHED.value)
        .order_by("-pk")
        .first()
    )
    if waiting is not None and waiting.state not in CHANGEABLE:
        raise WriteRefused(_("An update of this period waits for review already."))
    if correction.strip():
        said["supersedes"] = _corrected(initiative, period)
    if waiting is None and not initiative.plan.requires_review:
        return _publish(initiative, period, said, correction, act)
    if waiting is None:
        waiting = updates.draft_update(initiative=initiative, period=period, **act, **said)
    else:
        waiting = updates.revise_draft(update=waiting, changes=said, **act)
    if initiative.plan.requires_review or waiting.state == UpdateState.RETURNED:
        waiting = updates.submit_update(update=waiting, reason=correction, **act)
    if initiative.plan.requires_review:
        return waiting
    return updates.publish_update(update=waiting, **act)


def _publish(
    initiative: Initiative,
    period: ReportingPeriod,
    said: dict[str, Any],
    correction: str,
    act: dict[str, Any],
) -> StatusUpdate:
    """At once, where the plan requires no review; completing closes the initiative."""
    lifecycle = Lifecycle(said.pop("lifecycle"))
    health = said.pop("health", "")
    if lifecycle is Lifecycle.COMPLETED and not correction:
        return updates.close_initiative(
            initiative=initiative,
            period=period,
            lifecycle=lifecycle,
            closed_on=said.pop("closed_on"),
            reason=said.pop("narrative"),
            **act,
            **said,
        )
    return updates.report(
        initiative=initiative,
        period=period,
        lifecycle=lifecycle,
        health=Health(health) if health else None,
        reason=correction,
        **act,
        **said,
    )


def _corrected(initiative: Initiative, period: ReportingPeriod) -> StatusUpdate:
    """The published update of the period that a correction supersedes."""
    last = updates.latest_published(initiative)
    if last is None or last.period_id != period.pk:
        raise WriteRefused(_("Nothing has been published of this period that could be corrected."))
    return last
