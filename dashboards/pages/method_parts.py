"""The parts of the method page: a rule in words, its live constants, examples rated by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.pages import words
from dashboards.pages.elements import Cell, Column, Link, Pill, Table
from dashboards.pages.reasons import ReasonLine
from priorities.assessment.freshness import DEFAULT_GRACE_DAYS
from priorities.assessment.metric_status import TOLERANCE_SHARE
from priorities.enums import EventKind, MetricState, Provenance
from priorities.labels import label
from priorities.saying import gettext as _


@dataclass(frozen=True, slots=True)
class Example:
    """One item of the plan and how the rule judged it, a line at a time."""

    item: Link
    lines: tuple[ReasonLine, ...]
    pill: Pill | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One rule. ``examples`` come from the plan's own data.

    ``ordered``: the steps are asked one after the other.
    """

    id: str
    title: str
    text: tuple[str, ...]
    steps: tuple[str, ...] = ()
    ordered: bool = True
    table: Table | None = None
    examples: tuple[Example, ...] = ()
    examples_title: str = ""
    links: tuple[Link, ...] = ()


def facts_section() -> Section:
    """Four facts about an item that are never mixed."""
    return Section(
        "facts",
        _("Four facts, never mixed"),
        (
            _("An item has up to four facts, and each is shown for itself. They are not averaged, "
              "and no color stands for several of them."),
        ),
        (
            _("Lifecycle: where the work is, such as in progress, completed or cancelled."),
            _("Health: what its owner says, on track, at risk or off track."),
            _("Metric status: what the numbers say."),
            _("Freshness: whether it is reported. Silence comes before what was said last."),
        ),
        ordered=False,
    )  # fmt: skip


def metrics_section(examples: Iterable[Example]) -> Section:
    """Rule 4.3 with its live tolerance."""
    share = {"share": f"{words.number(TOLERANCE_SHARE * 100)}%"}
    return Section(
        "metrics",
        _("The status of a metric"),
        (
            _("The value of the newest period is compared with what was expected of that period: "
              "the period’s own target; else the point on the way from the baseline, or from the "
              "last dated target, to the next dated one; else nothing."),
            _("The tolerance is the metric’s own, in its unit; else %(share)s of the way from the "
              "baseline to what was expected; else none, as of a range to keep. Zero and negative "
              "numbers are values like any other. A difference of two percents is in points. An "
              "estimate is rated like any other value, and marked.") % share,
        ),
        (
            _("No value yet: %(state)s.") % _state(MetricState.NO_DATA),
            _("For information only, or nothing expected: %(state)s.")
            % _state(MetricState.NO_TARGET),
            _("A newer value was due and is not there: %(state)s, with what was said last.")
            % _state(MetricState.OVERDUE),
            _("At least what was expected, or at most where less is better, or within the range: "
              "%(state)s.") % _state(MetricState.ON_TARGET),
            _("Short by the tolerance or less: %(state)s.") % _state(MetricState.NEAR_TARGET),
            _("Short by more: %(state)s.") % _state(MetricState.OFF_TARGET),
        ),
        examples=tuple(examples),
        examples_title=_("Examples: one metric for each status that occurs now"),
    )  # fmt: skip


def _state(state: MetricState) -> dict[str, str]:
    return {"state": words.lowered(label(state))}


def initiatives_section(examples: Iterable[Example]) -> Section:
    """Rule 4.4 in its order."""
    return Section(
        "initiatives",
        _("The status of an initiative"),
        (
            _("The first of these that holds is shown."),
            _("Beside it stand the milestones that are late, and where the owner’s word differs "
              "from the numbers or from a reviewer’s rating. Cancelled is never counted as "
              "completed. What is over has no late milestones: those that were open then are told "
              "as not done."),
        ),
        (
            _("It is over: completed, cancelled, merged or superseded, with the date and the "
              "reason."),
            _("Nothing has ever been reported."),
            _("A report was due and is not there: overdue, with the number of days and what was "
              "said last."),
            _("Its owner reported that the work is paused."),
            _("What its owner says: on track, at risk or off track. At risk and off track need a "
              "cause, a step that brings it back, and a date."),
        ),
        examples=tuple(examples),
        examples_title=_("Examples: one initiative for each status that occurs now"),
    )  # fmt: skip


