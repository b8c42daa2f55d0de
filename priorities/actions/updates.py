"""Status updates on their way from a draft to the public, and the closing of initiatives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from priorities.actions.recording import Actor, Log, WriteRefused, recording
from priorities.actions.writing import insert, revise
from priorities.enums import CLOSED_LIFECYCLES, EventKind, Health, Lifecycle, UpdateState
from priorities.models import ChangeEvent, Initiative, ReportingPeriod, StatusUpdate
from priorities.queries.latest import published_updates

if TYPE_CHECKING:
    from accounts.models import User

#: What "nothing changed" repeats from the update before it.
REPEATED = (
    "lifecycle",
    "health",
    "percent_complete",
    "cause",
    "recovery_step",
    "recovery_on",
)


#: What the acts below decide, and no caller.
DECIDED = frozenset({"state", "published_at", "recorded_by", "return_comment", "period_end"})


#: How far the first and the last time zone are ahead of UTC and behind it.
AHEAD, BEHIND = dt.timedelta(hours=14), dt.timedelta(hours=12)


def latest_published(initiative: Initiative) -> StatusUpdate | None:
    """The newest published update of the latest period, or none."""
    return published_updates(initiative).first()


def _new_update(
    log: Log,
    initiative: Initiative,
    period: ReportingPeriod,
    values: Mapping[str, Any],
    *,
    reopens: bool = False,
) -> StatusUpdate:
    """An unsaved draft, after checking that the initiative is open and the plan is its own."""
    _refuse_decided(values)
    row = StatusUpdate(
        initiative=initiative,
        period=period,
        period_end=period.end,
        recorded_by=log.actor.name,
        **values,
    )
    _refuse_misplaced(row)
    _refuse_outside(log, row)
    if not reopens:
        _refuse_if_closed(row, latest_published(initiative))
    return row


def _refuse_decided(values: Mapping[str, object]) -> None:
    """Refuse a caller who would publish by setting a field."""
    if decided := DECIDED.intersection(values):
        raise WriteRefused(
            _("%(field)s is decided by what is done to the update, not entered."),
            params={"field": ", ".join(sorted(decided))},
        )


def _refuse_misplaced(row: StatusUpdate) -> None:
    """Refuse a period of another plan, and a correction of another item or period."""
    if row.period.plan_id != row.initiative.plan_id:
        raise WriteRefused(_("The reporting period belongs to another plan."))
    if row.successor_id is not None and row.successor_id == row.initiative_id:
        raise WriteRefused(_("An initiative cannot be continued in itself."))
    earlier = row.supersedes
    if earlier is None:
        return
    if (earlier.initiative_id, earlier.period_id) != (row.initiative_id, row.period_id):
        raise WriteRefused(_("A correction is of the same initiative and the same period."))
    if earlier.published_at is None:
        raise WriteRefused(_("Only a published update is corrected; a draft is changed."))


def _refuse_outside(log: Log, row: StatusUpdate) -> None:
    """Refuse a report on a period that has not begun, or that is closed for reports.

    A period that has not begun would pass for the newest until then. What was reported in time may
    be corrected, and published, later. Before a round opens, news may be told already. The days are
    taken where they begin first on earth and end last, so that no time zone refuses one too soon.
    """
    period, moment = row.period, log.now.astimezone(dt.UTC)
    earliest, latest = (moment - BEHIND).date(), (moment + AHEAD).date()
    named = {"end": period.end.isoformat()}
    if period.start > latest:
        raise WriteRefused(_("The period ending %(end)s has not begun."), params=named)
    closes = period.closes_on
    if row.supersedes_id is None and closes is not None and closes < earliest:
        message = _("Reports for the period ending %(end)s closed on %(day)s.")
        raise WriteRefused(message, params=named | {"day": closes.isoformat()})


def _refuse_if_closed(row: StatusUpdate, last: StatusUpdate | None) -> None:
    """Refuse a further update of a closed initiative; a correction of what was said may be made."""
    if row.supersedes_id is None and last is not None and last.lifecycle in CLOSED_LIFECYCLES:
        raise WriteRefused(_("The initiative is closed. Reopen it first."))


def _refuse_if_reported_later(period: ReportingPeriod, last: StatusUpdate | None) -> None:
    """Refuse to close or reopen in a period before the latest reported one: it would not show."""
    if last is not None and period.end < last.period_end:
        raise WriteRefused(
            _("A report for the period ending %(end)s exists. Choose that period or a later one."),
            params={"end": last.period_end.isoformat()},
        )


def draft_update(
    *,
    initiative: Initiative,
    period: ReportingPeriod,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> StatusUpdate:
    """Begin an update; only its author and editors see it."""
    with recording(by=by, now=now) as log:
        row = _new_update(log, initiative, period, values)
        return insert(log, row, kind=EventKind.DRAFTED)


def revise_draft(
    *,
    update: StatusUpdate,
    changes: Mapping[str, object],
    by: Actor | User | str,
    now: dt.datetime,
) -> StatusUpdate:
    """Change a draft or a returned update: the one fact that may change, until it is submitted."""
    _refuse_decided(changes)
    if isinstance(period := changes.get("period"), ReportingPeriod):
        changes = {**changes, "period_end": period.end}
    with recording(by=by, now=now) as log:
        _refuse_unless(update, UpdateState.DRAFT, UpdateState.RETURNED)
        row = revise(log, update, changes, kind=EventKind.DRAFTED)
        _refuse_misplaced(row)
        return row


def submit_update(
    *, update: StatusUpdate, by: Actor | User | str, now: dt.datetime, reason: str = ""
) -> StatusUpdate:
    """Hand a draft to an editor for review; of a correction, with its reason."""
    with recording(by=by, now=now) as log:
        _refuse_unless(update, UpdateState.DRAFT, UpdateState.RETURNED)
        changes = {"state": UpdateState.SUBMITTED.value, "return_comment": ""}
        return revise(log, update, changes, kind=EventKind.SUBMITTED, reason=reason)


def return_update(
    *, update: StatusUpdate, comment: str, by: Actor | User | str, now: dt.datetime
) -> StatusUpdate:
    """Hand a submitted update back to its author, saying why."""
    if not comment.strip():
        raise WriteRefused(_("Say what the author should change."))
    with recording(by=by, now=now) as log:
        _refuse_unless(update, UpdateState.SUBMITTED)
        changes = {"state": UpdateState.RETURNED.value, "return_comment": comment}
        return revise(log, update, changes, kind=EventKind.RETURNED, reason=comment)


def publish_update(
    *, update: StatusUpdate, by: Actor | User | str, now: dt.datetime
) -> StatusUpdate:
    """Publish a draft or a submitted update. From then on the row never changes.

    Errors: ``WriteRefused`` for an author's draft in a plan that requires review (submit it), for a
    closing or a correction that does not say why, and for a closing that a later report hides.
    """
    with recording(by=by, now=now) as log:
        _refuse_unless(update, UpdateState.DRAFT, UpdateState.SUBMITTED)
        if update.state == UpdateState.DRAFT and update.initiative.plan.requires_review:
            raise WriteRefused(_("This plan requires a review. Submit the update instead."))
        before = latest_published(update.initiative)
        row = StatusUpdate.objects.select_for_update().get(pk=update.pk)
        _refuse_if_closed(row, before)
        reason = _correcting(row)
        if row.lifecycle in CLOSED_LIFECYCLES:
            _refuse_if_reported_later(row.period, before)
            if not row.narrative.strip():
                raise WriteRefused(_("Say why the initiative is closed."))
        if row.supersedes_id is not None and not reason.strip():
            raise WriteRefused(_("A correction says why."))
        return _publish(log, row, before, reason)


def _publish(log: Log, row: StatusUpdate, before: StatusUpdate | None, reason: str) -> StatusUpdate:
    """Publish a saved row; its event tells the public every value beside the last one told."""
    row.state = UpdateState.PUBLISHED.value
    row.published_at = log.now
    row.full_clean()
    row.save(update_fields=["state", "published_at"])
    log.created(row, kind=EventKind.PUBLISHED, before=before, reason=reason)
    return row


def _correcting(row: StatusUpdate) -> str:
    """Why a correction was handed in; empty for what corrects nothing."""
    if row.supersedes_id is None:
        return ""
    submitted = ChangeEvent.objects.filter(
        item_type=row.ITEM_TYPE, item_id=row.pk, kind=EventKind.SUBMITTED.value
    )
    newest = submitted.order_by("-sequence").values_list("reason", flat=True).first()
    return newest or ""


def report(
    *,
    initiative: Initiative,
    period: ReportingPeriod,
    lifecycle: Lifecycle = Lifecycle.IN_PROGRESS,
    health: Health | None = None,
    reason: str = "",
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> StatusUpdate:
    """Publish an update in one act, where the plan requires no review.

    ``values``: further fields of ``StatusUpdate``; ``supersedes`` corrects an earlier one of the
    same period, which needs a ``reason``.
    """
    if values.get("supersedes") is not None and not reason.strip():
        raise WriteRefused(_("A correction says why."))
    if initiative.plan.requires_review:
        raise WriteRefused(_("This plan requires a review. Submit the update instead."))
    with recording(by=by, now=now) as log:
        before = latest_published(initiative)
        values |= {"lifecycle": lifecycle.value, "health": health.value if health else ""}
        row = _new_update(log, initiative, period, values)
        return _insert_published(log, row, before, reason)


def _insert_published(
    log: Log, row: StatusUpdate, before: StatusUpdate | None, reason: str = ""
) -> StatusUpdate:
    """Save a new row as published at once."""
    row.state = UpdateState.PUBLISHED.value
    row.published_at = log.now
    return insert(log, row, kind=EventKind.PUBLISHED, before=before, reason=reason)


def report_nothing_changed(
    *,
    initiative: Initiative,
    period: ReportingPeriod,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> StatusUpdate:
    """Say that all is as last reported: a real update, which covers the period.

    Errors: ``WriteRefused`` when nothing was ever reported.
    """
    last = latest_published(initiative)
    if last is None:
        raise WriteRefused(_("There is no earlier update that this could repeat."))
    repeated = {name: getattr(last, name) for name in REPEATED}
    lifecycle = Lifecycle(str(repeated.pop("lifecycle")))
    said = str(repeated.pop("health"))
    return report(
        initiative=initiative,
        period=period,
        lifecycle=lifecycle,
        health=Health(said) if said else None,
        nothing_changed=True,
        by=by,
        now=now,
        **repeated,
        **values,
    )


def close_initiative(
    *,
    initiative: Initiative,
    period: ReportingPeriod,
    lifecycle: Lifecycle,
    closed_on: dt.date,
    reason: str,
    successor: Initiative | None = None,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> StatusUpdate:
    """Complete, cancel, merge or supersede an initiative, with its date and reason.

    It stays listed for good. ``successor`` is the initiative that goes on, needed when merged or
    superseded. Published at once. Completing may be reported by who answers for the initiative
    (``reporting.hand_in``); the other closings change the plan, and are a plan administrator's.
    """
    if lifecycle not in CLOSED_LIFECYCLES:
        raise WriteRefused(_("Closing is completing, cancelling, merging or superseding."))
    if not reason.strip():
        raise WriteRefused(_("Say why the initiative is closed."))
    with recording(by=by, now=now) as log:
        before = latest_published(initiative)
        _refuse_if_reported_later(period, before)
        values |= {
            "lifecycle": lifecycle.value,
            "closed_on": closed_on,
            "narrative": reason,
            "successor": successor,
        }
        row = _new_update(log, initiative, period, values)
        return _insert_published(log, row, before, reason)


def reopen_initiative(
    *,
    initiative: Initiative,
    period: ReportingPeriod,
    health: Health,
    reason: str,
    by: Actor | User | str,
    now: dt.datetime,
    **values: Any,
) -> StatusUpdate:
    """Take up a closed initiative again, saying why."""
    if not reason.strip():
        raise WriteRefused(_("Say why the initiative is taken up again."))
    with recording(by=by, now=now) as log:
        before = latest_published(initiative)
        if before is None or before.lifecycle not in CLOSED_LIFECYCLES:
            raise WriteRefused(_("The initiative is not closed."))
        _refuse_if_reported_later(period, before)
        values |= {
            "lifecycle": Lifecycle.IN_PROGRESS.value,
            "health": health.value,
            "narrative": reason,
        }
        row = _new_update(log, initiative, period, values, reopens=True)
        return _insert_published(log, row, before, reason)


def _refuse_unless(update: StatusUpdate, *states: UpdateState) -> None:
    """Refuse an act that does not fit where the update is on its way, as the database has it."""
    update.refresh_from_db(fields=["state"])
    if update.state not in states:
        raise WriteRefused(
            _("The update is %(state)s, so this can no longer be done."),
            params={"state": update.get_state_display()},
        )
