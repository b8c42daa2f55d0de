"""Order, size and the next plan: what changes many items at once."""

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

from priorities.actions import carrying, ordering
from priorities.models import (
    Assignment,
    ChangeEvent,
    Initiative,
    Metric,
    Milestone,
    Observation,
    Plan,
    Priority,
    StatusUpdate,
    Target,
)
from priorities.queries.history import verify
from priorities.queries.structure import live_items
from tests import factories as make
from tests.priorities.views.managing import administrator, fields, hidden, look, save, text

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


# ── The next plan ────────────────────────────────────────────────────────────────────────────


def old_plan() -> Initiative:
    """A plan with one of everything that may, and may not, go on."""
    division = make.division()
    make.plan(requires_review=True, grace_days=20, priority_label="Goal")
    top = make.priority(name="Service", summary="For all")
    row = make.initiative(
        name="Cloud",
        code="cloud",
        lead_division=division,
        related_priorities=[top],
        supporting_divisions=[division],
        tags=["it"],
        end=dt.date(2025, 6, 30),
    )
    make.milestone()
    make.budget_line()
    make.owner()
    make.metric(initiatives=[row], priorities=[top])
    make.observation()
    make.target()
    return row


def carried(**values: Any) -> Plan:
    old = Initiative.objects.filter(code="cloud").earliest("pk")
    defaults: dict[str, Any] = {
        "plan": old.plan,
        "into": NEXT,
        "initiatives": [old],
        "metrics": Metric.objects.all(),
    }
    return carrying.carry_over(**defaults | values, **ACT)


def test_structure_goes_on_and_says_what_it_was_carried_over_from() -> None:
    old = old_plan()
    new = carried()
    copy = new.initiatives.get()
    assert (new.state, new.predecessor, new.priority_label) == ("draft", old.plan, "Goal")
    assert (new.requires_review, new.grace_days) == (True, 20)
    assert (copy.carried_from, copy.code, copy.name, copy.tags) == (old, "cloud", "Cloud", ["it"])
    assert (copy.priority.plan, copy.priority.name) == (new, "Service")
    assert list(copy.related_priorities.all()) == [copy.priority]
    assert list(copy.supporting_divisions.all()) == [old.lead_division]
    assert copy.end == dt.date(2025, 6, 30)


def test_a_metric_goes_on_with_its_old_links_and_new_ones() -> None:
    old = old_plan()
    new = carried()
    metric = Metric.objects.get()
    assert set(metric.initiatives.all()) == {old, new.initiatives.get()}
    assert set(metric.priorities.all()) == {old.priority, new.priorities.get()}


def test_no_fact_is_copied() -> None:
    old_plan()
    counted: list[Any] = [Observation, Target, StatusUpdate, Milestone, Assignment]
    before = [model.objects.count() for model in counted]
    new = carried()
    assert [model.objects.count() for model in counted] == before
    assert new.initiatives.get().budget_lines.count() == 0


def test_an_end_before_the_new_plan_is_not_copied() -> None:
    old_plan()
    new = carried(into=NEXT | {"period_start": dt.date(2025, 7, 1)})
    assert new.initiatives.get().end is None


def test_carrying_over_is_one_act_with_an_event_for_each_row() -> None:
    old_plan()
    before = ChangeEvent.objects.count()
    carried()
    events = list(ChangeEvent.objects.order_by("sequence"))[before:]
    told = [(event.item_type, event.kind, event.public) for event in events]
    assert told == [
        ("plan", "created", False),
        ("priority", "created", False),
        ("initiative", "created", False),
        ("metric", "revised", False),
    ]
    assert {event.at for event in events} == {ACT["now"]}
    assert verify().count == 0


def test_nothing_public_names_a_plan_that_is_still_a_draft() -> None:
    old = old_plan()
    carried(into=NEXT | {"code": "still-secret", "title": "Still secret"})
    public, metric = Client(), Metric.objects.get()
    changes = reverse("dashboards:changes", kwargs={"plan": old.plan.code})
    pages = [
        old.get_absolute_url(),  # type: ignore[attr-defined]
        metric.get_absolute_url(),  # type: ignore[attr-defined]
        changes,
    ]
    twins = [page.rstrip("/") + ".json" for page in pages]
    for page in (*pages, *twins):
        response = public.get(page)
        assert (page, response.status_code) == (page, 200)
        assert "secret" not in text(response)


