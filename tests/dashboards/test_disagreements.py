"""The page of disagreements: which items, in which order, with what each voice says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.http import QueryDict

from dashboards.pages.disagreements import (
    DisagreementsPage,
    build_disagreements_page,
)
from dashboards.pages.portfolio_ways import Ways
from dashboards.visit import BadQuestion, PageNotFound, Visit
from priorities.assessment.periods import AsOf
from priorities.enums import Health
from priorities.queries.head import head
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 4, 20)


def build(
    query: str = "", at: Any = NOW, *, own: tuple[tuple[str, int], ...] = ()
) -> DisagreementsPage:
    as_of = AsOf.at(at, make.LOS_ANGELES) if at != NOW else AsOf.now(NOW, make.LOS_ANGELES)
    visit = Visit(
        "/review/disagreements/",
        QueryDict(query),
        as_of,
        NOW.date(),
        make.LOS_ANGELES,
        "",
        head().revision,
    )
    ways = Ways(
        overview="/",
        table="/",
        metrics="/",
        timeline="/",
        disagreements="/here/",
        questions="/",
        ask=lambda kind, **codes: f"/ask/{kind}",
        rate=lambda kind, **codes: "/rate",
        may_rate=lambda kind, keys: {pk for pk in keys if (kind, pk) not in own},
    )
    with time_machine.travel(NOW, tick=False):
        return build_disagreements_page(visit=visit, ways=ways)


def hopeful(code: str) -> Any:
    """An initiative that is on track, while its metric is off target."""
    initiative = make.initiative(code=code)
    make.report(initiative=initiative, health=Health.ON_TRACK)
    metric = make.metric(code=f"{code}-metric", initiatives=[initiative])
    make.observation(10, metric=metric)
    make.target(100, metric=metric, end=dt.date(2022, 3, 31))
    return initiative


def told(page: DisagreementsPage) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.name, each.gap, each.apart) for each in page.entries]


def test_the_biggest_gap_stands_first() -> None:
    calm = make.initiative(code="calm")
    make.report(initiative=calm)
    make.rating(Health.ON_TRACK, item=calm)
    doubted = make.initiative(code="doubted")
    make.report(initiative=doubted)
    make.rating(Health.AT_RISK, item=doubted)
    hopeful("hopeful")
    page = build()
    assert page.title == "Owner, numbers and reviewer disagree on 2 items"
    assert told(page) == [
        ("Hopeful", "2 steps apart", ("The owner sees it better than the numbers.",)),
        ("Doubted", "1 step apart", ("The owner sees it better than the reviewer.",)),
    ]
    said = {each.voice: (each.pill and each.pill.label, each.note) for each in page.entries[1].said}
    assert said == {
        "Owner": ("On track", "reported 3 Jan 2022"),
        "Numbers": (None, "say nothing: no metric of it is rated"),
        "Reviewer": (
            "At risk",
            "Person 2, for the period to 31 Mar 2022, internal: Two milestones are late.",
        ),
    }
    assert [link.url for link in page.entries[0].ways] == ["/ask/initiative", "/rate"]


def test_a_metric_is_rated_too() -> None:
    metric = hopeful("hopeful").metrics.get()
    make.rating(Health.ON_TRACK, item=metric)
    page = build()
    assert [(each.kind, each.apart) for each in page.entries] == [
        ("Initiative", ("The owner sees it better than the numbers.",)),
        ("Metric", ("The reviewer sees it better than the numbers.",)),
    ]


def test_the_newest_rating_counts_and_a_closed_initiative_does_not() -> None:
    doubted, over = make.initiative(code="doubted"), make.initiative(code="over")
    make.report(initiative=doubted)
    make.rating(Health.OFF_TRACK, item=doubted, period_end=dt.date(2021, 12, 31))
    make.rating(Health.ON_TRACK, item=doubted)
    make.report(initiative=over)
    make.rating(Health.OFF_TRACK, item=over)
    make.close(initiative=over)
    assert told(build()) == []
    assert build().title == "Nobody disagrees"


def test_a_past_day_is_told_as_it_was_known() -> None:
    make.initiative(code="doubted")
    make.report(now=make.at(2022, 2, 1))
    make.rating(Health.OFF_TRACK, now=make.at(2022, 3, 1))
    assert told(build(at=make.at(2022, 2, 15))) == []
    assert len(told(build(at=make.at(2022, 3, 2)))) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_the_same_whatever_there_is(count: int, django_assert_num_queries: Any) -> None:
    for at in range(count):
        make.rating(item=hopeful(f"item-{at}"))
    with django_assert_num_queries(8):
        assert len(build("plan=ita-2022-2023").entries) == count


def test_a_page_beyond_the_end_is_not_there() -> None:
    make.plan()
    with pytest.raises(PageNotFound):
        build("page=2")
    with pytest.raises(BadQuestion):
        build("page=minus")


def test_the_way_to_rate_ones_own_work_is_not_offered() -> None:
    item = hopeful("hopeful")
    [entry] = build(own=(("initiative", item.pk),)).entries
    assert [link.url for link in entry.ways] == ["/ask/initiative"]


def test_the_owners_own_rating_is_no_reviewers_word() -> None:
    item = make.initiative()
    make.report(initiative=item)
    make.rating(Health.OFF_TRACK, item=item, reviewer=make.owner(item=item).person)
    assert told(build()) == []


def test_a_rating_of_an_earlier_period_is_shown_and_not_counted() -> None:
    item = hopeful("hopeful")
    calm = make.initiative(code="calm")
    for each in (item, calm):
        make.rating(Health.OFF_TRACK, item=each, period_end=dt.date(2021, 12, 31))
    make.report(initiative=calm)
    make.rating(Health.ON_TRACK, item=item.metrics.get(), period_end=dt.date(2021, 12, 31))
    [entry] = build().entries
    assert entry.apart == ("The owner sees it better than the numbers.",)
    assert entry.said[2].pill is not None
    assert entry.said[2].note.startswith("of an earlier period, so not compared: Person ")
    make.rating(Health.OFF_TRACK, item=calm)
    assert [each.name for each in build().entries] == ["Calm", "Hopeful"]


def test_a_rating_without_a_report_of_the_owner_is_compared_with_the_numbers() -> None:
    initiative = make.initiative(code="silent")
    metric = make.metric(initiatives=[initiative])
    make.observation(10, metric=metric)
    make.target(100, metric=metric, end=dt.date(2022, 3, 31))
    make.rating(Health.ON_TRACK, item=initiative)
    assert told(build()) == [
        ("Silent", "2 steps apart", ("The reviewer sees it better than the numbers.",))
    ]
