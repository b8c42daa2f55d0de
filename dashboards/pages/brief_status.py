"""Section 3 of a brief: which initiatives show another status, worst first, and why."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefEntry, BriefSection
from dashboards.pages.elements import Cell, Column, Fact, Pill, Table
from dashboards.pages.standing_words import disagreement_words
from priorities.assessment.freshness import Window
from priorities.assessment.initiative_status import disagreement
from priorities.assessment.rollup import RATED
from priorities.enums import Health, InitiativeState
from priorities.labels import label
from priorities.queries.publication import Document
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: How bad a status is, for the order: what slipped stands before what is silent.
BADNESS = {
    InitiativeState.OFF_TRACK: 6,
    InitiativeState.AT_RISK: 5,
    InitiativeState.OVERDUE: 4,
    InitiativeState.NEVER_REPORTED: 3,
    InitiativeState.PAUSED: 2,
    InitiativeState.ON_TRACK: 1,
    InitiativeState.COMPLETED: 0,
}


@dataclass(slots=True)
class Story:
    """All that this section tells of one initiative."""

    code: str
    change: Differing | None = None
    reports: list[Differing] = field(default_factory=list)

    @property
    def is_move(self) -> bool:
        """Does it show another status than before?"""
        return self.change is not None and "state" in self.change.fields


def told_of(each: Differing) -> bool:
    """Does a fact replace an earlier one?"""
    return each.fact is not None and each.fact.before is not None


class Turn(StrEnum):
    """What another status means: silence is no turn to the better, nor a first report."""

    BETTER = "better"
    WORSE = "worse"
    FIRST = "first"
    SILENT = "silent"
    AGAIN = "again"


def turn(was: InitiativeState, now: InitiativeState) -> Turn:
    """How a status moved.

    >>> turn(InitiativeState.AT_RISK, InitiativeState.OVERDUE).value
    'silent'
    >>> turn(InitiativeState.OVERDUE, InitiativeState.OFF_TRACK).value
    'again'
    >>> turn(InitiativeState.NEVER_REPORTED, InitiativeState.ON_TRACK).value
    'first'
    """
    match was, now:
        case _, InitiativeState.COMPLETED:
            return Turn.BETTER
        case _, InitiativeState.OVERDUE:
            return Turn.SILENT
        case InitiativeState.NEVER_REPORTED, _:
            return Turn.FIRST
        case InitiativeState.OVERDUE, _:
            return Turn.AGAIN
    return Turn.BETTER if BADNESS.get(now, 0) < BADNESS.get(was, 0) else Turn.WORSE


def turns(known: Known) -> Counter[Turn]:
    """How many initiatives turned which way."""
    return Counter(
        turn(InitiativeState(each.fields["state"][0]), InitiativeState(each.fields["state"][1]))
        for each in known.found["status"]
        if each.kind == "initiative" and "state" in each.fields
    )


def status_section(known: Known) -> BriefSection:
    """Each initiative whose status moved; what is new and reported; what stands as before."""
    stories: dict[str, Story] = {}
    for each in known.found["status"]:
        code = each.about or each.code
        story = stories.setdefault(code, Story(code))
        if each.kind == "report":
            story.reports.append(each)
        else:
            story.change = each
    told = sorted(stories.values(), key=lambda story: _worst(known, story))
    moved = [story for story in told if story.is_move]
    new = [story for story in told if known.before(story.code) is None]
    same = [story for story in told if not (story.is_move or story in new)]
    blocks: list[BriefBlock] = [
        *known.entries("status", "moved", _("Moved"), moved, lambda story: _entry(known, story)),
        *known.entries(
            "status", "new", _("Added since, and reported"), new, lambda story: _entry(known, story)
        ),
        *known.table(
            "status",
            "same",
            _("Reported, and standing as before"),
            same,
            lambda rows: _same(known, rows),
        ),
    ]
    return BriefSection(
        "status",
        "3",
        _("What moved, worst first"),
        lead=_lead(known, len(moved)),
        blocks=tuple(blocks),
        empty=_("No initiative shows another status, and none was reported anew."),
    )


def _lead(known: Known, moved: int) -> str:
    if not moved:
        return ""
    return ngettext(
        "%(n)s initiative shows another status than on %(day)s.",
        "%(n)s initiatives show another status than on %(day)s.",
        moved,
    ) % {"n": words.count(moved), "day": words.day(known.ends.since.day)}


def _worst(known: Known, story: Story) -> tuple[int, int, str]:
    """Worst first; of equals the one that fell furthest."""
    row, was = known.row(story.code), known.before(story.code)
    now = BADNESS.get(row.state, 0) if row else 0
    before = BADNESS.get(was.state, 0) if was else 0
    return -now, before - now, story.code


def _entry(known: Known, story: Story) -> BriefEntry:
    """One initiative that moved or is new: status then and now, and the owner's word on it."""
    row, was = known.row(story.code), known.before(story.code)
    assert row is not None  # noqa: S101 - it is public at the later end
    latest = row.latest
    said = known.texts.get(latest.pk) if latest else None
    on = _on(known, row)
    return BriefEntry(
        item=known.item("initiative", story.code),
        detail=known.detail(story.code),
        when=words.day(on) if on else "",
        iso=on.isoformat() if on else "",
        was=words.initiative_pill(was.standing) if was else None,
        now=words.initiative_pill(row.standing),
        said=said.narrative if said and row.state != InitiativeState.OVERDUE else "",
        facts=tuple(_word(known, story, row)),
        marks=known.marks(row.provenance),
    )


