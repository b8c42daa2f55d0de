"""What stands beside a plan's headline: its period, who has reported, where it comes from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from dashboards.pages import words
from dashboards.pages.chrome import marks_url, public_plans
from dashboards.pages.elements import Fact, Link, Notice, Progress
from dashboards.pages.meetings import next_meeting
from dashboards.pages.raw import picked
from dashboards.pages.reading import Reading
from dashboards.visit import Visit
from priorities.assessment.freshness import Window
from priorities.queries.publication import Document
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _


def successor_of(plan: Reading) -> Document | None:
    """The public plan that continues this one."""
    plans = public_plans(plan.found)
    return next((other for other in plans if other["predecessor"] == plan.code), None)


def closed_notice(visit: Visit, plan: Reading) -> Notice | None:
    """The words that a plan is over, with the way to the next."""
    if not plan.is_closed:
        return None
    after = successor_of(plan)
    link = None
    if after is not None:
        label = _("Continued by: %(plan)s") % {"plan": after["title"]}
        link = Link(label, visit.link("plan", plan=after["code"]))
    text = _("Everything is shown as it stood on %(day)s. Nothing in it becomes overdue later.")
    day = words.day(plan.judged_on)
    return Notice(_("This plan is closed."), text % {"day": day}, "info", link)


def period_of(plan: Reading) -> Progress:
    """The plan's period, and how much of it has passed."""
    start, end = plan.plan["period_start"], plan.plan["period_end"]
    day = min(max(plan.visit.as_of.day, start - dt.timedelta(days=1)), end)
    percent = round(100 * ((day - start).days + 1) / ((end - start).days + 1))
    text = _("%(percent)s%% of the time has passed") % {"percent": percent}
    if plan.visit.as_of.day < start:
        text = _("Begins on %(day)s") % {"day": words.day(start)}
    return Progress(percent, text, label=_("Plan period"), value=words.span(start, end))


def periods_json(plan: Reading) -> list[dict[str, Any]]:
    """The reporting periods of a plan in raw values."""
    own = (each for each in plan.found["reporting_period"].values() if each["plan"] == plan.code)
    return [period_json(each) for each in sorted(own, key=lambda each: (each["end"], each["pk"]))]


def period_json(period: Document) -> dict[str, Any]:
    """A reporting period in raw values."""
    fields = ("calendar", "start", "end", "due_on", "provenance")
    return {"id": period["pk"], **picked(period, *fields)}


def facts_of(plan: Reading) -> tuple[Fact, ...]:
    """Who has reported, and who reviews."""
    facts: list[Fact] = []
    coverage = plan.snapshot.once("coverage", lambda: _coverage(plan.snapshot.rows))
    if coverage is not None:
        window, covered, awaited = coverage
        value = _("%(n)s of %(initiatives)s") % {
            "n": words.count(covered),
            "initiatives": words.initiatives_counted(awaited),
        }
        due = words.day(window.due_on)
        label = _("Reported for %(period)s") % {"period": words.period_of(window)}
        running = window.due_on >= plan.judged_on
        detail = (_("due by %(day)s") if running else _("was due by %(day)s")) % {"day": due}
        facts.append(Fact(label, value, detail=detail))
    agency = next(iter(plan.found["organization"].values()), None)
    if agency and agency["reviewing_body"]:
        facts.append(Fact(_("Reviewed by"), agency["reviewing_body"]))
    return (*facts, *_meeting(plan))


def _meeting(plan: Reading) -> Iterator[Fact]:
    """The next meeting at which the plan is reviewed, with the way to its agenda."""
    found = next_meeting(plan.found, plan.code, plan.visit.as_of.day)
    if found is not None and not plan.is_closed:
        agency = next(iter(plan.found["organization"].values()), None)
        usual = agency["reviewing_body"] if agency else ""
        yield Fact(
            _("Next meeting"),
            words.day(found["held_on"]),
            found["agenda_url"],
            "" if found["name"] == usual else found["name"],
            marks=words.marks(found["provenance"], url=marks_url(plan.visit)),
        )


def _coverage(rows: Sequence[InitiativeRow]) -> tuple[Window, int, int] | None:
    """The period last ended, how many initiatives are reported for it, and how many should be."""
    awaited = [row.freshness for row in rows if row.freshness.current and not is_over(row)]
    windows = Counter(freshness.current for freshness in awaited if freshness.current)
    if not windows:
        return None
    covered = sum(freshness.covered for freshness in awaited)
    return windows.most_common(1)[0][0], covered, len(awaited)


def is_over(row: InitiativeRow) -> bool:
    """Is an initiative completed, cancelled, merged or superseded?"""
    return row.standing.closed_on is not None


def about_plan(visit: Visit, plan: Reading) -> tuple[Fact, ...]:
    """Where the plan comes from, and what it follows."""
    document = plan.plan
    facts: list[Fact] = []
    if document["adopted_on"]:
        facts.append(Fact(_("Adopted"), words.day(document["adopted_on"])))
    if document["source_url"]:
        facts.append(Fact(_("Source"), _("The published plan"), document["source_url"]))
    for label, other in (
        (_("Follows"), plan.found["plan"].get(document["predecessor"])),
        (_("Continued by"), successor_of(plan)),
    ):
        if other is not None:
            facts.append(Fact(label, other["title"], visit.link("plan", plan=other["code"])))
    for label, text in (
        (_("Vision"), document["vision"]),
        (_("Mission"), document["mission"]),
        (_("About this record"), document["note"]),
    ):
        if text:
            facts.append(Fact(label, text, plain=True))
    return tuple(facts)


def priority_name(document: Document) -> str:
    """What stands above a priority's title: "Priority 1"."""
    return _("Priority %(code)s") % {"code": document["code"]}
