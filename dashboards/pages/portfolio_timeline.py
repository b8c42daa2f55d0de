"""The timeline of a plan: its initiatives and milestones on one axis, each group with its table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import ngettext

from dashboards.charts.gantt import Gantt, gantt, outside
from dashboards.charts.gantt_data import GanttInput, GanttRow, GanttWords
from dashboards.charts.printable import Printable
from dashboards.filters import ask, listed, one_of, select
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome
from dashboards.pages.elements import (
    Cell,
    Column,
    EmptyState,
    FilterForm,
    Link,
    Pager,
    Pill,
    Table,
)
from dashboards.pages.initiatives import allowed_values, found_words, question_form
from dashboards.pages.layout import Chrome
from dashboards.pages.milestones import (
    STATE_TONES,
    ordered,
    state_of,
    state_words,
    step_of,
    tick,
    when_of,
)
from dashboards.pages.paging import pager, pages_of
from dashboards.pages.portfolio_fields import marked
from dashboards.pages.portfolio_plan import chosen_plan, plan_form
from dashboards.pages.portfolio_table import question_kept
from dashboards.pages.portfolio_ways import Ways
from dashboards.pages.reading import Reading
from dashboards.pages.rows import state_cell
from dashboards.visit import Visit
from priorities.enums import DatePrecision
from priorities.models import Initiative, Milestone
from priorities.queries.portfolio import moved_promises
from priorities.queries.publication import Document, documents, later_changes
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

PAGE_SIZE = 50
#: As many as one drawing holds, so that it fits on a sheet of paper with its axis.
MOST_DRAWN = 12
#: How far beyond the plan's own period its timeline looks at most, unless all dates are asked for.
BEYOND = dt.timedelta(days=184)
ALL = "all"


@dataclass(frozen=True, slots=True)
class TimelineGroup(Printable):
    """The initiatives of one priority: drawn, a sheet of paper at a time, and in a table."""

    id: str
    title: str
    charts: tuple[Gantt, ...]
    outside: str
    table: Table
    table_label: str


@dataclass(frozen=True, slots=True)
class PortfolioTimelinePage(Printable):
    """Every string of the timeline."""

    chrome: Chrome
    eyebrow: str
    title: str
    lead: str
    plans: FilterForm | None
    form: FilterForm
    found: str
    stretch: Link
    groups: tuple[TimelineGroup, ...]
    empty: EmptyState | None
    pager: Pager
    query: str


@dataclass(frozen=True, slots=True)
class _Dates:
    """The dates of the initiatives on the page, by their keys; milestones by initiative's code."""

    plan: Reading
    wording: Mapping[int, Document]
    steps: Mapping[str, Sequence[Document]]
    first_ends: Mapping[int, dt.date]

    @property
    def on(self) -> dt.date:
        """The day on which they are judged."""
        return self.plan.judged_on


def build_portfolio_timeline(*, visit: Visit, ways: Ways) -> PortfolioTimelinePage:
    """Fifty initiatives of what the address asks for, by priority, on one stretch of time.

    Queries: six, and two more when the address names no plan, whatever the size.
    Errors: as for the table.
    """
    plan = chosen_plan(visit)
    question = ask(visit.query, allowed_values(plan), also=("plan", "stretch"))
    selection = select(plan.snapshot, question)
    pages = pages_of(selection.total, PAGE_SIZE, question.page)
    rows = listed(plan.snapshot, selection, question, PAGE_SIZE)
    stretch = visit.query.get("stretch", "").strip()
    everything = bool(stretch) and one_of("stretch", stretch, [ALL]) == ALL
    also = {"plan": plan.code} | ({"stretch": ALL} if everything else {})
    query = also | question.query()
    dates = _read(plan, rows)
    first, last = _stretch(dates, rows, everything=everything)
    url = ways.timeline
    return PortfolioTimelinePage(
        chrome=build_chrome(
            visit=visit,
            found=plan.found,
            title=_("Timeline: %(plan)s") % {"plan": plan.plan["title"]},
            plan=plan.plan,
        ),
        eyebrow=plan.plan["title"],
        title=_("Timeline"),
        lead=_lead(dates, rows),
        plans=plan_form(plan, url),
        form=question_form(plan, question, selection, url, also),
        found=found_words(question, selection.total, len(plan.snapshot.rows)),
        stretch=_other_stretch(visit, url, query, everything=everything),
        groups=tuple(_groups(dates, rows, first, last)),
        empty=None if rows else EmptyState(_("No initiative matches all of these filters.")),
        pager=pager(
            visit,
            url,
            query,
            at=question.page,
            pages=pages,
            total=selection.total,
            size=PAGE_SIZE,
        ),
        query=question_kept(query),
    )


