"""Two versions of one update side by side, and which of them stands, field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from priorities.forms.updates import STANDINGS, STEP_FIELDS, UpdateForm, present_values
from priorities.queries.reporting import Desk
from priorities.spelling import day, moment

#: How a form says, for one field, whose version stands.
PICK, MINE, THEIRS = "pick-", "mine", "theirs"
#: Buttons of the conflict that pick for all fields at once.
TAKE = "take"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the two versions differ."""

    name: str
    label: str
    mine: str
    theirs: str
    picked: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else's version, who wrote it and when, and how mine differs from it.

    ``mine``: all that was typed, by the names of the fields.
    """

    who: str
    when: str
    differences: tuple[Difference, ...]
    mine: tuple[tuple[str, str], ...]


def chosen(desk: Desk, data: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What is to be saved after a choice: each field as it was picked."""
    theirs, take = present_values(desk), data.get(TAKE, "")
    picked = {}
    for name, value in typed.items():
        pick = take or data.get(f"{PICK}{name}", MINE)
        picked[name] = theirs.get(name, "") if pick == THEIRS else value
    return picked


def conflict_of(
    form: UpdateForm, typed: Mapping[str, str], *, seen: str, tz: ZoneInfo
) -> Conflict | None:
    """How what was typed differs from what stands now; None when it says the same.

    ``seen``: the state over which it was typed. Only what somebody else has touched since is
    compared: the report, or the milestones.
    """
    desk = form.desk
    present = present_values(desk)
    theirs = {
        name: present[name]
        for name in form.fields
        if name in present and _is_touched(name, seen, desk.seen)
    }
    differences = tuple(
        Difference(
            name=name,
            label=_label(form, name),
            mine=_words(name, typed.get(name, "")),
            theirs=_words(name, value),
            picked=MINE,
        )
        for name, value in theirs.items()
        if _normal(typed.get(name, "")) != _normal(value) and not name.endswith("-why")
    )
    if not differences:
        return None
    newest, mine = desk.newest, tuple(typed.items())
    if newest is None or newest.period_end != desk.item.period_end:
        return Conflict("", "", differences, mine)
    at: dt.datetime = newest.published_at or newest.recorded_at
    return Conflict(newest.recorded_by, moment(at, tz), differences, mine)


def has_chosen(data: Mapping[str, str]) -> bool:
    """Was it said whose version stands?"""
    return bool(data.get(TAKE)) or any(name.startswith(PICK) for name in data)


def _is_touched(name: str, seen: str, now: str) -> bool:
    """Has the part that a field belongs to changed since?"""
    part = 1 if name.partition("-")[2] in STEP_FIELDS else 0
    return (*seen.split("."), "", "")[part] != now.split(".")[part]


def _normal(text: str) -> str:
    """Texts compare without the line ends that a browser changes."""
    return text.replace("\r\n", "\n").strip()


def _label(form: UpdateForm, name: str) -> str:
    """What a field is called, a milestone's with its name."""
    head, _dash, part = name.partition("-")
    if part not in STEP_FIELDS:
        return str(form.fields[name].label)
    step = form.fields[f"{head}-done"].label
    what = _("done") if part == "done" else str(form.fields[name].label).lower()
    return _("%(milestone)s: %(what)s") % {"milestone": step, "what": what}


def _words(name: str, value: str) -> str:
    """A value as a person reads it; a dash for nothing."""
    if name == "standing":
        return str(dict(STANDINGS).get(value, "")) or "–"
    if name.endswith("-done"):
        return _("Done") if value else _("Not done")
    if name.endswith("_on") and value:
        try:
            return day(dt.date.fromisoformat(value))
        except ValueError:
            return value
    return _normal(value) or "–"
