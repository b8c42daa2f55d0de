"""Reviewers' public questions on the page of what they are about, with their answers.

Their rows come with the wording of the page, so they take no statement of their own. Who asked and
who answered is not told: staff stand behind their division.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Mark, Pill
from dashboards.pages.raw import raw
from dashboards.visit import Visit
from priorities.assessment.questions import QuestionStanding, question_standing
from priorities.enums import Visibility
from priorities.models import Answer, Question
from priorities.queries.publication import Document, Documents
from priorities.saying import gettext as _
from priorities.spelling import QUESTION_TONES, question_words

#: Questions of one page; older ones are told by its history.
MOST_QUESTIONS = 30
#: The shapes and words of a state, as staff are told it too.
TONES, state_words = QUESTION_TONES, question_words


@dataclass(frozen=True, slots=True)
class AnswerEntry(Printable):
    """One answer in words."""

    when: str
    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionEntry(Printable):
    """One question in words; one that was asked on the answer before it says so."""

    when: str
    iso: str
    text: str
    about: str
    due: str
    pill: Pill
    answers: tuple[AnswerEntry, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers, oldest first, and how it stood."""

    question: Document
    answers: tuple[Document, ...]
    standing: QuestionStanding


def rows_about(**item: str) -> tuple[QuerySet[Question], QuerySet[Answer]]:
    """The public questions about an item and their answers, for ``documents``.

    No action makes an internal question public or hides a public one, so the rows themselves say.
    """
    public = {"visibility": Visibility.PUBLIC.value} | item
    answered = {f"question__{name}": value for name, value in public.items()}
    return Question.objects.filter(Q(**public)), Answer.objects.filter(Q(**answered))


def public_questions(visit: Visit, found: Documents) -> tuple[Asked, ...]:
    """The questions of a page as they stood on the day, the newest first; follow-ups after theirs.

    ``found``: documents with the rows of ``rows_about``.
    """
    questions = found["question"]
    answers: defaultdict[Any, list[Document]] = defaultdict(list)
    for answer in sorted(found["answer"].values(), key=lambda each: each["pk"]):
        answers[answer["question"]].append(answer)
    after = {each["follows"]: each for each in questions.values() if each["follows"] is not None}
    firsts = [each for each in questions.values() if each["follows"] is None]
    told: list[Asked] = []
    for first in sorted(firsts, key=lambda each: (each["recorded_at"], each["pk"]), reverse=True):
        question: Document | None = first
        while question is not None:
            code = question["item_code"]
            following = after.get(code)
            said = tuple(answers[code])
            standing = _standing(visit, question, said, continued=following is not None)
            told.append(Asked(question, said, standing))
            question = following
    return tuple(told)


def _standing(
    visit: Visit, question: Document, answers: tuple[Document, ...], *, continued: bool
) -> QuestionStanding:
    return question_standing(
        due_on=question["answer_due_on"],
        on=visit.as_of.day,
        answered_on=_day(visit, answers[0]["published_at"]) if answers else None,
        continued=continued,
        closed_on=question["closed_on"],
    )


def _day(visit: Visit, moment: dt.datetime) -> dt.date:
    return moment.astimezone(visit.tz).date()


def question_entries(
    visit: Visit, asked: tuple[Asked, ...], about: Mapping[int, str]
) -> tuple[QuestionEntry, ...]:
    """Questions in words. ``about``: of each public report or target, by its key, what it is."""
    return tuple(_entry(visit, each, about) for each in asked[:MOST_QUESTIONS])


def _entry(visit: Visit, asked: Asked, about: Mapping[int, str]) -> QuestionEntry:
    question = asked.question
    on = _day(visit, question["recorded_at"])
    follows = question["follows"] is not None
    due = _("Follow-up, answer due %(day)s") if follows else _("Answer due %(day)s")
    pointed_at = _key(question["status_update"] or question["target"])
    return QuestionEntry(
        when=words.short_day(on, today=visit.as_of.day),
        iso=on.isoformat(),
        text=question["text"],
        about=about.get(pointed_at, "") if pointed_at else "",
        due=due % {"day": words.day(question["answer_due_on"])},
        pill=Pill(TONES[asked.standing.state], state_words(asked.standing)),
        answers=tuple(_answer(visit, each) for each in asked.answers),
        marks=words.marks(question["provenance"], url=marks_url(visit)),
    )


def _key(code: str | int | None) -> int | None:
    """The key of a report or a target: the last part of its code.

    >>> _key("ita-2022-2023/cloud/12"), _key(None)
    (12, None)
    """
    return None if code is None else int(str(code).rpartition("/")[2])


def _answer(visit: Visit, answer: Document) -> AnswerEntry:
    on = _day(visit, answer["published_at"])
    when = _("Answered %(day)s") % {"day": words.short_day(on, today=visit.as_of.day)}
    return AnswerEntry(when, on.isoformat(), answer["text"])


def question_json(asked: Asked, about: Mapping[int, str]) -> dict[str, Any]:
    """One question in raw values; a report or target only where it is public."""
    question = asked.question

    def pointed(name: str) -> int | None:
        key = _key(question[name])
        return key if key in about else None

    return {
        "id": question["pk"],
        "text": question["text"],
        "asked_at": raw(question["recorded_at"]),
        "report": pointed("status_update"),
        "target": pointed("target"),
        "follows": question["follows"],
        "answer_due_on": raw(question["answer_due_on"]),
        "closed_on": raw(question["closed_on"]),
        "state": asked.standing.state.value,
        "days_late": asked.standing.days_late,
        "answers": [
            {
                "id": each["pk"],
                "text": each["text"],
                "published_at": raw(each["published_at"]),
                "provenance": each["provenance"],
            }
            for each in asked.answers
        ],
        "provenance": question["provenance"],
    }