def _read(plan: Reading, rows: Sequence[InitiativeRow]) -> _Dates:
    """The wording, milestones and first ends of some initiatives. Queries: three."""
    as_of, keys = plan.visit.as_of, [row.pk for row in rows]
    undo = later_changes(Initiative, Milestone, as_of=as_of, plan_code=plan.code)
    found = documents(
        Initiative.objects.filter(pk__in=keys),
        Milestone.objects.filter(initiative__in=keys),
        as_of=as_of,
        undo=undo,
    )
    steps: dict[str, list[Document]] = {}
    for step in ordered(found["milestone"].values()):
        steps.setdefault(step["initiative"].partition("/")[2], []).append(step)
    ends = {
        one.item_id: one.first
        for one in moved_promises(plan.code, as_of)
        if one.item_type == Initiative.ITEM_TYPE and one.days
    }
    wording = {each["pk"]: each for each in found["initiative"].values()}
    return _Dates(plan, wording, steps, ends)


# ── Which stretch of time ────────────────────────────────────────────────────────────────────


def _stretch(
    dates: _Dates, rows: Iterable[InitiativeRow], *, everything: bool
) -> tuple[dt.date, dt.date]:
    """From when to when: the plan's period and what lies near it, or every date there is."""
    plan = dates.plan.plan
    start, end = plan["period_start"], plan["period_end"]
    days = [start, end, dates.on]
    days += [day for row in rows for day in _days(dates, row)]
    if everything:
        return min(days), max(days)
    near = [day for day in days if start - BEYOND <= day <= end + BEYOND]
    return min(near), max(near)


def _days(dates: _Dates, row: InitiativeRow) -> Iterable[dt.date]:
    """Every date of an initiative that can be drawn."""
    own = (row.start, row.end, row.standing.closed_on, dates.first_ends.get(row.pk))
    yield from (day for day in own if day is not None)
    for step in dates.steps.get(row.code, ()):
        yield from (step["due_on"], step["original_due_on"])


def _other_stretch(visit: Visit, url: str, query: dict[str, str], *, everything: bool) -> Link:
    """The way to the other stretch."""
    if everything:
        rest = {name: value for name, value in query.items() if name != "stretch"}
        return Link(_("Only the plan's period"), visit.carry(url, query=rest))
    return Link(_("All dates, however far"), visit.carry(url, query=query | {"stretch": ALL}))


# ── What is drawn ────────────────────────────────────────────────────────────────────────────


def _lead(dates: _Dates, rows: Sequence[InitiativeRow]) -> str:
    """How many of the ends and milestones on the page stand where they were first promised."""
    steps = [step for row in rows for step in dates.steps.get(row.code, ())]
    moved = sum(step["due_on"] != step["original_due_on"] for step in steps)
    said = ngettext("%(n)s milestone", "%(n)s milestones", len(steps)) % {
        "n": words.count(len(steps))
    }
    late = sum(
        state_of(step, dates.on) == "late"
        for row in rows
        if row.standing.closed_on is None
        for step in dates.steps.get(row.code, ())
    )
    return _("%(milestones)s on this page: %(moved)s moved, %(late)s late.") % {
        "milestones": said,
        "moved": words.count(moved),
        "late": words.count(late),
    }


def _groups(
    dates: _Dates, rows: Sequence[InitiativeRow], first: dt.date, last: dt.date
) -> Iterable[TimelineGroup]:
    """One group a priority, in the order of the rows; another order has one group for all."""
    plan = dates.plan
    sorted_by_plan = not plan.visit.query.get("sort", "").strip()
    if not sorted_by_plan:
        if rows:
            yield _group(dates, "all", _("Initiatives"), rows, first, last)
        return
    for code, members in groupby(rows, key=lambda row: row.priority):
        priority = plan.priorities.get(code)
        title = f"{code} {priority['name']}" if priority else code
        yield _group(dates, code, title, list(members), first, last)


def _group(
    dates: _Dates,
    code: str,
    title: str,
    rows: Sequence[InitiativeRow],
    first: dt.date,
    last: dt.date,
) -> TimelineGroup:
    drawn = tuple(_row(dates, row) for row in rows)
    beyond = sum(outside(row, first, last) for row in drawn)
    note = ngettext(
        "%(n)s milestone lies outside the stretch that is drawn; it is in the table.",
        "%(n)s milestones lie outside the stretch that is drawn; they are in the table.",
        beyond,
    )
    return TimelineGroup(
        id=f"timeline-{code}",
        title=title,
        charts=tuple(
            _chart(dates, f"gantt-{code}-{at}", title, drawn[at : at + MOST_DRAWN], first, last)
            for at in range(0, len(drawn), MOST_DRAWN)
        ),
        outside=note % {"n": words.count(beyond)} if beyond else "",
        table=_table(dates, title, rows),
        table_label=_("The same dates as a table"),
    )


