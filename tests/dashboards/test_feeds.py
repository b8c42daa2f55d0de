"""Following by Atom: what is new about a plan, a priority, an initiative or a metric."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.test.utils import override_settings

from priorities.actions import initiatives
from priorities.enums import Health, Visibility
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PLAN = "/plans/ita-2022-2023/"
FEEDS = (
    f"{PLAN}feed.atom",
    f"{PLAN}priorities/1/feed.atom",
    f"{PLAN}initiatives/initiative-1/feed.atom",
    "/metrics/metric-1/feed.atom",
)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def feed(client: Client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(root: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in root.findall(path, ATOM)]


def titles(client: Client, path: str) -> list[str]:
    return texts(feed(client, path), "a:entry/a:title")


def a_plan() -> None:
    make.plan(title="The plan", now=make.at(2022, 1, 5))
    work = make.initiative(name="Fiber", now=make.at(2022, 1, 6))
    make.metric(name="Calls", initiatives=[work], now=make.at(2022, 1, 7))
    make.report(initiative=work, health=Health.ON_TRACK, now=make.at(2022, 4, 5))
    make.observation(12, now=make.at(2022, 4, 6))
    make.report(
        initiative=work,
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.AT_RISK,
        cause="The vendor delivers late.",
        now=make.at(2022, 7, 6),
    )


@pytest.mark.parametrize("path", FEEDS)
def test_it_has_all_that_the_standard_requires(client: Client, path: str) -> None:
    a_plan()
    root = feed(client, path)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = root.findall("a:entry", ATOM)
    assert entries
    for element in (root, *entries):
        for name in ("id", "title", "updated", "author/a:name"):
            assert len(texts(element, f"a:{name}")) == 1, name
        assert texts(element, "a:title") != [""]
        assert MOMENT.fullmatch(texts(element, "a:updated")[0])
    ids = texts(root, "a:id") + texts(root, "a:entry/a:id")
    assert all(each.startswith("urn:uuid:") for each in ids)
    assert len(ids) == len(set(ids))
    moments = texts(root, "a:entry/a:updated")
    assert moments == sorted(moments, reverse=True)
    assert texts(root, "a:updated") == moments[:1]
    links = [(link.get("rel"), link.get("href")) for link in root.findall("a:link", ATOM)]
    page = path.removesuffix("feed.atom")
    assert links == [
        ("self", f"http://testserver{path}"),
        ("alternate", f"http://testserver{page}"),
    ]


def test_each_kind_tells_of_its_own(client: Client) -> None:
    a_plan()
    other = make.initiative(name="Radio", priority=make.priority(), now=make.at(2022, 7, 7))
    make.report(initiative=other, period=make.period(dt.date(2022, 6, 30)))
    first = ["Fiber: On track → At risk", "Calls for Q1 2022: 12\xa0calls"]
    assert titles(client, FEEDS[2])[:2] == [first[0], "Fiber first report: On track"]
    assert titles(client, FEEDS[3])[:1] == [first[1]]
    assert titles(client, FEEDS[1])[:2] == first
    assert titles(client, FEEDS[0])[:2] == ["Radio first report: On track", "Radio added"]
    assert not any("Radio" in title for title in titles(client, FEEDS[1]))


def test_many_items_are_told_as_few_are(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    few = titles(client, FEEDS[1])
    make.plan(code="another")
    monkeypatch.setattr("priorities.queries.changes.FEW_SUBJECTS", 0)
    assert titles(client, FEEDS[1]) == few


def test_an_entry_leads_to_its_event_for_good(client: Client) -> None:
    a_plan()
    (link,) = feed(client, FEEDS[2]).findall("a:entry[1]/a:link", ATOM)
    path, _hash, anchor = (link.get("href") or "").removeprefix("http://testserver").partition("#")
    assert path == f"{PLAN}initiatives/initiative-1/history/?as_of=2022-07-06"
    for number in range(60):
        make.milestone(name=f"Step {number}", now=make.at(2022, 8, 1))
    assert f'id="{anchor}"' in client.get(path).content.decode()


def test_the_same_event_has_the_same_id_in_every_feed(client: Client) -> None:
    a_plan()
    ids = [texts(feed(client, path), "a:entry/a:id")[0] for path in FEEDS[:3]]
    assert ids == ids[:1] * 3


def test_who_has_the_feed_gets_it_again_only_when_there_is_news(client: Client) -> None:
    a_plan()
    first = client.get(FEEDS[0])
    etag = first.headers["ETag"]
    assert client.get(FEEDS[0], headers={"If-None-Match": etag}).status_code == 304
    make.milestone(now=make.at(2022, 8, 1))
    again = client.get(FEEDS[0], headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert again.content != first.content


def test_what_is_internal_or_withdrawn_is_not_told(client: Client) -> None:
    a_plan()
    make.initiative(name="Secret", visibility=Visibility.INTERNAL.value)
    gone = make.initiative(name="Gone")
    initiatives.revise_initiative(
        initiative=gone,
        changes={"visibility": Visibility.INTERNAL.value},
        reason="Not ours.",
        by=make.BY,
        now=make.moment(),
    )
    for path in FEEDS:
        found = client.get(path).content.decode()
        assert "Secret" not in found
        assert "Gone" not in found
        assert make.BY not in found
    assert client.get(f"{PLAN}initiatives/initiative-3/feed.atom").status_code == 404
    draft = make.plan(code="draft", state="draft")
    assert client.get(f"/plans/{draft.code}/feed.atom").status_code == 404


def test_characters_that_no_xml_holds_are_left_out(client: Client) -> None:
    a_plan()
    make.initiative(name="Bell\x07 & <b>tag</b>")
    assert titles(client, FEEDS[0])[0] == "Bell & <b>tag</b> added"


def test_it_is_bounded(client: Client) -> None:
    a_plan()
    for number in range(60):
        make.milestone(name=f"Step {number}")
    assert len(titles(client, FEEDS[0])) == 50


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("path", "statements"), list(zip(FEEDS, (6, 6, 5, 5), strict=True)))
def test_statements_whatever_the_size(
    path: str, statements: int, number: int, queries: Callable[[str], int]
) -> None:
    for _each in range(number):
        work = make.initiative()
        make.metric(initiatives=[work])
        make.milestone(initiative=work)
        make.report(initiative=work)
    assert queries(path) == statements


@pytest.mark.parametrize(
    ("page", "path"),
    [
        (PLAN, FEEDS[0]),
        (f"{PLAN}changes/", FEEDS[0]),
        (f"{PLAN}priorities/1/", FEEDS[1]),
        (f"{PLAN}initiatives/initiative-1/", FEEDS[2]),
        (f"{PLAN}initiatives/initiative-1/?as_of=2022-07-01", FEEDS[2]),
        ("/metrics/metric-1/", FEEDS[3]),
        ("/metrics/metric-1/history/", FEEDS[3]),
    ],
)
def test_every_page_names_its_feed(client: Client, page: str, path: str) -> None:
    a_plan()
    found = client.get(page).content.decode()
    head = (
        f'<link rel="alternate" type="application/atom+xml" title="What is new here" href="{path}">'
    )
    assert head in found
    assert f'<a href="{path}">Atom feed</a>' in found


def test_addresses_begin_with_that_of_the_portal(client: Client) -> None:
    a_plan()
    with override_settings(PORTAL_URL="https://priorities.example.org"):
        root = feed(client, FEEDS[3])
    hrefs = [link.get("href") or "" for link in root.iter("{http://www.w3.org/2005/Atom}link")]
    assert all(each.startswith("https://priorities.example.org/") for each in hrefs)


def test_nothing_is_written_to_a_feed(client: Client) -> None:
    a_plan()
    asked: Any = client.post(FEEDS[0])
    assert (asked.status_code, asked.headers["Allow"]) == (405, "GET, HEAD")
