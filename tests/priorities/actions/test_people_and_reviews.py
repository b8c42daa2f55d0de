"""Ownership by handshake, questions and ratings, and people, whose secrets are in no log."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from priorities.actions import assignments, people, reviews
from priorities.actions.recording import WriteRefused
from priorities.enums import AssignmentRole, Health, Role, Visibility
from priorities.models import Assignment, ChangeEvent, ReviewRating
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = dt.date(2022, 7, 15)


def act() -> dict[str, Any]:
    return {"by": "a test", "now": make.moment()}


def test_an_offer_becomes_ownership_only_when_accepted() -> None:
    offered = make.offer()
    assert offered.state == "offered"
    accepted = assignments.accept_assignment(assignment=offered, on=DAY, **act())
    assert (accepted.state, accepted.answered_on) == ("accepted", DAY)
    with pytest.raises(WriteRefused, match="is Accepted"):
        assignments.accept_assignment(assignment=offered, on=DAY, **act())


def test_an_item_has_one_owner_and_any_number_of_contributors() -> None:
    initiative = make.owner().initiative
    second = make.offer(item=initiative)
    with pytest.raises(ValidationError, match="has an owner already"):
        assignments.accept_assignment(assignment=second, on=DAY, **act())
    for _ in range(2):
        helper = make.offer(item=initiative, role=AssignmentRole.CONTRIBUTOR)
        assignments.accept_assignment(assignment=helper, on=DAY, **act())
    assert initiative.assignments.filter(state="accepted").count() == 3


def test_declining_says_why_and_frees_the_item() -> None:
    owner = make.owner()
    with pytest.raises(WriteRefused, match="why it is not yours"):
        assignments.decline_assignment(assignment=owner, reason=" ", on=DAY, **act())
    given_back = assignments.decline_assignment(
        assignment=owner, reason="Moved to another division.", on=DAY, **act()
    )
    assert given_back.state == "declined"
    with pytest.raises(WriteRefused, match="is Declined"):
        assignments.end_assignment(assignment=owner, on=DAY, **act())
    assert make.owner(item=owner.initiative).state == "accepted"


def test_handing_over_ends_one_and_offers_the_next_in_one_act() -> None:
    owner, successor = make.owner(), make.person(name="Next")
    offered = assignments.hand_over(assignment=owner, to=successor, on=DAY, **act())
    states = Assignment.objects.order_by("pk").values_list("person__name", "state")
    assert list(states) == [(owner.person.name, "ended"), ("Next", "offered")]
    assert offered.initiative == owner.initiative


def test_an_assignment_is_public_nowhere() -> None:
    make.owner()
    people_events = ChangeEvent.objects.filter(item_type__in=("assignment", "person", "role_grant"))
    assert set(people_events.values_list("public", flat=True)) == {False}


def test_a_question_is_answered_until_it_is_closed() -> None:
    question = make.question()
    make.answer(question=question)
    make.answer(question=question, text="More exactly so.")
    reviews.close_question(question=question, on=DAY, **act())
    with pytest.raises(WriteRefused, match="The question is closed"):
        make.answer(question=question)
    assert question.answers.count() == 2


@pytest.mark.parametrize("visibility", Visibility)
def test_a_question_and_its_answer_are_as_public_as_was_chosen(visibility: Visibility) -> None:
    initiative = make.initiative()
    question = make.question(item=initiative, visibility=visibility)
    make.answer(question=question)
    told = ChangeEvent.objects.filter(item_type__in=("question", "answer"))
    public = visibility == Visibility.PUBLIC
    assert list(told.values_list("public", "subject_code")) == [(public, initiative.item_code)] * 2


def test_a_reviewer_re_rates_and_the_earlier_rating_stays() -> None:
    first = make.rating(Health.AT_RISK)
    again = make.rating(Health.OFF_TRACK, item=first.initiative, reviewer=first.reviewer)
    other = make.rating(Health.ON_TRACK, item=first.initiative)
    assert (again.supersedes, other.supersedes) == (first, None)
    assert ReviewRating.objects.count() == 3
    with pytest.raises(ValidationError, match="cannot be blank"):
        make.rating(item=first.initiative, reason="")


def test_a_public_rating_tells_nothing_of_the_internal_one_before_it() -> None:
    first = make.rating(Health.OFF_TRACK, reason="Between us: hopeless.")
    make.rating(
        Health.AT_RISK,
        item=first.initiative,
        reviewer=first.reviewer,
        visibility=Visibility.PUBLIC,
    )
    event = ChangeEvent.objects.latest("sequence")
    assert (event.public, event.fields["rating"]) == (True, [None, "at_risk"])
    assert "hopeless" not in json.dumps(event.fields)


def test_a_password_is_never_in_the_log() -> None:
    person = make.person(password="correct horse battery staple")
    assert person.check_password("correct horse battery staple")
    people.set_password(person=person, password="another long secret", **act())
    people.revise_person(person=person, changes={"name": "Renamed"}, **act())
    person.refresh_from_db()
    log = json.dumps([event.canonical() for event in ChangeEvent.objects.all()])
    for secret in ("correct horse", "another long", person.password):
        assert secret not in log


def test_only_the_named_fields_of_a_person_are_changed() -> None:
    person = make.person()
    with pytest.raises(WriteRefused, match="Only name, address and rights"):
        people.revise_person(person=person, changes={"password": "x"}, **act())


def test_an_address_is_kept_in_small_letters_and_once() -> None:
    person = make.person(email="Ana@Example.org")
    changed = people.revise_person(person=person, changes={"email": " Lead@EXAMPLE.org"}, **act())
    assert changed.email == "lead@example.org"
    events = ChangeEvent.objects.count()
    people.revise_person(person=person, changes={"email": "LEAD@example.org"}, **act())
    assert ChangeEvent.objects.count() == events
    with pytest.raises(ValidationError, match="already an account"):
        make.person(email="lead@example.ORG")


def test_a_role_is_held_once_and_taken_away_once() -> None:
    grant = make.grant(Role.REVIEWER)
    with pytest.raises(ValidationError, match="has that role already"):
        make.grant(Role.REVIEWER, person=grant.person)
    people.revoke_role(grant=grant, on=DAY, **act())
    with pytest.raises(WriteRefused, match="taken away before"):
        people.revoke_role(grant=grant, on=DAY, **act())
    assert make.grant(Role.REVIEWER, person=grant.person).revoked_on is None


def test_an_editor_edits_a_division() -> None:
    with pytest.raises(ValidationError, match="A division editor, and no other role"):
        make.grant(Role.DIVISION_EDITOR)
    assert make.grant(Role.DIVISION_EDITOR, division=make.division()).division is not None
