"""What each person is told: only theirs, up the chain, what is new since the last mail. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from priorities.enums import MailStep, Role
from priorities.notifications.digest import Digest, Summary, by_hand, chain, digests
from priorities.notifications.letter import letter_of, subject_of
from priorities.queries.reminders import Correspondent, Reminding, WaitingOffer
from priorities.queries.workload import DueItem

DUE = dt.date(2022, 4, 15)
OWNER, HELPER, EDITOR, ABOVE, ADMIN = 1, 2, 3, 4, 5
#: Divisions: 10 lies in 11, 20 stands alone and nobody edits it.
PARENTS = {10: 11, 11: None, 20: None}


def person(pk: int, name: str, *roles: Role, **values: Any) -> Correspondent:
    held = frozenset(roles or {Role.MANAGER})
    return Correspondent(pk, name, f"{name.lower()}@example.org", held, **values)


PEOPLE = {
    one.pk: one
    for one in (
        person(OWNER, "Olga"),
        person(HELPER, "Hal"),
        person(EDITOR, "Ed", Role.DIVISION_EDITOR, divisions=frozenset({10}), wants_summary=False),
        person(ABOVE, "Abe", Role.DIVISION_EDITOR, divisions=frozenset({11}), wants_summary=False),
        person(ADMIN, "Ada", Role.PLAN_ADMINISTRATOR, wants_summary=False),
    )
}


def facts(**values: Any) -> Reminding:
    people = values.pop("people", PEOPLE)
    editors = {10: frozenset({EDITOR}), 11: frozenset({ABOVE})}
    known: dict[str, Any] = {
        "people": people,
        "editors": {
            division: pks.intersection(people)
            for division, pks in editors.items()
            if pks.intersection(people)
        },
        "administrators": frozenset({ADMIN}).intersection(people),
        "parents": PARENTS,
        "offers": {},
        "last_sent": {},
        "summarized": frozenset(),
        "busy": frozenset(),
    }
    return Reminding(**(known | values))


def item(
    pk: int = 1, *, owner: int | None = OWNER, helpers: Collection[int] = (), **values: Any
) -> DueItem:
    known: dict[str, Any] = {
        "kind": "initiative",
        "pk": pk,
        "code": f"item-{pk}",
        "plan_code": "plan",
        "name": f"Item {pk}",
        "division_pk": 10,
        "period_start": dt.date(2022, 1, 1),
        "period_end": dt.date(2022, 3, 31),
        "due_on": DUE,
        "period_pk": 1,
        "state": "due",
        "days_overdue": 0,
        "owner_pk": owner,
        "contributor_pks": frozenset(helpers),
        "last_period_end": None,
        "last_on": None,
        "never_reported": True,
    }
    return DueItem(**(known | values))


def told(items: list[DueItem], day: str, **known: Any) -> dict[str, list[str]]:
    """Name → occasions, of everybody who is written to on a day."""
    found = digests(items=items, facts=facts(**known), day=dt.date.fromisoformat(day))
    return {one.person.name: [step.value for step in one.steps] for one in found}


def without(*pks: int) -> dict[int, Correspondent]:
    return {pk: one for pk, one in PEOPLE.items() if pk not in pks}


# ── The chain ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("due", "people", "expected"),
    [
        (item(helpers={HELPER}), PEOPLE, {OWNER}),
        (item(owner=None, helpers={HELPER}), PEOPLE, {HELPER}),
        (item(owner=None), PEOPLE, {EDITOR}),
        (item(owner=None), without(EDITOR), {ABOVE}),
        (item(owner=None), without(EDITOR, ABOVE), {ADMIN}),
        (item(owner=None, division_pk=20), PEOPLE, {ADMIN}),
        (item(owner=None, division_pk=None), PEOPLE, {ADMIN}),
        (item(owner=None), without(EDITOR, ABOVE, ADMIN), set()),
        # An owner who cannot report any more is none.
        (item(helpers={HELPER}), without(OWNER), {HELPER}),
        (item(), without(OWNER), {EDITOR}),
    ],
)
def test_an_item_is_its_owners_and_else_goes_up_the_chain(
    due: DueItem, people: dict[int, Correspondent], expected: set[int]
) -> None:
    assert chain(due, facts(people=people)) == expected


def test_a_person_is_told_of_what_is_theirs_and_of_nothing_else() -> None:
    items = [item(1), item(2, owner=None, helpers={HELPER}), item(3, owner=None)]
    found = digests(items=items, facts=facts(), day=dt.date(2022, 4, 1))
    names = {
        one.person.name: ([each.pk for each in one.mine], [each.pk for each in one.unowned])
        for one in found
    }
    assert names == {"Olga": ([1], []), "Hal": ([2], []), "Ed": ([], [3])}


@pytest.mark.parametrize("state", ["submitted", "done"])
def test_what_is_handed_in_is_reminded_of_nobody(state: Any) -> None:
    assert told([item(state=state)], "2022-04-14") == {}


@pytest.mark.parametrize("state", ["due", "draft", "returned", "overdue"])
def test_what_is_only_begun_or_was_returned_still_is(state: Any) -> None:
    assert told([item(state=state)], "2022-04-14") == {"Olga": ["day_before"]}


# ── When ─────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_is_written_on_the_days_of_the_round_and_on_no_other() -> None:
    sent: dict[int, dt.date] = {}
    written = []
    for n in range(40):
        day = dt.date(2022, 3, 25) + dt.timedelta(days=n)
        if day <= dt.date(2022, 3, 31):
            continue
        overdue = max((day - DUE).days, 0)
        due = item(days_overdue=overdue)
        for one in digests(items=[due], facts=facts(last_sent=sent), day=day):
            sent[one.person.pk] = day
            written.append((str(day), one.steps[0].value))
    assert written == [
        ("2022-04-01", "opening"),
        ("2022-04-08", "week_before"),
        ("2022-04-14", "day_before"),
        ("2022-04-16", "day_after"),
        ("2022-04-23", "weekly"),
        ("2022-04-30", "weekly"),
    ]


def test_who_has_todays_mail_gets_no_other() -> None:
    assert told([item()], "2022-04-14", busy=frozenset({OWNER})) == {}


def test_a_run_that_was_left_out_is_made_up_for_once() -> None:
    before = {OWNER: dt.date(2022, 4, 8)}
    assert told([item()], "2022-04-15", last_sent=before) == {"Olga": ["day_before"]}
    made_up = {OWNER: dt.date(2022, 4, 15)}
    assert told([item()], "2022-04-15", last_sent=made_up) == {}


def test_several_occasions_of_a_day_are_one_mail() -> None:
    late = item(2, due_on=dt.date(2022, 4, 7), days_overdue=7)
    assert told([item(1), late], "2022-04-14") == {"Olga": ["day_before", "day_after"]}


def test_who_wants_nothing_early_gets_what_is_required() -> None:
    quiet = {OWNER: replace(PEOPLE[OWNER], wants_early=False)}
    assert told([item()], "2022-04-08", people=quiet) == {}
    assert told([item()], "2022-04-14", people=quiet) == {"Olga": ["day_before"]}


def test_an_offer_is_told_and_told_again() -> None:
    offers = {HELPER: (WaitingOffer(1, "metric", "Calls", "Owner", dt.date(2022, 4, 4)),)}
    assert told([], "2022-04-04", offers=offers) == {"Hal": ["offer"]}
    last = {HELPER: dt.date(2022, 4, 4)}
    assert told([], "2022-04-10", offers=offers, last_sent=last) == {}
    assert told([], "2022-04-11", offers=offers, last_sent=last) == {"Hal": ["offer"]}


# ── The weekly summary ───────────────────────────────────────────────────────────────────────


def summarizing(pk: int) -> dict[int, Correspondent]:
    return {pk: replace(PEOPLE[pk], wants_summary=True)}


def test_a_summary_counts_what_a_person_looks_after() -> None:
    items = [
        item(1, state="done", never_reported=False),
        item(2, owner=None, state="submitted", days_overdue=3),
        item(3, division_pk=20),
    ]
    of_admin = digests(items=items, facts=facts(people=summarizing(ADMIN)), day=DUE)
    of_editor = digests(items=items, facts=facts(people=summarizing(ABOVE)), day=DUE)
    assert [one.summary for one in of_admin] == [Summary(3, 2, 1, 2, 1)]
    assert [one.summary for one in of_editor] == [Summary(2, 1, 1, 1, 1)]


def test_a_summary_comes_once_a_week_and_only_if_wanted_and_not_empty() -> None:
    done, people = [item(state="done")], summarizing(ADMIN)
    assert told(done, "2022-04-04", people=people) == {"Ada": ["summary"]}
    assert told(done, "2022-04-05", people=people, summarized=frozenset({ADMIN})) == {}
    assert told(done, "2022-04-04", people={ADMIN: PEOPLE[ADMIN]}) == {}
    assert told([], "2022-04-04", people=people) == {}
    assert told(done, "2022-04-04", people={OWNER: PEOPLE[OWNER]}) == {}


# ── What can be switched off ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("steps", "optional"),
    [
        ((MailStep.OPENING,), True),
        ((MailStep.WEEK_BEFORE, MailStep.SUMMARY), True),
        ((MailStep.DAY_BEFORE,), False),
        ((MailStep.OPENING, MailStep.DAY_AFTER), False),
        ((MailStep.WEEKLY, MailStep.SUMMARY), False),
        ((MailStep.OFFER,), False),
        ((MailStep.BY_HAND,), False),
    ],
)
def test_only_what_is_ahead_and_the_summary_can_be_switched_off(
    steps: tuple[MailStep, ...], optional: bool
) -> None:
    assert Digest(PEOPLE[OWNER], DUE, steps, (item(),)).is_optional == optional
    late = item(2, days_overdue=9)
    assert not Digest(PEOPLE[OWNER], DUE, steps, (item(), late)).is_optional


# ── Words ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("items", "offers", "subject"),
    [
        ([item()], 0, "1 update is due by 15 Apr 2022"),
        ([item(1), item(2)], 1, "2 updates are due by 15 Apr 2022"),
        ([item(1), item(2, days_overdue=3)], 0, "Overdue: 1 of your 2 updates"),
        ([item(days_overdue=3)], 0, "Your update is overdue"),
        ([], 2, "You are asked to answer for 2 items"),
        ([], 0, "How your items stand this week"),
    ],
)
def test_the_subject_says_the_most_urgent(items: list[DueItem], offers: int, subject: str) -> None:
    asked = tuple(WaitingOffer(n, "metric", "Calls", "Owner", DUE) for n in range(offers))
    digest = Digest(PEOPLE[OWNER], DUE, (MailStep.OPENING,), tuple(items), offers=asked)
    assert subject_of(digest) == subject


def test_each_line_says_since_when_or_until_when() -> None:
    items = (
        item(1, days_overdue=1),
        item(2, state="returned"),
        item(3, due_on=DUE),
        item(4, due_on=dt.date(2022, 4, 16)),
        item(5, due_on=dt.date(2022, 4, 22)),
    )
    [section] = letter_of(Digest(PEOPLE[OWNER], DUE, (MailStep.OPENING,), items)).sections
    assert [line.detail for line in section.lines] == [
        "Q1 2022, overdue 1 day",
        "Q1 2022, returned to you",
        "Q1 2022, due today",
        "Q1 2022, due 16 Apr 2022, in 1 day",
        "Q1 2022, due 22 Apr 2022, in 7 days",
    ]


def test_a_long_list_is_cut_and_says_how_much_is_left() -> None:
    items = tuple(item(n) for n in range(23))
    [section] = letter_of(Digest(PEOPLE[OWNER], DUE, (MailStep.OPENING,), items)).sections
    assert (len(section.lines), section.more) == (20, "And 3 more.")


def test_a_reminder_by_hand_holds_all_that_is_open_for_them() -> None:
    items = [item(1), item(2, state="done"), item(3, owner=None, helpers={OWNER})]
    digest = by_hand(person=PEOPLE[OWNER], items=items, facts=facts(), day=dt.date(2022, 4, 2))
    assert (digest.steps, [each.pk for each in digest.items]) == ((MailStep.BY_HAND,), [1, 3])
