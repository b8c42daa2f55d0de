"""How public pages are asked for and answered: tags, caches, compression, twins, refusals."""

import datetime as dt
import gzip
import re
from collections.abc import Callable

import brotli
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import get_resolver

from dashboards import http
from dashboards.memory import LEAST_ROWS, Memory
from dashboards.visit import UNSHOWN
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PAGE, TWIN = "/metrics/calls/", "/metrics/calls.json"


@pytest.fixture(autouse=True)
def _a_metric() -> None:
    make.plan()
    make.metric(code="calls", name="Calls")
    make.observation(5)


def tag(client: Client, path: str = PAGE) -> str:
    return str(client.get(path).headers["ETag"])


def test_a_reader_who_has_the_page_costs_one_statement(client: Client) -> None:
    known = tag(client)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(PAGE, headers={"If-None-Match": known})
    assert (answer.status_code, answer.content, len(captured)) == (304, b"", 1)
    assert answer.headers["ETag"] == known
    assert answer.headers["Cache-Control"].startswith("public, max-age=60")


def test_a_page_that_is_kept_costs_one_statement(client: Client) -> None:
    first = client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        second = client.get(PAGE)
    assert len(captured) == 1
    assert second.content == first.content


def test_caches_may_keep_it_and_nobody_is_told_apart(client: Client) -> None:
    answer = client.get(PAGE)
    assert answer.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies


def test_a_past_date_may_be_kept_for_a_day(client: Client) -> None:
    answer = client.get(f"{PAGE}?as_of=2022-08-01")
    assert answer.headers["Cache-Control"].startswith("public, max-age=86400")


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_compressed_is_the_same_page(
    encoding: str, unpack: Callable[[bytes], bytes], client: Client
) -> None:
    plain = client.get(PAGE)
    packed = client.get(PAGE, headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert packed.headers["Content-Length"] == str(len(packed.content))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br;q=0, gzip", "gzip"),
        ("gzip; q=0.0", None),
        ("GZIP;q=0.5", "gzip"),
        ("identity", None),
        ("umbra", None),
    ],
)
def test_compressed_only_as_the_reader_takes_it(
    accepted: str, encoding: str | None, client: Client
) -> None:
    answer = client.get(PAGE, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding


def test_what_is_too_large_is_not_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_BYTES_KEPT", 10)
    with CaptureQueriesContext(connection) as first:
        client.get(PAGE)
    with CaptureQueriesContext(connection) as second:
        client.get(PAGE)
    assert len(second) == len(first) > 1


def test_plans_without_a_row_are_forgotten_too() -> None:
    memory = Memory(most_rows=3 * LEAST_ROWS)
    loaded: list[int] = []

    def load(revision: int) -> tuple[()]:
        loaded.append(revision)
        return ()

    for revision in (1, 2, 3, 4, 1, 4):
        memory.recall((revision, "p", dt.date(2022, 1, 1)), lambda r=revision: load(r))
    assert loaded == [1, 2, 3, 4, 1]


def test_the_head_of_a_page_has_no_body(client: Client) -> None:
    answer = client.head(PAGE)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"] == tag(client)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written_here(method: str, client: Client) -> None:
    answer = getattr(client, method)(PAGE)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


PLAN = "/plans/ita-2022-2023"
OF_EACH_KIND = (
    PAGE,
    TWIN,
    "/metrics/calls/feed.atom",
    "/metrics/calls/history/",
    f"{PLAN}/brief/",
    f"{PLAN}/brief.pdf",
    "/data/events.jsonl",
    "/data/check_history.py",
)


@pytest.mark.parametrize("path", OF_EACH_KIND)
@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_a_wrong_method_is_called_that_and_no_fault_of_cookies(method: str, path: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (answer.status_code, answer.headers.get("Allow")) == (405, "GET, HEAD")
    assert not answer.cookies


def test_the_tag_changes_at_midnight(client: Client, summer: time_machine.Traveller) -> None:
    midnight = dt.datetime(2022, 8, 21, 7, tzinfo=dt.UTC)
    noon = tag(client)
    summer.move_to(midnight - dt.timedelta(seconds=1))
    assert tag(client) == noon
    summer.move_to(midnight)
    assert tag(client) != noon


def test_a_past_date_tells_the_day_it_is_asked_on_and_its_twin_does_not(
    client: Client, summer: time_machine.Traveller
) -> None:
    """The page leads to today; the facts beside it are those of the past date alone."""
    past = "?as_of=2022-08-01"
    page, twin = tag(client, PAGE + past), tag(client, TWIN + past)
    assert 'max="2022-08-20"' in client.get(PAGE + past).content.decode()
    summer.move_to(dt.datetime(2022, 8, 25, 12, tzinfo=dt.UTC))
    assert tag(client, PAGE + past) != page
    assert 'max="2022-08-25"' in client.get(PAGE + past).content.decode()
    assert tag(client, TWIN + past) == twin


def test_the_tag_changes_when_something_is_published(client: Client) -> None:
    before = tag(client)
    make.observation(6, start=dt.date(2022, 4, 1), end=dt.date(2022, 6, 30))
    assert tag(client) != before


def test_the_tag_does_not_change_for_what_is_internal(client: Client) -> None:
    work, periods = make.initiative(), make.periods()
    before = tag(client)
    make.draft(initiative=work, period=periods[0])
    assert tag(client) == before


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        ("yesterday", 400, "“yesterday” is not a date."),
        ("2022-02-30", 400, "“2022-02-30” is not a date."),
        ("2022-6-30", 400, "is not a date."),
        ("2022-08-21", 400, "2022-08-21 is in the future."),
        ("2022-08-20T23:00:00", 400, "is in the future."),
        ("9999-12-31", 400, "9999-12-31 is in the future."),
        ("20220630", 400, "“20220630” is not a date."),
        ("2022-W26-4", 400, "“2022-W26-4” is not a date."),
        ("0001-01-01", 404, "The public record begins on"),
        ("2001-01-01", 404, "The public record begins on 3 Jan 2022."),
    ],
)
def test_a_date_without_an_answer_is_refused(
    asked: str, status: int, message: str, client: Client
) -> None:
    answer = client.get(f"{PAGE}?as_of={asked}")
    assert answer.status_code == status
    assert message in answer.content.decode()


