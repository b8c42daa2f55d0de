"""The form of one initiative's update: a few clicks and a sentence, filled in from last time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from priorities.actions.reporting import Step
from priorities.actions.updates import REPEATED
from priorities.enums import Health, Lifecycle, UpdateState
from priorities.labels import WORDS
from priorities.models import Milestone, StatusUpdate
from priorities.queries.reporting import Desk
from priorities.spelling import day

#: Words that are translated when they are shown.
Words = Any

#: What a person can say of an initiative, in the order of the picture.
ON_TRACK, AT_RISK, OFF_TRACK = (health.value for health in Health)
COMPLETED, PAUSED = Lifecycle.COMPLETED.value, Lifecycle.PAUSED.value
STANDINGS: tuple[tuple[str, Any], ...] = (
    *((health.value, WORDS[Health][health]) for health in Health),
    (COMPLETED, WORDS[Lifecycle][Lifecycle.COMPLETED]),
    (PAUSED, WORDS[Lifecycle][Lifecycle.PAUSED]),
)
TROUBLE = (AT_RISK, OFF_TRACK)
#: Longest text that a reader will read.
LONGEST = 4000
#: The fields of one milestone.
STEP_FIELDS = ("done", "done_on", "due_on", "why")


def _text(label: Words, *, placeholder: Words = "") -> forms.CharField:
    """A short text, two lines high."""
    widget = forms.Textarea(attrs={"rows": 2, "placeholder": placeholder} if placeholder else
                            {"rows": 2})  # fmt: skip
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget)


def _day(label: Words) -> forms.DateField:
    """A day, from the browser's own calendar where it has one."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    formats = ["%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%m/%d/%Y"]
    message = {"invalid": _("Write a date such as 2022-08-15.")}
    return forms.DateField(
        label=label, required=False, widget=widget, input_formats=formats, error_messages=message
    )


@dataclass(frozen=True, slots=True)
class StepRow:
    """One milestone in the form."""

    milestone: Milestone
    done: BoundField
    done_on: BoundField
    due_on: BoundField
    why: BoundField

    @property
    def due(self) -> str:
        """The day on which it is due."""
        return day(self.milestone.due_on)

    @property
    def was_due(self) -> str:
        """The first promised day, where it has moved."""
        moved = self.milestone.original_due_on != self.milestone.due_on
        return day(self.milestone.original_due_on) if moved else ""

    @property
    def has_errors(self) -> bool:
        """Is something wrong with it?"""
        return bool(self.done_on.errors or self.due_on.errors or self.why.errors)


