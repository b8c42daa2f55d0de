"""The door to the paper of a brief: kept and asked for again as a page is, and never for long."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboards import briefs, http
from dashboards.pages.brief import build_brief
from dashboards.pdf import paper
from dashboards.pdf.setting import EVERYONES, NotSet
from tests import factories as make
from tests.dashboards.test_paper import kinds, needs_pdfinfo, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

PDF = "/plans/ita-2022-2023/brief.pdf?from=2022-03-31&to=2022-07-31"


@pytest.fixture(autouse=True)
def _plan() -> None:
    """A plan in which something moved."""
    paper.PAPERS.forget()
    make.plan(title="Excellent Tech")
    make.priority(code="1")
    make.initiative(code="cloud", name="Cloud migration")
    make.initiative(code="hidden", name="Zebra inside", visibility="internal")
    make.report(initiative=make.Initiative.objects.get(code="cloud"), now=make.at(2022, 4, 5))
    make.question(text="Zebra asked inside.", now=make.at(2022, 5, 2))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The documents that were set, without the typesetter."""
    documents: list[dict[str, Any]] = []

    def note(_template: Path, document: dict[str, Any]) -> bytes:
        documents.append(document)
        return b"%PDF-1.7"

    monkeypatch.setattr(paper, "set_document", note)
    return documents


@needs_pdfinfo
def test_it_is_the_brief_of_the_page_on_paper(client: Client) -> None:
    answer = client.get(PDF)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    text = said(answer.content)
    assert "31 Mar 2022 to 31 Jul 2022" in text
    assert "Cloud migration" in text
    assert "Zebra" not in text
    assert kinds(answer.content).count("H1") == 1
    page = client.get(PDF.replace(".pdf", "/")).content.decode()
    headings = re.findall(
        r"<h2 id=\"[a-z]+\"><span class=\"brief-number\">\d</span> ([^<]+)<", page
    )
    assert len(headings) == 9
    assert [each for each in headings if each not in text] == []


def test_it_is_asked_for_again_as_a_page_is(client: Client, made: list[dict[str, Any]]) -> None:
    first = client.get(PDF)
    again = client.get(PDF, headers={"if-none-match": first.headers["ETag"]})
    assert [first.status_code, again.status_code, len(made)] == [200, 304, 1]
    assert first.headers["Cache-Control"].startswith("public, max-age=60")
    assert "Cookie" not in first.headers["Vary"]
    assert client.get(PDF).content == first.content
    assert len(made) == 1


def test_the_same_by_another_address_is_not_set_again(
    client: Client, made: list[dict[str, Any]]
) -> None:
    client.get(PDF)
    http.PAGES_SENT.forget()
    client.get(f"{PDF}&junk=1")
    client.get(f"{PDF}&junk=2")
    assert len(made) == 1
    make.initiative(name="New in July", now=make.at(2022, 7, 15))
    client.get(PDF)
    assert len(made) == 2


def test_sections_may_be_left_out(client: Client, made: list[dict[str, Any]]) -> None:
    client.get(f"{PDF}&sections=scope,dates")
    assert [section["code"] for section in made[0]["sections"]] == ["scope", "dates"]
    assert len(made[0]["left_out"]) == 7


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (PDF.replace("ita-2022-2023", "none"), 404),
        (PDF.replace("2022-03-31", "yesterday"), 400),
        (f"{PDF}&sections=splendid", 400),
        (f"{PDF}&as_of=2099-01-01", 400),
    ],
)
def test_what_has_no_answer_is_not_set(
    client: Client, made: list[dict[str, Any]], address: str, status: int
) -> None:
    assert client.get(address).status_code == status
    assert made == []


def test_nothing_is_sent_to_it(client: Client) -> None:
    assert client.post(PDF).status_code == 405


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Of which plans a brief was built."""
    plans: list[str] = []

    def note(**asked: Any) -> Any:
        plans.append(asked["plan_code"])
        return build_brief(**asked)

    monkeypatch.setattr(briefs, "build_brief", note)
    return plans


def test_who_finds_another_at_it_is_told_when_to_come_again_and_nothing_is_built(
    client: Client, made: list[dict[str, Any]], built: list[str]
) -> None:
    with EVERYONES.taken():
        answer = client.get(PDF)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "20"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (made, built) == ([], [])
    assert EVERYONES.patience == 0
    assert client.get(PDF).status_code == 200
    assert built == ["ita-2022-2023"]


def test_a_large_paper_is_kept_and_builds_nothing_again(
    client: Client, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    large = os.urandom(2 * http.MOST_BYTES_KEPT)
    monkeypatch.setattr(paper, "set_document", lambda *_args: large)
    assert client.get(PDF).content == large
    with EVERYONES.taken():
        again = client.get(PDF)
    assert (again.status_code, again.content, len(built)) == (200, large, 1)


def test_what_cannot_be_set_is_told_to_the_log_and_not_to_the_reader(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_args: object) -> bytes:
        raise NotSet("unknown variable")

    monkeypatch.setattr(paper, "set_document", refuse)
    answer = client.get(PDF)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content.decode().startswith("This brief could not be set on paper.")
    assert b"unknown variable" not in answer.content
    assert "unknown variable" in caplog.text
    with EVERYONES.taken():
        pass
