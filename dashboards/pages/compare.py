"""One item at two dates: its status then and now, and each fact that differs, old → new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, menu_plan, plan_crumb
from dashboards.pages.compare_sides import Side, Told, read_side, told_row
from dashboards.pages.elements import (
    Cell,
    Column,
    EmptyState,
    FilterField,
    FilterForm,
    Hidden,
    Link,
    Pill,
    Table,
)
from dashboards.pages.history_known import MENU, MODELS
from dashboards.pages.layout import Chrome
from dashboards.pages.meetings import last_meeting
from dashboards.pages.reading import kind_of, with_meetings_of
from dashboards.pages.two_dates import asked_day, earlier_end, later_end
from dashboards.visit import PageNotFound, Visit
from priorities.assessment.diff import same
from priorities.assessment.periods import AsOf
from priorities.queries.publication import Document
from priorities.saying import gettext as _

#: How far back the page looks for an item of no plan that was ever reviewed.
DAYS_BACK = 90
#: As many rows as a table shows; the twin has all.
MOST_ROWS = 100

#: The two moments, the earlier first.
Ends = tuple[AsOf, AsOf]


@dataclass(frozen=True, slots=True)
class Then(Printable):
    """The item at one of the dates: on which day, and how it stood."""

    day: str
    text: str
    pill: Pill | None
    url: str


@dataclass(frozen=True, slots=True)
class Group(Printable):
    """The facts of one kind that differ."""

    id: str
    title: str
    table: Table
    more: str


@dataclass(frozen=True, slots=True)
class ComparePage(Printable):
    """Every string of the comparison."""

    chrome: Chrome
    eyebrow: str
    title: str
    lead: str
    rest: str
    form: FilterForm
    ready: tuple[Link, ...]
    sides: tuple[Then, ...]
    groups: tuple[Group, ...]
    note: str
    empty: EmptyState | None
    ways: tuple[Link, ...]
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The comparison in raw values."""
        return self.data


def build_compare_page(*, visit: Visit, kind: str, codes: Mapping[str, str]) -> ComparePage:
    """A plan, a priority, an initiative or a metric at two dates.

    Without ``to`` it is the day that the page speaks from; without ``from`` the plan's last
    meeting before. Queries: those of the item's page, once for each date.
    Errors: ``BadQuestion`` for dates that make no sense; ``PageNotFound`` when the item was not
    public on the later one.
    """
    until = later_end(visit)
    now = read_side(replace(visit, as_of=until), kind, codes)
    plan = now.plan or menu_plan(now.found, until.day)
    since = earlier_end(visit, asked_day(visit, "from") or _usual(now, plan, until), until)
    try:
        then = read_side(replace(visit, as_of=since), kind, codes)
    except PageNotFound as why:
        return _page(visit, kind, codes, plan, None, now, (since, until), str(why))
    return _page(visit, kind, codes, plan, then, now, (since, until), "")


def _usual(now: Side, plan: Document | None, until: AsOf) -> dt.date:
    meeting = last_meeting(now.found, plan["code"], until.day) if plan else None
    if meeting is None:
        return until.day - dt.timedelta(days=DAYS_BACK)
    held: dt.date = meeting["held_on"]
    return held


def _page(
    visit: Visit,
    kind: str,
    codes: Mapping[str, str],
    plan: Document | None,
    then: Side | None,
    now: Side,
    ends: Ends,
    unknown: str,
) -> ComparePage:
    differing = tuple(differences(then, now)) if then else ()
    lead, rest = _lead(then, now, len(differing), ends)
    title = _("Compare: %(name)s") % {"name": now.item.label}
    name = kind_of(MODELS[kind])
    url = visit.link(f"{kind}-compare", query=None, **codes).partition("?")[0]
    found = with_meetings_of(visit, plan["code"], now.found, ends[1]) if plan else now.found
    return ComparePage(
        chrome=build_chrome(
            visit=visit,
            found=found,
            title=title,
            description=f"{lead}{rest}",
            current=MENU[kind],
            plan=plan,
            item=(kind, codes),
            breadcrumb=_way(visit, kind, now),
            index=not visit.query,
            asks=("from", "to"),
        ),
        eyebrow=name[:1].upper() + name[1:],
        title=title,
        lead=lead,
        rest=rest,
        form=_form(visit, url, ends),
        ready=tuple(_ready(visit, url, now, plan, ends[1])),
        sides=tuple(_side(visit, each) for each in (then, now) if each),
        groups=tuple(_groups(visit, differing, ends)),
        note=_note(now),
        empty=_empty(unknown, differing),
        ways=_ways(visit, kind, codes, ends),
        data=_json(kind, codes, then, differing, ends),
    )


