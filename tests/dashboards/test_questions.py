"""Reviewers' questions on public pages: public ones with their answers, as known on the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from dashboards.pages.questions import state_words
from priorities.actions import reviews
from priorities.assessment.questions import QuestionStanding
from priorities.enums import Health, QuestionState, Visibility
from priorities.spelling import question_words
from tests import factories as make

pytestmark = pytest.mark.django_db

INITIATIVE, METRIC = "/plans/ita-2022-2023/initiatives/cloud", "/metrics/calls"
PUBLIC = Visibility.PUBLIC
NOW = make.at(2022, 7, 1)


def item_of(kind: str) -> Any:
    make.plan()
    return make.initiative(code="cloud") if kind == "initiative" else make.metric(code="calls")


def twin(address: str, as_of: str = "") -> list[dict[str, Any]]:
    query = f"?as_of={as_of}" if as_of else ""
    with time_machine.travel(NOW, tick=False):
        found: list[dict[str, Any]] = Client().get(f"{address}.json{query}").json()["questions"]
    return found


def page(address: str, as_of: str = "") -> str:
    with time_machine.travel(NOW, tick=False):
        return Client().get(f"{address}/{as_of and '?as_of=' + as_of}").content.decode()


@pytest.mark.parametrize(("kind", "address"), [("initiative", INITIATIVE), ("metric", METRIC)])
def test_a_public_question_stands_on_the_page_of_its_item(kind: str, address: str) -> None:
    item = item_of(kind)
    question = make.question(
        item=item, text="Why so late?", visibility=PUBLIC, now=make.at(2022, 4, 20)
    )
    answer = make.answer(question=question, text="It rained.", now=make.at(2022, 5, 3))
    assert twin(address) == [
        {
            "id": question.pk,
            "text": "Why so late?",
            "asked_at": "2022-04-20T16:00:00+00:00",
            "report": None,
            "target": None,
            "follows": None,
            "answer_due_on": "2022-05-01",
            "closed_on": None,
            "state": "answered",
            "days_late": 2,
            "answers": [
                {
                    "id": answer.pk,
                    "text": "It rained.",
                    "published_at": "2022-05-03T16:00:00+00:00",
                    "provenance": "recorded",
                }
            ],
            "provenance": "recorded",
        }
    ]
    html = page(address)
    assert "Questions from reviewers" in html
    assert "Why so late?" in html
    assert "Answered, 2 days late" in html
    assert "It rained." in html


@pytest.mark.parametrize(("kind", "address"), [("initiative", INITIATIVE), ("metric", METRIC)])
def test_an_internal_question_is_told_nowhere(kind: str, address: str) -> None:
    question = make.question(item=item_of(kind), text="Zebra?")
    make.answer(question=question, text="A zebra.")
    assert twin(address) == []
    assert "zebra" not in page(address).lower()
    assert "Questions from reviewers" not in page(address)


def test_a_question_is_told_as_it_stood() -> None:
    item = item_of("initiative")
    first = make.question(item=item, visibility=PUBLIC, now=make.at(2022, 4, 20))
    make.answer(question=first, now=make.at(2022, 5, 3))
    second = reviews.ask_on(
        question=first,
        text="And then?",
        answer_due_on=dt.date(2022, 5, 20),
        by="a",
        now=make.at(2022, 5, 5),
    )
    reviews.close_question(
        question=second, on=dt.date(2022, 5, 25), by="a", now=make.at(2022, 5, 25)
    )
    days = ("2022-04-19", "2022-04-30", "2022-05-02", "2022-05-04", "2022-05-10", "2022-05-22", "")
    stood = {
        day: [
            (each["state"], each["days_late"], each["closed_on"]) for each in twin(INITIATIVE, day)
        ]
        for day in days
    }
    assert stood == {
        "2022-04-19": [],
        "2022-04-30": [("open", 0, None)],
        "2022-05-02": [("late", 1, None)],
        "2022-05-04": [("answered", 2, None)],
        "2022-05-10": [("continued", 2, None), ("open", 0, None)],
        "2022-05-22": [("continued", 2, None), ("late", 2, None)],
        "": [("continued", 2, None), ("closed", 5, "2022-05-25")],
    }
    assert [each["follows"] for each in twin(INITIATIVE)] == [None, first.pk]
    assert "Late by 1 day" in page(INITIATIVE, "2022-05-02")


def test_what_a_question_points_at_is_named_where_it_is_public() -> None:
    item = item_of("initiative")
    said = make.report(initiative=item)
    make.question(item=item, status_update=said, visibility=PUBLIC)
    make.question(item=item, visibility=PUBLIC)
    metric = item_of("metric")
    target = make.target(metric=metric)
    make.question(item=metric, target=target, visibility=PUBLIC)
    assert [each["report"] for each in twin(INITIATIVE)] == [None, said.pk]
    assert page(INITIATIVE).count("About the report for Q1 2022") == 1
    assert [each["target"] for each in twin(METRIC)] == [target.pk]
    assert "About the target for Dec 2022" in page(METRIC)


def test_who_asked_and_who_answered_is_not_told() -> None:
    item = item_of("initiative")
    asker, author = make.person(name="Zebra Asker"), make.person(name="Zebra Author")
    question = make.question(item=item, asker=asker, visibility=PUBLIC)
    make.answer(question=question, author=author)
    assert "zebra" not in page(INITIATIVE).lower()
    assert "zebra" not in str(twin(INITIATIVE)).lower()


@pytest.mark.parametrize(
    ("kind", "address", "asked"), [("initiative", INITIATIVE, 7), ("metric", METRIC, 7)]
)
@pytest.mark.parametrize("as_of", ["", "2022-06-01"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_questions_take_no_statement_of_their_own(
    kind: str, address: str, asked: int, as_of: str, count: int, django_assert_num_queries: Any
) -> None:
    item = item_of(kind)
    make.question(item=item)
    for _ in range(count):
        make.answer(question=make.question(item=item, visibility=PUBLIC))
    with django_assert_num_queries(asked):
        twin(address, as_of)


# ── Ratings ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "address"), [("initiative", INITIATIVE), ("metric", METRIC)])
def test_the_newest_public_rating_stands_beside_the_status(kind: str, address: str) -> None:
    item = item_of(kind)
    if kind == "initiative":
        make.report(initiative=item, now=make.at(2022, 4, 10))
    make.rating(Health.OFF_TRACK, item=item, visibility=PUBLIC, period_end=dt.date(2021, 12, 31))
    make.rating(item=item, visibility=PUBLIC, reason="It is late.", now=make.at(2022, 4, 20))
    make.rating(Health.ON_TRACK, item=item, reason="Zebra.", period_end=dt.date(2022, 6, 30))
    words = "A reviewer rates it at risk, for the period to 31 Mar 2022: It is late."
    assert words in page(address)
    assert words not in page(address, "2022-04-19")
    with time_machine.travel(NOW, tick=False):
        said = Client().get(f"{address}.json").json()["reviewer"]
    assert said == {
        "rating": "at_risk",
        "reason": "It is late.",
        "period_end": "2022-03-31",
        "published_at": "2022-04-20T16:00:00+00:00",
    }
    assert "Zebra" not in page(address)


@pytest.mark.parametrize(
    ("rated", "words", "codes"),
    [
        (
            dt.date(2021, 12, 31),
            "A reviewer rated it off track for an earlier period, to 31 Dec 2021: It is late.",
            [],
        ),
        (
            dt.date(2022, 3, 31),
            "A reviewer rates it off track, for the period to 31 Mar 2022: It is late.",
            ["owner_above_reviewer"],
        ),
    ],
)
def test_a_rating_that_a_newer_report_has_overtaken_disagrees_with_nobody(
    rated: dt.date, words: str, codes: list[str]
) -> None:
    item = item_of("initiative")
    make.report(initiative=item, now=make.at(2022, 4, 10))
    make.rating(
        Health.OFF_TRACK, item=item, visibility=PUBLIC, reason="It is late.", period_end=rated
    )
    found = page(INITIATIVE)
    assert words in found
    assert ("the reviewer says off track" in found) == bool(codes)
    with time_machine.travel(NOW, tick=False):
        standing = Client().get(f"{INITIATIVE}.json").json()["standing"]
    assert standing["disagreement"] == codes


def test_a_rating_of_a_metric_that_a_newer_value_has_overtaken_says_so() -> None:
    item = item_of("metric")
    make.observation(10, metric=item)
    make.rating(Health.OFF_TRACK, item=item, visibility=PUBLIC, period_end=dt.date(2021, 12, 31))
    assert "A reviewer rated it off track for an earlier period, to 31 Dec 2021" in page(METRIC)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (QuestionStanding(QuestionState.OPEN), "Open"),
        (QuestionStanding(QuestionState.LATE, 3), "Late by 3 days"),
        (QuestionStanding(QuestionState.ANSWERED, 2), "Answered, 2 days late"),
        (QuestionStanding(QuestionState.CONTINUED), "Followed up"),
        (QuestionStanding(QuestionState.CLOSED, 1), "Closed, 1 day late"),
    ],
)
def test_staff_and_the_public_are_told_the_state_in_the_same_words(
    standing: QuestionStanding, words: str
) -> None:
    assert (question_words(standing), state_words(standing)) == (words, words)