def _on(known: Known, row: InitiativeRow) -> dt.date | None:
    """The day from which an initiative shows what it shows.

    An overdue one: the day after the report was due, or that of a report published later for a
    period before.
    """
    standing = row.standing
    if standing.closed_on is not None:
        return standing.closed_on
    reported = known.day(row.latest.published_at) if row.latest else None
    if row.state != InitiativeState.OVERDUE or standing.overdue_since is None:
        return reported
    silent = standing.overdue_since + dt.timedelta(days=1)
    return max(silent, reported) if reported is not None else silent


def _word(known: Known, story: Story, row: InitiativeRow) -> Iterator[Fact]:
    """Cause, recovery and its date; whether the numbers agree; the reviewer's word."""
    said = known.texts.get(row.latest.pk) if row.latest else None
    if row.state == InitiativeState.OVERDUE:
        yield from _before(known, row)
    if said is not None and said.cause:
        yield Fact(_("Cause"), said.cause)
    if said is not None and said.recovery_step:
        by = said.recovery_on
        label = _("Recovery by %(day)s") % {"day": words.day(by)} if by else _("Recovery")
        yield Fact(label, said.recovery_step)
    yield Fact(_("The numbers"), numbers_words(known, row))
    yield from _reviewer(story.change)
    if len(story.reports) > 1:
        yield Fact(_("Reports in between"), words.count(len(story.reports)))


def _before(known: Known, row: InitiativeRow) -> Iterator[Fact]:
    """What the last report said of an initiative that is overdue, and when: not news."""
    last, latest = row.standing.last_said, row.latest
    if last is not None:
        yield Fact(_("Last report said"), words.lowered(label(last)))
    said = known.texts.get(latest.pk) if latest else None
    if latest is not None and said is not None and said.narrative:
        day = words.day(known.day(latest.published_at))
        yield Fact(_("Last report, %(day)s") % {"day": day}, said.narrative)


def numbers_words(known: Known, row: InitiativeRow) -> str:
    """Do the metrics that an initiative moves agree with its owner?"""
    code = f"{known.ends.now.plan.code}/{row.code}"
    states = [
        each.standing.state
        for each in known.ends.now.metrics.values()
        if code in each.metric["initiatives"]
    ]
    if not any(state in RATED for state in states):
        return _("None of its metrics can be rated.")
    health = row.latest.health if row.latest else None
    differs = disagreement_words(disagreement(health, states))
    return " ".join(differs) if differs else _("The metrics do not disagree with the owner.")


def _reviewer(change: Differing | None) -> Iterator[Fact]:
    """What the reviewer says now, when that is new."""
    fields = change.fields if change is not None else {}
    rating = fields.get("reviewer_rating", (None, None))[1]
    reason = fields.get("reviewer_reason", (None, None))[1]
    if rating or reason:
        pill = words.state_pill(Health(rating)).label if rating else ""
        said = ". ".join(part for part in (pill, reason or "") if part)
        yield Fact(_("The reviewer's rating"), said)


def _same(known: Known, stories: Sequence[Story]) -> Table:
    """Those that were reported, corrected or rated, and stand as they did."""
    return Table(
        caption=_("Reported, and standing as before"),
        columns=(
            Column(_("Initiative")),
            Column(_("Status")),
            Column(_("Reported for")),
            Column(_("What else is new")),
        ),
        rows=tuple(_same_row(known, story) for story in stories),
    )


def _same_row(known: Known, story: Story) -> tuple[Cell, ...]:
    item, row = known.item("initiative", story.code), known.row(story.code)
    assert row is not None  # noqa: S101 - it is public at both ends
    facts = [f"{fact.term}: {fact.value}" for fact in _reviewer(story.change)]
    if story.change is not None and "last_said" in story.change.fields:
        facts.append(words.last_said(row.standing.last_said))
    if story.change is not None and "closed_on" in story.change.fields and row.standing.closed_on:
        day = words.day(row.standing.closed_on)
        facts.append(_("Closing day corrected to %(day)s.") % {"day": day})
    facts += _percent(story)
    return (
        Cell(item.label, item.url, head=True, marks=known.marks(row.provenance)),
        Cell(pill=_pill(row)),
        Cell(", ".join(_period(known, each) for each in story.reports) or "–"),
        Cell(" ".join(facts) or "–"),
    )


def _pill(row: InitiativeRow) -> Pill:
    return words.initiative_pill(row.standing)


def _period(known: Known, each: Differing) -> str:
    """The period of a report, and that it corrects one or says that nothing changed."""
    assert each.fact is not None  # noqa: S101 - a report is a fact
    end = each.fact.values["period_end"]
    found = known.ends.now.plan.found["reporting_period"].values()
    period = next((one for one in found if one["end"] == end), None)
    name = words.day(end) if period is None else words.period_of(_window(period))
    if each.fact.before is not None:
        return _("%(period)s (corrected)") % {"period": name}
    if each.fact.values["nothing_changed"]:
        return _("%(period)s (nothing changed)") % {"period": name}
    return name


def _window(period: Document) -> Window:
    return Window(period["start"], period["end"], period["due_on"])


def _percent(story: Story) -> list[str]:
    """How far it is by the reports, from the first to the newest."""
    found = [each.fact.values["percent_complete"] for each in story.reports if each.fact]
    percents = [str(each) for each in found if each is not None]
    if not percents:
        return []
    if len(set(percents)) == 1:
        return [_("%(percent)s%% complete") % {"percent": percents[0]}]
    return [_("%(old)s%% → %(new)s%% complete") % {"old": percents[0], "new": percents[-1]}]