def test_today_by_its_date_is_now(client: Client) -> None:
    shown = client.get(f"{PAGE}?as_of=2022-08-20").content.decode()
    assert "Back to today" not in shown
    assert client.get(f"{PAGE}?as_of=").status_code == 200


def test_a_moment_is_accepted_to_the_second(client: Client) -> None:
    now = make.at(2022, 8, 1, 9, 0, 0)
    make.observation(7, now=now, start=dt.date(2022, 4, 1), end=dt.date(2022, 6, 30))
    before = client.get(f"{TWIN}?as_of=2022-08-01T08:59:59").json()
    after = client.get(f"{TWIN}?as_of=2022-08-01T09:00:00").json()
    assert (len(before["observations"]), len(after["observations"])) == (1, 2)


def test_a_plus_that_was_not_escaped_is_understood(client: Client) -> None:
    plain = client.get(f"{TWIN}?as_of=2022-08-01T09:00:00+02:00")
    escaped = client.get(f"{TWIN}?as_of=2022-08-01T09:00:00%2B02:00")
    assert (plain.status_code, plain.content) == (200, escaped.content)


def test_of_an_answer_given_twice_the_last_counts(client: Client) -> None:
    first = client.get("/metrics.json?q=calls&q=none").json()
    second = client.get("/metrics.json?q=none&q=calls").json()
    assert (first["total"], second["total"]) == (0, 1)


