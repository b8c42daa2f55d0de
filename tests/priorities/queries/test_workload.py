"""Who has what to report, and how far it is."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from priorities.actions import assignments, drafts, people, updates
from priorities.assessment.periods import AsOf
from priorities.enums import AssignmentRole, Lifecycle, MissingReason, Role
from priorities.permissions import PERMISSIONS, Permission, rights_of
from priorities.queries.workload import REPORTING, DueItem, due_items, workload
from tests import factories as make

pytestmark = pytest.mark.django_db

#: The day on which the first quarter's report is due is 15 Apr 2022.
IN_TIME, LATE = make.at(2022, 4, 10), make.at(2022, 5, 5)
FIRST = dt.date(2022, 3, 31)


def as_of(moment: dt.datetime) -> AsOf:
    return AsOf.now(moment, make.LOS_ANGELES)


def mine(person: User, moment: dt.datetime = IN_TIME) -> tuple[DueItem, ...]:
    return workload(person=person, rights=rights_of(person), as_of=as_of(moment))


def told(items: tuple[DueItem, ...]) -> list[tuple[str, str, int]]:
    return [(item.code, item.state, item.days_overdue) for item in items]


def manager(**values: Any) -> User:
    return make.grant(Role.MANAGER, **values).person


def test_those_who_report_are_those_with_the_right_to() -> None:
    assert {role for role in Role if Permission.REPORT in PERMISSIONS[role]} == REPORTING


def test_an_item_is_due_then_overdue_then_done() -> None:
    make.periods()
    item = make.initiative(code="cloud")
    assert told(due_items(as_of=as_of(make.at(2022, 3, 31)))) == []
    assert told(due_items(as_of=as_of(IN_TIME))) == [("cloud", "due", 0)]
    assert told(due_items(as_of=as_of(LATE))) == [("cloud", "overdue", 20)]
    make.report(initiative=item, now=LATE)
    assert told(due_items(as_of=as_of(LATE))) == [("cloud", "done", 0)]
    assert told(due_items(as_of=as_of(make.at(2022, 7, 4)))) == [("cloud", "due", 0)]


def test_an_item_says_all_about_its_round() -> None:
    period = make.period(FIRST)
    division = make.division()
    item = make.initiative(code="cloud", name="Cloud", lead_division=division)
    owner = make.owner(person=manager(), item=item).person
    helper = make.offer(person=manager(), item=item, role=AssignmentRole.CONTRIBUTOR)
    assignments.accept_assignment(assignment=helper, on=make.START.date(), by="x", now=make.START)
    assert due_items(as_of=as_of(LATE)) == (
        DueItem(
            kind="initiative",
            pk=item.pk,
            code="cloud",
            plan_code="ita-2022-2023",
            name="Cloud",
            division_pk=division.pk,
            period_start=dt.date(2022, 1, 1),
            period_end=FIRST,
            due_on=dt.date(2022, 4, 15),
            period_pk=period.pk,
            state="overdue",
            days_overdue=20,
            owner_pk=owner.pk,
            contributor_pks=frozenset({helper.person_id}),
            last_period_end=None,
            last_on=None,
            never_reported=True,
        ),
    )


def test_a_submitted_update_waits_and_a_returned_one_comes_back() -> None:
    make.plan(requires_review=True)
    make.periods()
    make.initiative(code="cloud")
    update = make.draft(now=IN_TIME)
    assert told(due_items(as_of=as_of(IN_TIME))) == [("cloud", "draft", 0)]
    updates.submit_update(update=update, by="x", now=IN_TIME)
    (item,) = due_items(as_of=as_of(IN_TIME))
    assert (item.state, item.is_to_go) == ("submitted", False)
    updates.return_update(update=update, comment="Which vendor?", by="x", now=IN_TIME)
    (item,) = due_items(as_of=as_of(LATE))
    assert (item.state, item.days_overdue, item.is_to_go) == ("returned", 20, True)


def test_what_a_person_typed_makes_a_draft_that_only_they_see() -> None:
    make.periods()
    owner = make.owner(person=manager()).person
    (item,) = mine(owner)
    drafts.keep_draft(person=owner, form=item.form, fields={"narrative": "So"}, now=IN_TIME)
    assert item.form == f"initiative:{item.pk}:2022-03-31"
    assert [one.state for one in mine(owner)] == ["draft"]
    assert [one.state for one in due_items(as_of=as_of(IN_TIME))] == ["due"]


def test_a_closed_initiative_is_done_in_its_round_and_then_gone() -> None:
    make.periods()
    make.initiative(code="cloud")
    make.close(Lifecycle.COMPLETED, now=IN_TIME)
    assert told(due_items(as_of=as_of(IN_TIME))) == [("cloud", "done", 0)]
    assert told(due_items(as_of=as_of(make.at(2022, 7, 4)))) == []


def test_nothing_is_due_in_a_plan_that_is_no_draft_s_or_over() -> None:
    for state, more in (
        ("draft", {}),
        ("closed", {"closed_on": dt.date(2022, 4, 1)}),
        ("archived", {"closed_on": dt.date(2022, 4, 1)}),
        ("active", {"period_end": dt.date(2022, 3, 24)}),
    ):
        plan = make.plan(code=f"{state}-plan", state=state, **more)
        make.periods(plan=plan)
        make.initiative(plan=plan)
    assert due_items(as_of=as_of(IN_TIME)) == ()


def test_the_reports_of_the_last_period_are_asked_for_until_they_were_due() -> None:
    last = dt.date(2023, 12, 31)
    make.periods()
    make.initiative(code="cloud")
    make.report(period=make.period(dt.date(2023, 9, 30)), now=make.at(2023, 10, 5))

    def asked(*day: int) -> list[tuple[str, str, dt.date]]:
        items = due_items(as_of=as_of(make.at(*day)))
        return [(item.code, item.state, item.period_end) for item in items]

    assert asked(2024, 1, 15) == [("cloud", "due", last)]
    assert asked(2024, 1, 16) == [("cloud", "overdue", last)]
    assert asked(2024, 1, 17) == []


def test_nothing_is_due_of_an_initiative_for_periods_before_the_record_knew_of_it() -> None:
    make.periods()
    make.initiative(code="late", start=dt.date(2019, 1, 1), now=make.at(2022, 4, 1))
    assert told(due_items(as_of=as_of(LATE))) == []
    assert told(due_items(as_of=as_of(make.at(2022, 7, 4)))) == [("late", "due", 0)]


def test_nothing_is_due_of_what_begins_later_or_reports_irregularly() -> None:
    make.periods()
    make.initiative(start=dt.date(2022, 4, 1))
    make.initiative(cadence="irregular")
    make.metric(calendar="irregular")
    make.metric(started_on=dt.date(2022, 4, 1))
    assert due_items(as_of=as_of(IN_TIME)) == ()


def test_a_metric_is_due_until_it_has_a_value_or_says_why_not() -> None:
    metric = make.metric(code="calls", started_on=dt.date(2022, 1, 1))
    assert told(due_items(as_of=as_of(LATE))) == [("calls", "overdue", 20)]
    make.observation(10, metric=metric, categories="district=4", now=LATE)
    assert told(due_items(as_of=as_of(LATE))) == [("calls", "overdue", 20)]
    make.observation(None, missing_reason=MissingReason.NOT_COLLECTED, metric=metric, now=LATE)
    (item,) = due_items(as_of=as_of(LATE))
    assert (item.state, item.period_start, item.period_end) == ("done", dt.date(2022, 1, 1), FIRST)
    assert (item.last_period_end, item.last_on) == (FIRST, dt.date(2022, 5, 5))


def test_a_retired_metric_and_one_that_only_closed_plans_ask_for_are_not_due() -> None:
    since = {"started_on": dt.date(2022, 1, 1)}
    make.metric(retired_on=dt.date(2022, 4, 1), **since)
    over = make.priority(plan=make.plan(state="closed", closed_on=dt.date(2022, 4, 1)))
    make.metric(priorities=[over], **since)
    live = make.priority(plan=make.plan(code="live"))
    make.metric(code="both", priorities=[over, live], **since)
    assert told(due_items(as_of=as_of(IN_TIME))) == [("both", "due", 0)]


def test_a_list_of_plans_keeps_their_initiatives_and_what_informs_them() -> None:
    for code in ("one", "two"):
        plan = make.plan(code=code)
        make.periods(plan=plan)
        item = make.initiative(plan=plan, code=f"{code}-work")
        make.metric(code=f"{code}-calls", initiatives=[item], started_on=dt.date(2022, 1, 1))
    found = due_items(as_of=as_of(IN_TIME), plans=["two"])
    assert [item.code for item in found] == ["two-work", "two-calls"]


def test_the_most_urgent_stands_first_and_what_is_done_last() -> None:
    make.periods()
    for code in ("done", "in-time", "missed-two"):
        make.initiative(code=code)
    find = {row.code: row for row in make.Initiative.objects.all()}
    first, second = make.period(FIRST), make.period(dt.date(2022, 6, 30))
    make.report(initiative=find["in-time"], period=first, now=LATE)
    now = make.at(2022, 7, 4)
    make.report(initiative=find["done"], period=second, now=now)
    assert told(due_items(as_of=as_of(now))) == [
        ("missed-two", "overdue", 80),
        ("in-time", "due", 0),
        ("done", "done", 0),
    ]


def test_a_manager_has_what_they_accepted() -> None:
    make.periods()
    one, other = make.initiative(code="one"), make.initiative(code="other")
    person = manager()
    make.owner(person=person, item=one)
    make.offer(person=person, item=other)
    assert [item.code for item in mine(person)] == ["one"]


def test_a_reviewer_has_nothing_to_report() -> None:
    make.periods()
    person = make.grant(Role.REVIEWER).person
    make.owner(person=person)
    assert mine(person) == ()


def test_what_nobody_has_goes_up_the_chain() -> None:
    make.periods()
    above = make.division(code="above")
    below = make.division(code="below", parent=above)
    alone = make.division(code="alone")
    owned = make.initiative(code="owned", lead_division=below)
    make.owner(person=manager(), item=owned)
    make.initiative(code="free", lead_division=below)
    make.initiative(code="orphan", lead_division=alone)
    make.initiative(code="nowhere")
    editor = make.grant(Role.DIVISION_EDITOR, division=above).person
    administrator = make.grant(Role.PLAN_ADMINISTRATOR).person
    assert [item.code for item in mine(editor)] == ["free"]
    assert [item.code for item in mine(administrator)] == ["nowhere", "orphan"]


@pytest.mark.parametrize(("granted", "codes"), [(False, []), (True, ["cloud"])])
def test_a_system_administrator_stands_in_only_as_plan_administrator(
    granted: bool, codes: list[str]
) -> None:
    make.periods()
    make.initiative(code="cloud")
    root = make.person(name="Root", is_staff=True, is_superuser=True)
    if granted:
        make.grant(Role.PLAN_ADMINISTRATOR, person=root)
    assert [item.code for item in mine(root)] == codes


def test_an_inactive_person_is_no_owner_and_no_editor() -> None:
    make.periods()
    division = make.division(code="one")
    make.initiative(lead_division=division, code="cloud")
    owner = make.owner(person=manager()).person
    editor = make.grant(Role.DIVISION_EDITOR, division=division).person
    administrator = make.grant(Role.PLAN_ADMINISTRATOR).person
    assert (mine(editor), mine(administrator)) == ((), ())
    for person, heir in ((owner, editor), (editor, administrator)):
        people.revise_person(person=person, changes={"is_active": False}, by="x", now=make.moment())
        assert [item.code for item in mine(heir)] == ["cloud"]
    owner.refresh_from_db()
    assert mine(owner) == ()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PLAN_ADMINISTRATOR])
def test_three_items_ask_as_many_statements_as_one(role: Role) -> None:
    make.periods()
    person = make.grant(role).person
    asked = []
    for count in (1, 2):
        for _each in range(count):
            for item in (make.initiative(), make.metric(started_on=dt.date(2022, 1, 1))):
                make.owner(person=person, item=item)
        rights = rights_of(person)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = workload(person=person, rights=rights, as_of=as_of(IN_TIME))
        asked.append((len(found), len(queries)))
    count = {Role.MANAGER: 10, Role.PLAN_ADMINISTRATOR: 12}[role]
    assert asked == [(2, count), (6, count)]
