"""``manage.py make_brief``: the same brief as the page's, as a file or frozen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from dashboards.pdf import paper
from priorities.enums import Role
from priorities.models import ChangeEvent, FrozenBrief
from tests import factories as make

pytestmark = pytest.mark.django_db

PLAN = "ita-2022-2023"


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The documents that were set, without the typesetter; it is 20 Aug 2022."""
    documents: list[dict[str, Any]] = []

    def note(_template: Path, document: dict[str, Any]) -> bytes:
        documents.append(document)
        return b"%PDF-1.7"

    monkeypatch.setattr(paper, "set_document", note)
    paper.PAPERS.forget()
    make.plan(adopted_on=dt.date(2022, 1, 10))
    make.meeting(held_on=dt.date(2022, 5, 18))
    make.initiative(name="Late in the plan", now=make.at(2022, 5, 20))
    with time_machine.travel(make.at(2022, 8, 20), tick=False):
        yield documents


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("make_brief", PLAN, *arguments, stdout=out)
    return out.getvalue().strip()


@pytest.mark.parametrize(
    ("arguments", "since", "until"),
    [
        ([], "2022-05-18", "2022-08-20"),
        (["--since", "quarter"], "2022-03-31", "2022-06-30"),
        (["--since", "year"], "2021-06-30", "2022-06-30"),
        (["--since", "adoption"], "2022-01-10", "2022-08-20"),
        (["--from", "2022-04-01", "--to", "2022-06-01"], "2022-04-01", "2022-06-01"),
        (["--from", "2022-04-01"], "2022-04-01", "2022-08-20"),
    ],
)
def test_the_dates_are_chosen_as_on_the_page(
    made: list[dict[str, Any]], tmp_path: Path, arguments: list[str], since: str, until: str
) -> None:
    target = tmp_path / "brief.pdf"
    assert run("--output", str(target), *arguments) == str(target)
    assert target.read_bytes() == b"%PDF-1.7"
    assert (made[0]["since"], made[0]["until"]) == (since, until)


def test_the_json_is_that_of_the_page(tmp_path: Path, client: Client) -> None:
    target = tmp_path / "brief.json"
    run("--output", str(target), "--leave-out", "questions, ahead")
    sections = "state,scope,status,dates,targets,values,silent"
    page = client.get(f"/plans/{PLAN}/brief.json?from=2022-05-18&sections={sections}")
    assert json.loads(target.read_text()) == page.json()
    assert [each["code"] for each in page.json()["sections"]] == sections.split(",")


def test_a_file_on_paper_has_its_cover_note(made: list[dict[str, Any]], tmp_path: Path) -> None:
    run("--output", str(tmp_path / "x.pdf"), "--note", "Read this.\n\nThen that.")
    run("--output", str(tmp_path / "y.pdf"))
    assert [each["note"] for each in made] == [["Read this.", "Then that."], []]


def test_the_json_of_reviewers_is_that_of_their_address(tmp_path: Path, client: Client) -> None:
    make.initiative(code="hidden", name="Hidden", visibility="internal", now=make.at(2022, 6, 1))
    target = tmp_path / "brief.json"
    run("--output", str(target), "--reviewers", "--from", "2022-05-19")
    client.force_login(make.grant(Role.REVIEWER).person)
    page = client.get(f"/review/briefs/{PLAN}/now.json?from=2022-05-19")
    assert target.read_bytes() == page.content
    items = page.json()["internal"]["scope"]["items"]
    assert [each["name"] for each in items] == ["Hidden"]


def test_a_frozen_one_is_told_by_its_address(made: list[dict[str, Any]], client: Client) -> None:
    address = run("--freeze", "--note", "For the committee.", "--leave-out", "values")
    row = FrozenBrief.objects.get()
    assert address.endswith(f"/plans/{PLAN}/briefs/{row.code}/")
    assert (row.note, row.left_out, row.visibility) == ("For the committee.", ["Values"], "public")
    assert made[0]["kept"]["url"] == address
    assert client.get(f"/plans/{PLAN}/briefs/{row.code}.pdf").content == b"%PDF-1.7"
    event = ChangeEvent.objects.latest("sequence")
    assert (event.actor, event.entered_by) == ("manage.py make_brief", "command")


def test_one_for_reviewers_is_theirs(client: Client) -> None:
    address = run("--freeze", "--reviewers")
    row = FrozenBrief.objects.get()
    assert address.endswith(f"/review/briefs/{PLAN}/{row.code}/")
    assert client.get(f"/plans/{PLAN}/briefs/{row.code}/").status_code == 404


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say where to"),
        (["--freeze", "--output", "x.pdf"], "Say where to"),
        (["--output", "x.doc"], "must end in .pdf or .json"),
        (["--output", "x.json", "--note", "Read this."], "JSON has no cover note"),
        (["--output", "/nowhere/x.json"], "cannot be written"),
        (["--freeze", "--leave-out", "splendid"], "There is no section splendid."),
        (["--freeze", "--from", "2022-08-01", "--to", "2022-07-01"], "is after the second"),
        (["--freeze", "--to", "2099-01-01"], "is after"),
        (["--freeze", "--from", "9999-12-31"], "9999-12-31” is not a date"),
        (["--freeze", "--from", "2022-08-20"], "nothing can differ"),
        (["--freeze", "--from", "2022-08-01", "--since", "year"], "not both"),
        (["--freeze", "--note", "a" * 4001], "it may have 4000"),
        (["--freeze", "--from", "yesterday"], "yesterday is not a day."),
    ],
)
def test_what_cannot_be_made_is_said(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*arguments)
    assert FrozenBrief.objects.count() == 0


def test_an_unknown_plan_is_named() -> None:
    with pytest.raises(CommandError, match="none"):
        call_command("make_brief", "none", "--freeze", stdout=StringIO())
    with pytest.raises(CommandError, match="There is no plan none"):
        call_command("make_brief", "none", "--since", "year", "--freeze", stdout=StringIO())
