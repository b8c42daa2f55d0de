"""What a text, a number or a day may hold that one database keeps and another does not.

Beside a field a person reads what is wrong; what no page of ours sends is answered with 400. What
would take seconds to look through is not looked through.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from itaportal.middleware import Unkeepable
from priorities.actions.drafts import keep_draft
from priorities.actions.initiatives import revise_initiative
from priorities.actions.tokens import make_token
from priorities.enums import Calendar, Role
from priorities.forms.fields import NumbersField
from priorities.forms.manage.order import OrderForm
from priorities.forms.values import read_value
from priorities.interchange.cells import CellError, parse_number
from priorities.interchange.dates import parse_period
from priorities.interchange.tabular import FileRefused, read
from priorities.models import Draft
from priorities.notifications.run import returned_letter
from priorities.queries.value_grid import ended_period
from priorities.spelling import Unit
from priorities.views.manage.wording import pieces
from tests import factories as make

HALF = "\ud800"
MARKUP = "<script>alert(1)</script>"


# ── Texts ────────────────────────────────────────────────────────────────────────────────────


class Hinted(forms.Form):
    """A form whose hint was made of what somebody brought."""

    column = forms.CharField(help_text=f"Such as {MARKUP}")


def test_a_hint_is_a_text() -> None:
    drawn = render_to_string("uswds/hint.html", {"field": Hinted()["column"]})
    assert "Such as &lt;script&gt;alert(1)&lt;/script&gt;" in drawn
    assert MARKUP not in drawn


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a\x00b", f"a{HALF}b"])
def test_a_text_that_not_every_database_keeps_is_refused_beside_its_field(text: str) -> None:
    row = make.initiative()
    with pytest.raises(ValidationError) as refused:
        revise_initiative(initiative=row, changes={"summary": text}, by="test", now=make.moment())
    assert refused.value.message_dict == {
        "summary": ["There is a character in it that cannot be kept. Please type it again."]
    }


@pytest.mark.django_db
def test_a_draft_is_kept_without_what_cannot_be_kept() -> None:
    person = make.person()
    text = f"a\x00{HALF}b" + "x" * 30_000
    keep_draft(
        person=person, form="f", fields={"text": text}, seen="\x00" + "9" * 200, now=make.moment()
    )
    kept = Draft.objects.get()
    assert (kept.fields, kept.seen) == ({"text": "ab" + "x" * 19_998}, "9" * 100)


@pytest.mark.django_db
def test_a_subject_and_a_greeting_are_one_line_whatever_a_name_holds() -> None:
    item = make.initiative(name="Cloud\r\nBcc: all@example.org")
    update = make.draft(initiative=item)
    letter = returned_letter(update, User(name="Ana\nBcc: all@example.org"))
    assert letter.subject == "Your update was returned: Cloud Bcc: all@example.org"
    assert letter.greeting == "Hello Ana Bcc: all@example.org,"


def test_a_long_text_of_one_word_over_and_over_is_not_compared() -> None:
    assert pieces("w x " * 5_000, "w y " * 5_000) == ()


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["9" * 200_000, "1" + " " * 200_000 + "x", "9" * 5_000 + ":1"])
def test_what_is_too_long_for_a_number_is_none(text: str) -> None:
    with pytest.raises(CellError):
        parse_number(text)
    with pytest.raises(CellError):
        read_value(text, Unit())


def test_a_place_of_thousands_of_digits_is_no_place() -> None:
    rows = [make.Plan(pk=1), make.Plan(pk=2)]
    form = OrderForm({"place_1": "9" * 5_000, "place_2": "1"}, rows=rows)
    assert [row.pk for row in form.ordered()] == [1, 2]


def test_a_district_of_thousands_of_digits_is_no_number() -> None:
    with pytest.raises(ValidationError, match="is not a number"):
        NumbersField().clean("1, " + "9" * 5_000)


@pytest.mark.django_db
def test_a_key_that_no_row_can_have_is_refused_as_the_senders_mistake() -> None:
    plan = make.priority().plan
    client = Client(raise_request_exception=False)
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    address = reverse("priorities:manage-carry-over", kwargs={"plan": plan.code})
    response = client.post(address, {"priorities": "9" * 30})
    # SQLite cannot be asked about such a key, PostgreSQL knows none: the form says so.
    said = {400: "Something you entered is too long", 422: "not one of the available choices"}
    assert said[response.status_code] in response.content.decode()


@pytest.mark.parametrize(
    ("error", "is_answered"),
    [
        (DataError("NUL"), True),
        (OverflowError("int"), True),
        (ValueError("Exceeds the limit (4300 digits)"), True),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), True),
        (ValueError("ours"), False),
        (KeyError("ours"), False),
    ],
)
def test_only_what_was_sent_is_the_senders_mistake(error: Exception, is_answered: bool) -> None:
    request: HttpRequest = RequestFactory().get("/manage.json")
    answer = Unkeepable(lambda _request: None).process_exception(request, error)  # type: ignore[arg-type, return-value]
    assert (answer is not None and answer.status_code == 400) is is_answered


# ── Days ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize("day", [dt.date.min, dt.date.max, dt.date(1899, 12, 31)])
def test_a_day_of_no_calendar_is_refused_beside_its_field(day: dt.date) -> None:
    row = make.initiative()
    with pytest.raises(ValidationError) as refused:
        revise_initiative(initiative=row, changes={"end": day}, by="test", now=make.moment())
    assert refused.value.message_dict["end"] == ["Write a day from the year 1900 to 2199."]


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "0000-01", "0000-Q1", "Dec 9999"])
@pytest.mark.parametrize("calendar", list(Calendar))
def test_a_period_of_no_calendar_is_no_period(text: str, calendar: Calendar) -> None:
    with pytest.raises(CellError):
        parse_period(text, calendar)


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_no_period_ends_at_the_end_of_time(day: dt.date) -> None:
    metric = make.Metric(calendar=Calendar.FISCAL_YEAR.value)
    assert ended_period(metric, day, on=dt.date(2022, 7, 1), fiscal=7) is None


# ── Machines and files ───────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"value": 1, "note": "a\\u0000b"}', 422),
        (b'{"value": 1, "note": "a\\ud800b"}', 422),
        (b'{"value": ' + b"9" * 5_000 + b"}", 400),
        (b'{"value": 1e999999}', 422),
        (b"[" * 10_000, 400),
    ],
)
def test_a_machine_is_told_what_cannot_be_kept(body: bytes, status: int) -> None:
    assert _put("2022-06-30", body).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["many", "-1", "9" * 5_000])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    assert _put("2022-06-30", b'{"value": 1}', HTTP_CONTENT_LENGTH=length).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("period", ["0001-01-01", "9999-12-31", "0000-01"])
def test_a_machine_is_told_of_a_period_that_is_none(period: str) -> None:
    response = _put(period, b'{"value": 1}')
    assert (response.status_code, json.loads(response.content)["error"]) == (422, "period")


def _put(period: str, body: bytes, **more: Any) -> Any:
    metric = make.metric(code="calls")
    _row, secret = make_token(
        name="Calls", metrics=[metric], expires_on=dt.date(2199, 1, 1), by="a", now=make.moment()
    )
    client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)
    address = f"/api/v1/metrics/calls/observations/{period}"
    return client.put(address, body, content_type="application/json", **more)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/worksheets/sheet1.xml", f'<c r="A1" s="{"9" * 5_000}"/>'),
        ("xl/styles.xml", f'<cellXfs><xf numFmtId="{"9" * 5_000}"/></cellXfs>'),
        ("xl/worksheets/sheet1.xml", "<c " * 300_000),
        ("xl/worksheets/sheet1.xml", '<row r="1"><c r="A99999999999999999999"/></row>'),
        ("xl/worksheets/sheet1.xml", '<row r="1"><c r="xfd1048576"/></row>'),
        ("xl/worksheets/sheet1.xml", '<row r="1"><c x=">" r = "XFD1048576"/></row>'),
        ("xl/Worksheets/Sheet1.xml", '<row r="1"><c r="XFD1048576"/></row>'),
        ("elsewhere.bin", '<row r="1"><c r="XFD1048576"/></row>'),
        ("xl/styles.xml", "<cellXfs " * 300_000),
        ("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
    ],
)
def test_a_workbook_that_was_tampered_with_is_refused(part: str, text: str) -> None:
    relation = '<Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
    parts = {
        "xl/workbook.xml": '<sheets><sheet name="a" r:id="r1"/></sheets>',
        "xl/_rels/workbook.xml.rels": relation,
        "xl/worksheets/sheet1.xml": '<c r="A1" s="0"/>',
        "xl/styles.xml": '<cellXfs><xf numFmtId="9"/></cellXfs>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (parts | {part: text}).items():
            archive.writestr(name, content)
    with pytest.raises(FileRefused):
        read(target.getvalue(), "values.xlsx")
