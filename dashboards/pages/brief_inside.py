"""What reviewers alone are told of a plan in a brief: read once, for blocks, paper and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboards.pages.brief_known import Known
from dashboards.pages.brief_people import silent_metrics, silent_rows
from priorities.assessment.questions import QuestionStanding, question_standing
from priorities.queries.accepted import Answerable, answerable, names_of
from priorities.queries.internal import Internal, Withdrawal, internal_of, withdrawals
from priorities.queries.ownership import Key
from priorities.queries.publication import Document


@dataclass(frozen=True, slots=True)
class Silent:
    """An item that is overdue at the later end, and who had accepted it; empty for nobody."""

    kind: str
    code: str
    division: str
    owner: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An item that was public at the first date and is internal at the second."""

    kind: str
    code: str
    name: str
    provenance: str
    withdrawal: Withdrawal


@dataclass(frozen=True, slots=True)
class Inside:
    """The internal rows of one plan, who answers for its items, what was withdrawn.

    ``people`` are names by mail address, of who asked, answered and rated.
    """

    known: Known
    found: Internal
    people: Mapping[str, str]
    answerable: Answerable
    withdrawn: tuple[Withdrawn, ...]

    # ── Who answers ──────────────────────────────────────────────────────────────────────────

    @property
    def silent(self) -> tuple[Silent, ...]:
        """What is overdue, with who owned it then: initiatives, then metrics, the longest first."""
        return tuple(self._silent())

    def _silent(self) -> Iterator[Silent]:
        for row in silent_rows(self.known):
            owner = self._owner(("initiative", row.pk))
            yield Silent("initiative", row.code, row.lead_division or "", owner)
        for each in silent_metrics(self.known):
            metric = each.metric
            owner = self._owner(("metric", metric["pk"]))
            yield Silent("metric", metric["code"], metric["lead_division"] or "", owner)

    def _owner(self, key: Key) -> str:
        until = self.known.ends.until
        return self.answerable.owner(key, until.day, today=until.is_now)

    def went_to(self, question: Document) -> tuple[str, tuple[str, ...], str]:
        """To whom a question went on the day it was asked: owner, contributors, lead division."""
        day, until = self.known.day(question["recorded_at"]), self.known.ends.until
        key, division = self._about(question)
        if key is None:
            return "", (), division
        owner = self.answerable.owner(key, day, today=until.is_now and day == until.day)
        return owner, self.answerable.contributors(key, day), division

    def _about(self, question: Document) -> tuple[Key | None, str]:
        """The key of what a question is about, and the code of the division that leads it."""
        ends = self.known.ends
        if question["metric"] is not None:
            code = str(question["metric"])
            shown = ends.now.metrics.get(code)
            metric = shown.metric if shown else _coded(self.found.metrics, code)
            return (("metric", metric["pk"]), metric["lead_division"] or "") if metric else _NONE
        code = str(question["initiative"])
        row = self.known.row(code.partition("/")[2])
        if row is not None:
            return ("initiative", row.pk), row.lead_division or ""
        hidden = _coded(self.found.initiatives, code)
        return (("initiative", hidden["pk"]), hidden["lead_division"] or "") if hidden else _NONE

    def division(self, code: str) -> str:
        """What a division is called; empty for none."""
        found = self.known.ends.now.plan.division(code) if code else None
        return str(found["name"]) if found else ""

    # ── Questions ────────────────────────────────────────────────────────────────────────────

    @property
    def questions(self) -> tuple[Document, ...]:
        """The questions that wait, and those asked, answered or closed in between."""
        return tuple(each for each in self.found.questions if self._is_told(each))

    def _is_told(self, question: Document) -> bool:
        since = self.known.ends.since
        answers = self.answers(question)
        if question["closed_on"] is not None:
            # What was closed by the end of the first day stood in the brief before this one.
            return bool(question["closed_on"] > since.day)
        recorded = (question["recorded_at"], *(each["published_at"] for each in answers))
        return not answers or max(recorded) > since.moment

    def answers(self, question: Document) -> Sequence[Document]:
        """The answers to a question, oldest first."""
        return self.found.answers.get(question["pk"], [])

    def standing(self, question: Document) -> QuestionStanding:
        """How a question stands at the later end."""
        answers = self.answers(question)
        continued = any(each["follows"] == question["item_code"] for each in self.found.questions)
        return question_standing(
            due_on=question["answer_due_on"],
            on=self.known.ends.until.day,
            answered_on=self.known.day(answers[0]["published_at"]) if answers else None,
            continued=continued,
            closed_on=question["closed_on"],
        )

    def person(self, address: str) -> str:
        """What somebody is called."""
        return self.people.get(address, address)


_NONE: tuple[None, str] = (None, "")


def _coded(rows: Sequence[Document], code: str) -> Document | None:
    return next((each for each in rows if each["item_code"] == code), None)


def read_inside(known: Known) -> Inside:
    """What is internal between both dates of a brief. Queries: five."""
    ends = known.ends
    metrics = [each.metric["pk"] for each in ends.now.metrics.values()]
    found = internal_of(ends.now.plan.code, metrics, since=ends.since.moment, as_of=ends.until)
    hidden = [each["pk"] for each in found.metrics]
    answers = (answer for each in found.answers.values() for answer in each)
    people = {
        *(each["asker"] for each in found.questions),
        *(each["author"] for each in answers),
        *(each["reviewer"] for each in found.ratings),
    }
    return Inside(
        known=known,
        found=found,
        people=names_of(people),
        answerable=answerable(ends.now.plan.code, [*metrics, *hidden]),
        withdrawn=tuple(_withdrawn(known)),
    )


def _withdrawn(known: Known) -> Iterator[Withdrawn]:
    """The items that were public at the first date and were made internal since, in their order."""
    gone: dict[tuple[str, int], tuple[str, str, str]] = {}
    for each in known.found["scope"]:
        if each.what != "removed":
            continue
        row = known.before(each.code) if each.kind == "initiative" else None
        then = known.ends.then.metrics.get(each.code) if known.ends.then else None
        if row is not None:
            gone["initiative", row.pk] = each.code, row.name, row.provenance
        elif each.kind == "metric" and then is not None:
            metric = then.metric
            gone["metric", metric["pk"]] = each.code, metric["name"], metric["provenance"]
    keys = {kind: [pk for own, pk in gone if own == kind] for kind in ("initiative", "metric")}
    ends = known.ends
    told = withdrawals(keys, since=ends.since.moment, until=ends.until.moment)
    for (kind, pk), (code, name, provenance) in gone.items():
        if (kind, pk) in told:
            yield Withdrawn(kind, code, name, provenance, told[kind, pk])