# ── What differs ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Differing:
    """One fact that is not the same at both dates; None where it was not there."""

    key: str
    old: Told | None
    new: Told | None

    @property
    def told(self) -> Told:
        """The fact, for its name and its group."""
        found = self.new or self.old
        if found is None:
            raise ValueError(self.key)
        return found


def differences(then: Side, now: Side) -> Iterator[Differing]:
    """The facts that differ, in the order of now, then those that are gone."""
    for key, new in now.facts.items():
        old = then.facts.get(key)
        if old is None or not same(old.raw, new.raw):
            yield Differing(key, old, new)
    for key, old in then.facts.items():
        if key not in now.facts:
            yield Differing(key, old, None)
    for code, row in now.rows.items():
        before = then.rows.get(code)
        if before is None or before.state != row.state:
            was = told_row(then, before) if before else None
            yield Differing(f"initiative:{code}", was, told_row(now, row))
    for code, row in then.rows.items():
        if code not in now.rows:
            yield Differing(f"initiative:{code}", told_row(then, row), None)


def _lead(then: Side | None, now: Side, count: int, ends: Ends) -> tuple[str, str]:
    """How much differs: "5 facts differ", " between 7 Jun 2023 and today; 23 are the same."."""
    days = {"first": words.day(ends[0].day), "last": words.day(ends[1].day)}
    if then is None:
        return _("Not yet public"), _(" on %(first)s; it is on %(last)s.") % days
    if not count:
        return _("Nothing differs"), _(" between %(first)s and %(last)s.") % days
    lead = ngettext("%(n)s fact differs", "%(n)s facts differ", count) % {"n": words.count(count)}
    alike = len(then.facts.keys() | now.facts.keys()) - count
    alike += len(then.rows.keys() | now.rows.keys())
    rest = ngettext(
        " between %(first)s and %(last)s; %(n)s is the same.",
        " between %(first)s and %(last)s; %(n)s are the same.",
        alike,
    ) % {**days, "n": words.count(alike)}
    return lead, rest


def _group_names() -> dict[str, str]:
    return {
        "state": _("Status and report"),
        "counts": _("Initiatives by status"),
        "initiatives": _("Initiatives"),
        "milestones": _("Milestones"),
        "values": _("Values"),
        "targets": _("Targets and baseline"),
        "metrics": _("Metrics"),
        "budget": _("Budget"),
        "wording": _("Wording and dates"),
    }


def _groups(visit: Visit, differing: tuple[Differing, ...], ends: Ends) -> Iterator[Group]:
    for code, title in _group_names().items():
        found = [each for each in differing if each.told.group == code]
        if not found:
            continue
        columns = (
            Column(_("What")),
            *(Column(_("On %(day)s") % {"day": words.day(end.day)}) for end in ends),
        )
        rows = tuple(_row(visit, each, ends) for each in found[:MOST_ROWS])
        more = len(found) - MOST_ROWS
        text = _("%(n)s more are not shown here; the JSON of this page has them.")
        yield Group(
            code,
            title,
            Table(title, columns, rows),
            text % {"n": words.count(more)} if more > 0 else "",
        )


def _row(visit: Visit, each: Differing, ends: Ends) -> tuple[Cell, ...]:
    told, url = each.told, ""
    if told.way is not None and each.new is not None:
        kind, codes = told.way
        url = visit.link(f"{kind}-compare", query=_asked(ends), **codes)
    return Cell(told.label, url, head=True), _cell(each.old), _cell(each.new)


