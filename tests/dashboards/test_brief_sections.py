"""What each section of a brief tells, as its readers see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from priorities.actions.initiatives import revise_initiative, revise_milestone
from priorities.actions.metrics import revise_metric
from priorities.actions.plans import activate_plan, close_plan, revise_meeting, revise_priority
from priorities.actions.reviews import close_question
from priorities.actions.updates import close_initiative
from priorities.enums import Health, Lifecycle, Visibility
from priorities.models import Initiative, Metric, Plan, Priority
from tests import factories as make
from tests.dashboards.test_brief import (
    AFTER,
    BEFORE,
    BETWEEN,
    BRIEF,
    PLAN,
    SPAN,
    Read,
    everything_happens,
    plan_of,
    section,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]


def test_a_promise_that_moves_for_the_third_time_says_so(client: Client) -> None:
    plan_of()
    step = make.milestone(due_on=dt.date(2022, 4, 30), now=BEFORE)
    for day, now in ((15, BEFORE), (20, BEFORE), (30, BETWEEN)):
        revise_milestone(
            milestone=step,
            changes={"due_on": dt.date(2022, 9, day)},
            reason="Parts are missing.",
            by=make.BY,
            now=now,
        )
    said = text_of(client, BRIEF + SPAN)
    assert '<p class="brief-flag">Moved for the third time</p>' in said
    assert "<dt>First promised for</dt><dd>30 Apr 2022</dd>" in said
    assert said.count("Parts are missing.") == 1
    assert "<dt>Days</dt><dd>+10</dd>" in said
    assert "1 date moved, to a later day." in said


@pytest.mark.parametrize(
    ("times", "flag"),
    [(4, "Moved for the fourth time"), (5, "Moved for the fifth time"), (21, "Moved 21 times")],
)
def test_how_often_a_promise_moved_is_said_in_words(client: Client, times: int, flag: str) -> None:
    plan_of()
    step = make.milestone(due_on=dt.date(2022, 8, 31), now=BEFORE)
    for day in range(1, times + 1):
        changes = {"due_on": dt.date(2022, 9, day)}
        now = BETWEEN if day == times else BEFORE
        revise_milestone(milestone=step, changes=changes, reason="Again.", by=make.BY, now=now)
    said = text_of(client, BRIEF + SPAN + "&sections=dates")
    assert f'<p class="brief-flag">{flag}</p>' in said


@pytest.mark.parametrize(
    ("days", "lead"),
    [
        ((15, 16), "2 dates moved, all to a later day."),
        ((15, 5), "2 dates moved, 1 of them to a later day."),
        ((5, 6), "2 dates moved, none to a later day."),
        ((5,), "1 date moved, not to a later day."),
    ],
)
def test_how_many_dates_moved_to_a_later_day(
    client: Client, days: tuple[int, ...], lead: str
) -> None:
    plan_of()
    steps = [make.milestone(due_on=dt.date(2022, 9, 10), now=BEFORE) for _day in days]
    for day, step in zip(days, steps, strict=True):
        changes = {"due_on": dt.date(2022, 9, day)}
        revise_milestone(milestone=step, changes=changes, reason="So.", by=make.BY, now=BETWEEN)
    assert lead in text_of(client, BRIEF + SPAN + "&sections=dates")


def test_what_becomes_overdue_is_dated_by_that_day_and_the_last_report_by_its_own(
    client: Client,
) -> None:
    plan_of()
    make.report(narrative="Both sites are wired.", now=make.at(2022, 4, 10))
    said = text_of(client, f"{BRIEF}?from=2022-06-30&to=2022-07-20&sections=status")
    assert "Overdue 5 days" in said
    assert '<time datetime="2022-07-16">16 Jul 2022</time>' in said
    assert "<dt>Last report said</dt><dd>on track</dd>" in said
    assert "<dt>Last report, 10 Apr 2022</dt><dd>Both sites are wired.</dd>" in said
    assert said.count("Both sites are wired.") == 1


def test_whether_the_numbers_agree_is_always_said(client: Client) -> None:
    make.plan()
    make.periods()
    item = make.initiative(now=BEFORE)
    make.report(health=Health.OFF_TRACK, now=BEFORE)
    june = make.period(dt.date(2022, 6, 30))
    make.report(period=june, now=BETWEEN)
    path = BRIEF + SPAN + "&sections=status"
    assert "<dt>The numbers</dt><dd>None of its metrics can be rated.</dd>" in text_of(client, path)
    make.metric(initiatives=[item], now=make.at(2022, 5, 20))
    make.observation(95, end=dt.date(2022, 3, 31), now=make.at(2022, 5, 20))
    make.target(90, end=dt.date(2022, 3, 31), now=make.at(2022, 5, 20))
    assert "The metrics do not disagree with the owner." in text_of(client, path)


def block(page: str, title: str) -> str:
    """What stands under a heading, up to the next one."""
    return page.split(f"<h3>{title}</h3>")[1].split("<h3>")[0]


def test_a_plan_that_is_closed_is_told_as_such_with_day_and_reason(client: Client) -> None:
    plan_of()
    close_plan(
        plan=Plan.objects.get(),
        closed_on=dt.date(2022, 5, 9),
        reason="Over.",
        by=make.BY,
        now=BETWEEN,
    )
    said = text_of(client, BRIEF + SPAN + "&sections=scope")
    assert "Taken up again" not in said
    told = block(said, "The plan itself")
    assert [each for each in ("Active", "Closed") if f"</svg>{each}</span>" in told] == [
        "Active",
        "Closed",
    ]
    assert '<time datetime="2022-05-09">9 May 2022</time>' in told
    assert told.count("Over.") == 1
    activate_plan(plan=Plan.objects.get(), reason="Prolonged.", by=make.BY, now=AFTER)
    later = text_of(client, f"{BRIEF}?from=2022-06-30&to=2022-08-10&sections=scope")
    told = block(later, "The plan itself")
    assert told.index("</svg>Closed</span>") < told.index("</svg>Active</span>")
    assert '<time datetime="2022-08-01">1 Aug 2022</time>' in told
    assert "Prolonged." in told


def test_a_plan_that_became_public_is_told_with_its_day(client: Client) -> None:
    make.plan(now=BETWEEN)
    told = block(text_of(client, BRIEF + SPAN + "&sections=scope"), "The plan itself")
    assert "</svg>Active</span>" in told
    assert '<time datetime="2022-05-10">10 May 2022</time>' in told


def test_what_was_added_is_told_with_day_and_reason(client: Client) -> None:
    plan_of()
    of = {"priorities": list(Priority.objects.filter(code="1"))}
    inside = Visibility.INTERNAL.value
    hidden = make.metric(name="Calls lost", visibility=inside, now=BEFORE, **of)
    late = make.metric(name="Outages", now=BEFORE)
    shown = {"visibility": Visibility.PUBLIC.value}
    revise_metric(metric=hidden, changes=shown, reason="Asked for.", by=make.BY, now=BETWEEN)
    make.priority(name="Resilience", now=make.at(2022, 5, 11))
    make.metric(name="Uptime", now=make.at(2022, 5, 12), **of)
    tied = make.at(2022, 5, 13)
    revise_metric(metric=late, changes=of, reason="It belongs here.", by=make.BY, now=tied)
    told = block(text_of(client, BRIEF + SPAN + "&sections=scope"), "Added")
    for name, day in (
        ("Resilience", "2022-05-11"),
        ("Uptime", "2022-05-12"),
        ("Calls lost", "2022-05-10"),
        ("Outages", "2022-05-13"),
    ):
        own = next(each for each in told.split("<li>") if name in each)
        assert (name, f'datetime="{day}"' in own) == (name, True)
    assert (told.count("Asked for."), told.count("It belongs here.")) == (1, 1)


def test_what_is_retired_has_a_block_with_day_and_reason(client: Client) -> None:
    plan_of()
    metric, priority = Metric.objects.get(), make.priority(name="Savings", now=BEFORE)
    gone = {"retired_on": dt.date(2022, 5, 6)}
    revise_metric(metric=metric, changes=gone, reason="Counted no more.", by=make.BY, now=BETWEEN)
    revise_priority(
        priority=priority, changes=gone, reason="Done with it.", by=make.BY, now=BETWEEN
    )
    said = text_of(client, BRIEF + SPAN + "&sections=scope")
    assert "Other changes of wording and detail" not in said
    told = block(said, "Retired")
    assert told.count('<time datetime="2022-05-06">6 May 2022</time>') == 2
    assert ("Metric 1" in told, "Savings" in told) == (True, True)
    assert (told.count("Counted no more."), told.count("Done with it.")) == (1, 1)
    back = {"retired_on": None}
    revise_metric(metric=metric, changes=back, reason="Counted again.", by=make.BY, now=AFTER)
    later = text_of(client, f"{BRIEF}?from=2022-06-30&to=2022-08-10&sections=scope")
    assert '<time datetime="2022-08-01">' in block(later, "Taken up again")


def test_a_question_that_is_closed_stands_under_that_word(client: Client) -> None:
    plan_of()
    question = make.question(visibility=Visibility.PUBLIC, now=BEFORE)
    make.answer(question=question, now=BEFORE)
    close_question(question=question, on=dt.date(2022, 5, 10), by=make.BY, now=BETWEEN)
    said = text_of(client, BRIEF + SPAN + "&sections=questions")
    assert "1 question was answered or closed." in said
    assert "Why is it late?" in block(said, "Closed")


def test_a_first_move_is_not_counted(client: Client) -> None:
    plan_of()
    everything_happens()
    assert "Moved for the" not in text_of(client, BRIEF + SPAN)


def test_a_restated_value_shows_both_and_why(client: Client, read: Read) -> None:
    plan_of()
    everything_happens()
    said = text_of(client, BRIEF + SPAN)
    assert "restated: 10\u00a0calls → 11\u00a0calls" in said
    assert "Recounted." in said
    found = section(read(f"{PLAN}brief.json{SPAN}"), "values")["changes"]
    fact = next(each for each in found if each["kind"] == "observation")
    assert (fact["old"]["value"], fact["new"]["value"], fact["new"]["reason"]) == (
        10,
        11,
        "Recounted.",
    )


def test_a_changed_target_is_held_against_the_original_one_too(read: Read, client: Client) -> None:
    plan_of()
    make.observation(95, start=dt.date(2022, 4, 1), end=dt.date(2022, 6, 30), now=BETWEEN)
    make.target(100, end=dt.date(2022, 6, 30), now=BETWEEN)
    make.target(90, end=dt.date(2022, 6, 30), reason="Re-based.", now=make.at(2022, 6, 1))
    found = section(read(f"{PLAN}brief.json?from=2022-05-15&to=2022-06-30"), "targets")
    assert found["standing"] == [
        {"metric": "metric-1", "state": "on_target", "state_against_original": "off_target"}
    ]
    said = text_of(client, f"{BRIEF}?from=2022-05-15&to=2022-06-30&sections=targets")
    assert "Against the original target" in said
    assert "Re-based." in said


def test_what_slipped_stands_first_with_the_owners_word(client: Client) -> None:
    plan_of(2)
    fell, rose = "initiative-1", "initiative-2"
    items = {item.code: item for item in Initiative.objects.all()}
    make.report(initiative=items[fell], now=BEFORE)
    make.report(initiative=items[rose], health=Health.OFF_TRACK, now=BEFORE)
    june = make.period(dt.date(2022, 6, 30))
    make.report(initiative=items[rose], period=june, now=BETWEEN)
    make.report(
        initiative=items[fell],
        period=june,
        health=Health.OFF_TRACK,
        cause="Two reels are missing.",
        now=BETWEEN,
    )
    said = text_of(client, BRIEF + SPAN + "&sections=status")
    assert said.index("Initiative 1") < said.index("Initiative 2")
    assert "Two reels are missing." in said
    assert "2 initiatives show another status than on 31 Mar 2022." in said


def test_a_cancelled_initiative_is_told_in_the_scope_ledger_with_its_reason(
    client: Client, read: Read
) -> None:
    plan_of()
    make.report(now=BEFORE)
    close_initiative(
        initiative=Initiative.objects.get(),
        period=make.period(dt.date(2022, 6, 30)),
        lifecycle=Lifecycle.CANCELLED,
        closed_on=dt.date(2022, 5, 10),
        reason="No money was set aside.",
        by=make.BY,
        now=BETWEEN,
    )
    brief = read(f"{PLAN}brief.json{SPAN}")
    told = [each["kind"] for each in section(brief, "scope")["changes"]]
    assert told == ["initiative", "report"]
    assert section(brief, "status")["changes"] == []
    assert "No money was set aside." in text_of(client, BRIEF + SPAN + "&sections=scope")
    (left,) = section(brief, "dates")["changes"]
    assert left["fields"]["state"] == ["planned", "not_done"]
    said = text_of(client, BRIEF + SPAN + "&sections=dates")
    assert "Not done when the initiative was closed" in said


def test_who_is_silent_is_named_with_the_days_and_the_last_word(client: Client, read: Read) -> None:
    plan_of()
    make.report(health=Health.AT_RISK, now=make.at(2022, 4, 10))
    found = section(read(f"{PLAN}brief.json?from=2022-06-30"), "silent")["standing"]
    assert found[0] == {"initiative": "initiative-1", "days_overdue": 36, "last_said": "at_risk"}
    said = text_of(client, f"{BRIEF}?from=2022-06-30&sections=silent")
    assert "Overdue 36 days" in said
    assert "1 has fallen silent" in said
    own = next(each for each in said.split("<tr")[1:] if "Initiative 1" in each)
    own = own.replace('data-label="Last said"', "")
    assert (own.count("At risk"), own.count("ast said")) == (1, 0)
    assert 'scope="col">Last said</th>' in said


def test_what_comes_before_the_next_meeting(read: Read) -> None:
    plan_of()
    make.meeting(held_on=dt.date(2022, 7, 20), now=BETWEEN)
    make.milestone(name="Too late", due_on=dt.date(2022, 7, 21), now=BETWEEN)
    brief = read(f"{PLAN}brief.json{SPAN}")
    assert brief["next_meeting"] == "2022-07-20"
    assert [each["what"] for each in section(brief, "ahead")["standing"]] == [
        "Contract signed",
        "Quarterly reports due",
    ]


def test_what_happened_to_an_item_that_was_added_since_is_told(client: Client) -> None:
    plan_of()
    item = make.initiative(
        code="new", name="Newcomer", now=BETWEEN, reason="The Council added it by motion."
    )
    make.report(initiative=item, health=Health.OFF_TRACK, now=make.at(2022, 5, 11))
    make.budget_line(initiative=item, amount=1_567_649, now=make.at(2022, 5, 11))
    step = make.milestone(initiative=item, name="The pilot", now=make.at(2022, 5, 11))
    make.rating(item=item, visibility=Visibility.PUBLIC, now=make.at(2022, 5, 12))
    revise_milestone(
        milestone=step,
        changes={"due_on": dt.date(2022, 12, 16)},
        reason="One offer was too high.",
        by=make.BY,
        now=make.at(2022, 5, 13),
    )
    said = text_of(client, f"{BRIEF}{SPAN}")
    assert "The Council added it by motion." in said
    assert "Added since, and reported" in said
    assert "The vendor delivers late." in said
    assert "<dd>At risk. Two milestones are late.</dd>" in said
    assert "$1,567,649" in said
    assert "1 promised date was moved." in said
    assert "One offer was too high." in said


def test_before_the_plan_was_public_nothing_is_said_not_to_have_happened(client: Client) -> None:
    make.plan(now=make.at(2022, 4, 4))
    make.periods(now=make.at(2022, 4, 4))
    item = make.initiative(now=make.at(2022, 4, 5))
    make.observation(metric=make.metric(initiatives=[item], now=make.at(2022, 4, 5)), now=BETWEEN)
    make.report(initiative=item, now=BETWEEN)
    said = text_of(client, f"{BRIEF}{SPAN}")
    assert "On 31 Mar 2022 the plan was not public yet." in said
    assert "1 value was published." in said
    assert "none was reported anew" not in said


def test_a_smaller_whole_is_said(client: Client) -> None:
    plan_of(3)
    gone, aside, _kept = Initiative.objects.order_by("pk")
    revise_initiative(
        initiative=gone, changes={"visibility": Visibility.INTERNAL}, by=make.BY, now=BETWEEN
    )
    make.close(Lifecycle.CANCELLED, initiative=aside, now=BETWEEN)
    said = text_of(client, f"{BRIEF}{SPAN}")
    assert "1 was set aside and 1 is no longer public." in said
    assert "The plan has 1 initiative; it had 3." in said


def test_a_first_report_is_no_recovery(client: Client) -> None:
    plan_of()
    make.report(health=Health.AT_RISK, now=BETWEEN)
    said = text_of(client, f"{BRIEF}{SPAN}")
    assert "1 was reported for the first time." in said
    assert "stands better" not in said


def test_meetings_stand_in_their_order_and_nothing_due_is_said(client: Client) -> None:
    make.plan()
    make.initiative(now=BEFORE)
    later = make.meeting(held_on=dt.date(2022, 7, 20), name="Second", now=BETWEEN)
    make.meeting(held_on=dt.date(2022, 7, 6), name="First", now=BETWEEN)
    revise_meeting(
        meeting=later, changes={"name": "The second"}, reason="Its name.", by=make.BY, now=BETWEEN
    )
    said = text_of(client, f"{BRIEF}{SPAN}&sections=ahead")
    assert "Nothing is due until then." in said
    table = said.partition("Meetings that were set")[2]
    assert table.index("First") < table.index("The second")
    assert (table.count(">Set<"), "Its name." in table) == (2, True)
