"""Ownership by handshake, questions and ratings, and people, whose secrets are in no log."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from priorities.actions import assignments, people, reviews
from priorities.actions.recording import WriteRefused
from priorities.enums import AssignmentRole, Health, Role, Visibility
from priorities.models import Answer, Assignment, ChangeEvent, Question, ReviewRating
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


def states() -> list[tuple[str, str]]:
    return list(Assignment.objects.order_by("pk").values_list("person__name", "state"))


def test_handing_over_ends_one_when_the_next_accepts_and_not_before() -> None:
    owner, successor = make.owner(), make.person(name="Next")
    former = owner.person.name
    offered = assignments.hand_over(assignment=owner, to=successor, on=DAY, **act())
    assert offered.initiative == owner.initiative
    assert states() == [(former, "accepted"), ("Next", "offered")]
    assignments.accept_assignment(assignment=offered, on=DAY, **act())
    assert states() == [(former, "ended"), ("Next", "accepted")]
    assert Assignment.objects.get(person=owner.person).ended_on == DAY


def test_an_item_handed_over_and_declined_stays_with_its_owner() -> None:
    owner = make.owner()
    offered = assignments.hand_over(assignment=owner, to=make.person(), on=DAY, **act())
    assignments.decline_assignment(assignment=offered, reason="Not my field.", on=DAY, **act())
    assert list(Assignment.objects.owning()) == [owner]


def test_only_what_was_accepted_can_be_handed_over() -> None:
    with pytest.raises(WriteRefused, match="is Offered"):
        assignments.hand_over(assignment=make.offer(), to=make.person(), on=DAY, **act())


def test_an_offer_is_made_once_and_only_to_who_can_answer() -> None:
    offer = make.offer()
    with pytest.raises(WriteRefused, match="has been asked for this already"):
        make.offer(item=offer.initiative, person=offer.person)
    gone = make.person(name="Gone")
    gone = people.revise_person(person=gone, changes={"is_active": False}, **act())
    with pytest.raises(WriteRefused, match="Gone cannot be asked"):
        make.offer(item=offer.initiative, person=gone)


def test_many_items_are_offered_in_one_act_and_their_owners_keep_them_until_then() -> None:
    asked, owned = make.person(name="Asked"), make.owner(item=make.metric())
    twice = make.offer(item=make.initiative(), person=asked)
    items = [owned.metric, twice.initiative, make.initiative()]
    offers = assignments.offer_ownership(person=asked, items=items, on=DAY, **act())
    assert [(one.initiative or one.metric, one.replaces) for one in offers] == [
        (items[0], owned),
        (items[2], None),
    ]
    assert list(Assignment.objects.owning()) == [owned]
    assignments.accept_assignment(assignment=offers[0], on=DAY, **act())
    assert [one.person for one in Assignment.objects.owning()] == [asked]


def test_deactivating_a_person_leaves_their_items_without_an_owner_at_once() -> None:
    owner = make.owner()
    assert list(Assignment.objects.owning()) == [owner]
    people.revise_person(person=owner.person, changes={"is_active": False}, **act())
    assert list(Assignment.objects.owning()) == []
    assert Assignment.objects.get().state == "accepted"
    [offer] = assignments.offer_ownership(
        person=make.person(), items=[owner.initiative], on=DAY, **act()
    )
    assignments.accept_assignment(assignment=offer, on=DAY, **act())
    assert list(Assignment.objects.owning()) == [offer]


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


def ask_on(question: Question, text: str = "And then?") -> Question:
    return reviews.ask_on(question=question, text=text, answer_due_on=DAY, **act())


def test_a_question_is_asked_on_after_its_answer_for_the_same_readers() -> None:
    update = make.report()
    first = make.question(status_update=update, visibility=Visibility.PUBLIC)
    with pytest.raises(WriteRefused, match="has no answer yet"):
        ask_on(first)
    make.answer(question=first)
    second = ask_on(first)
    assert (second.follows, second.asker, second.item, second.status_update) == (
        first,
        first.asker,
        first.item,
        update,
    )
    assert (second.visibility, second.answer_due_on) == ("public", DAY)


def test_only_the_newest_of_what_was_asked_on_waits() -> None:
    first = make.answer().question
    second = ask_on(first)
    late = {
        "answer": lambda: make.answer(question=first),
        "close": lambda: reviews.close_question(question=first, on=DAY, **act()),
        "ask on": lambda: ask_on(first, "And besides?"),
    }
    for too_late in late.values():
        with pytest.raises(WriteRefused, match="go on with the newest"):
            too_late()
    reviews.close_question(question=second, on=DAY, **act())
    with pytest.raises(WriteRefused, match="The question is closed"):
        reviews.close_question(question=second, on=DAY, **act())


def shifted(**by: int) -> dict[str, Any]:
    """An act that much later than the newest."""
    return {"by": "a test", "now": make.moment() + dt.timedelta(**by)}


def test_a_second_click_writes_no_second_row_and_no_event() -> None:
    person, item = make.person(), make.initiative()
    clicked: dict[str, Callable[[], Any]] = {
        "question": lambda: make.question(item=item, asker=person),
        "answer": lambda: make.answer(question=question, author=person),
        "ask on": lambda: ask_on(question),
        "rating": lambda: make.rating(item=item, reviewer=person),
    }
    question = clicked["question"]()
    for click in clicked.values():
        first, events = click(), ChangeEvent.objects.count()
        assert (click(), ChangeEvent.objects.count()) == (first, events)
    counts = [model.objects.count() for model in (Question, Answer, ReviewRating)]
    assert counts == [2, 1, 1]


def test_the_same_words_later_are_meant() -> None:
    asked = make.question()
    same: dict[str, Any] = {"item": asked.item, "asker": asked.asker}
    assert make.question(**same, **shifted(minutes=1)) == asked
    assert make.question(**same, **shifted(minutes=2, seconds=1)) != asked
    answered = make.answer(question=asked)
    author: dict[str, Any] = {"question": asked, "author": answered.author}
    assert make.answer(**author, **shifted(minutes=3)) != answered


def test_the_same_words_for_other_readers_or_of_something_else_are_another_question() -> None:
    update, asker = make.report(), make.person()
    same: dict[str, Any] = {"item": update.initiative, "asker": asker}
    known = {make.question(**same).pk}
    for other in (
        {"visibility": Visibility.PUBLIC},
        {"status_update": update},
        {"answer_due_on": DAY},
        {"text": "And why?"},
        {"asker": make.person()},
        {"item": make.initiative()},
    ):
        row = make.question(**{**same, **other})
        assert row.pk not in known
        known.add(row.pk)


def test_what_was_closed_or_answered_is_asked_again() -> None:
    asked = make.question()
    same: dict[str, Any] = {"item": asked.item, "asker": asked.asker}
    reviews.close_question(question=asked, on=DAY, **act())
    again = make.question(**same)
    make.answer(question=again)
    assert len({asked.pk, again.pk, make.question(**same).pk}) == 3


def test_a_question_names_no_target_or_update_of_another_item() -> None:
    update, target = make.report(), make.target()
    with pytest.raises(WriteRefused, match="belongs to another initiative"):
        make.question(item=make.initiative(), status_update=update)
    with pytest.raises(WriteRefused, match="belongs to another metric"):
        make.question(item=make.metric(), target=target)
    begun = make.draft(initiative=update.initiative)
    with pytest.raises(WriteRefused, match="not public yet"):
        make.question(item=update.initiative, status_update=begun, visibility=Visibility.PUBLIC)
    with pytest.raises(WriteRefused, match="belongs to another metric"):
        make.question(item=update.initiative, target=target)


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
    assert event.fields["supersedes"] == [None, None]
    assert "hopeless" not in json.dumps(event.fields)


def test_a_rating_supersedes_only_one_for_the_same_readers() -> None:
    first = make.rating(reason="Inside.")
    same: dict[str, Any] = {"item": first.initiative, "reviewer": first.reviewer}
    told = make.rating(reason="Told.", visibility=Visibility.PUBLIC, **same)
    retold = make.rating(reason="Told anew.", visibility=Visibility.PUBLIC, **same)
    inside = make.rating(reason="Inside again.", **same)
    last = make.rating(reason="Told at last.", visibility=Visibility.PUBLIC, **same)
    rows = (first, told, retold, inside, last)
    assert [row.supersedes for row in rows] == [None, None, told, first, retold]


def test_a_rating_that_goes_back_is_no_second_click() -> None:
    first = make.rating(Health.AT_RISK)
    same: dict[str, Any] = {"item": first.initiative, "reviewer": first.reviewer}
    second = make.rating(Health.ON_TRACK, **same)
    third = make.rating(Health.AT_RISK, **same)
    assert (second.supersedes, third.supersedes) == (first, second)


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


def test_the_last_who_manages_people_cannot_be_removed() -> None:
    """Two administrators who remove each other: the second act is refused, and undone."""
    ana, ben = make.grant(Role.PLAN_ADMINISTRATOR), make.grant(Role.PLAN_ADMINISTRATOR)
    people.revoke_role(grant=ana, on=DAY, **act())
    with pytest.raises(WriteRefused, match="Nobody would be left"):
        people.revoke_role(grant=ben, on=DAY, **act())
    with pytest.raises(WriteRefused, match="Nobody would be left"):
        people.revise_person(person=ben.person, changes={"is_active": False}, **act())
    ben.refresh_from_db()
    ben.person.refresh_from_db()
    assert (ben.revoked_on, ben.person.is_active) == (None, True)


def test_an_administrator_may_go_while_the_system_administrator_stays() -> None:
    grant = make.grant(Role.PLAN_ADMINISTRATOR)
    make.person(is_staff=True, is_superuser=True)
    assert people.revoke_role(grant=grant, on=DAY, **act()).revoked_on == DAY
