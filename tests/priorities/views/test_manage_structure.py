"""Order and size of a plan, and what its lists ask of the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from priorities.actions import ordering
from priorities.models import (
    ChangeEvent,
    Initiative,
    Metric,
    Plan,
    Priority,
)
from priorities.queries.history import verify
from priorities.queries.structure import live_items
from tests import factories as make
from tests.priorities.views.managing import administrator, fields, look, save, text

pytestmark = pytest.mark.django_db

ACT: dict[str, Any] = {"by": "a test", "now": make.at(2022, 7, 15)}
NEXT = {
    "code": "next",
    "title": "Next plan",
    "period_start": dt.date(2024, 1, 1),
    "period_end": dt.date(2026, 12, 31),
}


@pytest.fixture(autouse=True)
def _july_2022() -> Iterator[None]:
    with time_machine.travel(make.at(2022, 7, 15), tick=False):
        yield


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"priorities:manage-{name}", kwargs=kwargs)


# ── Order ────────────────────────────────────────────────────────────────────────────────────


def three() -> list[Priority]:
    return [make.priority(code=code, name=name) for code, name in zip("abc", "ABC", strict=True)]


def codes() -> list[str]:
    return list(Priority.objects.order_by("order").values_list("code", flat=True))


def test_an_order_is_typed_as_numbers() -> None:
    rows = three()
    plan = rows[0].plan
    typed = {f"place_{row.pk}": str(at) for row, at in zip(rows, (3, 1, 2), strict=True)}
    save(administrator(), url("plan-order", plan=plan.code), **typed)
    assert codes() == ["b", "c", "a"]


def test_a_button_moves_a_row_and_saves_nothing_yet() -> None:
    rows = three()
    client, address = administrator(), url("plan-order", plan=rows[0].plan.code)
    sent = fields(client, address) | {"move": f"down:{rows[0].pk}"}
    response = client.post(address, sent)
    assert [row.code for row in response.context["form"].ordered()] == ["b", "a", "c"]
    page = text(response)
    assert page.index("Move B up") < page.index("Move A up") < page.index("Move C up")
    assert codes() == ["a", "b", "c"]


def test_the_moved_row_keeps_the_focus_where_pages_are_loaded_anew() -> None:
    rows = three()
    client, address = administrator(), url("plan-order", plan=rows[0].plan.code)
    response = client.post(address, fields(client, address) | {"move": f"down:{rows[0].pk}"})
    assert f'value="down:{rows[0].pk}" data-order-move="down" autofocus' in text(response)


def test_the_preview_of_an_order_names_it() -> None:
    rows = three()
    preview = look(
        administrator(),
        url("plan-order", plan=rows[0].plan.code),
        **{f"place_{rows[2].pk}": "1", f"place_{rows[0].pk}": "2", f"place_{rows[1].pk}": "3"},
    )
    assert preview.context["steps"] == ["C", "A", "B"]


def test_an_order_over_a_list_that_has_changed_is_refused() -> None:
    rows = three()
    with pytest.raises(ValidationError, match="Something was added"):
        ordering.reorder(rows=rows[:2], **ACT)
    client, address = administrator(), url("plan-order", plan=rows[0].plan.code)
    opened = fields(client, address)
    make.priority(code="d", name="D", plan=rows[0].plan)
    response = client.post(address, opened | {f"place_{rows[0].pk}": "9", "step": "look"})
    assert response.status_code == 409


def test_only_what_moves_is_told() -> None:
    rows = three()
    before = ChangeEvent.objects.count()
    assert ordering.reorder(rows=[rows[1], rows[0], rows[2]], **ACT) == 2
    assert ChangeEvent.objects.count() == before + 2
    assert verify().count == 0


def test_initiatives_are_ordered_within_their_priority() -> None:
    first, second = make.initiative(order=1), make.initiative(order=2)
    address = url("priority-order", plan=first.plan.code, priority=first.priority.code)
    save(administrator(), address, **{f"place_{first.pk}": "2", f"place_{second.pk}": "1"})
    assert list(Initiative.objects.order_by("order")) == [second, first]


def test_metrics_have_one_order_among_them_all() -> None:
    first, second = make.metric(order=1), make.metric(order=2)
    save(
        administrator(),
        url("metrics-order"),
        **{f"place_{second.pk}": "1", f"place_{first.pk}": "2"},
    )
    assert list(Metric.objects.order_by("order")) == [second, first]


# ── Size ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("live", "words"),
    [
        (19, None),
        (20, "This plan has 20 live items."),
        (59, "This plan has 59 live items."),
        (60, "This plan has 60 live items, more than agencies keep up."),
    ],
)
def test_from_20_and_from_60_live_items_it_is_warned_of_what_that_does(
    live: int, words: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make.plan()
    client = administrator()
    for room in ("plans", "initiatives", "metrics"):
        monkeypatch.setattr(f"priorities.views.manage.{room}.live_items", lambda _plan: live)
    for name in ("initiative-add", "priority-add"):
        notice = client.get(url(name, plan=plan.code)).context["desk"].notice
        assert (notice.title if notice else None) == words
    notice = client.get(url("metric-add")).context["desk"].notice
    assert (notice.title if notice else None) == words


def test_closed_initiatives_and_retired_metrics_are_not_counted_as_live() -> None:
    row = make.initiative()
    make.metric(initiatives=[row])
    make.metric(initiatives=[row], retired_on=dt.date(2022, 6, 30))
    make.metric()
    make.close(initiative=make.initiative())
    assert live_items(row.plan) == 2


@pytest.mark.parametrize(
    ("owned", "words"),
    [
        ([False], "1 initiative</b>, without an owner; 1 metric."),
        ([True], "1 initiative</b>; 1 metric."),
        ([True, False, False], "3 initiatives</b>, 2 of them without an owner; 1 metric."),
    ],
)
def test_of_initiatives_alone_it_is_said_how_many_have_no_owner(
    owned: list[bool], words: str
) -> None:
    plan = make.plan()
    for each in owned:
        row = make.initiative(plan=plan)
        if each:
            make.owner(item=row)
    make.metric(initiatives=[row])
    assert words in text(administrator().get(url("plan", plan=plan.code)))


def test_what_is_over_needs_no_owner_on_either_page() -> None:
    plan = make.plan()
    make.initiative(plan=plan)
    make.close(initiative=make.initiative(plan=plan))
    client = administrator()
    assert "1 of them without an owner;" in text(client.get(url("plan", plan=plan.code)))
    assert ">1 of them without an owner<" in text(client.get(reverse("priorities:manage")))


@pytest.mark.parametrize(
    ("number", "words"), [(1, ">1 open milestone<"), (2, ">2 open milestones<")]
)
def test_open_milestones_are_called_milestones(number: int, words: str) -> None:
    row = make.initiative()
    for _each in range(number):
        make.milestone(initiative=row)
    client = administrator()
    assert words in text(client.get(url("plan", plan=row.plan.code)))
    address = url("milestone-add", plan=row.plan.code, initiative=row.code)
    assert str(client.get(address).context["form"].groups[0].title) == "Milestone"


# ── Statements ───────────────────────────────────────────────────────────────────────────────


def fill(rows: int) -> Plan:
    """A plan with so many of each thing that a list shows."""
    plan = make.plan()
    for _each in range(rows):
        top = make.priority(plan=plan)
        row = make.initiative(priority=top, lead_division=make.division())
        make.owner(item=row)
        make.milestone(initiative=row)
        make.report(initiative=row)
        make.owner(item=make.metric(initiatives=[row], lead_division=row.lead_division))
        make.target()
        make.baseline()
    return plan


def asked(client: Client, address: str) -> int:
    """How many statements a page takes, with those of who asks and of the frame."""
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_statements_whatever_their_length(rows: int) -> None:
    plan = fill(rows)
    row, metric = Initiative.objects.earliest("pk"), Metric.objects.earliest("pk")
    client = administrator()
    addresses = {
        "overview": reverse("priorities:manage"),
        "plan": url("plan", plan=plan.code),
        "metrics": url("metrics"),
        "periods": url("periods", plan=plan.code),
        "order": url("plan-order", plan=plan.code),
        "carry-over": url("carry-over", plan=plan.code),
        "initiative": url("initiative", plan=plan.code, initiative=row.code),
        "metric": url("metric", metric=metric.code),
        "metric-edit": url("metric-edit", metric=metric.code),
        "metrics-order": url("metrics-order"),
    }
    client.get(addresses["overview"])
    # Who asks and the frame are the same for all; the list of divisions adds one statement.
    around = asked(client, url("divisions")) - 1
    counts = {name: asked(client, address) - around for name, address in addresses.items()}
    assert counts == STATEMENTS


STATEMENTS = {
    "overview": 6,
    "plan": 11,
    "metrics": 4,
    "periods": 2,
    "order": 3,
    "carry-over": 7,
    "initiative": 9,
    "metric": 9,
    "metric-edit": 9,
    "metrics-order": 2,
}
