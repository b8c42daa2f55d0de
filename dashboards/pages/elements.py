"""The small parts that pages are made of: frozen, with every string ready to print.

Words arrive translated, numbers formatted, dates spelled. `itaportal.ui` draws each part with a
template of the same name, so a page object also reads as the JSON twin of its page.

A `tone` is the code of a state: the values of `InitiativeState` and `MetricState` as they are,
and `neutral`. It picks the shape and the color; the label beside it says the same in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.charts.printable import Printable

#: Every tone that has a shape of its own.
TONES = (
    "completed",
    "on_track",
    "at_risk",
    "off_track",
    "never_reported",
    "overdue",
    "paused",
    "cancelled",
    "merged",
    "superseded",
    "on_target",
    "near_target",
    "off_target",
    "no_target",
    "no_data",
    "neutral",
)


@dataclass(frozen=True, slots=True)
class Link(Printable):
    """Where to go on: a step of a breadcrumb, a link to all, a download, an item of the menu."""

    label: str
    url: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pill(Printable):
    """The state of one item, e.g. ("overdue", "Overdue 47 days")."""

    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark(Printable):
    """How far a row can be trusted, e.g. ("illustrative", "Illustrative").

    `kind` is the value of a `Provenance`. `why` says it in a sentence; `url` leads to the
    explanation, usually a heading of the method page.
    """

    kind: str
    label: str
    why: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class LegendEntry(Printable):
    """How many items are in one state, e.g. ("on_track", "On track", "12"); leads to their list."""

    tone: str
    label: str
    count: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PriorityCard(Printable):
    """One strategic priority on the plan page. `bar` is the stacked bar that the charts draw."""

    url: str
    eyebrow: str
    title: str
    summary: str = ""
    bar: object | None = None
    counts: str = ""
    updated: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricCard(Printable):
    """One metric in a grid: newest value, what it is measured against, its course, its state.

    `basis` is the line under the value ("Target 91% by Jun 2022 · FY 2020-21"); `note` stands
    opposite the pill ("Higher is better"). `spark` is the sparkline that the charts draw. An
    empty `value` prints `missing` instead ("Not yet available"): blank is not zero.
    """

    url: str
    title: str
    value: str
    pill: Pill
    unit: str = ""
    missing: str = ""
    basis: str = ""
    spark: object | None = None
    note: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Change(Printable):
    """One thing that changed: `before` + `item` + `after` + `emphasis` read as one sentence.

    E.g. "Target of", link "3-1-1 calls answered", "raised from 90% to", "91%". A change of state
    has the item and the pills `was` and `now`. `iso` is the machine's form of `when`.
    """

    when: str
    iso: str
    item: Link | None = None
    before: str = ""
    after: str = ""
    emphasis: str = ""
    was: Pill | None = None
    now: Pill | None = None
    detail: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Upcoming(Printable):
    """One date ahead: a report due, a milestone."""

    when: str
    iso: str
    text: str
    url: str = ""
    detail: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact(Printable):
    """A term and what is known about it, e.g. ("Owner", "Customer Engagement")."""

    term: str
    value: str
    url: str = ""
    detail: str = ""
    plain: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Column(Printable):
    """One column of a table; numbers are set right-aligned. `marks`: what holds for all of it."""

    label: str
    numeric: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell(Printable):
    """What one cell of a table says. `head` makes it the heading of its row."""

    text: str = ""
    url: str = ""
    detail: str = ""
    numeric: bool = False
    strong: bool = False
    head: bool = False
    pill: Pill | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Table(Printable):
    """A table of cells. The caption names it for everybody; `empty` is said when it has no rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    caption_visible: bool = False


@dataclass(frozen=True, slots=True)
class Pager(Printable):
    """Where the reader is in a long list: "Initiatives 51 to 100 of 240"."""

    summary: str
    label: str
    previous: Link | None = None
    next: Link | None = None
    pages: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Option(Printable):
    """One choice of a filter, with how many items it would leave."""

    value: str
    label: str
    count: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FilterField(Printable):
    """One question of a filter. `kind` is select, search, date or checkbox."""

    name: str
    label: str
    kind: str = "select"
    value: str = ""
    options: tuple[Option, ...] = ()
    checked: bool = False
    hint: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Hidden(Printable):
    """A value that a form carries along, such as the date the reader looks at."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FilterForm(Printable):
    """A form whose answer is an address: the filter is the URL, so it can be kept and sent."""

    action: str
    label: str
    submit: str
    fields: tuple[FilterField, ...]
    hidden: tuple[Hidden, ...] = ()
    clear: Link | None = None
    active: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class EmptyState(Printable):
    """What is said where a list would stand: what is missing, why, and where to go on."""

    title: str
    text: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Notice(Printable):
    """Something to know before reading on. `tone`: info, demonstration, past, warning, error."""

    title: str
    text: str = ""
    tone: str = "info"
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Progress(Printable):
    """How much of something has passed: `percent` from 0 to 100 draws the bar, `text` says it."""

    percent: int
    text: str
    label: str = ""
    value: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class AsOfControl(Printable):
    """The way to the same page as known on another date, and back to today.

    `known` says what is shown ("As known on 30 Jun 2022, 5:00 pm"). The form goes to `action`
    (the path of the page) and carries the page's other answers in `hidden`. `offers` are dates
    that a reader of this page often wants, such as that of the plan's adoption; ``compare`` is the
    way to what the page is about at two dates.
    """

    known: str
    label: str
    submit: str
    action: str
    value: str
    earliest: str = ""
    latest: str = ""
    hidden: tuple[Hidden, ...] = ()
    back: Link | None = None
    offers: tuple[Link, ...] = ()
    compare: Link | None = None
