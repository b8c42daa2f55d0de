"""Sections 7 and 8 of a brief: who has not reported, and the questions that were asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.brief_differences import about_of
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefEntry, BriefSection
from dashboards.pages.cards import RatedMetric
from dashboards.pages.elements import Cell, Column, Fact, Pill, Table
from dashboards.pages.questions import TONES, Asked, state_words
from dashboards.pages.rows import state_cell
from dashboards.pages.telling import shortened
from priorities.enums import MetricState
from priorities.labels import label
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

# ── 7: not reported ──────────────────────────────────────────────────────────────────────────


def silent_rows(known: Known) -> tuple[InitiativeRow, ...]:
    """The initiatives that are overdue at the later end, the longest first."""
    rows = known.ends.now.plan.snapshot.rows
    late = (row for row in rows if row.standing.days_overdue and row.standing.closed_on is None)
    return tuple(sorted(late, key=lambda row: -row.standing.days_overdue))


def silent_metrics(known: Known) -> tuple[RatedMetric, ...]:
    """The metrics without a value for their newest period, the longest overdue first."""
    found = known.ends.now.metrics.values()
    late = (each for each in found if each.standing.state == MetricState.OVERDUE)
    return tuple(sorted(late, key=lambda each: -each.standing.days_overdue))


def silent_section(known: Known) -> BriefSection:
    """Who is overdue, how long, and what was said last."""
    rows, metrics = silent_rows(known), silent_metrics(known)
    blocks: list[BriefBlock] = [
        *known.table(
            "silent", "initiatives", _("Initiatives"), rows, lambda some: _initiatives(known, some)
        ),
        *known.table(
            "silent", "metrics", _("Metrics"), metrics, lambda some: _metrics(known, some)
        ),
    ]
    return BriefSection(
        "silent",
        "7",
        _("Not reported"),
        lead=_silent_lead(known, len(rows), len(metrics)),
        blocks=tuple(blocks),
        empty=_("Everything that is due has been reported."),
    )


def _silent_lead(known: Known, rows: int, metrics: int) -> str:
    if not rows and not metrics:
        return ""
    clauses = []
    if rows:
        clauses.append(words.initiatives_counted(rows))
    if metrics:
        clauses.append(words.metrics_counted(metrics))
    return _("%(items)s had a report due and not published on %(day)s.") % {
        "items": words.joined(clauses),
        "day": words.day(known.ends.until.day),
    }


def _initiatives(known: Known, rows: Sequence[InitiativeRow]) -> Table:
    return Table(
        caption=_("Initiatives that are overdue"),
        columns=(
            Column(_("Initiative")),
            Column(_("Answers for it")),
            Column(_("Status")),
            Column(_("Newest report")),
            Column(_("Last said")),
        ),
        rows=tuple(_initiative(known, row) for row in rows),
    )


def _initiative(known: Known, row: InitiativeRow) -> tuple[Cell, ...]:
    item = known.item("initiative", row.code)
    division = known.ends.now.plan.division(row.lead_division)
    latest = words.day(known.day(row.latest.published_at)) if row.latest else _("none yet")
    said = row.standing.last_said
    return (
        Cell(item.label, item.url, head=True, marks=known.marks(row.provenance)),
        Cell(division["name"] if division else "–"),
        Cell(pill=words.initiative_pill(row.standing)) if said else state_cell(row),
        Cell(words.tight(latest)),
        Cell(label(said) if said else "–"),
    )


def _metrics(known: Known, rows: Sequence[RatedMetric]) -> Table:
    return Table(
        caption=_("Metrics that are overdue"),
        columns=(
            Column(_("Metric")),
            Column(_("Answers for it")),
            Column(_("Status")),
            Column(_("Newest value")),
            Column(_("Last said")),
        ),
        rows=tuple(_metric(known, each) for each in rows),
    )


def _metric(known: Known, each: RatedMetric) -> tuple[Cell, ...]:
    item = known.item("metric", each.metric["code"])
    division = known.ends.now.plan.division(each.metric["lead_division"])
    newest, said = each.newest, each.standing.last_said
    period = _("none yet")
    if newest is not None:
        period = words.period(newest.start, newest.end, fiscal_start_month=known.fiscal)
    return (
        Cell(item.label, item.url, head=True, marks=known.marks(each.metric["provenance"])),
        Cell(division["name"] if division else "–"),
        Cell(pill=words.metric_pill(each.standing)),
        Cell(words.tight(period)),
        Cell(label(said) if said else "–"),
    )


# ── 8: questions ─────────────────────────────────────────────────────────────────────────────


def questions_section(known: Known) -> BriefSection:
    """The questions that wait, the late first; those answered and closed in between."""
    changed = _changed_questions(known)
    waiting = [each for each in known.ends.now.questions if each.standing.is_waiting]
    waiting.sort(key=lambda each: each.question["answer_due_on"])
    other = [
        each
        for each in known.ends.now.questions
        if not each.standing.is_waiting and each.question["pk"] in changed
    ]
    answered = [each for each in other if each.question["closed_on"] is None]
    closed = [each for each in other if each.question["closed_on"] is not None]
    blocks: list[BriefBlock] = []
    for code, title, rows in (
        ("waiting", _("Waiting for an answer"), waiting),
        ("answered", _("Answered"), answered),
        ("closed", _("Closed"), closed),
    ):
        blocks += known.entries("questions", code, title, rows, lambda each: _asked(known, each))
    return BriefSection(
        "questions",
        "8",
        _("Questions"),
        lead=_questions_lead(waiting, answered, closed),
        blocks=tuple(blocks),
        empty=_("No public question was asked, answered or left open."),
    )


def _changed_questions(known: Known) -> set[int]:
    """The keys of the questions that were asked, answered or closed in between."""
    of = {
        str(answer["pk"]): asked.question["pk"]
        for asked in known.ends.now.questions
        for answer in asked.answers
    }
    return {
        int(each.code if each.kind == "question" else of[each.code])
        for each in known.found["questions"]
    }


def _questions_lead(
    waiting: Sequence[Asked], answered: Sequence[Asked], closed: Sequence[Asked]
) -> str:
    late = sum(each.standing.days_late > 0 for each in waiting)
    clauses: list[str] = []
    if waiting:
        clauses.append(
            ngettext("%(n)s question waits", "%(n)s questions wait", len(waiting))
            % {"n": words.count(len(waiting))}
        )
    if late:
        said = ngettext("%(n)s of them is late", "%(n)s of them are late", late)
        clauses.append(said % {"n": words.count(late)})
    if answered or closed:
        total = len(answered) + len(closed)
        clauses.append(
            ngettext(
                "%(n)s question was answered or closed",
                "%(n)s questions were answered or closed",
                total,
            )
            % {"n": words.count(total)}
        )
    return f"{words.joined(clauses)}." if clauses else ""


def _asked(known: Known, asked: Asked) -> BriefEntry:
    """One question, with its newest answer."""
    question, standing = asked.question, asked.standing
    on = known.day(question["recorded_at"])
    facts = [Fact(_("Answer due"), words.day(question["answer_due_on"]))]
    if asked.answers:
        newest = asked.answers[-1]
        day = words.day(known.day(newest["published_at"]))
        facts.append(Fact(_("Answered %(day)s") % {"day": day}, shortened(newest["text"], 600)))
    return BriefEntry(
        item=known.about(question),
        detail=_("Question, asked on the answer before")
        if question["follows"] is not None
        else _("Question"),
        when=words.day(on),
        iso=on.isoformat(),
        now=Pill(TONES[standing.state], state_words(standing)),
        said=question["text"],
        facts=tuple(facts),
        marks=known.marks(question["provenance"]),
    )


def people_json(known: Known) -> Mapping[str, list[dict[str, object]]]:
    """Who is silent and which questions wait, in raw values."""
    return {"silent": list(_silent_json(known)), "questions": list(_waiting_json(known))}


def _silent_json(known: Known) -> Iterator[dict[str, object]]:
    for row in silent_rows(known):
        said = row.standing.last_said
        yield {
            "initiative": row.code,
            "days_overdue": row.standing.days_overdue,
            "last_said": said.value if said else None,
        }
    for each in silent_metrics(known):
        last = each.standing.last_said
        yield {
            "metric": each.metric["code"],
            "days_overdue": each.standing.days_overdue,
            "last_said": last.value if last else None,
        }


def _waiting_json(known: Known) -> Iterator[dict[str, object]]:
    for each in known.ends.now.questions:
        if each.standing.is_waiting:
            yield {
                "question": each.question["pk"],
                "about": about_of(each.question),
                "answer_due_on": each.question["answer_due_on"].isoformat(),
                "days_late": each.standing.days_late,
            }
