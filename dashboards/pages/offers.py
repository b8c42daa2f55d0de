"""The dates that a reader of a plan often wants: its last meeting, and its adoption."""

from __future__ import annotations

import datetime as dt

from dashboards.pages import words
from dashboards.pages.elements import Link
from dashboards.pages.meetings import last_meeting
from dashboards.visit import Visit
from priorities.queries.publication import Document, Documents
from priorities.saying import gettext as _

#: Answers of a page that belong to the date it speaks from, and are left behind with it.
LEFT_BEHIND = ("as_of", "page", "from", "to")


def dates_offered(
    visit: Visit, found: Documents, plan: Document | None, path: str, item: Document | None = None
) -> tuple[Link, ...]:
    """The same page on the day of the plan's last meeting, and on that of its adoption.

    The meeting is the last one before the day that is shown, as was known then. Nothing for a
    page of no plan, nor for a day before the plan, or what the page is about, stood in the record.
    """
    if plan is None:
        return ()
    offers: list[Link] = []
    first = max(known_since(visit, each) for each in (plan, item or plan))
    shown = visit.as_of.day if visit.is_past else None
    meeting = last_meeting(found, plan["code"], visit.as_of.day)
    if meeting is not None and first <= meeting["held_on"]:
        text = _("The meeting before, %(day)s") if visit.is_past else _("Last meeting, %(day)s")
        offers.append(_at(visit, path, meeting["held_on"], text))
    adopted = plan["adopted_on"]
    if adopted is not None and first <= adopted < visit.today and adopted != shown:
        offers.append(_at(visit, path, adopted, _("At adoption, %(day)s")))
    return tuple(offers)


def known_since(visit: Visit, item: Document) -> dt.date:
    """The first day on which a plan, or something in it, stood in the record."""
    first: dt.date = item["recorded_at"].astimezone(visit.tz).date()
    return first


def _at(visit: Visit, path: str, day: dt.date, text: str) -> Link:
    """The page at ``path`` as known at the end of a day, with its other answers."""
    query = visit.query.copy()
    for name in LEFT_BEHIND:
        query.pop(name, None)
    query["as_of"] = day.isoformat()
    return Link(text % {"day": words.day(day)}, f"{path}?{query.urlencode()}")
