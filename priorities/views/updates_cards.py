"""The card of one initiative on my updates: its form, or what was handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from priorities.enums import Health, Lifecycle, UpdateState
from priorities.forms.updates import (
    STANDINGS,
    UpdateForm,
    is_waiting,
    present_values,
    standing_of,
)
from priorities.labels import label
from priorities.models import StatusUpdate
from priorities.queries.reporting import Desk
from priorities.spelling import counted_days, day, period, short_day
from priorities.views.doors import Act
from priorities.views.updates_conflict import Conflict

#: Said to whom the form of an ended session is given back.
SIGNED_OUT = gettext_lazy("You were signed out before this was saved. What you typed is back.")

Mode = Literal["open", "waiting", "done"]


@dataclass(frozen=True, slots=True)
class Said:
    """An update as a card tells it: shape and word of what it says, and its text."""

    tone: str
    label: str
    percent: str
    narrative: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the card of one initiative prints.

    ``alone``: it stands on the page of its item, where also what is done can be told anew.
    ``note``: what else there is to know, e.g. why older text stands in the form again.
    """

    desk: Desk
    form: UpdateForm
    mode: Mode
    alone: bool
    due: str
    is_late: bool
    last: str
    done: str
    said: Said | None
    was_percent: str
    comment: str
    can_repeat: bool
    promise_passed: str
    draft_at: str
    note: str
    conflict: Conflict | None
    not_mine_url: str

    @property
    def id(self) -> str:
        """The anchor of the card."""
        return f"item-{self.desk.item.pk}"

    @property
    def title(self) -> str:
        """What it is called on the page of its item."""
        item = self.desk.item
        return _("Report for %(period)s") % {"period": period(item.period_start, item.period_end)}

    @property
    def needs_review(self) -> bool:
        """Is it submitted, not published?"""
        return self.desk.initiative.plan.requires_review

    @property
    def steps_title(self) -> str:
        """E.g. "Milestones: 3 open, 1 late"."""
        steps = [step for step in self.desk.steps if step.done_on is None]
        late = sum(step.due_on < self.form.today for step in steps)
        if late:
            return _("Milestones: %(open)s open, %(late)s late") % {
                "open": len(steps),
                "late": late,
            }
        return _("Milestones: %(open)s open") % {"open": len(steps)}

    @property
    def address(self) -> dict[str, str]:
        """What the card's own addresses are made of."""
        return {"plan": self.desk.item.plan_code, "initiative": self.desk.item.code}

    @property
    def urls(self) -> dict[str, str]:
        """Where the card's forms go, by what they do."""
        names = ("item", "save", "repeat", "draft", "preview")
        return {n: reverse(f"priorities:updates-{n}", kwargs=self.address) for n in names}


def card_of(
    desk: Desk,
    act: Act,
    *,
    alone: bool = False,
    form: UpdateForm | None = None,
    kept: Mapping[str, str] | None = None,
    note: str = "",
    conflict: Conflict | None = None,
) -> Card:
    """The card of an initiative.

    ``form``: one that was sent, with what is wrong in it. ``kept``: what was sent after the
    session had ended. Else the draft is shown, else what stands. Queries: none.
    """
    again = kept or (desk.draft.fields | {"seen": desk.draft.seen} if desk.draft else None)
    if form is None:
        form = UpdateForm(desk, today=act.today, typed=again)
    item = desk.item
    return Card(
        desk=desk,
        form=form,
        mode="open" if conflict else _mode(desk, form, alone),
        alone=alone,
        due=_due(desk, act.today),
        is_late=item.days_overdue > 0 and item.is_to_go,
        last=_last(desk, act.today),
        done=_done(desk, act),
        said=_said(desk.newest) if item.state in ("done", "submitted") else None,
        was_percent=_was_percent(desk.published),
        comment=desk.on_its_way.return_comment if desk.on_its_way else "",
        can_repeat=_can_repeat(desk, act.today),
        promise_passed=_promise_passed(desk, act.today),
        draft_at=_clock(desk.draft.saved_at, act) if desk.draft else "",
        note=note or (str(SIGNED_OUT) if kept else ""),
        conflict=conflict,
        not_mine_url=_not_mine(desk),
    )


