"""The parts of a brief: frozen, with every string ready to print, for the page and for paper alike.

A ``Brief`` holds no function, no query and no frame: it can be written out whole (``asdict``) and
set again from what was written. Sections come in the order of ``SECTIONS``; what is left out is
not there at all. Each section is a run of blocks, each block says one kind of thing: sentences,
then a table, then entries. Addresses are paths of this portal.

What only reviewers may read is never mixed in: it stands in blocks of its own with ``internal``,
after the public ones, and a public brief has none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.charts.printable import Printable
from dashboards.charts.spark import Spark
from dashboards.pages.elements import EmptyState, Fact, Link, Mark, Pill, Table

#: The sections by their code, which is also their anchor and what an address leaves out.
SECTIONS = (
    "state",
    "scope",
    "status",
    "dates",
    "targets",
    "values",
    "silent",
    "questions",
    "ahead",
)


@dataclass(frozen=True, slots=True)
class BriefEntry(Printable):
    """One thing that differs or stands, told whole.

    ``item`` names what it is about and leads to its page (an empty ``url``: it has none any more);
    ``detail`` stands under the name ("Initiative · Priority 2"). ``was`` and ``now`` are states,
    ``old`` and ``new`` values or wordings, each empty when there was none. ``said`` is the
    sentence between or after them. ``facts`` are what belongs to it: cause, recovery, reason.
    ``flag`` is what nobody should miss ("Moved for the third time"). ``when`` and ``iso`` are the
    day, for people and for machines. ``spark`` is the course of a metric.
    """

    item: Link
    detail: str = ""
    when: str = ""
    iso: str = ""
    was: Pill | None = None
    now: Pill | None = None
    old: str = ""
    new: str = ""
    said: str = ""
    facts: tuple[Fact, ...] = ()
    flag: str = ""
    spark: Spark | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefBlock(Printable):
    """One kind of thing under a heading of its own; ``title`` may be empty for the only one.

    ``code`` names the block within its section. ``more`` leads to what a long list leaves out,
    and says how much that is. ``internal``: for reviewers alone, and marked so wherever it stands.
    ``marks`` are those that all its entries have in common.
    """

    code: str
    title: str = ""
    text: str = ""
    table: Table | None = None
    entries: tuple[BriefEntry, ...] = ()
    more: Link | None = None
    internal: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefSection(Printable):
    """One of the nine sections. ``lead`` is its first sentence; ``empty`` stands for no blocks."""

    code: str
    number: str
    title: str
    lead: str = ""
    blocks: tuple[BriefBlock, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Brief(Printable):
    """The whole brief between two dates, without any frame around it.

    ``span`` says the stretch ("31 Mar 2022 to 30 Jun 2022"), ``known`` as of which day it is told.
    ``lead`` and ``rest`` are the opening paragraph, which stands in every brief: the strong part,
    and what follows it. ``note`` is the cover note, in paragraphs; only a frozen
    brief has one. ``left_out`` names the sections that were left out. ``nothing`` stands for all
    sections when the two dates are the same. ``language`` is that of its words, as HTML and PDF
    want it ("en-us").
    """

    plan_code: str
    plan_title: str
    agency: str
    title: str
    eyebrow: str
    span: str
    known: str
    since: str
    until: str
    language: str
    lead: str
    rest: str
    sections: tuple[BriefSection, ...]
    left_out: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    nothing: EmptyState | None = None
    internal: bool = False
    internal_words: str = ""
    marks: tuple[Mark, ...] = ()
    footnotes: tuple[str, ...] = ()