def test_errors_of_a_twin_are_json(client: Client) -> None:
    answer = client.get("/metrics/none.json")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "There is no metric “none”."
    assert client.get(f"{TWIN}?as_of=x").json()["error"]["status"] == 400


def test_a_twin_may_be_read_by_other_sites(client: Client) -> None:
    answer = client.get(TWIN)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get(PAGE).headers


def test_every_page_has_a_twin() -> None:
    names = {key for key in get_resolver("dashboards.urls").reverse_dict if isinstance(key, str)}
    files = {"events", "check-history"}
    pages = {name for name in names if not name.endswith(("-json", "-feed", "-pdf"))} - files
    assert {f"{name}-json" for name in pages} <= names


def test_links_within_a_past_page_keep_its_date(client: Client) -> None:
    shown = client.get(f"{PAGE}?as_of=2022-08-01").content.decode()
    assert 'href="/metrics/?as_of=2022-08-01"' in shown
    assert 'href="/metrics/calls.json?as_of=2022-08-01"' in shown
    assert '<a href="/metrics/calls/">Back to today</a>' in shown


LIST = "/plans/ita-2022-2023/initiatives/"
#: Of each page that repeats what it is asked, and of one that is asked nothing.
ASKING = (LIST, "/metrics/", "/search/", PAGE, "/follow/", "/plans/ita-2022-2023/changes/")


@pytest.mark.parametrize("path", ASKING)
@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=a%1Bb", "q=%C2%85", "as_of=%00", "as_of=2022-08-01%7F", "of=%01", "kind=%0B",
     "page=%08", "x=%EF%BF%BE", "x%00=1", "x=%F4%8F%BF%BF"],
)  # fmt: skip
def test_a_character_that_no_page_can_show_is_refused(
    path: str, query: str, client: Client
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert "There is a character in the address that no page can show." in answer.content.decode()
    assert UNSHOWN.search(answer.content.decode()) is None


def test_a_tab_and_the_end_of_a_line_are_spaces(client: Client) -> None:
    assert client.get("/search.json?q=%09calls%0D%0A").json()["q"] == "calls"


def test_what_others_append_to_an_address_changes_nothing(client: Client) -> None:
    for path in ASKING:
        plain = client.get(path)
        appended = client.get(f"{path}?utm_source=mail&utm_Campaign=%00&fbclid=x&gclid=y")
        assert (appended.status_code, appended.content) == (200, plain.content)
        assert appended.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/", "/"),
        (PAGE, PAGE),
        (f"{PAGE}?reader=5", PAGE),
        (f"{PAGE}?reader=5&as_of=2022-08-01", f"{PAGE}?as_of=2022-08-01"),
        (f"{PAGE}?as_of=2022-08-20", PAGE),
        (f"{LIST}?utm_source=mail&status=&sort=plan&page=1", LIST),
        (f"{LIST}?sort=name&q=a+b&as_of=2022-08-01", f"{LIST}?q=a+b&sort=name&as_of=2022-08-01"),
        ("/metrics/?view=cards&status=overdue", "/metrics/?status=overdue"),
        ("/metrics/?view=table", "/metrics/?view=table"),
        ("/search/?x=1&q=calls", "/search/?q=calls"),
        ("/plans/ita-2022-2023/changes/?to=2022-08-02&from=2022-08-01&x=1",
         "/plans/ita-2022-2023/changes/?from=2022-08-01&to=2022-08-02"),
        ("/follow/?of=metric:calls", "/follow/?of=metric%3Acalls"),
    ],
)  # fmt: skip
def test_the_canonical_address_is_the_question_and_nothing_else(
    address: str, canonical: str, client: Client
) -> None:
    with override_settings(PORTAL_URL="https://priorities.example.org"):
        shown = client.get(address).content.decode()
    assert re.findall('<link rel="canonical" href="([^"]*)">', shown) == [
        f"https://priorities.example.org{canonical}".replace("&", "&amp;")
    ]
