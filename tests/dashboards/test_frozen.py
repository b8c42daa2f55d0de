"""Frozen briefs as they are read: their list, one of them, its content and paper to the byte."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client

from dashboards.pages.brief_parts import Brief
from dashboards.pages.frozen import paragraphs, written_out
from priorities.enums import PlanState, Visibility
from priorities.models import FrozenBrief
from tests import factories as make
from tests.dashboards import written

pytestmark = pytest.mark.django_db

PLAN = "/plans/ita-2022-2023/"
AT = make.at(2022, 7, 6)


def frozen(brief: Brief = written.BRIEF, **values: Any) -> FrozenBrief:
    content = written_out(
        brief,
        note=values.get("note", ""),
        role="Reviewer",
        at=values.get("now", AT),
        day=dt.date(2022, 7, 6),
    )
    visibility = Visibility.INTERNAL if brief.internal else Visibility.PUBLIC
    return make.frozen_brief(
        **{"now": AT, "content": content, "pdf": b"%PDF-1.7 paper", "visibility": visibility}
        | values
    )


def test_what_is_written_out_is_the_whole_brief_with_its_note() -> None:
    text = written_out(
        written.BRIEF,
        note="Read this first.\r\n\r\n  Then\nthat. ",
        role="Reviewer",
        at=AT,
        day=dt.date(2022, 7, 6),
    )
    found = json.loads(text)
    assert [found[name] for name in ("format", "plan", "from", "to", "audience", "frozen_by")] == [
        "brief/1",
        "ita-2022-2023",
        "2022-03-31",
        "2022-06-30",
        "public",
        "Reviewer",
    ]
    assert found["said"] == (
        "Frozen as delivered on 6 Jul 2022 by: Reviewer. It does not change any more."
    )
    noted = json.loads(json.dumps(asdict(written.BRIEF)))
    assert found["brief"] == noted | {"note": ["Read this first.", "Then that."]}


def test_a_note_is_told_by_its_paragraphs() -> None:
    assert paragraphs("\n\n one\n\n\n\ntwo\nlines\n") == ("one", "two lines")
    assert paragraphs("") == ()


def test_a_frozen_brief_is_read_under_its_hash(client: Client) -> None:
    make.plan()
    row = frozen()
    address = f"{PLAN}briefs/{row.code}/"
    page = client.get(address)
    assert page.status_code == 200
    html = page.content.decode()
    assert "Brief on the Strategic Plan 2022-2023" in html
    assert row.sha256 in html
    assert row.pdf_sha256 in html
    assert f'href="{PLAN}briefs/{row.code}.pdf"' in html


def test_its_content_and_its_paper_are_what_the_hashes_say(client: Client) -> None:
    make.plan()
    row = frozen()
    content = client.get(f"{PLAN}briefs/{row.code}.json")
    paper = client.get(f"{PLAN}briefs/{row.code}.pdf")
    assert hashlib.sha256(content.content).hexdigest() == row.sha256
    assert row.sha256.startswith(row.code)
    assert hashlib.sha256(paper.content).hexdigest() == row.pdf_sha256
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.headers["Cache-Control"].startswith("public, max-age=60")
    again = client.get(f"{PLAN}briefs/{row.code}.pdf", headers={"if-none-match": paper["ETag"]})
    assert again.status_code == 304


def test_it_stays_when_the_plan_goes_on(client: Client) -> None:
    make.plan()
    row = frozen()
    before = [client.get(f"{PLAN}briefs/{row.code}.{kind}").content for kind in ("json", "pdf")]
    make.initiative(name="Something new", now=make.at(2022, 7, 20))
    after = [client.get(f"{PLAN}briefs/{row.code}.{kind}").content for kind in ("json", "pdf")]
    assert after == before


def test_one_for_reviewers_is_not_there_for_the_public(client: Client) -> None:
    make.plan()
    row = frozen(written.FOR_REVIEWERS, note="MARKED-NOTE")
    for end in ("/", ".json", ".pdf"):
        answer = client.get(f"{PLAN}briefs/{row.code}{end}")
        assert answer.status_code == 404
        assert b"MARKED" not in answer.content
    for address in (f"{PLAN}briefs/", f"{PLAN}briefs.json", f"{PLAN}history/", f"{PLAN}changes/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert row.code.encode() not in answer.content
        assert b"MARKED" not in answer.content


@pytest.mark.parametrize("end", ["/", ".json", ".pdf"])
def test_one_of_a_plan_that_is_not_public_is_not_there(client: Client, end: str) -> None:
    make.organization()
    draft = make.plan(code="draft", state=PlanState.DRAFT.value)
    row = frozen(plan=draft)
    assert client.get(f"/plans/draft/briefs/{row.code}{end}").status_code == 404
    assert client.get("/plans/draft/briefs/").status_code == 404


def test_one_of_another_plan_is_not_found_under_this(client: Client) -> None:
    make.plan()
    row = frozen(plan=make.plan(code="other"))
    assert client.get(f"{PLAN}briefs/{row.code}/").status_code == 404
    assert client.get(f"/plans/other/briefs/{row.code}/").status_code == 200


def test_before_it_was_frozen_it_is_not_there(client: Client) -> None:
    make.plan()
    row = frozen()
    assert client.get(f"{PLAN}briefs/{row.code}/?as_of=2022-07-05").status_code == 404
    assert client.get(f"{PLAN}briefs/{row.code}/?as_of=2022-07-06").status_code == 200
    assert client.get(f"{PLAN}briefs.json?as_of=2022-07-05").json()["briefs"] == []


def test_the_list_tells_the_newest_first(client: Client) -> None:
    make.plan()
    first = frozen(note="The first.")
    second = frozen(now=make.at(2022, 7, 7), note="The second.\n\nMore.")
    listed = client.get(f"{PLAN}briefs.json").json()
    assert listed["total"] == 2
    assert [each["code"] for each in listed["briefs"]] == [second.code, first.code]
    assert [each["url"] for each in listed["briefs"]] == [
        f"{PLAN}briefs/{row.code}/" for row in (second, first)
    ]
    html = client.get(f"{PLAN}briefs/").content.decode()
    assert "The second." in html
    assert "More." not in html


def test_an_empty_list_says_so(client: Client) -> None:
    make.plan()
    assert b"No brief has been frozen yet." in client.get(f"{PLAN}briefs/").content


def test_a_list_of_three_costs_what_a_list_of_one_does(queries: Callable[[str], int]) -> None:
    make.plan()
    counts = []
    for number in (1, 2, 3):
        row = frozen(now=make.at(2022, 7, 5 + number))
        counts.append(queries(f"{PLAN}briefs/"))
    assert counts == [5, 5, 5]
    assert queries(f"{PLAN}briefs/{row.code}/") == 4


def test_that_one_was_frozen_is_told(client: Client) -> None:
    make.plan()
    row = frozen()
    changes = client.get(f"{PLAN}changes/?from=2022-07-01").content.decode()
    assert "frozen as delivered" in changes
    assert row.code in changes
