"""Structure goes on in the next plan: wording and links, never facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from priorities.actions import carrying
from priorities.models import (
    Assignment,
    ChangeEvent,
    Initiative,
    Metric,
    Milestone,
    Observation,
    Plan,
    StatusUpdate,
    Target,
)
from priorities.queries.history import verify
from tests import factories as make
from tests.priorities.views.managing import administrator, hidden, look, save, text

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
    assert preview.context["telling"].counted == (
        "Added: 1 plan, 1 strategic priority and 1 initiative. Changed: 1 metric."
    )
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
