"""What can be downloaded now: the JSON twin of each page, its fields and its terms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.chrome import build_chrome, log_links, menu_plan, method_url
from dashboards.pages.elements import Cell, Column, Fact, Link, Table
from dashboards.pages.layout import Chrome
from dashboards.pages.portal import read_portal
from dashboards.visit import Visit
from priorities.enums import (
    Direction,
    InitiativeState,
    MetricKind,
    MetricState,
    MissingReason,
    Provenance,
    Quality,
)
from priorities.labels import label
from priorities.models import Metric, Priority
from priorities.queries.publication import Document, Documents
from priorities.saying import gettext as _

#: Stands for any code in an address.
CODE = "code"
#: Each enum whose codes stand in the files, by the field that holds them.
CODES = {
    "state (initiative)": InitiativeState,
    "state (metric)": MetricState,
    "direction": Direction,
    "kind": MetricKind,
    "quality": Quality,
    "missing_reason": MissingReason,
    "provenance": Provenance,
}


@dataclass(frozen=True, slots=True)
class DataPage(Printable):
    """Every string of the page about data."""

    chrome: Chrome
    title: str
    lede: str
    downloads: Table
    log: tuple[str, ...]
    log_links: tuple[Link, ...]
    usage: tuple[Fact, ...]
    terms: tuple[str, ...]
    fields: Table
    codes: Table
    later: tuple[str, ...]
    method: Link
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The downloads in raw values."""
        return self.data


@dataclass(frozen=True, slots=True)
class _Download:
    """One page and its twin; ``kind`` is the name of its address.

    A pattern has ``code`` where the code of an item goes, so it leads nowhere itself.
    """

    kind: str
    name: str
    page: str
    twin: str
    is_pattern: bool = False


def build_data_page(*, visit: Visit) -> DataPage:
    """What can be downloaded of the plan that the menu leads to.

    Queries: two beside the revision.
    """
    found = read_portal(visit, Priority.objects.all(), Metric.objects.all())
    plan = menu_plan(found, visit.as_of.day)
    downloads = _downloads(visit, found, plan)
    lede = _(
        "Everything on this portal can be read by machines: each page has a twin in JSON, with "
        "the raw values behind its words."
    )
    return DataPage(
        chrome=build_chrome(
            visit=visit,
            found=found,
            title=_("Data"),
            description=lede,
            current="data",
            plan=plan,
        ),
        title=_("Data and downloads"),
        lede=lede,
        downloads=Table(
            caption=_("Pages and their files"),
            columns=(Column(_("Page")), Column(_("JSON"))),
            rows=tuple(
                (
                    Cell(each.name, "" if each.is_pattern else each.page, head=True),
                    Cell(each.twin, "" if each.is_pattern else each.twin),
                )
                for each in downloads
            ),
        ),
        log=_log(),
        log_links=(
            *log_links(visit),
            Link(_("How to check it"), method_url(visit, "history")),
        ),
        usage=_usage(visit),
        terms=_terms(),
        fields=_fields(),
        codes=_codes(),
        later=(
            _("Tables as CSV files, and the whole plan as one package"),
            _("A documented programming interface (API) with a description in OpenAPI"),
            _("A calendar of what comes up"),
            _("The plan in StratML, and a catalog for open-data portals (DCAT-US)"),
        ),
        method=Link(_("How status is decided"), method_url(visit)),
        data={
            "plan": plan["code"] if plan else None,
            "downloads": [
                {"kind": each.kind, "page": each.page, "json": each.twin} for each in downloads
            ],
            "event_log": visit.link("events"),
            "codes": {name: [code.value for code in enum] for name, enum in CODES.items()},
        },
    )


def _downloads(visit: Visit, found: Documents, plan: Document | None) -> tuple[_Download, ...]:
    """The pages of the plan, and those that every plan shares."""
    pages: list[tuple[str, str, dict[str, str]]] = [("plans", _("All plans"), {})]
    if plan is not None:
        of = {"plan": plan["code"]}
        pages += [
            ("plan", plan["title"], of),
            ("initiatives", _("Its initiatives, 2,000 a file (page=2 and so on)"), of),
            ("changes", _("What changed in it between two dates"), of),
            ("brief", _("The brief between two dates (from= and to=)"), of),
        ]
        pages += [
            ("priority", each["name"], {**of, "priority": each["code"]})
            for each in found["priority"].values()
            if each["plan"] == plan["code"]
        ]
        one = {**of, "initiative": CODE}
        pages.append(("initiative", _("One initiative, by its code"), one))
        pages.append(("initiative-history", _("Its history, fifty events a file"), one))
    pages.append(("metrics", _("All metrics, sixty a file (page=2 and so on)"), {}))
    some = next(iter(found["metric"].values()), None)
    if some is not None:
        pages.append(("metric", some["name"], {"metric": some["code"]}))
    some = next(iter(found["division"].values()), None)
    if some is not None:
        pages.append(("division", some["name"], {"division": some["code"]}))
    pages.append(("method", _("The rules, their constants and worked examples"), {}))
    return tuple(
        _Download(
            name,
            text,
            visit.link(name, query=None, **codes),
            visit.link(f"{name}-json", query=None, **codes),
            CODE in codes.values(),
        )
        for name, text, codes in pages
    )


