"""The list of a plan's initiatives: the filter is the URL."""

import datetime as dt
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dashboards.memory import Snapshot
from dashboards.pages import initiatives as page
from dashboards.searching import fold
from priorities.enums import Health, Lifecycle
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

LIST = "/plans/ita-2022-2023/initiatives/"
TWIN = "/plans/ita-2022-2023/initiatives.json"
Read = Callable[[str], dict[str, Any]]


def reported(health: Health = Health.ON_TRACK, **values: Any) -> None:
    """An initiative that reported for the second quarter."""
    work = make.initiative(**values)
    make.report(initiative=work, health=health, period=make.period(dt.date(2022, 6, 30)))


def some_work() -> None:
    """Four initiatives of two priorities, led by two divisions, in four states."""
    first, second = make.priority(), make.priority()
    desk, lab = make.division(code="desk", name="Desk"), make.division(code="lab", name="Lab")
    reported(code="a", name="Apple", priority=first, lead_division=desk)
    reported(Health.AT_RISK, code="b", name="Berry", priority=first, lead_division=lab)
    make.initiative(
        code="c", name="Cherry", priority=second, lead_division=lab, citywide=False, districts=[4]
    )
    make.initiative(code="d", name="Apple date", priority=second)
    make.close(Lifecycle.CANCELLED)


def codes(found: dict[str, Any]) -> list[str]:
    return [each["code"] for each in found["initiatives"]]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?status=on_track&q=in&sort=name", "?as_of=2022-08-01"])
def test_four_statements_whatever_the_size(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    for _each in range(number):
        reported()
    assert queries(f"{LIST}{query}") == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b", "c", "d"]),
        ("?status=at_risk", ["b"]),
        ("?status=never_reported", ["c"]),
        ("?priority=1", ["a", "b"]),
        ("?division=lab", ["b", "c"]),
        ("?division=lab&priority=2", ["c"]),
        ("?district=4", ["c"]),
        ("?district=citywide", ["a", "b", "d"]),
        ("?overdue=1", ["c"]),
        ("?q=apple", ["a", "d"]),
        ("?q=APPLE+date", ["d"]),
        ("?q=apple&priority=1", ["a"]),
        ("?q=nothing", []),
        ("?status=paused", []),
        ("?sort=name", ["a", "d", "b", "c"]),
        ("?sort=status", ["b", "c", "a", "d"]),
        ("?sort=overdue", ["c", "a", "b", "d"]),
    ],
)
def test_each_filter_and_order(query: str, found: list[str], read: Read) -> None:
    some_work()
    assert codes(read(f"{TWIN}{query}")) == found


def test_a_search_minds_neither_capitals_nor_accents(read: Read) -> None:
    """The list finds what the search of the whole portal finds."""
    make.initiative(code="a", name="Señal de TRÁFICO")
    make.initiative(code="b", name="Other")
    for asked in ("senal", "SEÑAL", "tráfico+señal"):
        assert codes(read(f"{TWIN}?q={asked}")) == ["a"]


def test_a_facet_counts_what_choosing_it_would_leave(read: Read) -> None:
    some_work()
    facets = read(f"{TWIN}?priority=1")["facets"]
    assert facets["status"] == {"at_risk": 1, "cancelled": 0, "never_reported": 0, "on_track": 1}
    assert facets["priority"] == {"1": 2, "2": 2}
    assert facets["division"] == {"desk": 1, "lab": 1}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("status=splendid", "completed, cancelled, merged"),
        ("priority=9", "These exist: 1, 2."),
        ("division=nowhere", "desk, lab"),
        ("district=99", "citywide, 4"),
        ("overdue=maybe", "These exist: 1."),
        ("late=1", "These exist: status, priority, division, district, overdue, q, sort, page,"),
        ("tag=", "“tag” is not a filter of this list."),
        (f"q={'x' * 201}", "A search may have 200 characters; this one has 201."),
        ("sort=color", "plan, name, status, updated, overdue"),
        ("page=two", "Pages count from 1."),
        ("page=0", "Pages count from 1."),
        ("page=-1", "Pages count from 1."),
        ("page=²", "Pages count from 1."),
    ],
)
def test_a_value_that_does_not_exist_is_refused_with_those_that_do(
    query: str, named: str, client: Client
) -> None:
    some_work()
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()


