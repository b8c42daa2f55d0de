"""What a brief tells reviewers alone, in blocks of its own after the public ones of a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dashboards.pages import words
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import Brief, BriefBlock, BriefEntry
from dashboards.pages.elements import Fact, Link, Pill
from dashboards.pages.questions import TONES, state_words
from dashboards.pages.telling import shortened
from priorities.assessment.initiative_status import Reported, initiative_state
from priorities.assessment.questions import question_standing
from priorities.enums import Health, Lifecycle
from priorities.queries.internal import Internal, internal_of
from priorities.queries.publication import Document
from priorities.saying import gettext as _

Entry = Callable[[Document], BriefEntry]


def with_internal(known: Known, brief: Brief) -> Brief:
    """The brief with its blocks for reviewers; every public part of it stays as it is.

    Queries: two.
    """
    if known.ends.is_empty:
        return brief
    ends = known.ends
    metrics = [each.metric["pk"] for each in ends.now.metrics.values()]
    found = internal_of(ends.now.plan.code, metrics, since=ends.since.moment, as_of=ends.until)
    blocks = _Inside(known, found).blocks()
    return replace(
        brief,
        sections=tuple(
            replace(each, blocks=(*each.blocks, *blocks.get(each.code, ())))
            for each in brief.sections
        ),
        internal=True,
        internal_words=_(
            "With what is internal to the review, marked “For reviewers”. Do not pass it on."
        ),
    )


class _Inside:
    """Tells the internal rows of one plan."""

    def __init__(self, known: Known, found: Internal) -> None:
        self.known = known
        self.found = found

    def blocks(self) -> Mapping[str, tuple[BriefBlock, ...]]:
        """The blocks by the section that they follow."""
        found = self.found
        items = (*found.initiatives, *found.metrics)
        return {
            "scope": self._block("items", _("Items that are not public"), items, self._item),
            "status": (
                *self._block(
                    "submitted",
                    _("Submitted and not published yet"),
                    found.submitted,
                    self._update,
                ),
                *self._block("ratings", _("Ratings among reviewers"), found.ratings, self._rating),
            ),
            "questions": self._block(
                "inside",
                _("Questions among staff"),
                [each for each in found.questions if self._is_told(each)],
                self._question,
            ),
        }

    def _is_told(self, question: Document) -> bool:
        """Does a question wait, or was it asked, answered or settled in between?"""
        since = self.known.ends.since
        answers = self.found.answers.get(question["pk"], [])
        if question["closed_on"] is not None:
            return bool(question["closed_on"] >= since.day)
        recorded = (question["recorded_at"], *(each["published_at"] for each in answers))
        return not answers or max(recorded) > since.moment

    def _block(
        self, code: str, title: str, rows: Sequence[Document], tell: Entry
    ) -> tuple[BriefBlock, ...]:
        shown = self.known.window.shown(rows)
        if not shown:
            return ()
        entries = tuple(map(tell, shown))
        return (BriefBlock(f"internal-{code}", title, entries=entries, internal=True),)

    def _about(self, row: Document) -> Link:
        """The item that a row is about; one that is not public has no page to lead to."""
        if row.get("metric") is not None:
            code = str(row["metric"])
            shown = self.known.ends.now.metrics.get(code)
            own = self.known.item("metric", code) if shown else None
            return own or Link(self.found.names.get(code, code), "")
        code = str(row["initiative"])
        own_code = code.partition("/")[2]
        if self.known.row(own_code) is not None:
            return self.known.item("initiative", own_code)
        return Link(self.found.names.get(code, code), "")

    def _day(self, row: Document) -> str:
        return words.day(self.known.day(row["recorded_at"]))

    def _item(self, row: Document) -> BriefEntry:
        kind = _("Initiative") if "lead_division" in row and "priority" in row else _("Metric")
        return BriefEntry(
            item=Link(row["name"], ""),
            detail=kind,
            when=self._day(row),
            iso=self.known.day(row["recorded_at"]).isoformat(),
            said=row.get("summary") or row.get("definition") or "",
            marks=self.known.marks(row["provenance"]),
        )

    def _update(self, row: Document) -> BriefEntry:
        said = Reported(
            Lifecycle(row["lifecycle"]), Health(row["health"]) if row["health"] else None
        )
        state = initiative_state(said, None).state
        facts = [
            Fact(label, str(row[name]))
            for name, label in (
                ("cause", _("Cause")),
                ("recovery_step", _("Recovery")),
                ("next_steps", _("Next")),
            )
            if row[name]
        ]
        return BriefEntry(
            item=self._about(row),
            detail=_("for the period to %(day)s") % {"day": words.day(row["period_end"])},
            now=words.state_pill(state),
            said=row["narrative"],
            facts=tuple(facts),
            marks=self.known.marks(row["provenance"]),
        )

    def _rating(self, row: Document) -> BriefEntry:
        return BriefEntry(
            item=self._about(row),
            detail=_("for the period to %(day)s") % {"day": words.day(row["period_end"])},
            when=words.day(self.known.day(row["published_at"])),
            iso=self.known.day(row["published_at"]).isoformat(),
            now=words.state_pill(Health(row["rating"])),
            said=row["reason"],
            marks=self.known.marks(row["provenance"]),
        )

    def _question(self, row: Document) -> BriefEntry:
        answers = self.found.answers.get(row["pk"], [])
        continued = any(each["follows"] == row["item_code"] for each in self.found.questions)
        standing = question_standing(
            due_on=row["answer_due_on"],
            on=self.known.ends.until.day,
            answered_on=self.known.day(answers[0]["published_at"]) if answers else None,
            continued=continued,
            closed_on=row["closed_on"],
        )
        facts = [Fact(_("Answer due"), words.day(row["answer_due_on"]))]
        facts += [Fact(_("Answered"), shortened(each["text"], 600)) for each in answers[-1:]]
        return BriefEntry(
            item=self._about(row),
            detail=_("Question"),
            when=self._day(row),
            iso=self.known.day(row["recorded_at"]).isoformat(),
            now=Pill(TONES[standing.state], state_words(standing)),
            said=row["text"],
            facts=tuple(facts),
            marks=self.known.marks(row["provenance"]),
        )