def _mode(desk: Desk, form: UpdateForm, alone: bool) -> Mode:
    """What the card is: a form, something that waits, or something done."""
    if is_waiting(desk):
        return "waiting"
    if desk.item.state == "done" and not form.is_bound and not alone:
        return "done"
    return "open"


def _due(desk: Desk, today: dt.date) -> str:
    """E.g. "Due 15 Jul", "Overdue 20 days"."""
    days = desk.item.days_overdue
    if days:
        return _("Overdue %(days)s") % {"days": counted_days(days)}
    return _("Due %(day)s") % {"day": short_day(desk.item.due_on, today=today)}


def _last(desk: Desk, today: dt.date) -> str:
    """E.g. "last: on track, 24 Mar"."""
    last = desk.published
    if last is None or desk.item.last_on is None:
        return _("never reported")
    when = short_day(desk.item.last_on, today=today)
    return _("last: %(state)s, %(day)s") % {"state": _said(last).label.lower(), "day": when}


def _done(desk: Desk, act: Act) -> str:
    """E.g. "Updated 28 Jun"."""
    if desk.item.state == "submitted":
        return _("Waits for review")
    if desk.item.state != "done" or desk.item.last_on is None:
        return ""
    return _("Updated %(day)s") % {"day": short_day(desk.item.last_on, today=act.today)}


def _said(update: StatusUpdate | None) -> Said:
    if update is None:
        return Said("never_reported", "", "", "")
    code = standing_of(update) or update.lifecycle
    words = dict(STANDINGS)
    narrative = update.narrative
    if update.nothing_changed and not narrative:
        narrative = _("Nothing changed since the report before.")
    percent = update.percent_complete
    return Said(
        tone=code,
        label=str(words.get(code) or label(Lifecycle(code))),
        percent="" if percent is None else _("%(percent)s%% complete") % {"percent": percent},
        narrative=narrative,
    )


def _was_percent(last: StatusUpdate | None) -> str:
    percent = last.percent_complete if last else None
    return "" if percent is None else _("was %(percent)s") % {"percent": percent}


def _can_repeat(desk: Desk, today: dt.date) -> bool:
    """May "nothing changed" be said? Not when the promised day of recovery has passed."""
    last = desk.published
    if last is None or desk.on_its_way is not None or desk.item.state == "done":
        return False
    return _passed(last, today) is None


def _passed(last: StatusUpdate, today: dt.date) -> dt.date | None:
    """The day by which trouble was to be over, when that day is past."""
    in_trouble = last.health in (Health.AT_RISK, Health.OFF_TRACK)
    by = last.recovery_on if in_trouble else None
    return by if by is not None and by < today else None


def _promise_passed(desk: Desk, today: dt.date) -> str:
    """Why nothing changed cannot be said; nothing where it can, or where all is done."""
    last = desk.published
    by = None if last is None or desk.item.state == "done" else _passed(last, today)
    if by is None:
        return ""
    return _("The promised day, %(day)s, has passed: say what is new.") % {"day": day(by)}


def _clock(moment: dt.datetime, act: Act) -> str:
    """A moment of today as its time, else with its day."""
    local = moment.astimezone(act.tz)
    time = time_format(local.time(), "H:i")
    return time if local.date() == act.today else f"{short_day(local.date())}, {time}"


def _not_mine(desk: Desk) -> str:
    """Where one's own assignment is given back; empty for what is not one's own."""
    if desk.assignment is None:
        return ""
    return reverse("priorities:updates-not-mine", kwargs={"pk": desk.assignment.pk})


def unsaved(desk: Desk, form: UpdateForm, act: Act) -> StatusUpdate:
    """The update as it would stand, for a preview. It is never saved."""
    values: dict[str, Any] = form.said()
    return StatusUpdate(
        initiative=desk.initiative,
        period_id=desk.period_pk,
        period_end=desk.item.period_end,
        state=UpdateState.PUBLISHED.value,
        published_at=act.now,
        **values,
    )


def is_typed(desk: Desk, typed: Mapping[str, str]) -> bool:
    """Has anything been typed over what stands?"""
    return any(value != typed.get(name, "") for name, value in present_values(desk).items())