def test_a_page_beyond_the_end_is_not_there(client: Client) -> None:
    some_work()
    answer = client.get(f"{LIST}?page=2")
    assert answer.status_code == 404
    assert "There is no page 2: the list has 1 page." in answer.content.decode()


def test_an_empty_answer_says_what_to_do(client: Client) -> None:
    some_work()
    page = client.get(f"{LIST}?q=nothing").content.decode()
    assert "No initiative matches all of these filters." in page
    assert "0 of 4 initiatives" in page


def test_fifty_a_page(client: Client, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PAGE_SIZE", 2)
    monkeypatch.setattr(page, "MACHINE_PAGE_SIZE", 2)
    some_work()
    assert codes(read(f"{TWIN}?page=2&sort=name")) == ["b", "c"]
    assert codes(read(f"{TWIN}?page=2&q=e&sort=name")) == ["b", "c"]
    shown = client.get(f"{LIST}?page=2&sort=name").content.decode()
    assert "Initiatives 3 to 4 of 4" in shown
    assert f'rel="prev" href="{LIST}?sort=name"' in shown
    assert f'href="{TWIN}?sort=name"' in shown


def test_the_twin_holds_all_with_their_milestones(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE_SIZE", 1)
    first, second = make.initiative(code="first"), make.initiative(code="second")
    make.milestone(initiative=first, name="Pilot", due_on=dt.date(2022, 9, 30))
    make.milestone(initiative=second, name="Launch", due_on=dt.date(2022, 10, 31))
    found = read(TWIN)
    assert codes(found) == ["first", "second"]
    steps = [[each["name"] for each in row["milestones"]] for row in found["initiatives"]]
    assert steps == [["Pilot"], ["Launch"]]


def test_filters_in_use_can_each_be_taken_away(client: Client) -> None:
    some_work()
    shown = client.get(f"{LIST}?status=at_risk&priority=1&as_of=2022-08-01").content.decode()
    assert f'href="{LIST}?priority=1&amp;as_of=2022-08-01"' in shown
    assert f'href="{LIST}?status=at_risk&amp;as_of=2022-08-01"' in shown
    assert '<input type="hidden" name="as_of" value="2022-08-01">' in shown


def test_internal_work_is_neither_listed_nor_counted(read: Read) -> None:
    make.initiative(visibility="internal")
    make.initiative(code="open")
    found = read(TWIN)
    assert codes(found) == ["open"]
    assert found["total"] == 1


def test_an_empty_snapshot_has_empty_sets() -> None:
    nothing = Snapshot(())
    assert nothing.everything == 0
    assert nothing.matching(["x"]) == 0
    assert nothing.page(0, nothing.order("plan", None), 0, 50) == []


TEXTS = st.text(alphabet="abİß ", max_size=6)


@given(
    st.lists(st.tuples(TEXTS, TEXTS), max_size=20),
    st.lists(st.text(alphabet="abß", min_size=1, max_size=3), min_size=1, max_size=3),
    st.booleans(),
    st.integers(0, 5),
)
def test_searching_all_texts_at_once_finds_what_each_row_holds(
    told: list[tuple[str, str]], asked: list[str], turned: bool, start: int
) -> None:
    rows: list[Any] = [
        SimpleNamespace(name=name, summary=summary, code=f"code-{at}")
        for at, (name, summary) in enumerate(told)
    ]
    snapshot, words = Snapshot(rows), [fold(word) for word in asked]
    holding = [
        row
        for row in rows
        if all(word in fold(f"{row.name}\n{row.summary}\n{row.code}") for word in words)
    ]
    found = snapshot.matching(words)
    order: Sequence[int] = range(len(rows))
    if turned:
        order, holding = tuple(reversed(order)), holding[::-1]
    assert found.bit_count() == len(holding)
    assert snapshot.page(found, order, start, 3) == holding[start : start + 3]


@pytest.mark.parametrize(("others", "times"), [("inferred", 1), ("recorded", 2)])
def test_what_all_rows_share_is_said_once(client: Client, others: str, times: int) -> None:
    """Two of three are inferred: each says so; when all are, their column does."""
    for provenance in ("inferred", "inferred", others):
        make.initiative(provenance=provenance)
    html = client.get(LIST).content.decode()
    assert html.count("provenance--inferred") == times
