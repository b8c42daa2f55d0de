"""The list of all metrics: the filter is the URL."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboards.http import PAGES_SENT
from dashboards.pages import metrics as page
from priorities.actions import metrics as actions
from priorities.enums import Calendar, Direction
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

LIST, TWIN = "/metrics/", "/metrics.json"
Read = Callable[[str], dict[str, Any]]
JUNE = {"start": dt.date(2022, 4, 1), "end": dt.date(2022, 6, 30)}
TARGET = {"period_start": dt.date(2022, 4, 1), "end": dt.date(2022, 6, 30)}


def rated(value: int, target: int = 100, **values: Any) -> None:
    """A metric that is held against its target for the second quarter."""
    metric = make.metric(**values)
    make.observation(value, metric=metric, **JUNE)
    make.target(target, metric=metric, **TARGET)


def some_metrics() -> None:
    """Five metrics in five states, of two priorities and two divisions."""
    first, second = make.priority(), make.priority()
    desk, lab = make.division(code="desk", name="Desk"), make.division(code="lab", name="Lab")
    rated(100, code="a", name="Apples", priorities=[first], lead_division=desk, headline=True)
    rated(50, code="b", name="Berries", priorities=[first], lead_division=lab)
    work = make.initiative(priority=second)
    make.metric(code="c", name="Cherries", initiatives=[work], calendar=Calendar.IRREGULAR)
    make.observation(5, metric=make.metric(code="d", name="Apple dates"))
    make.target(5, period_start=dt.date(2022, 1, 1), end=dt.date(2022, 3, 31))
    rated(1, code="e", name="Elders", direction=Direction.INFORMATIONAL)


def codes(found: dict[str, Any]) -> list[str]:
    return [each["code"] for each in found["metrics"]]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?status=on_target&q=me&view=table", "?as_of=2022-08-01"])
def test_four_statements_whatever_the_size(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    make.plan()
    for _each in range(number):
        rated(100)
    assert queries(f"{LIST}{query}") == 4


def test_another_filter_asks_the_database_only_for_the_revision(client: Client) -> None:
    some_metrics()
    client.get(LIST)
    PAGES_SENT.forget()
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{LIST}?status=off_target")
    assert len(captured) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b", "c", "d", "e"]),
        ("?status=on_target", ["a"]),
        ("?status=off_target", ["b"]),
        ("?status=no_data", ["c"]),
        ("?status=overdue", ["d"]),
        ("?status=no_target", ["e"]),
        ("?plan=ita-2022-2023", ["a", "b", "c"]),
        ("?priority=ita-2022-2023/1", ["a", "b"]),
        ("?priority=ita-2022-2023/2", ["c"]),
        ("?division=lab", ["b"]),
        ("?headline=1", ["a"]),
        ("?q=APPLE", ["a", "d"]),
        ("?q=apple&status=overdue", ["d"]),
        ("?q=nothing", []),
        ("?sort=name", ["d", "a", "b", "c", "e"]),
        ("?sort=status", ["b", "d", "c", "a", "e"]),
    ],
)
def test_each_filter_and_order(query: str, found: list[str], read: Read) -> None:
    some_metrics()
    assert codes(read(f"{TWIN}{query}")) == found


def test_a_search_minds_neither_capitals_nor_accents(read: Read) -> None:
    make.metric(code="a", name="Señal de TRÁFICO")
    make.metric(code="b", name="Other")
    for asked in ("senal", "SEÑAL", "tráfico+señal"):
        assert codes(read(f"{TWIN}?q={asked}")) == ["a"]


def test_a_facet_counts_what_choosing_it_would_leave(read: Read) -> None:
    some_metrics()
    facets = read(f"{TWIN}?division=desk")["facets"]
    assert facets["division"] == {"desk": 1, "lab": 1}
    assert facets["status"] == {"on_target": 1}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("status=splendid", "no_data, no_target, overdue"),
        ("plan=none", "ita-2022-2023"),
        ("priority=9", "ita-2022-2023/1"),
        ("division=nowhere", "desk, lab"),
        ("headline=maybe", "These exist: 1."),
        ("sort=color", "own, status, name, newest"),
        ("view=map", "cards, table"),
        ("stage=zz", "These exist: status, plan, priority, division, headline, retired, q, sort,"),
        (f"q={'x' * 201}", "A search may have 200 characters; this one has 201."),
        ("page=two", "Pages count from 1."),
    ],
)
def test_a_value_that_does_not_exist_is_refused(query: str, named: str, client: Client) -> None:
    some_metrics()
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()


def test_sixty_a_page(client: Client, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PAGE_SIZE", 2)
    some_metrics()
    assert codes(read(f"{TWIN}?page=2")) == ["c", "d"]
    assert "3 to 4 of 5" in client.get(f"{LIST}?page=2").content.decode()
    assert client.get(f"{LIST}?page=4").status_code == 404


def test_the_first_sentence_names_its_denominator(client: Client) -> None:
    some_metrics()
    shown = client.get(LIST).content.decode()
    assert "<b>1 of 2 rated metrics on target</b>, 0 near and 1 off target." in shown
    assert "Not rated: 1 overdue, 1 without a target and 1 without a value." in shown


def test_an_empty_answer_says_what_to_do(client: Client) -> None:
    some_metrics()
    shown = client.get(f"{LIST}?q=nothing").content.decode()
    assert "No metric matches all of these filters." in shown
    assert "0 of 5 metrics" in shown


def test_the_table_has_the_same_metrics(client: Client) -> None:
    some_metrics()
    shown = client.get(f"{LIST}?view=table").content.decode()
    assert shown.count('scope="row"') == 5
    assert "50 calls" in shown.replace("\N{NO-BREAK SPACE}", " ")


def test_a_metric_of_later_is_not_there_yet(read: Read) -> None:
    make.plan()
    make.metric(code="a", now=make.at(2022, 2, 1))
    make.metric(code="b", now=make.at(2022, 5, 1))
    assert codes(read(f"{TWIN}?as_of=2022-04-01")) == ["a"]
    assert codes(read(TWIN)) == ["a", "b"]


def test_before_the_record_begins_there_is_nothing(client: Client) -> None:
    some_metrics()
    answer = client.get(f"{LIST}?as_of=2001-01-01")
    assert answer.status_code == 404
    assert "The public record begins on 3 Jan 2022." in answer.content.decode()


def test_a_retired_metric_is_listed_only_when_asked_for(read: Read) -> None:
    make.plan()
    make.metric(code="a", retired_on=dt.date(2022, 6, 1))
    assert codes(read(TWIN)) == []
    assert codes(read(f"{TWIN}?retired=1")) == ["a"]
    assert codes(read(f"{TWIN}?as_of=2022-05-01")) == ["a"]


def test_a_link_taken_away_later_is_still_there_then(read: Read) -> None:
    work = make.initiative(code="w", now=make.at(2022, 2, 1))
    metric = make.metric(code="a", initiatives=[work], now=make.at(2022, 2, 2))
    actions.revise_metric(
        metric=metric, changes={"initiatives": []}, by="a test", now=make.at(2022, 6, 1)
    )
    assert read(f"{TWIN}?as_of=2022-03-01")["metrics"][0]["priorities"] == ["ita-2022-2023/1"]
    assert read(TWIN)["metrics"][0]["priorities"] == []
