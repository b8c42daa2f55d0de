"""The gallery of components, at `/styleguide/` where DEBUG is on: every part in every state.

The figures are invented for looking at; the parts, templates and style sheet are the real ones.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboards.charts import sample
from dashboards.pages.elements import (
    AsOfControl,
    Cell,
    Change,
    Column,
    EmptyState,
    Fact,
    FilterField,
    FilterForm,
    Hidden,
    LegendEntry,
    Link,
    Mark,
    MetricCard,
    Notice,
    Option,
    Pager,
    Pill,
    PriorityCard,
    Progress,
    Table,
    Upcoming,
)
from dashboards.pages.layout import Chrome, Site

HERE = "/styleguide/"

ILLUSTRATIVE = Mark("illustrative", _("Illustrative"), _("Made up to show the portal."), "#marks")
INFERRED = Mark("inferred", _("Inferred"), _("Not said in so many words."), "#marks")
LOW_CONFIDENCE = Mark("low_confidence", _("Low confidence"), _("One weak source."), "#marks")

COMPLETE = Pill("completed", _("Complete"))
ON_TRACK = Pill("on_track", _("On track"))
AT_RISK = Pill("at_risk", _("At risk"))
OFF_TRACK = Pill("off_track", _("Off track"))

PILLS = (
    COMPLETE,
    ON_TRACK,
    AT_RISK,
    OFF_TRACK,
    Pill("never_reported", _("Not reported")),
    Pill("overdue", _("Overdue 12 days")),
    Pill("paused", _("Paused")),
    Pill("cancelled", _("Cancelled")),
    Pill("merged", _("Merged")),
    Pill("superseded", _("Superseded")),
    Pill("on_target", _("On target")),
    Pill("near_target", _("Near target")),
    Pill("off_target", _("Off target")),
    Pill("no_target", _("No target")),
    Pill("no_data", _("No data")),
    Pill("neutral", _("Draft")),
)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, and every chart of the samples."""
    context = {
        "chrome": _chrome(),
        "pills": PILLS,
        "marks": (ILLUSTRATIVE, INFERRED, LOW_CONFIDENCE),
        "legend": _legend(),
        "bars": sample.bars(),
        "lines": sample.lines(),
        "timelines": sample.timelines(),
        "gantts": sample.gantts(),
        "passed": Progress(
            25, _("25% of the time has passed"), _("Plan period"), "Jan 2022 – Dec 2023"
        ),
        "done": Progress(55, _("5 of 9 done"), tone="on_track"),
        "facts": _facts(),
        "priorities": _priorities(),
        "metrics": _metrics(),
        "changes": _changes(),
        "coming": _coming(),
        "table": _table(),
        "empty_table": Table(_("Values"), (Column(_("Period")),), (), _("No values yet.")),
        "filters": _filters(),
        "pager": _pager(),
        "empty": EmptyState(
            _("No initiative matches these filters"),
            _("Nothing is both off track and in Council District 4."),
            Link(_("Clear the filters"), HERE),
        ),
        "notices": _notices(),
    }
    return render(request, "styleguide.html", context)


def _chrome() -> Chrome:
    """The frame with everything that it can hold."""
    menu = (_("Plan"), _("Initiatives"), _("Metrics"), _("What changed"), _("Data"))
    return Chrome(
        title=_("Components"),
        menu=tuple(Link(label, HERE, current=at == 0) for at, label in enumerate(menu)),
        search_url=HERE,
        account=Link(_("Sign in"), HERE),
        past=Notice(
            _("As known on 30 Jun 2022."),
            _("What was published later is not on this page."),
            "past",
            Link(_("Back to today"), HERE),
        ),
        breadcrumb=(
            Link(_("Plan 2022-2023"), HERE),
            Link(_("2 Smart city solutions"), HERE),
            Link(_("Components"), HERE, current=True),
        ),
        as_of=AsOfControl(
            known=_("As known on 30 Jun 2022, 5:00 pm"),
            label=_("See another date"),
            submit=_("Show"),
            action=HERE,
            value="2022-06-30",
            earliest="2022-01-01",
            latest="2023-07-07",
            hidden=(Hidden("status", "at_risk"),),
            back=Link(_("Back to today"), HERE),
        ),
        machine=(Link("CSV", HERE), Link("JSON", HERE)),
        help=(Link(_("How status is decided"), HERE), Link(_("Accessibility"), HERE)),
        index=False,
        site=Site(
            "City of Los Angeles",
            "ITA Priorities",
            HERE,
            Notice(
                _("Demonstration."),
                _("Metric values are published City figures. Initiative updates are illustrative."),
                "demonstration",
            ),
        ),
    )


def _legend() -> tuple[LegendEntry, ...]:
    counts = ("3", "12", "3", "2", "4")
    return tuple(
        LegendEntry(pill.tone, pill.label, count, HERE)
        for pill, count in zip(PILLS, counts, strict=False)
    )


def _facts() -> tuple[Fact, ...]:
    return (
        Fact(_("Reported on time this quarter"), _("20 of 24 initiatives")),
        Fact(_("Owner"), _("Customer Engagement"), HERE),
        Fact(_("Known limits"), _("Abandoned calls are left out."), plain=True),
        Fact(_("Budget"), "$1,250,000", detail=_("Adopted, FY 2021-22"), marks=(INFERRED,)),
    )


