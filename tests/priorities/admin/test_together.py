"""Two windows on one row: what the other one saved is not put back, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from priorities.actions import initiatives, metrics
from priorities.models import ChangeEvent, Metric
from tests import factories as make
from tests.priorities.admin.browsing import change_page, errors_of, read_form
from tests.priorities.admin.test_saving import CHANGED

pytestmark = pytest.mark.django_db

Send = Callable[..., HttpResponse]


def others_write(row: Metric, **changes: Any) -> None:
    metrics.revise_metric(metric=row, changes=changes, by="Ann Other", now=make.at(2022, 7, 15))


@pytest.mark.parametrize(("row", "typed"), [row[:2] for row in CHANGED], ids=range(len(CHANGED)))
def test_a_page_opened_earlier_does_not_put_the_old_values_back(
    door: Client, send: Send, row: Callable[[], Any], typed: dict[str, Any]
) -> None:
    kept = row()
    opened = read_form(door.get(change_page(kept)))
    assert errors_of(send(change_page(kept), **typed)) == ""
    before = ChangeEvent.objects.count()
    answer = door.post(change_page(kept), opened)
    assert "You saved this in another window" in errors_of(answer)
    assert ChangeEvent.objects.count() == before


def test_who_came_second_is_told_what_changed_and_keeps_what_was_typed(door: Client) -> None:
    row = make.metric(definition="Before")
    opened = read_form(door.get(change_page(row)))
    others_write(row, definition="Theirs")
    answer = door.post(change_page(row), opened | {"name": "Mine"})
    assert "Ann Other saved this meanwhile: Definition. Nothing was saved" in errors_of(answer)
    assert 'value="Mine"' in answer.content.decode()
    row.refresh_from_db()
    assert (row.name, row.definition) == ("Metric 1", "Theirs")


def test_the_refused_page_is_refused_again_and_the_page_as_it_is_now_is_saved(
    door: Client, send: Send
) -> None:
    row = make.metric(definition="Before")
    opened = read_form(door.get(change_page(row)))
    others_write(row, definition="Theirs")
    refused = door.post(change_page(row), opened | {"name": "Mine"})
    assert "meanwhile" in errors_of(door.post(change_page(row), read_form(refused)))
    assert errors_of(send(change_page(row), name="Mine")) == ""
    row.refresh_from_db()
    assert (row.name, row.definition) == ("Mine", "Theirs")


def test_what_a_mistake_of_ones_own_sent_back_is_still_compared(door: Client) -> None:
    row = make.metric(definition="Before")
    opened = read_form(door.get(change_page(row)))
    mistaken = door.post(change_page(row), opened | {"name": ""})
    others_write(row, definition="Theirs")
    answer = door.post(change_page(row), read_form(mistaken) | {"name": "Mine"})
    assert "meanwhile" in errors_of(answer)


def test_a_row_below_that_was_changed_on_its_own_page_is_not_put_back(door: Client) -> None:
    row = make.milestone(name="Before")
    opened = read_form(door.get(change_page(row.initiative)))
    initiatives.revise_milestone(
        milestone=row, changes={"name": "Theirs"}, by="Ann Other", now=make.at(2022, 7, 15)
    )
    answer = door.post(change_page(row.initiative), opened | {"summary": "Mine"})
    assert f"Ann Other saved this meanwhile: {row.item_code}." in errors_of(answer)
    row.refresh_from_db()
    assert row.name == "Theirs"


def test_a_value_recorded_meanwhile_is_no_conflict(door: Client) -> None:
    row = make.metric()
    opened = read_form(door.get(change_page(row)))
    make.observation(10, metric=row)
    assert errors_of(door.post(change_page(row), opened | {"name": "Mine"})) == ""


def test_a_form_that_does_not_say_what_it_was_made_from_is_refused(send: Send) -> None:
    row = make.metric()
    assert "Nothing was saved now" in errors_of(send(change_page(row), name="Mine", seen=None))


def test_of_two_people_with_one_name_nobody_is_said_to_have_saved_it_themselves(
    door: Client, send: Send, system_administrator: User
) -> None:
    make.person(email="second@example.org", name=system_administrator.name)
    row = make.metric()
    opened = read_form(door.get(change_page(row)))
    send(change_page(row), name="Theirs")
    answer = door.post(change_page(row), opened)
    assert "Root saved this meanwhile: Name." in errors_of(answer)
