"""What a brief tells reviewers alone, in blocks of its own after the public ones of a section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from dashboards.pages import words
from dashboards.pages.brief_inside import Inside, Silent, Withdrawn, read_inside
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import Brief, BriefBlock, BriefEntry
from dashboards.pages.elements import Cell, Column, Fact, Link, Pill, Table
from dashboards.pages.questions import TONES, state_words
from dashboards.pages.telling import shortened
from priorities.assessment.initiative_status import Reported, initiative_state
from priorities.enums import Health, Lifecycle
from priorities.queries.publication import Document
from priorities.saying import gettext as _

Row = TypeVar("Row")


def with_internal(known: Known, brief: Brief) -> Brief:
    """The brief with its blocks for reviewers; every public part of it stays as it is.

    Queries: five.
    """
    if known.ends.is_empty:
        return brief
    blocks = _Telling(read_inside(known)).blocks()
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


class _Telling:
    """Tells what is internal to one plan."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.known = inside.known
        self.found = inside.found

    def blocks(self) -> Mapping[str, tuple[BriefBlock, ...]]:
        """The blocks by the section that they follow."""
        return {"scope": self._scope(), "status": self._status(), "silent": self._silent(),
                "questions": self._questions()}  # fmt: skip

    def _scope(self) -> tuple[BriefBlock, ...]:
        gone = {(each.kind, each.code) for each in self.inside.withdrawn}
        items = (
            *(each for each in self.found.initiatives if ("initiative", _own(each)) not in gone),
            *(each for each in self.found.metrics if ("metric", _own(each)) not in gone),
        )
        withdrawn = self.inside.withdrawn
        return (
            *self._block(
                "scope", "withdrawn", _("No longer public, by name"), withdrawn, self._withdrawn
            ),
            *self._block("scope", "items", _("Items that are not public"), items, self._item),
        )

    def _status(self) -> tuple[BriefBlock, ...]:
        title = _("Submitted and not published yet")
        return (
            *self._block("status", "submitted", title, self.found.submitted, self._update),
            *self._block(
                "status", "ratings", _("Ratings among reviewers"), self.found.ratings, self._rating
            ),
        )

    def _silent(self) -> tuple[BriefBlock, ...]:
        title = _("Who answers for what is overdue")
        blocks = self.known.table(
            "silent", "internal-owners", title, self.inside.silent, self._owners
        )
        return _marked(blocks)

    def _questions(self) -> tuple[BriefBlock, ...]:
        title = _("Questions among staff")
        return self._block("questions", "inside", title, self.inside.questions, self._question)

    def _block(
        self,
        section: str,
        code: str,
        title: str,
        rows: Sequence[Row],
        tell: Callable[[Row], BriefEntry],
    ) -> tuple[BriefBlock, ...]:
        return _marked(self.known.entries(section, f"internal-{code}", title, rows, tell))

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

    def _withdrawn(self, each: Withdrawn) -> BriefEntry:
        said = each.withdrawal
        on = self.known.day(said.at)
        facts = [Fact(_("Reason"), said.reason)] if said.reason else []
        if said.actor:
            by = {"name": said.actor, "role": said.actor_role}
            facts.append(
                Fact(_("By"), _("%(name)s (%(role)s)") % by if said.actor_role else said.actor)
            )
        return BriefEntry(
            item=Link(each.name, ""),
            detail=_("Initiative") if each.kind == "initiative" else _("Metric"),
            when=words.day(on),
            iso=on.isoformat(),
            facts=tuple(facts),
            marks=self.known.marks(each.provenance),
        )

    def _owners(self, rows: Sequence[Silent]) -> Table:
        """Who had accepted each item that is overdue."""
        return Table(
            caption=_("Owners of what is overdue"),
            columns=(Column(_("Overdue")), Column(_("Division")), Column(_("Owner"))),
            rows=tuple(self._owner(each) for each in rows),
        )

    def _owner(self, each: Silent) -> tuple[Cell, ...]:
        item = self.known.item(each.kind, each.code)
        kind = _("Initiative") if each.kind == "initiative" else _("Metric")
        return (
            Cell(item.label, item.url, detail=kind, head=True),
            Cell(self.inside.division(each.division) or "–"),
            Cell(each.owner or _("Nobody")),
        )

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
            facts=(Fact(_("Rated by"), self.inside.person(row["reviewer"])),),
            marks=self.known.marks(row["provenance"]),
        )

    def _question(self, row: Document) -> BriefEntry:
        standing = self.inside.standing(row)
        return BriefEntry(
            item=self._about(row),
            detail=_("Question"),
            when=self._day(row),
            iso=self.known.day(row["recorded_at"]).isoformat(),
            now=Pill(TONES[standing.state], state_words(standing)),
            said=row["text"],
            facts=tuple(self._facts(row)),
            marks=self.known.marks(row["provenance"]),
        )

    def _facts(self, row: Document) -> Iterator[Fact]:
        """Who asked, to whom it went, by when, and the newest answer."""
        yield Fact(_("Asked by"), self.inside.person(row["asker"]))
        yield Fact(_("Went to"), self._went_to(row))
        yield Fact(_("Answer due"), words.day(row["answer_due_on"]))
        for each in self.inside.answers(row)[-1:]:
            answered = _("Answered by %(name)s") % {"name": self.inside.person(each["author"])}
            yield Fact(answered, shortened(each["text"], 600))

    def _went_to(self, row: Document) -> str:
        """The owner of the day it was asked, or who stood in for one."""
        owner, contributors, code = self.inside.went_to(row)
        if owner:
            return owner
        if contributors:
            names = words.joined(contributors)
            return _("%(names)s: nobody owned it, and they contribute to it") % {"names": names}
        division = self.inside.division(code)
        if division:
            return _("Whoever edits for %(name)s: nobody had accepted it") % {"name": division}
        return _("Plan administrators: nobody had accepted it")


def _marked(blocks: Sequence[BriefBlock]) -> tuple[BriefBlock, ...]:
    """Blocks as those of reviewers."""
    return tuple(replace(each, internal=True) for each in blocks)


def _own(item: Document) -> str:
    """The code of an item within its plan."""
    return str(item["item_code"]).rpartition("/")[2]