def _priorities() -> tuple[PriorityCard, ...]:
    titles = (
        "Digital transformation of City department operations",
        "Smart city solutions for diverse communities",
        "Next-generation infrastructure for remote teleworkers",
        "Top-tier IT human resources",
    )
    return tuple(
        PriorityCard(
            HERE,
            _("Priority %(number)s") % {"number": number},
            title,
            _("Bring department services online and renew the applications behind them."),
            replace(sample.bars()[(number - 1) % len(sample.bars())], id=f"bar-{number}"),
            _("6 initiatives · 7 metrics"),
            _("Updated 12 Jun"),
            (ILLUSTRATIVE,) if number == len(titles) else (),
        )
        for number, title in enumerate(titles, start=1)
    )


def _metrics() -> tuple[MetricCard, ...]:
    sparks = sample.sparks()
    values = ("89", "24,000", "99.98", "1:42", "93", "")
    units = ("%", "", "%", "min", "%", "")
    pills = (PILLS[11], PILLS[13], PILLS[10], PILLS[12], Pill("overdue", _("Overdue 47 days")))
    return tuple(
        MetricCard(
            url=HERE,
            title=spark.title,
            value=value,
            unit=unit,
            missing=_("Not yet available"),
            pill=pill,
            basis=_("Target by Jun 2022 · FY 2020-21"),
            spark=spark,
            note=_("Higher is better"),
            marks=(LOW_CONFIDENCE,) if not value else (),
        )
        for spark, value, unit, pill in zip(
            [*sparks, *sparks], values, units, [*pills, PILLS[14]], strict=False
        )
    )


def _changes() -> tuple[Change, ...]:
    return (
        Change(
            "28 Jun",
            "2022-06-28",
            Link("Remote Virtual Meeting Licenses", HERE),
            was=AT_RISK,
            now=ON_TRACK,
            detail=_("Renewal signed; seats cover all 42 departments."),
        ),
        Change(
            "24 Jun",
            "2022-06-24",
            Link("MyLA311 Replacement", HERE),
            was=ON_TRACK,
            now=OFF_TRACK,
            detail=_("Procurement slipped one quarter. Decision due 15 Aug."),
            marks=(ILLUSTRATIVE,),
        ),
        Change(
            "20 Jun",
            "2022-06-20",
            Link("3-1-1 calls answered", HERE),
            before=_("Target of"),
            after=_("raised from 90% to"),
            emphasis="91%",
        ),
        Change(
            "12 Jun",
            "2022-06-12",
            Link("Application Modernization Strategy", HERE),
            after=_("published"),
            now=COMPLETE,
        ),
    )


def _coming() -> tuple[Upcoming, ...]:
    return (
        Upcoming("15 Jul", "2022-07-15", _("Quarterly reports due")),
        Upcoming("1 Aug", "2022-08-01", "Multilingual MyLA311: Spanish release", HERE),
        Upcoming("30 Sep", "2022-09-30", "Radio infrastructure: site 4 of 9", marks=(INFERRED,)),
    )


def _table() -> Table:
    rows = (
        ("FY 2021-22", "—", "91%", ""),
        ("FY 2020-21", "89%", "90%", _("Estimate")),
        ("FY 2019-20", "81%", "—", ""),
        ("FY 2018-19", "89%", "90%", _("Restated from 80%")),
    )
    return Table(
        _("Values of 3-1-1 calls answered"),
        (
            Column(_("Fiscal year")),
            Column(_("Actual"), numeric=True),
            Column(_("Target"), numeric=True),
            Column(_("Status")),
            Column(_("Note")),
            Column(_("Source")),
        ),
        tuple(
            (
                Cell(year, head=True),
                Cell(actual, numeric=True, strong=True),
                Cell(target, numeric=True),
                Cell(pill=PILLS[11]),
                Cell(note, marks=(INFERRED,) if note else ()),
                Cell(_("FY 2021-22 budget"), url=HERE),
            )
            for year, actual, target, note in rows
        ),
    )


def _filters() -> FilterForm:
    return FilterForm(
        action=HERE,
        label=_("Filter the initiatives"),
        submit=_("Show"),
        fields=(
            FilterField("q", _("Words"), "search", hint=_("In the name or the summary.")),
            FilterField(
                "status",
                _("Status"),
                options=(
                    Option("", _("All"), "24"),
                    Option("at_risk", _("At risk"), "3", selected=True),
                ),
            ),
            FilterField("from", _("From"), "date", "2022-13-01", error=_("There is no such date.")),
            FilterField("overdue", _("Only overdue"), "checkbox", "1", checked=True),
        ),
        hidden=(Hidden("as_of", "2022-06-30"),),
        clear=Link(_("Clear"), HERE),
        active=(Link(_("At risk"), HERE), Link(_("Only overdue"), HERE)),
    )


def _pager() -> Pager:
    return Pager(
        summary=_("Initiatives 51 to 100 of 240"),
        label=_("Pages"),
        previous=Link(_("Previous"), HERE),
        next=Link(_("Next"), HERE),
        pages=(
            Link("1", HERE, note=_("Page 1")),
            Link("2", HERE, current=True, note=_("Page 2")),
            Link("…", ""),
            Link("5", HERE, note=_("Page 5")),
        ),
    )


def _notices() -> tuple[Notice, ...]:
    return (
        Notice(_("For your information."), _("Figures of closed plans stay as they were."), "info"),
        Notice(_("Provisional."), _("The newest value may still change."), "warning"),
        Notice(_("As known on 30 Jun 2022."), "", "past", Link(_("Back to today"), HERE)),
        Notice(_("Not saved."), _("Another person changed this meanwhile."), "error"),
    )