def _asked(ends: Ends) -> dict[str, str]:
    """Both dates as they stand in an address."""
    return {"from": ends[0].day.isoformat(), "to": ends[1].day.isoformat()}


def _note(now: Side) -> str:
    """What is left out of a large plan."""
    if not now.unrated:
        return ""
    return _(
        "%(n)s metrics are too many to rate at two dates; each has a comparison of its own."
    ) % {"n": words.count(now.unrated)}


def _cell(told: Told | None) -> Cell:
    if told is None:
        return Cell(_("not there"))
    return Cell(pill=told.pill) if told.pill else Cell(told.text)


def _empty(unknown: str, differing: tuple[Differing, ...]) -> EmptyState | None:
    if unknown:
        return EmptyState(_("There is nothing to set it against."), unknown)
    if not differing:
        return EmptyState(
            _("Nothing differs between these two dates."),
            _("Choose an earlier first date to look further back."),
        )
    return None


# ── The way to it ────────────────────────────────────────────────────────────────────────────


def _way(visit: Visit, kind: str, now: Side) -> tuple[Link, ...]:
    here = Link(_("Compare"), "", current=True)
    if kind == "plan":
        return now.item, here
    if now.plan is None:
        return Link(_("Metrics"), visit.link("metrics")), now.item, here
    return plan_crumb(visit, now.plan), now.item, here


def _form(visit: Visit, url: str, ends: Ends) -> FilterForm:
    since, until = (end.day.isoformat() for end in ends)
    return FilterForm(
        action=url,
        label=_("Choose two dates"),
        submit=_("Compare"),
        fields=(
            FilterField("from", _("The end of"), "date", since),
            FilterField("to", _("With the end of"), "date", until),
        ),
        hidden=(Hidden("as_of", visit.as_of_text),) if visit.is_past else (),
    )


def _ready(visit: Visit, url: str, now: Side, plan: Document | None, until: AsOf) -> Iterator[Link]:
    """Dates that are often wanted, up to the later one."""
    if plan is None:
        return
    meeting = last_meeting(now.found, plan["code"], until.day)
    adopted = plan["adopted_on"]
    for day, text in (
        (meeting["held_on"] if meeting else None, _("Since the last meeting, %(day)s")),
        (adopted, _("Since adoption, %(day)s")),
    ):
        if day is not None and day < until.day:
            asked = {"from": day.isoformat(), "to": until.day.isoformat()}
            yield Link(text % {"day": words.day(day)}, visit.carry(url, query=asked))


def _side(visit: Visit, side: Side) -> Then:
    """The item at one date, with the way to its page as it was."""
    day = side.visit.as_of.day
    bare = side.item.url.partition("?")[0]
    url = bare if side.visit.as_of.is_now else f"{bare}?as_of={day.isoformat()}"
    return Then(_("On %(day)s") % {"day": words.day(day)}, side.said, side.pill, url)


def _ways(visit: Visit, kind: str, codes: Mapping[str, str], ends: Ends) -> tuple[Link, ...]:
    history = visit.link(f"{kind}-history", query=None, **codes)
    links = [Link(_("Every change, with its proof"), history)]
    if "plan" in codes:
        url = visit.link("changes", query=_asked(ends), plan=codes["plan"])
        links.append(Link(_("What changed in the plan between these dates"), url))
    return tuple(links)


def _json(
    kind: str,
    codes: Mapping[str, str],
    then: Side | None,
    differing: tuple[Differing, ...],
    ends: Ends,
) -> dict[str, Any]:
    return {
        "item_type": kind,
        "item": "/".join(codes.values()),
        "from": ends[0].day.isoformat(),
        "to": ends[1].day.isoformat(),
        "known_then": then is not None,
        "differs": [
            {
                "fact": each.key,
                "old": each.old.raw if each.old else None,
                "new": each.new.raw if each.new else None,
            }
            for each in differing
        ],
    }
