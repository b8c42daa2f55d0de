"""What the sections of a brief are told from: both ends, what differs, and what was said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.brief_differences import Differing, differences
from dashboards.pages.brief_parts import BriefBlock, BriefEntry
from dashboards.pages.brief_sorting import Sorted, sort
from dashboards.pages.brief_span import Ends
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Fact, Link, Mark, Table
from dashboards.pages.moves import field_name, said
from dashboards.pages.reading import fiscal_start_month
from dashboards.pages.telling import Names
from dashboards.visit import Visit
from priorities.models import (
    Initiative,
    Meeting,
    Metric,
    Milestone,
    Plan,
    Priority,
    ReportingPeriod,
)
from priorities.queries.between import Told, Touch, moves_of_dates, texts_of, touches
from priorities.queries.publication import Document
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

Row = TypeVar("Row")

#: How many rows a block shows on the page of all sections, and on that of one section.
SOME_ROWS, MANY_ROWS = 25, 100
MODELS: Mapping[str, Any] = {
    model.ITEM_TYPE: model
    for model in (Plan, Priority, Initiative, Metric, Milestone, Meeting, ReportingPeriod)
}


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a long list are shown: ``size`` from ``start`` on, or all when it is None.

    ``url`` is the address of the brief and ``asked`` its question, for the way to the rest.
    """

    size: int | None
    start: int
    url: str
    asked: Mapping[str, str]
    lengths: list[int] = field(default_factory=list)

    @property
    def longest(self) -> int:
        """How many rows the longest list has that was drawn through it."""
        return max(self.lengths, default=0)

    def shown(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows that are shown."""
        self.lengths.append(len(rows))
        return rows if self.size is None else rows[self.start : self.start + self.size]

    def more(self, section: str, total: int) -> Link | None:
        """The way to the rest of a list, which says how much that is."""
        if self.size is None or self.start or total <= self.size:
            return None
        rest = total - self.size
        text = ngettext("%(n)s more", "%(n)s more", rest) % {"n": words.count(rest)}
        asked = {**self.asked, "sections": section}
        return Link(text, f"{self.url}?{urlencode(asked)}#{section}")


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a section is made from.

    ``touched`` is by (type, id): the public events of wording in between, oldest first. ``texts``
    are those of the reports that are shown, ``moves`` every change of a promised date so far;
    ``milestones`` stand by their key, as text.
    """

    ends: Ends
    found: Sorted
    window: Window
    names: Names
    touched: Mapping[tuple[str, int], list[Touch]]
    texts: Mapping[int, Told]
    moves: Mapping[tuple[str, int, str], list[Touch]]
    milestones: Mapping[str, Document]

    @property
    def visit(self) -> Visit:
        """The reader's visit: links lead to what they look at."""
        return self.ends.visit

    @property
    def fiscal(self) -> int:
        """The month in which the agency's fiscal year starts."""
        return fiscal_start_month(self.ends.now.plan.found)

    # ── How items are named ──────────────────────────────────────────────────────────────────

    def item(self, kind: str, code: str) -> Link:
        """An item by its name, with the way to its page; one that is not public stays unnamed."""
        full = (
            code if kind in ("metric", "plan", "division") else f"{self.ends.now.plan.code}/{code}"
        )
        found = self.names.of(self.visit, kind, full)
        if found is not None:
            return found
        return Link(
            {
                "initiative": _("An initiative that is no longer public"),
                "metric": _("A metric that is no longer public"),
                "priority": _("A priority that is no longer public"),
            }.get(kind, _("An item that is no longer public")),
            "",
        )

    def about(self, question: Document) -> Link:
        """What a question is about."""
        if question["metric"] is not None:
            return self.item("metric", question["metric"])
        return self.item("initiative", question["initiative"].partition("/")[2])

    def row(self, code: str) -> InitiativeRow | None:
        """An initiative at the later end."""
        return self.ends.now.plan.snapshot.by_code.get(code)

    def before(self, code: str) -> InitiativeRow | None:
        """An initiative at the earlier end."""
        return self.ends.then.plan.snapshot.by_code.get(code) if self.ends.then else None

    def detail(self, code: str) -> str:
        """What stands under an initiative's name: its priority and who leads it."""
        row = self.row(code) or self.before(code)
        if row is None:
            return ""
        division = self.ends.now.plan.division(row.lead_division)
        name = (division["short_name"] or division["name"]) if division else ""
        priority = _("Priority %(code)s") % {"code": row.priority}
        return " · ".join(part for part in (priority, name) if part)

    def marks(self, provenance: str) -> tuple[Mark, ...]:
        """The marks of a row that is neither the agency's own record nor published."""
        return words.marks(provenance, url=marks_url(self.visit))

    def day(self, moment: dt.datetime) -> dt.date:
        """The agency's day of a moment."""
        return moment.astimezone(self.visit.tz).date()

    def spelled(self, iso: str) -> str:
        """A machine's date for people; nothing for none."""
        return words.day(dt.date.fromisoformat(iso)) if iso else ""

    # ── Fields, reasons ──────────────────────────────────────────────────────────────────────

    def facts(self, each: Differing, *, without: Collection[str] = ()) -> tuple[Fact, ...]:
        """Old and new of each field of a change, in words."""
        model = MODELS[each.kind]
        columns = {field.name for field in model._meta.get_fields()}
        told: list[Fact] = []
        for name, (old, new) in each.fields.items():
            if name in without or name not in columns:
                continue
            field = model._meta.get_field(name)
            moved = _("%(old)s → %(new)s") % {
                "old": said(self.visit, self.names, field, old),
                "new": said(self.visit, self.names, field, new),
            }
            told.append(Fact(field_name(field), moved))
        return tuple(told)

    def why(self, kind: str, pk: int, names: Iterable[str]) -> tuple[str, str]:
        """The day and the reason of the newest public change of some fields; empty for none."""
        wanted = set(names)
        for touch in reversed(self.touched.get((kind, pk), [])):
            if wanted & touch.fields.keys():
                return self.day(touch.at).isoformat(), touch.reason
        return "", ""

    # ── Blocks ───────────────────────────────────────────────────────────────────────────────

    def entries(
        self,
        section: str,
        code: str,
        title: str,
        rows: Sequence[Row],
        tell: Callable[[Row], BriefEntry],
        *,
        text: str = "",
    ) -> tuple[BriefBlock, ...]:
        """A block of entries, bounded; none for no rows."""
        shown = self.window.shown(rows)
        if not shown:
            return ()
        more, entries = self.window.more(section, len(rows)), tuple(map(tell, shown))
        marks = words.alike([each.marks for each in entries]) if title else ()
        if marks:
            entries = tuple(replace(each, marks=()) for each in entries)
        return (BriefBlock(code, title, text, entries=entries, more=more, marks=marks),)

    def table(
        self,
        section: str,
        code: str,
        title: str,
        rows: Sequence[Row],
        draw: Callable[[Sequence[Row]], Table],
        *,
        text: str = "",
    ) -> tuple[BriefBlock, ...]:
        """A block with a table, bounded; none for no rows."""
        shown = self.window.shown(rows)
        if not shown:
            return ()
        more = self.window.more(section, len(rows))
        return (BriefBlock(code, title, text, table=_marked_once(draw(shown)), more=more),)


def _marked_once(table: Table) -> Table:
    """A table whose names are all marked alike says so in their column, not in each row."""
    marks = words.alike([row[0].marks for row in table.rows])
    if not marks:
        return table
    first, *others = table.columns
    return replace(
        table,
        columns=(replace(first, marks=marks), *others),
        rows=tuple((replace(row[0], marks=()), *row[1:]) for row in table.rows),
    )


def know(ends: Ends, window: Window) -> Known:
    """What a brief is told from. Queries: five, or none when both ends are the same moment."""
    plan = ends.now.plan
    found = sort(differences(ends))
    categories = {"category": dict(ends.now.categories)}
    names = Names({**plan.found, **categories}, plan.snapshot.by_code, plan.code)
    if ends.is_empty:
        return Known(ends, found, window, names, {}, {}, {}, {})
    touched: dict[tuple[str, int], list[Touch]] = {}
    for touch in touches(plan.code, ends.since.moment, ends.until.moment):
        if touch.public:
            touched.setdefault((touch.item_type, touch.item_id), []).append(touch)
    rows = plan.snapshot.by_code
    reports = {
        row.latest.pk
        for section in ("scope", "status")
        for each in found[section]
        if each.kind == "initiative"
        and (each.what == "added" or "state" in each.fields)
        and (row := rows.get(each.code))
        and row.latest
    }
    moved: dict[str, list[int]] = {"milestone": [], "initiative": []}
    for each in found["dates"]:
        if each.kind == "milestone" and (each.what == "added" or "due_on" in each.fields):
            moved["milestone"].append(int(each.code))
        elif each.kind == "initiative" and "end" in each.fields:
            moved["initiative"].append(rows[each.code].pk)
    moves = moves_of_dates(moved, ends.until.moment)
    milestones = {str(each["pk"]): each for each in plan.found["milestone"].values()}
    return Known(ends, found, window, names, touched, texts_of(reports), moves, milestones)
