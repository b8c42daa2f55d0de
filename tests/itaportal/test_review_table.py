"""The files of the table, as they are sent: CSV and a workbook."""

import datetime as dt
import io
import zipfile

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from dashboards.pages import portfolio
from priorities import clock
from priorities.enums import Provenance, Role
from tests import factories as make
from tests.worker import forget

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 8, 20, 12)


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    monkeypatch.setattr(clock, "now", lambda newest=None: NOW)


@pytest.fixture
def reviewer() -> Client:
    client = Client()
    client.force_login(make.grant(Role.REVIEWER).person)
    return client


def test_the_same_rows_in_both_files(reviewer: Client) -> None:
    make.initiative(code="cloud", name="Cloud", end=dt.date(2023, 6, 30))
    make.initiative(code="lab", name="Lab", provenance=Provenance.INFERRED)
    query = "?columns=code,end&sort=name"
    sent = reviewer.get(f"/review/table.csv{query}")
    text = b"".join(sent).decode("utf-8-sig")  # type: ignore[call-overload]
    assert text.splitlines() == [
        "Initiative,Code,End,Provenance",
        "Cloud,cloud,2023-06-30,Recorded by the agency",
        "Lab,lab,,Inferred",
    ]
    assert sent["Content-Disposition"] == (
        'attachment; filename="ita-2022-2023-initiatives-2022-08-20.csv"'
    )
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(reviewer.get(f"/review/table.xlsx{query}").content)
    )
    assert book.sheet_names == ["Initiatives", "About this table"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["Initiative", "Code", "End", "Provenance"],
        ["Cloud", "cloud", dt.date(2023, 6, 30), "Recorded by the agency"],
        ["Lab", "lab", "", "Inferred"],
    ]
    assert ["As known on", "20 Aug 2022, 12:00 p.m."] in [
        row[:2] for row in book.get_sheet_by_index(1).to_python()
    ]


def test_the_header_of_the_workbook_stays_in_sight(reviewer: Client) -> None:
    make.initiative()
    body = reviewer.get("/review/table.xlsx").content
    sheet = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet


def test_no_name_becomes_a_formula(reviewer: Client) -> None:
    make.initiative(name="=HYPERLINK(1)")
    text = b"".join(reviewer.get("/review/table.csv?columns=code")).decode()  # type: ignore[call-overload]
    assert "'=HYPERLINK(1)" in text
    body = reviewer.get("/review/table.xlsx?columns=code").content
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")


def test_a_wrong_question_is_answered_in_words(reviewer: Client) -> None:
    make.initiative()
    answer = reviewer.get("/review/table/?columns=salary")
    assert answer.status_code == 400
    assert "“salary” is not a value of “columns”." in answer.content.decode()


def test_nothing_of_it_is_kept_by_any_cache(reviewer: Client) -> None:
    make.initiative()
    for path in ("/review/", "/review/table/", "/review/table.csv", "/review/table.xlsx"):
        assert "no-store" in reviewer.get(path)["Cache-Control"]


@pytest.mark.parametrize("page", ["", "table/", "timeline/"])
def test_before_there_is_a_plan_the_room_says_so(reviewer: Client, page: str) -> None:
    answer = reviewer.get(f"/review/{page}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "No plan has been published yet." in text
    assert 'href="/review/table/"' in text
    make.plan()
    past = reviewer.get(f"/review/{page}?as_of=2020-12-01")
    assert past.status_code == 200
    assert "Nothing was public on" in past.content.decode()
    assert reviewer.get(f"/review/{page}?plan=nowhere").status_code == 404


@pytest.mark.parametrize("item", ["initiative", "metric"])
def test_each_row_leads_to_where_one_asks_and_rates(reviewer: Client, item: str) -> None:
    work = make.initiative(code="cloud")
    make.period(plan=work.plan)
    make.observation(metric=make.metric(code="calls"))
    page, codes = ("", "ita-2022-2023/cloud") if item == "initiative" else ("metrics/", "calls")
    text = reviewer.get(f"/review/table/{page}").content.decode()
    for act in ("ask", "rate"):
        url = f"/review/{act}/{item}s/{codes}/"
        assert f'href="{url}"' in text
        assert reviewer.get(url).status_code == 200


def test_nobody_is_led_to_rate_their_own_work() -> None:
    person = make.grant(Role.MANAGER).person
    make.initiative(code="cloud")
    make.owner(person=person)
    make.initiative(code="lab")
    client = Client()
    client.force_login(person)
    text = client.get("/review/table/").content.decode()
    assert "/review/ask/initiatives/ita-2022-2023/cloud/" in text
    assert "/review/rate/initiatives/ita-2022-2023/cloud/" not in text
    assert "/review/rate/initiatives/ita-2022-2023/lab/" in text


@pytest.mark.parametrize(
    ("page", "own"),
    [("table", "plan, columns"), ("table/metrics", "view, columns"), ("timeline", "plan, stretch")],
)
def test_a_filter_that_does_not_exist_is_refused_with_those_that_do(
    reviewer: Client, page: str, own: str
) -> None:
    make.initiative()
    answer = reviewer.get(f"/review/{page}/?salary=1")
    assert answer.status_code == 400
    assert "“salary” is not a filter of this list. These exist: status," in answer.content.decode()
    assert f"{own}.</p>" in answer.content.decode()


def test_the_overview_leads_to_all_that_are_overdue(
    reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "MOST_ROWS", 1)
    make.periods()
    make.initiative()
    make.initiative()
    address = "/review/table/?plan=ita-2022-2023&overdue=1&sort=overdue"
    assert address.replace("&", "&amp;") in reviewer.get("/review/").content.decode()
    assert "2 of 2 initiatives" in reviewer.get(address).content.decode()
