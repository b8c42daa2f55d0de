"""The questions that wait for the person who asks, read once a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from priorities.assessment.periods import AsOf
from priorities.notifications.digest import chain
from priorities.permissions import Permission, Rights, rights_of
from priorities.queries.questions import OpenQuestion, of_items_of, open_questions
from priorities.queries.reminders import reminding
from priorities.spelling import counted_days, day
from priorities.views.doors import Act

#: Where a request keeps the questions of its person.
KEPT = "_my_questions"


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question that waits; ``late`` says by how much, and is empty while it is not due."""

    pk: int
    text: str
    item_name: str
    due: str
    late: str
    is_public: bool


def question_cards(request: HttpRequest, act: Act) -> tuple[QuestionCard, ...]:
    """The questions that wait for the person, in words."""
    return tuple(
        QuestionCard(
            pk=each.pk,
            text=each.text,
            item_name=each.item_name,
            due=day(each.due_on),
            late=counted_days(late) if (late := each.days_late(act.today)) else "",
            is_public=each.is_public,
        )
        for each in my_questions(request, act.as_of)
    )


def my_questions(request: HttpRequest, as_of: AsOf) -> tuple[OpenQuestion, ...]:
    """The questions that the person is to answer, the soonest due first.

    Theirs are those about what they own; the others go up the chain, as reminders do.
    Queries: one for the rights and one for none; one more for some, and seven when one of them has
    another owner or none.
    """
    found: tuple[OpenQuestion, ...] | None = getattr(request, KEPT, None)
    if found is None:
        found = _questions(request.user, as_of)
        setattr(request, KEPT, found)
    return found


def _questions(person: Any, as_of: AsOf) -> tuple[OpenQuestion, ...]:
    rights: Rights = rights_of(person)
    if not rights.holds(Permission.ANSWER):
        return ()
    among = None
    if not rights.everywhere(Permission.ANSWER):
        divisions = rights.divisions if rights.in_divisions(Permission.ANSWER) else frozenset()
        among = of_items_of(rights.person_id, divisions)
    waiting = open_questions(among)
    if all(each.owner_pk == person.pk for each in waiting):
        return waiting
    facts = reminding(as_of.day)
    return tuple(each for each in waiting if person.pk in chain(each, facts))