def test_what_was_carried_over_before_is_left_as_it_is() -> None:
    old = old_plan()
    new = carried()
    before = ChangeEvent.objects.count()
    carried(into=new)
    assert (new.initiatives.count(), ChangeEvent.objects.count()) == (1, before)
    make.initiative(code="later", plan=old.plan, priority=old.priority, now=ACT["now"])
    later = Initiative.objects.get(code="later")
    carried(into=new, initiatives=[later])
    assert (new.initiatives.count(), new.priorities.count()) == (2, 1)


@pytest.mark.parametrize(
    ("state", "words"), [("closed", "That plan is over"), ("archived", "That plan is over")]
)
def test_nothing_is_carried_into_a_plan_that_is_over(state: str, words: str) -> None:
    old_plan()
    closed = make.plan(code="over", state=state, closed_on=dt.date(2022, 7, 1))
    with pytest.raises(ValidationError, match=words):
        carried(into=closed)


def test_nothing_is_carried_from_elsewhere_or_into_itself() -> None:
    old = old_plan()
    other = make.initiative(plan=make.plan(code="other"))
    heir = make.plan(code="heir", predecessor=other.plan, state="draft")
    with pytest.raises(ValidationError, match="of the plan that is carried over"):
        carried(initiatives=[other])
    with pytest.raises(ValidationError, match="into itself"):
        carried(into=old.plan)
    with pytest.raises(ValidationError, match="succeeds another plan"):
        carried(into=heir)


def test_a_refusal_in_the_middle_leaves_nothing_behind() -> None:
    old = old_plan()
    new = make.plan(code="there", state="draft")
    make.initiative(code="cloud", plan=new)
    before = ChangeEvent.objects.count()
    with pytest.raises(ValidationError, match="with that code already"):
        carried(into=new)
    new.refresh_from_db()
    assert (new.predecessor, ChangeEvent.objects.count()) == (None, before)
    assert old.carried_to.count() == 0


def test_the_page_suggests_what_is_unfinished_and_carries_it_over() -> None:
    old = old_plan()
    done = make.initiative(code="done", plan=old.plan, priority=old.priority)
    make.periods(plan=old.plan)
    make.close(initiative=done)
    client = administrator()
    address = url("carry-over", plan=old.plan.code)
    page = client.get(address)
    (branch,) = page.context["form"].tree()
    assert [(one.label, one.ticked) for one in branch.work] == [("Cloud", True), ("Done", False)]
    typed = {
        "into": "new",
        "title": "Next plan",
        "period_start": "2024-01-01",
        "period_end": "2026-12-31",
        "initiatives": [str(old.pk)],
        "metrics": [str(Metric.objects.get().pk)],
    }
    preview = look(client, address, **typed)
    assert "Cloud" in text(preview)
    assert not Plan.objects.filter(code="next-plan").exists()
    client.post(address, hidden(preview) | {"step": "save"})
    assert [row.code for row in Initiative.objects.filter(plan__code="next-plan")] == ["cloud"]
    assert verify().count == 0


def test_the_public_reads_where_an_initiative_goes_on_once_the_new_plan_is_public() -> None:
    old = old_plan()
    new = carried()
    public = Client()
    address = old.get_absolute_url()  # type: ignore[attr-defined]
    assert "Next plan" not in text(public.get(address))
    save(administrator(), url("plan-state", plan=new.code), state="active")
    assert "Carried on in" in text(public.get(address))


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
    """How many statements a page takes, its frame apart, which has its own test."""
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_statements_whatever_their_length(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("itaportal.frame.build_staff_chrome", lambda _request: None)
    plan = fill(rows)
    row, metric = Initiative.objects.earliest("pk"), Metric.objects.earliest("pk")
    client = administrator()
    addresses = {
        "overview": reverse("priorities:manage"),
        "plan": url("plan", plan=plan.code),
        "metrics": url("metrics"),
        "divisions": url("divisions"),
        "periods": url("periods", plan=plan.code),
        "order": url("plan-order", plan=plan.code),
        "carry-over": url("carry-over", plan=plan.code),
        "initiative": url("initiative", plan=plan.code, initiative=row.code),
        "metric": url("metric", metric=metric.code),
        "metric-edit": url("metric-edit", metric=metric.code),
    }
    client.get(addresses["overview"])
    counts = {name: asked(client, address) for name, address in addresses.items()}
    assert counts == STATEMENTS


#: The session, the person, their rights and the moment are the first five of each.
STATEMENTS = {
    "overview": 11,
    "plan": 16,
    "metrics": 9,
    "divisions": 6,
    "periods": 7,
    "order": 8,
    "carry-over": 12,
    "initiative": 12,
    "metric": 14,
    "metric-edit": 14,
}
