"""What changed between two dates."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboards.pages import changes as page
from priorities.actions import initiatives, metrics
from priorities.enums import Health, Lifecycle, PlanState, Visibility
from priorities.models import Initiative
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PAGE, TWIN = "/plans/ita-2022-2023/changes/", "/plans/ita-2022-2023/changes.json"
Read = Callable[[str], dict[str, Any]]


def a_history() -> None:
    """Two initiatives laid out in January; one reports in April and in July, one never."""
    work = make.initiative(code="a", name="Apple", now=make.at(2022, 1, 10))
    make.initiative(code="b", name="Berry", now=make.at(2022, 1, 11))
    make.report(initiative=work, now=make.at(2022, 4, 5))
    make.report(
        initiative=work,
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.AT_RISK,
        now=make.at(2022, 7, 8, 23, 30),
    )


def told(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["item_type"], each["at"][:10]) for each in found["changes"]]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "&as_of=2022-08-01"])
def test_ten_statements_whatever_the_size(
    number: int, query: str, queries: Callable[[str], int]
) -> None:
    make.plan()
    for _each in range(number):
        work = make.initiative()
        make.report(initiative=work, now=make.at(2022, 4, 5))
        make.milestone(initiative=work)
    assert queries(f"{PAGE}?from=2022-02-01{query}") == 10


def test_from_the_last_period_to_today_unless_told(read: Read) -> None:
    a_history()
    found = read(TWIN)
    assert (found["from"], found["to"]) == ("2022-06-30", "2022-08-20")
    assert found["by_kind"]["reports"] == 1


def test_states_then_and_now(read: Read, client: Client) -> None:
    a_history()
    found = read(f"{TWIN}?from=2022-04-10&to=2022-07-08")
    assert found["moved"] == [{"initiative": "a", "was": "on_track", "now": "at_risk"}]
    assert (
        "The status of 1 initiative changed."
        in client.get(f"{PAGE}?from=2022-04-10&to=2022-07-08").content.decode()
    )


def test_a_day_ends_in_the_agencys_time_zone(read: Read) -> None:
    a_history()
    assert told(read(f"{TWIN}?from=2022-07-07&to=2022-07-08")) == [("status_update", "2022-07-09")]
    assert told(read(f"{TWIN}?from=2022-07-08&to=2022-07-09")) == []


def test_grouped_by_day_newest_first(client: Client) -> None:
    a_history()
    shown = client.get(f"{PAGE}?from=2022-01-01").content.decode()
    days = ["8 Jul 2022", "5 Apr 2022", "11 Jan 2022", "10 Jan 2022"]
    places = [shown.index(f">{day}</h3>") for day in days]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=yesterday", "“yesterday” is not a date."),
        ("to=2022-02-30", "“2022-02-30” is not a date."),
        ("from=20220101", "“20220101” is not a date."),
        ("from=2022-05-01&to=2022-04-01", "is after the second, 1 Apr 2022."),
        ("to=2022-12-31", "31 Dec 2022 is after 20 Aug 2022"),
        ("to=2022-08-02&as_of=2022-08-01", "2 Aug 2022 is after 1 Aug 2022"),
        ("kind=gossip", "reports, values, targets"),
    ],
)
def test_dates_that_make_no_sense_are_refused(query: str, message: str, client: Client) -> None:
    a_history()
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert message in answer.content.decode()


def test_an_empty_stretch_says_so(client: Client) -> None:
    a_history()
    shown = client.get(f"{PAGE}?from=2022-02-01&to=2022-02-02").content.decode()
    assert "<b>Nothing changed in public</b>" in shown
    assert "Nothing was published between these two dates." in shown


def test_one_kind_alone(read: Read) -> None:
    a_history()
    found = read(f"{TWIN}?from=2022-01-01&kind=reports")
    assert {each["item_type"] for each in found["changes"]} == {"status_update"}
    assert found["total"] == 2


def test_what_was_withdrawn_is_told_without_its_name(client: Client, read: Read) -> None:
    a_history()
    work = make.initiative(code="secret", name="Durian", now=make.at(2022, 8, 1))
    initiatives.revise_initiative(
        initiative=work,
        changes={"visibility": Visibility.INTERNAL.value},
        by="a test",
        now=make.at(2022, 8, 2),
    )
    shown = client.get(f"{PAGE}?from=2022-07-31").content.decode()
    assert "Durian" not in shown
    assert "A change to an item that has since been withdrawn from public view." in shown
    found = read(f"{TWIN}?from=2022-07-31")
    assert "secret" not in str(found)
    assert found["changes"][-1]["withdrawn"] is True


def test_links_to_what_is_not_public_are_left_out(read: Read) -> None:
    a_history()
    period = make.period(dt.date(2022, 6, 30))
    hidden = make.initiative(code="secret", visibility=Visibility.INTERNAL.value)
    draft = make.plan(code="ita-2030", state=PlanState.DRAFT.value)
    future = make.priority(plan=draft)
    open_one = Initiative.objects.get(code="a")
    metric = make.metric(initiatives=[open_one], now=make.at(2022, 8, 1))
    metrics.revise_metric(
        metric=metric,
        changes={"initiatives": [open_one, hidden], "priorities": [future]},
        by="a test",
        now=make.at(2022, 8, 2),
    )
    make.close(
        Lifecycle.MERGED,
        initiative=open_one,
        period=period,
        successor=hidden,
        now=make.at(2022, 8, 3),
    )
    found = read(f"{TWIN}?from=2022-07-31")
    assert [each["fields"].get("initiatives") for each in found["changes"]] == [
        None,
        [["ita-2022-2023/a"], ["ita-2022-2023/a"]],
        [None, ["ita-2022-2023/a"]],
    ]
    pages = (
        found,
        read("/plans/ita-2022-2023.json"),
        read("/plans/ita-2022-2023/initiatives/a.json"),
    )
    for each in pages:
        assert "secret" not in str(each)
        assert "ita-2030" not in str(each)


def test_what_a_metric_counts_for_is_named(client: Client) -> None:
    work = make.initiative(code="a", name="Apple", now=make.at(2022, 1, 10))
    hidden = make.initiative(name="Zebra", visibility="internal", now=make.at(2022, 1, 10))
    top = work.priority
    metric = make.metric(name="Calls", priorities=[top], now=make.at(2022, 1, 11))
    for ids, day in (([work, hidden], 5), ([], 6)):
        changes: dict[str, Any] = {"initiatives": ids}
        metrics.revise_metric(metric=metric, changes=changes, by="a", now=make.at(2022, 7, day))
    text = " ".join(re.sub("<[^>]*>", " ", client.get(PAGE).content.decode()).split())
    assert "Calls now counts for Apple" in text
    assert "Calls no longer counts for Apple" in text
    assert "Zebra" not in text


def test_fifty_a_page(client: Client, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PAGE_SIZE", 2)
    a_history()
    found = read(f"{TWIN}?from=2022-01-01&kind=reports")
    assert found["pages"] == 1
    assert client.get(f"{PAGE}?from=2022-01-01&kind=reports&page=2").status_code == 404


def test_a_plan_of_later_is_not_there(client: Client) -> None:
    make.plan(now=make.at(2022, 3, 1))
    assert client.get(f"{PAGE}?to=2022-02-01").status_code == 404
    shown = client.get(f"{PAGE}?from=2022-02-01").content.decode()
    assert "What changed" in shown