def freshness_section(table: Table | None, grace_days: int | None, coverage: str) -> Section:
    """Rule 4.2 with the plan's real due dates."""
    grace = DEFAULT_GRACE_DAYS if grace_days is None else grace_days
    text = [
        _("A report on a period is due %(days)s after the period’s end; a metric may have its own "
          "number of days. An item is overdue when that day is past and no published report covers "
          "the period. The days are counted from the oldest report that is missing.")
        % {"days": words.counted_days(grace)},
        _("“Nothing changed” is a report. An edit of wording, a computed status or an import of "
          "old periods never makes an item fresh, and a value that was withdrawn counts as none. "
          "Of an initiative nothing is expected for periods that ended before it began or was "
          "added."),
        _("A closed plan is judged as of its closing day; one that has run out, as of the day "
          "after its last reports were due."),
    ]  # fmt: skip
    return Section(
        "freshness",
        _("Freshness, and when a report is due"),
        (*text, *([coverage] if coverage else ())),
        table=table,
    )


def provenance_section() -> Section:
    """What the marks beside a row mean."""
    meanings = {
        Provenance.RECORDED: _("The agency’s own record. It carries no mark."),
        Provenance.PUBLISHED: _(
            "Taken from a public document that is named as its source. No mark."
        ),
        Provenance.INFERRED: _("Concluded from published sources, not stated in one."),
        Provenance.LOW_CONFIDENCE: _("The source is weak, or another source contradicts it."),
        Provenance.ILLUSTRATIVE: _("Made up to show how the portal works; not a City record."),
    }
    return Section(
        "provenance",
        _("Where a row comes from"),
        (_("Every item and every figure says how far it can be trusted; the mark stands in the "
           "data as well. A missing value has its reason; it is never shown as zero."),),
        table=Table(
            caption=_("The marks"),
            columns=(Column(_("Mark")), Column(_("Meaning"))),
            rows=tuple(
                (Cell(label(code), head=True), Cell(text)) for code, text in meanings.items()
            ),
        ),
    )  # fmt: skip


def history_section(newest: int, log: tuple[Link, ...]) -> Section:
    """What the record keeps, and how anyone proves it; ``newest`` 0 leaves its number out.

    ``log`` leads to the public copy and to the script that checks it.
    """
    number = _("The newest public event has the number %(n)s.") % {"n": words.count(newest)}
    corrected = {"corrected": words.lowered(label(EventKind.CORRECTED))}
    return Section(
        "history",
        _("History that cannot be rewritten"),
        (
            _("Reports, values, targets and baselines are never changed or deleted. A correction "
              "is a new row that names the one it replaces and says why; the log calls it "
              "“%(corrected)s”. Old targets stay on the chart, and dropped items stay listed.")
            % corrected,
            _("Each write adds an event to a log: what changed from what to what, when, by whom "
              "and why. An event holds a fingerprint (SHA-256) of itself and of the event before, "
              "so a change behind the record’s back breaks the chain; a command recomputes the "
              "chain and names the first broken link."),
            _("Any page can be read as known at the end of any past day, from this log. A report "
              "counts from the moment it was published, not from the period it is about."),
            *([number] if newest else []),
            _("You can check that yourself, without trusting this portal. The history of each "
              "plan, priority, initiative and metric names every event by its number and the "
              "beginning of its fingerprint. The whole log can be downloaded: what is public "
              "stands there in full, what is internal as its number and a digest that tells "
              "nothing, and who of the staff it was under a seal."),
        ),
        steps=(
            _("Download the log and the script, one short file that needs nothing but Python."),
            _("Run: python3 check_history.py events.jsonl. It recomputes every link, names the "
              "first broken one, or prints the newest hash."),
            _("Note that hash with the date where nobody here can change it. Next time, add "
              "--has and the hash you noted: if the record was rewritten meanwhile, it is gone."),
            _("The operator’s own check, manage.py verify_history, also compares the log with "
              "the tables that the pages are made from."),
        ),
        links=log,
    )  # fmt: skip
