"""Who had accepted what on a day: one rule for every page that names an owner."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import User
from priorities.actions import assignments
from priorities.assessment.periods import AsOf
from priorities.models import Assignment
from priorities.queries.accepted import answerable
from priorities.queries.history import verify
from priorities.queries.ownership import answering_for
from priorities.queries.portfolio import owners
from tests import factories as make

pytestmark = pytest.mark.django_db

BEGAN, GAVE_BACK = dt.date(2022, 2, 1), dt.date(2022, 5, 1)


def as_of(day: dt.date) -> AsOf:
    return AsOf.end_of(day, make.LOS_ANGELES)


def owned_on(day: dt.date) -> tuple[dict[int, str], str]:
    """Who owned things on a day, as both ways of asking say it: of a plan, and of an item."""
    item = make.Initiative.objects.get()
    found = answerable("ita-2022-2023", ())
    return owners("ita-2022-2023", as_of(day)), found.owner(
        ("initiative", item.pk), day, today=False
    )


def gave_back(**person: Any) -> Assignment:
    held = make.owner(on=BEGAN, person=make.person(**person))
    return assignments.decline_assignment(
        assignment=held, reason="Not mine.", on=GAVE_BACK, by="a test", now=make.moment()
    )


def test_what_was_given_back_was_owned_until_then() -> None:
    row = gave_back(name="Olga")
    pk = row.initiative_id
    assert (row.state, row.answered_on, row.ended_on) == ("declined", BEGAN, GAVE_BACK)
    before, last, after = BEGAN - dt.timedelta(1), GAVE_BACK - dt.timedelta(1), GAVE_BACK
    assert [owned_on(day) for day in (before, BEGAN, last, after)] == [
        ({}, ""),
        ({pk: "Olga"}, "Olga"),
        ({pk: "Olga"}, "Olga"),
        ({}, ""),
    ]
    assert verify().count == 0


def test_what_was_only_declined_was_nobodys() -> None:
    offered = make.offer(on=BEGAN)
    declined = assignments.decline_assignment(
        assignment=offered, reason="Not mine.", on=GAVE_BACK, by="a test", now=make.moment()
    )
    assert (declined.answered_on, declined.ended_on) == (GAVE_BACK, None)
    assert owned_on(GAVE_BACK) == ({}, "")


def test_an_offer_that_was_taken_back_was_nobodys() -> None:
    assignments.end_assignment(
        assignment=make.offer(on=BEGAN), on=GAVE_BACK, by="a test", now=make.moment()
    )
    assert owned_on(BEGAN) == ({}, "")


def test_who_has_no_name_is_told_by_their_address() -> None:
    row = gave_back(email="olga@example.org")
    User.objects.update(name="")
    told = "olga@example.org"
    assert owned_on(BEGAN) == ({row.initiative_id: told}, told)


def test_who_said_no_last_is_who_gave_it_back_last() -> None:
    row = gave_back(name="Olga")
    offered = make.offer(item=row.initiative, on=BEGAN, person=make.person(name="Otto"))
    assignments.decline_assignment(
        assignment=offered,
        reason="No.",
        on=GAVE_BACK - dt.timedelta(7),
        by="a test",
        now=make.moment(),
    )
    [answering] = answering_for([row.initiative]).values()
    assert answering.declined == "Olga"
