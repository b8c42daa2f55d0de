"""The meetings at which a plan is reviewed: the last one before a day, and the next one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dashboards.pages.raw import picked, raw
from priorities.queries.publication import Document, Documents


def meetings_of(found: Documents, plan_code: str) -> tuple[Document, ...]:
    """The meetings of a plan that were not called off, in the order of their days.

    ``found`` holds at least the documents of ``frame()``.
    """
    held = [
        meeting
        for meeting in found.get("meeting", {}).values()
        if meeting["plan"] == plan_code and not meeting["called_off"]
    ]
    return tuple(sorted(held, key=lambda meeting: meeting["held_on"]))


def last_meeting(found: Documents, plan_code: str, day: dt.date) -> Document | None:
    """The newest meeting before a day.

    One on the day itself does not count: what it looks back on began at the one before.
    """
    before = [each for each in meetings_of(found, plan_code) if each["held_on"] < day]
    return before[-1] if before else None


def next_meeting(found: Documents, plan_code: str, day: dt.date) -> Document | None:
    """The first meeting on a day or after it."""
    ahead = (each for each in meetings_of(found, plan_code) if each["held_on"] >= day)
    return next(ahead, None)


def meetings_json(found: Documents, plan_code: str) -> list[dict[str, Any]]:
    """All meetings of a plan in raw values, those that were called off among them."""
    own = [each for each in found.get("meeting", {}).values() if each["plan"] == plan_code]
    return [meeting_json(each) for each in sorted(own, key=lambda each: each["held_on"])]


def meeting_json(meeting: Document) -> dict[str, Any]:
    """A meeting in raw values."""
    return {
        "id": meeting["pk"],
        "on": raw(meeting["held_on"]),
        **picked(meeting, "name", "agenda_url", "called_off", "provenance"),
    }
