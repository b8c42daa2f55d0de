"""The columns of the table of everything: what each is called, what it means, what stands in it.

One description serves the page and the files, so a file holds what the screen shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.pages import words
from dashboards.pages.elements import Cell
from dashboards.pages.initiatives import district_name
from dashboards.pages.portfolio_fields import NOTHING, Field
from dashboards.pages.reading import Reading, fiscal_start_month
from dashboards.pages.rows import state_cell
from dashboards.pages.states import ORDER
from priorities.assessment.voices import speaks_of
from priorities.enums import InitiativeState, Provenance
from priorities.labels import label
from priorities.queries.ownership import Kind
from priorities.queries.portfolio import Promise, moved_promises, owners
from priorities.queries.ratings import Given, newest_ratings
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: The columns that a reader finds who has chosen none.
DEFAULT = ("status", "priority", "division", "owner", "complete", "reported")


@dataclass(frozen=True, slots=True)
class Facts:
    """The plan, and what is known of its initiatives besides their standing, by their keys."""

    plan: Reading
    owners: Mapping[int, str]
    ratings: Mapping[tuple[Kind, int], Given]
    moves: Mapping[str, Sequence[Promise]]


InitiativeField = Field[Facts, InitiativeRow]


def facts_of(plan: Reading) -> Facts:
    """What the columns need. Queries: three, whatever the size."""
    as_of = plan.visit.as_of
    moves: dict[str, list[Promise]] = {}
    for one in moved_promises(plan.code, as_of):
        moves.setdefault(one.initiative.partition("/")[2], []).append(one)
    return Facts(plan, owners(plan.code, as_of), newest_ratings(plan.code, as_of), moves)


def fields() -> tuple[InitiativeField, ...]:
    """Every column, in the order in which they stand; the first is always there."""
    return (
        Field(
            "initiative",
            _("Initiative"),
            _("The name of the initiative, as it was on the day."),
            lambda _facts, row: row.name,
            _name_cell,
        ),
        Field("code", _("Code"), _("Its code, which never changes."), lambda _f, row: row.code),
        *_standing_fields(),
        *_place_fields(),
        *_report_fields(),
        *_date_fields(),
        Field(
            "provenance",
            _("Provenance"),
            _("Where the initiative comes from, and how far that can be trusted."),
            lambda _facts, row: label(Provenance(row.provenance)),
        ),
    )


def _standing_fields() -> tuple[InitiativeField, ...]:
    """How it stands."""
    return (
        Field(
            "status",
            _("Status"),
            _("What the initiative shows: closed, never reported, overdue, paused, or what its "
              "owner says, in this order."),
            lambda _facts, row: label(row.standing.state),
            lambda _facts, row: state_cell(row),
        ),
        Field(
            "overdue",
            _("Days overdue"),
            _("How many days the report of the newest period due is late; empty when it is not."),
            lambda _facts, row: row.standing.days_overdue or None,
            numeric=True,
        ),
        Field(
            "said",
            _("Owner's word"),
            _("What the newest report said, whether or not it is overdue since."),
            lambda _facts, row: label(row.latest.health)
            if row.latest and row.latest.health
            else None,
        ),
        Field(
            "rating",
            _("Reviewers' rating"),
            _("The newest rating that council staff gave, and whether it is of an earlier period "
              "than the newest report. For reviewers alone, unless it was given in public."),
            _rating,
        ),
    )  # fmt: skip


def _place_fields() -> tuple[InitiativeField, ...]:
    """Where it belongs, and to whom."""
    return (
        Field(
            "priority",
            _("Priority"),
            _("The strategic priority that it belongs to."),
            lambda _facts, row: row.priority,
        ),
        Field(
            "division",
            _("Lead division"),
            _("The division that leads it."),
            _division,
        ),
        Field(
            "owner",
            _("Owner"),
            _("Who has accepted to answer for it; empty when nobody has."),
            lambda facts, row: facts.owners.get(row.pk),
            lambda facts, row: Cell(facts.owners.get(row.pk) or _("Nobody")),
        ),
        Field(
            "districts",
            _("Council districts"),
            _("Which districts it serves."),
            _districts,
        ),
    )


def _report_fields() -> tuple[InitiativeField, ...]:
    """What was reported, and when the next report is due."""
    return (
        Field(
            "complete",
            _("Percent complete"),
            _("How far the owner says that it is."),
            lambda _facts, row: row.latest.percent_complete if row.latest else None,
            _complete_cell,
            numeric=True,
        ),
        Field(
            "period",
            _("Reported for"),
            _("The period of the newest report, by its last day in a file."),
            lambda _facts, row: row.latest.period_end if row.latest else None,
            _period_cell,
        ),
        Field(
            "reported",
            _("Newest report"),
            _("The day on which the newest report was published."),
            lambda facts, row: (
                row.latest.published_at.astimezone(facts.plan.visit.tz).date()
                if row.latest
                else None
            ),
        ),
        Field(
            "due",
            _("Next report due"),
            _("When its next report is due; empty when none is awaited."),
            lambda _facts, row: row.freshness.next_due if row.standing.closed_on is None else None,
        ),
    )


def _date_fields() -> tuple[InitiativeField, ...]:
    """From when to when, and how often that moved."""
    return (
        Field("start", _("Start"), _("When it begins."), lambda _facts, row: row.start),
        Field("end", _("End"), _("When it is to end."), lambda _facts, row: row.end),
        Field(
            "closed",
            _("Closed"),
            _("When it was completed, cancelled, merged or superseded."),
            lambda _facts, row: row.standing.closed_on,
        ),
        Field(
            "moves",
            _("Dates moved"),
            _("How often its end and its milestones moved, all together."),
            lambda facts, row: sum(one.moves for one in facts.moves.get(row.code, ())) or None,
            numeric=True,
        ),
        Field(
            "slip",
            _("Longest slip in days"),
            _("The most by which one of its dates is later than first promised."),
            lambda facts, row: (
                max((one.days for one in facts.moves.get(row.code, ())), default=0) or None
            ),
            numeric=True,
        ),
    )


def of_files(chosen: Sequence[InitiativeField]) -> tuple[InitiativeField, ...]:
    """The columns of a file: what the page says within a cell stands in columns of its own."""
    codes = {field.code for field in chosen} | {"provenance"}
    if "status" in codes:
        codes |= {"overdue", "said", "closed"}
    return tuple(field for field in fields() if field.code in codes)


def state_meanings() -> dict[InitiativeState, str]:
    """What each status means, in a sentence, in the order in which pages list them."""
    meanings = {
        InitiativeState.COMPLETED: _("Its owner has closed it as done."),
        InitiativeState.ON_TRACK: _("Its owner says so, in a report that is not overdue."),
        InitiativeState.AT_RISK: _("Its owner says so, with the cause and the next step."),
        InitiativeState.OFF_TRACK: _("Its owner says so, with the cause and the next step."),
        InitiativeState.PAUSED: _("Its owner has stopped it for a time."),
        InitiativeState.OVERDUE: _("The newest period due has no report, whatever was said last."),
        InitiativeState.NEVER_REPORTED: _("There is no published report at all."),
        InitiativeState.CANCELLED: _("Given up; counted neither as done nor in the whole."),
        InitiativeState.MERGED: _("Goes on in another initiative; not counted in the whole."),
        InitiativeState.SUPERSEDED: _("Replaced by another initiative; not counted in the whole."),
    }
    return {state: meanings[state] for state in ORDER}


# ── Cells that show more than their value ────────────────────────────────────────────────────


def _name_cell(facts: Facts, row: InitiativeRow) -> Cell:
    plan = facts.plan
    url = plan.visit.link("initiative", plan=plan.code, initiative=row.code)
    return Cell(row.name, url, head=True)


def _complete_cell(_facts: Facts, row: InitiativeRow) -> Cell:
    percent = row.latest.percent_complete if row.latest else None
    return Cell(NOTHING if percent is None else f"{percent}%", numeric=True)


def _period_cell(facts: Facts, row: InitiativeRow) -> Cell:
    if row.latest is None:
        return Cell(NOTHING)
    plan, end = facts.plan, row.latest.period_end
    starts = (
        period["start"]
        for period in plan.found["reporting_period"].values()
        if period["end"] == end and period["calendar"] == row.cadence
    )
    start = next(starts, None)
    if start is None:
        return Cell(words.day(end))
    return Cell(words.period(start, end, fiscal_start_month=fiscal_start_month(plan.found)))


def _rating(facts: Facts, row: InitiativeRow) -> str | None:
    """The newest rating; one that a newer report has overtaken is told as such."""
    given, reported = facts.ratings.get(("initiative", row.pk)), row.standing.reported
    if given is None:
        return None
    if speaks_of(given.period_end, reported.period_end if reported else None):
        return label(given.rating)
    return _("%(rating)s, of an earlier period") % {"rating": label(given.rating)}


def _division(facts: Facts, row: InitiativeRow) -> str | None:
    division = facts.plan.division(row.lead_division)
    return str(division["short_name"] or division["name"]) if division else None


def _districts(_facts: Facts, row: InitiativeRow) -> str | None:
    if row.citywide:
        return district_name("citywide")
    return "; ".join(map(str, row.districts)) or None
