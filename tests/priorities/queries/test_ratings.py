"""Whose rating speaks as a reviewer's: nobody's of their own work."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from dashboards.pages.rating import newest_rating, rating_rows
from priorities.actions import assignments
from priorities.assessment.periods import AsOf
from priorities.enums import AssignmentRole, Health, Visibility
from priorities.queries.between import ratings_that_may_differ
from priorities.queries.publication import documents
from priorities.queries.ratings import newest_ratings
from priorities.queries.reports import rating_of
from tests import factories as make

pytestmark = pytest.mark.django_db

BEGAN, RATED, ENDED = make.at(2022, 3, 1), make.at(2022, 4, 5), make.at(2022, 5, 1)
LATER = AsOf.end_of(dt.date(2022, 8, 1), make.LOS_ANGELES)


def voices(item: Any) -> list[Health]:
    """What each way of asking says that a reviewer said of an item."""
    kind = item.ITEM_TYPE
    own = newest_ratings("ita-2022-2023", LATER).get((kind, item.pk))
    rows = rating_rows(**{f"{kind}__code": item.code})
    public = newest_rating(documents(rows, as_of=LATER, undo={}))
    found: list[Any] = [own, public]
    if kind == "initiative":
        found += [rating_of(item.pk, as_of=LATER)]
        found += ratings_that_may_differ("ita-2022-2023", make.START, LATER.moment)[:1] or [None]
    return [Health(each.rating) for each in found if each is not None]


def rated(item: Any, person: Any, value: Health) -> None:
    public = {"visibility": Visibility.PUBLIC, "now": RATED}
    make.rating(value, item=item, reviewer=person, **public)


@pytest.mark.parametrize("role", AssignmentRole)
@pytest.mark.parametrize("kind", ["initiative", "metric"])
def test_who_answers_for_an_item_is_no_reviewer_of_it(kind: str, role: AssignmentRole) -> None:
    make.plan()
    item = getattr(make, kind)()
    person = make.person()
    offer = make.offer(item=item, person=person, role=role, now=BEGAN)
    held = assignments.accept_assignment(assignment=offer, on=BEGAN.date(), by="a", now=BEGAN)
    rated(item, make.person(now=RATED), Health.OFF_TRACK)
    rated(item, person, Health.ON_TRACK)
    ways = 4 if kind == "initiative" else 2
    assert voices(item) == [Health.OFF_TRACK] * ways
    # That it was given back later makes it no review.
    assignments.decline_assignment(
        assignment=held, reason="Not mine.", on=ENDED.date(), by="a", now=ENDED
    )
    assert voices(item) == [Health.OFF_TRACK] * ways


def test_who_accepts_it_later_or_gave_it_back_before_was_a_reviewer() -> None:
    item = make.initiative()
    person = make.person()
    held = make.owner(item=item, person=person, now=BEGAN)
    assignments.decline_assignment(
        assignment=held, reason="Not mine.", on=RATED.date(), by="a", now=RATED
    )
    rated(item, person, Health.ON_TRACK)
    make.owner(item=item, person=person, now=ENDED)
    assert voices(item) == [Health.ON_TRACK] * 4