def _log() -> tuple[str, ...]:
    """What the copy of the event log is."""
    return (
        _("Every event of the record, one line each, in the order in which they were chained: "
          "what changed from what to what, when and why. Internal events stand as their number "
          "and a digest, so the chain can be checked from its first link to its last."),
        _("It is one file that grows with the record. Ask for it packed (Accept-Encoding: gzip), "
          "and keep it; add ?as_of= and a date to get it as far as it then reached."),
    )  # fmt: skip


def _usage(visit: Visit) -> tuple[Fact, ...]:
    example = visit.as_of.day - dt.timedelta(days=365)
    return (
        Fact(
            _("Any past date"),
            _("Add ?as_of=%(day)s to any address.") % {"day": example.isoformat()},
            detail=_(
                "The answer is what the portal knew at the end of that day in the agency’s time "
                "zone. The same address with the same date gives the same values forever."
            ),
        ),
        Fact(
            _("Filters"),
            _("The filter of a list is its address; its file obeys it too."),
            detail=_("For example status=overdue, priority=2, q=network, page=2."),
        ),
        Fact(
            _("Polling"),
            _("Send the ETag of your last answer as If-None-Match."),
            detail=_(
                "You get 304 and no body until something is published or the day changes. Answers "
                "of today may be kept for one minute, those of past dates for one day."
            ),
        ),
        Fact(
            _("Other sites"),
            _("Scripts of any site may read the files (CORS is open)."),
            detail=_("No key, no account, no cookie."),
        ),
        Fact(
            _("Errors"),
            _("400 for a question that makes no sense, 404 for what was not public."),
            detail=_("The file then holds an “error” with a message for people."),
        ),
    )


def _terms() -> tuple[str, ...]:
    return (
        _("The values, wording and history on this portal are public records: free of charge, "
          "without limits on reuse, for any purpose."),
        _("Please name the agency as the source and the date as of which you read it."),
        _("Rows that carry a mark (inferred, low confidence, illustrative) should keep it wherever "
          "they go. Illustrative rows are made up and are not the City’s records."),
        _("Documents that the portal links to have their own terms."),
    )  # fmt: skip


def _fields() -> Table:
    """What the fields mean that stand in several files."""
    fields = {
        "code": _("The permanent name of an item; it never changes and is never used again."),
        "value": _("A number in the metric’s unit; percents as 89 for 89%, durations in the unit "
                   "named, money in US dollars. Null when there is none."),
        "start, end": _("The first and the last day of the period that a value is about."),
        "published_at": _("The moment at which the portal made a row public (UTC)."),
        "supersedes": _("The id of the row that this one corrects; corrected rows stay."),
        "in_force": _("False for a row that a later one supersedes."),
        "expected, low, high": _("What the newest value is held against: a value or a range."),
        "shortfall": _("How far the value stays behind, in its unit; 0 when it meets."),
        "tolerance": _("How much of a shortfall still counts as near the target."),
        "days_overdue": _("Days since the due date of the oldest report that is missing."),
        "last_said": _("What an overdue item showed before it fell silent."),
        "provenance": _("Where a row comes from and how far it can be trusted."),
    }  # fmt: skip
    return Table(
        caption=_("Fields"),
        columns=(Column(_("Field")), Column(_("Meaning"))),
        rows=tuple((Cell(name, head=True), Cell(text)) for name, text in fields.items()),
    )


def _codes() -> Table:
    """Every code that a file may hold, with its word."""
    return Table(
        caption=_("Codes"),
        columns=(Column(_("Field")), Column(_("Code")), Column(_("Word on the pages"))),
        rows=tuple(
            (Cell(name, head=True), Cell(code.value), Cell(_word(code)))
            for name, enum in CODES.items()
            for code in enum
        ),
    )


def _word(code: StrEnum) -> str:
    return words.way(code) if isinstance(code, Direction) else label(code)
