"""Search: every word must match, names first, marked safely."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboards.searching import Entry, highlighted, index_of
from priorities.actions import initiatives
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PAGE, TWIN = "/search/", "/search.json"
Read = Callable[[str], dict[str, Any]]


def a_portal() -> None:
    make.plan()
    make.priority(code="1", name="Smart city", summary="Lights and networks")
    make.division(code="lab", name="Data lab", purpose="Networks of sensors")
    make.initiative(code="a", name="Fiber networks", summary="Cables in streets")
    make.initiative(code="b", name="Señales de tráfico", description="Lights that see networks")
    make.metric(code="up", name="Uptime", definition="Hours that networks are up")


def codes(found: dict[str, Any]) -> list[str]:
    return [each["code"] for each in found["results"]]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["?q=in", "?q=in&as_of=2022-08-01"])
def test_four_statements_whatever_the_size(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    for _each in range(number):
        make.initiative()
    assert queries(f"{PAGE}{query}") == 4


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("networks", ["a", "1", "up", "b", "lab"]),
        ("NETWORKS", ["a", "1", "up", "b", "lab"]),
        ("senales", ["b"]),
        ("tráfico senales", ["b"]),
        ("networks lights", ["1", "b"]),
        ("smart", ["1"]),
        ("absent", []),
        ("", []),
        ("   ", []),
    ],
)
def test_every_word_must_match_and_names_come_first(
    asked: str, found: list[str], read: Read
) -> None:
    a_portal()
    assert codes(read(f"{TWIN}?q={asked}")) == found


def test_the_wording_of_then_is_searched(read: Read) -> None:
    work = make.initiative(code="a", name="Cloud move", now=make.at(2022, 2, 1))
    initiatives.revise_initiative(
        initiative=work, changes={"name": "Data center"}, by="a test", now=make.at(2022, 5, 1)
    )
    assert codes(read(f"{TWIN}?q=cloud")) == []
    assert codes(read(f"{TWIN}?q=cloud&as_of=2022-04-01")) == ["a"]


def test_words_are_marked_safely(client: Client) -> None:
    make.initiative(name="Fiber <b>networks</b>")
    shown = client.get(f"{PAGE}?q=networks+%3Cb%3E").content.decode()
    assert "<mark>&lt;b&gt;</mark><mark>networks</mark>" in shown.replace(
        "<mark>&lt;b&gt;networks</mark>", "<mark>&lt;b&gt;</mark><mark>networks</mark>"
    )
    assert "<b>networks</b>" not in shown


def test_what_was_typed_is_escaped(client: Client) -> None:
    make.plan()
    shown = client.get(f"{PAGE}?q=%3Cscript%3E").content.decode()
    assert "<script>" not in shown
    assert "Nothing holds every word of “&lt;script&gt;”." in shown


def test_an_empty_question_says_what_can_be_searched(client: Client) -> None:
    a_portal()
    shown = client.get(PAGE).content.decode()
    assert "1 plan, 1 priority, 2 initiatives, 1 metric and 1 division" in shown


def test_too_long_a_question_is_refused(client: Client) -> None:
    make.plan()
    assert client.get(f"{PAGE}?q={'a' * 200}").status_code == 200
    answer = client.get(f"{PAGE}?q={'a' * 201}")
    assert answer.status_code == 400
    assert "A search may have 200 characters; this one has 201." in answer.content.decode()


def test_at_most_fifty_are_shown_and_all_counted() -> None:
    index = index_of(Entry("metric", "", f"m{n}", f"Metric {n}", "", "") for n in range(1000))
    total, best = index.search(["metric"], 50)
    assert (total, len(best)) == (1000, 50)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Straße", ["strasse"], ["Straße"]),
        ("ﬁber", ["fi"], ["ﬁ"]),
        ("aaa", ["aa"], ["aa"]),
        ("abc", ["x"], []),
        ("", ["x"], []),
    ],
)
def test_letters_stay_as_they_were_written(text: str, words: list[str], marked: list[str]) -> None:
    parts = highlighted(text, words)
    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.marked] == marked


def test_a_draft_plan_is_not_found(read: Read) -> None:
    from priorities.enums import PlanState

    plan = make.plan(state=PlanState.DRAFT)
    make.initiative(plan=plan, code="a", name="Fiber")
    assert codes(read(f"{TWIN}?q=fiber")) == []
