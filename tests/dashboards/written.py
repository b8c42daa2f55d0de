"""A brief made by hand, with one of everything that may stand in one."""

from __future__ import annotations

from dataclasses import replace

from dashboards.charts.spark import sparkline
from dashboards.pages.brief_parts import Brief, BriefBlock, BriefEntry, BriefSection
from dashboards.pages.elements import Cell, Column, Fact, Link, Mark, Pill, Table

SPARK = sparkline(
    id="s",
    title="3-1-1 calls answered, by fiscal year",
    summary="From 63% in FY 2012-13 to 89% in FY 2020-21.",
    values=[63, 89, 90, 82, 73, 78, 89, 81, 89],
    target=90,
)
MADE_UP = Mark("illustrative", "Illustrative", "Made up.", "/method/#provenance")

SCOPE = Table(
    caption="The scope, then and now",
    columns=(
        Column("Items"),
        Column("31 Mar 2022", numeric=True),
        Column("30 Jun 2022", numeric=True),
    ),
    rows=(
        (Cell("Initiatives", head=True), Cell("23", numeric=True), Cell("24", numeric=True)),
        (Cell("of these ended", head=True), Cell("1", numeric=True), Cell("2", numeric=True)),
        (Cell("Metrics", head=True), Cell("28", numeric=True), Cell("28", numeric=True)),
    ),
    caption_visible=True,
)

WORSE = BriefEntry(
    item=Link("MyLA311 Replacement", "/plans/ita-2022-2023/initiatives/myla311-replacement/"),
    detail="Initiative · Priority 2",
    when="24 Jun",
    iso="2022-06-24",
    was=Pill("on_track", "On track"),
    now=Pill("off_track", "Off track"),
    facts=(
        Fact("Cause", "Procurement slipped one quarter."),
        Fact("Recovery", "Re-scope phase 1 & decide.", detail="By 15 Aug 2022"),
        Fact("What the numbers say", "Near target", "/metrics/311-calls-answered/"),
    ),
    flag="The recovery date moved for the third time",
    marks=(MADE_UP,),
)
OVERDUE = BriefEntry(
    item=Link("Radio infrastructure", ""),
    was=Pill("at_risk", "At risk"),
    now=Pill("overdue", "Overdue 47 days"),
    said="Last said: at risk.",
)
REBASED = BriefEntry(
    item=Link("3-1-1 calls answered", "/metrics/311-calls-answered/"),
    detail="Metric",
    when="20 Jun",
    iso="2022-06-20",
    old="90%",
    new="91%",
    said="Target of FY 2021-22.",
    facts=(Fact("Authority", "FY 2021-22 budget", "https://example.org/budget"),),
    spark=SPARK,
)
ASKED = BriefEntry(
    item=Link("Cloud migration", "/plans/ita-2022-2023/initiatives/cloud/"),
    said="MARKED-INTERNAL: when is the second site moved?",
    facts=(Fact("Answer due", "15 Jul 2022"),),
)

BRIEF = Brief(
    plan_code="ita-2022-2023",
    plan_title="Responsive, Responsible, and Excellent Tech",
    agency="Information Technology Agency",
    title="Brief on the Strategic Plan 2022-2023",
    eyebrow="Information Technology Agency · Committee brief",
    span="From the end of 31 Mar 2022 to the end of 30 Jun 2022",
    known="As known on 30 Jun 2022",
    since="2022-03-31",
    until="2022-06-30",
    language="en-us",
    lead="15 of 24 initiatives are on track or complete",
    rest=", 3 are at risk and 2 are off track. 4 have not been reported this quarter.",
    sections=(
        BriefSection("state", "1", "The state, and how it moved", lead="Two fewer than in March."),
        BriefSection("scope", "2", "Scope", blocks=(BriefBlock("ledger", table=SCOPE),)),
        BriefSection(
            "status",
            "3",
            "Status",
            lead="2 initiatives moved, 1 for the worse.",
            blocks=(
                BriefBlock("worse", "For the worse", entries=(WORSE, OVERDUE)),
                BriefBlock(
                    "more", more=Link("12 more on the page of the brief", "/plans/p/brief/")
                ),
            ),
        ),
        BriefSection("dates", "4", "Dates that moved", empty="No date moved."),
        BriefSection(
            "targets", "5", "Targets", blocks=(BriefBlock("rebased", entries=(REBASED,)),)
        ),
    ),
    left_out=("Questions",),
    marks=(MADE_UP,),
    footnotes=("Figures are the City's own, each with its source on the metric's page.",),
)

#: The same for reviewers, with what is internal to the review.
FOR_REVIEWERS = replace(
    BRIEF,
    internal=True,
    internal_words="For reviewers only. Marked parts are not public.",
    sections=(
        *BRIEF.sections,
        BriefSection(
            "questions",
            "8",
            "Questions",
            blocks=(BriefBlock("open", "Open", entries=(ASKED,), internal=True),),
        ),
    ),
    note=("Members will want to read section 3 first.", "The radio item is new."),
)