class UpdateForm(forms.Form):
    """What is said of one initiative for one period, with its milestones.

    ``today`` is the day at the agency. ``typed`` are texts to show in place of what stands, such
    as a draft; the form is not bound by them.
    """

    standing = forms.ChoiceField(
        label=_("Status"),
        choices=STANDINGS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it stands.")},
    )
    percent_complete = forms.IntegerField(
        label=_("Percent complete"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write a whole number from 0 to 100."),
            "min_value": _("Write a whole number from 0 to 100."),
            "max_value": _("Write a whole number from 0 to 100."),
        },
    )
    narrative = _text(_("What happened?"))
    next_steps = _text(_("What is next?"))
    cause = _text(_("What is in the way?"))
    recovery_step = _text(_("What will bring it back?"), placeholder=_("Say who does what"))
    recovery_on = _day(_("By when?"))
    closed_on = _day(_("Completed on"))
    correction = _text(_("Was the last update wrong? Say what was wrong with it"))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        desk: Desk,
        *,
        today: dt.date,
        data: Mapping[str, Any] | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        self.desk, self.today = desk, today
        initial = present_values(desk) | {"seen": desk.seen} | dict(typed or {})
        super().__init__(data, initial=initial, auto_id=f"i{desk.item.pk}-%s")
        for step in desk.steps:
            self._add_step(step)
        if not self.can_correct:
            del self.fields["correction"]

    def _add_step(self, step: Milestone) -> None:
        name = f"m{step.pk}"
        self.fields[f"{name}-done"] = forms.BooleanField(label=step.name, required=False)
        self.fields[f"{name}-done_on"] = _day(_("Done on"))
        self.fields[f"{name}-due_on"] = _day(_("Due on"))
        self.fields[f"{name}-why"] = forms.CharField(
            label=_("Why does the date move?"), required=False, max_length=1000
        )

    @property
    def can_correct(self) -> bool:
        """Is there a published update of this period, and none on its way?"""
        published = self.desk.published
        return (
            published is not None
            and published.period_end == self.desk.item.period_end
            and self.desk.on_its_way is None
        )

    @property
    def step_rows(self) -> Iterator[StepRow]:
        """The milestones, each with its fields."""
        for step in self.desk.steps:
            yield StepRow(step, *(self[f"m{step.pk}-{name}"] for name in STEP_FIELDS))

    @property
    def has_step_errors(self) -> bool:
        """Is something wrong with a milestone?"""
        return any(row.has_errors for row in self.step_rows)

    def clean(self) -> dict[str, Any]:
        """What goes together: trouble with its cause, completing with its day."""
        cleaned = super().clean() or {}
        standing = cleaned.get("standing")
        if standing in TROUBLE:
            self._demand("cause", _("Say what is in the way."))
            self._demand("recovery_step", _("Say what will bring it back, and who does it."))
            self._demand("recovery_on", _("Say by when it will be back on track."))
            self._refuse_past("recovery_on", _("This day is past. Say by when it will be back."))
        if standing == COMPLETED:
            self._demand("closed_on", _("Say on which day it was completed."))
            self._demand("narrative", _("Say what was delivered."))
            self._refuse_future("closed_on")
        if standing == PAUSED:
            self._demand("narrative", _("Say why it is paused."))
        published = self.desk.published
        if published is not None and published.closed_on and self.can_correct:
            self._demand("correction", _("It is closed. Say what was wrong with that."))
        for step in self.desk.steps:
            self._clean_step(step)
        return cleaned

    def _demand(self, name: str, message: Words) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, ValidationError(message, code="required"))

    def _refuse_past(self, name: str, message: Words) -> None:
        when = self.cleaned_data.get(name)
        if when and when < self.today:
            self.add_error(name, message)

    def _refuse_future(self, name: str) -> None:
        when = self.cleaned_data.get(name)
        if when and when > self.today:
            self.add_error(name, _("This day is still to come."))

    def _clean_step(self, step: Milestone) -> None:
        """A step is done on a day that has come; a date that moves says why."""
        name, cleaned = f"m{step.pk}", self.cleaned_data
        if cleaned.get(f"{name}-done"):
            self._refuse_future(f"{name}-done_on")
            return
        due_on = cleaned.get(f"{name}-due_on")
        if due_on and due_on != step.due_on and not cleaned.get(f"{name}-why", "").strip():
            self.add_error(f"{name}-why", _("Say why the date moves; the first date is kept."))

    def said(self) -> dict[str, Any]:
        """The fields of the update, from a valid form."""
        given, standing = self.cleaned_data, self.cleaned_data["standing"]
        trouble = standing in TROUBLE
        percent = given["percent_complete"]
        said: dict[str, Any] = {
            "lifecycle": self._lifecycle(standing, percent),
            "health": standing if standing in tuple(Health) else "",
            "percent_complete": 100 if standing == COMPLETED and percent is None else percent,
            "narrative": given["narrative"].strip(),
            "next_steps": "" if standing == COMPLETED else given["next_steps"].strip(),
            "cause": given["cause"].strip() if trouble else "",
            "recovery_step": given["recovery_step"].strip() if trouble else "",
            "recovery_on": given["recovery_on"] if trouble else None,
            "closed_on": given["closed_on"] if standing == COMPLETED else None,
        }
        return said | {"nothing_changed": self._repeats(said)}

    def _lifecycle(self, standing: str, percent: int | None) -> str:
        """Work that had not begun begins with its first percent."""
        if standing in (COMPLETED, PAUSED):
            return str(standing)
        last = self.desk.published
        waits = last is not None and last.lifecycle == Lifecycle.NOT_STARTED
        return (Lifecycle.NOT_STARTED if waits and not percent else Lifecycle.IN_PROGRESS).value

    def _repeats(self, said: Mapping[str, Any]) -> bool:
        """Does it say word for word what was said for the period before?"""
        last = self.desk.published
        return (
            last is not None
            and last.period_end < self.desk.item.period_end
            and not said["narrative"]
            and all(getattr(last, name) == said[name] for name in (*REPEATED, "next_steps"))
        )

    def steps(self) -> list[Step]:
        """What the form does to the milestones."""
        found = []
        for step in self.desk.steps:
            name, given = f"m{step.pk}", self.cleaned_data
            changes: dict[str, object] = {}
            done, due_on = given[f"{name}-done"], given[f"{name}-due_on"]
            done_on = (given[f"{name}-done_on"] or step.done_on or self.today) if done else None
            if done_on != step.done_on:
                changes["done_on"] = done_on
            if not done and due_on and due_on != step.due_on:
                changes |= {"due_on": due_on, "due_precision": "day"}
            if changes:
                found.append(Step(step, changes, given[f"{name}-why"].strip()))
        return found


def standing_of(update: StatusUpdate) -> str:
    """What the form calls what an update says; empty when it says neither."""
    if update.lifecycle in (COMPLETED, PAUSED):
        return update.lifecycle
    return update.health


def present_values(desk: Desk) -> dict[str, str]:
    """What stands, as texts by the names of the fields: filled in from last time.

    What happened is of each period anew, so it is empty unless it was said of this period.
    """
    newest = desk.newest
    values = dict.fromkeys(
        ("standing", "narrative", "next_steps", "cause", "recovery_step"), ""
    ) | {"percent_complete": "", "recovery_on": "", "closed_on": ""}
    if newest is not None:
        for name in ("percent_complete", "next_steps", "cause", "recovery_step", "recovery_on"):
            values[name] = _plain(getattr(newest, name))
        values["standing"] = standing_of(newest)
        if newest.period_end == desk.item.period_end:
            values["narrative"] = newest.narrative
            values["closed_on"] = _plain(newest.closed_on)
    for step in desk.steps:
        values |= {
            f"m{step.pk}-done": "on" if step.done_on else "",
            f"m{step.pk}-done_on": _plain(step.done_on),
            f"m{step.pk}-due_on": _plain(step.due_on),
            f"m{step.pk}-why": "",
        }
    return values


def typed_values(desk: Desk, data: Mapping[str, Any]) -> dict[str, str]:
    """What somebody typed, as texts by the names of the fields; nothing else of what was sent."""
    names = [*present_values(desk), "correction"]
    return {name: str(data.get(name) or "") for name in names}


def is_waiting(desk: Desk) -> bool:
    """Does an update of this period wait for a review?"""
    waiting = desk.on_its_way
    return waiting is not None and waiting.state == UpdateState.SUBMITTED


def _plain(value: object) -> str:
    return "" if value is None else str(value)