def _chart(
    dates: _Dates,
    id: str,
    title: str,
    rows: tuple[GanttRow, ...],
    first: dt.date,
    last: dt.date,
) -> Gantt:
    """Some initiatives of a group on the page's stretch of time."""
    summary = _("%(initiatives)s and their milestones (%(n)s), from %(first)s to %(last)s.") % {
        "initiatives": words.initiatives_counted(len(rows)),
        "n": words.count(sum(len(row.milestones) for row in rows)),
        "first": words.day(first),
        "last": words.day(last),
    }
    return gantt(
        GanttInput(
            id=id,
            title=title,
            summary=summary,
            words=_words(),
            first=first,
            last=last,
            today=dates.on,
            today_label=words.day(dates.on),
            format_tick=tick,
            rows=rows,
        )
    )


def _words() -> GanttWords:
    return GanttWords(
        course=_("From start to end by status, lighter after today"),
        unknown=_("Start not set"),
        slip=_("Later than first planned"),
        original=_("Date first promised"),
        done=_("Done"),
        late=_("Late"),
        planned=_("Planned"),
        dropped=_("Dropped"),
        not_done=_("Not done"),
        today=_("Today"),
        empty=_("No initiatives."),
        no_dates=_("No dates have been set."),
    )


def _row(dates: _Dates, row: InitiativeRow) -> GanttRow:
    """One initiative as it is drawn."""
    document, closed = dates.wording[row.pk], row.standing.closed_on
    end = when_of(row.end, document["end_precision"])
    if closed is not None:
        end = when_of(closed, DatePrecision.DAY)
    elif row.ongoing:
        end = None
    percent = row.latest.percent_complete if row.latest else None
    said = words.initiative_pill(row.standing).label
    return GanttRow(
        name=row.name,
        detail=said if percent is None else f"{said} · {percent}%",
        tone=row.standing.state.value,
        start=when_of(row.start, document["start_precision"]),
        end=end,
        original_end=when_of(dates.first_ends.get(row.pk), document["end_precision"]),
        ends=closed is not None,
        milestones=tuple(
            step_of(step, dates.on, is_over=closed is not None)
            for step in dates.steps.get(row.code, ())
        ),
    )


# ── The same in a table ──────────────────────────────────────────────────────────────────────


def _table(dates: _Dates, title: str, rows: Sequence[InitiativeRow]) -> Table:
    """Each initiative with its dates, and its milestones below it."""
    heads = (_("Initiative or milestone"), _("Status"), _("Start"), _("End or due"))
    table = Table(
        caption=_("%(title)s: dates") % {"title": title},
        columns=tuple(Column(head) for head in (*heads, _("First promised for"), _("Done"))),
        rows=tuple(cells for row in rows for cells in _cells(dates, row)),
    )
    trust = [each for row in rows for each in _trust(dates, row)]
    return marked(dates.plan.visit, table, trust)


def _trust(dates: _Dates, row: InitiativeRow) -> Iterable[str]:
    """How far an initiative and its milestones can be trusted, in the order of their rows."""
    yield row.provenance
    yield from (step["provenance"] for step in dates.steps.get(row.code, ()))


def _cells(dates: _Dates, row: InitiativeRow) -> Iterable[tuple[Cell, ...]]:
    plan, document = dates.plan, dates.wording[row.pk]
    url = plan.visit.link("initiative", plan=plan.code, initiative=row.code)
    precision, closed = document["end_precision"], row.standing.closed_on
    ends = _date(row.end, precision)
    yield (
        Cell(row.name, url, head=True),
        state_cell(row),
        _date(row.start, document["start_precision"]),
        Cell(_("ongoing")) if row.ongoing and row.end is None else ends,
        _date(dates.first_ends.get(row.pk), precision) if row.pk in dates.first_ends else ends,
        _date(closed, DatePrecision.DAY),
    )
    for step in dates.steps.get(row.code, ()):
        state = state_of(step, dates.on, is_over=closed is not None)
        precision = step["due_precision"]
        done = step["done_on"] if state == "done" else None
        yield (
            Cell(step["name"], head=True, detail=row.name),
            Cell(pill=Pill(STATE_TONES[state], state_words(state))),
            Cell("–"),
            _date(step["due_on"], precision),
            _date(step["original_due_on"], precision),
            _date(done, DatePrecision.DAY),
        )


def _date(day: dt.date | None, precision: str) -> Cell:
    return Cell("–" if day is None else words.tight(words.dated(day, precision)))
