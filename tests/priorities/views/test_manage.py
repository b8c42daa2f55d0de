"""Plan work: every form shows beforehand what it changes, and writes it through its action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from priorities.enums import Lifecycle
from priorities.models import (
    Baseline,
    ChangeEvent,
    Division,
    Initiative,
    Metric,
    Milestone,
    Plan,
    Priority,
    ReportingPeriod,
    Target,
)
from priorities.queries.history import verify
from tests import factories as make
from tests.doors import manage as doors
from tests.priorities.views.managing import administrator, look, save, text
from tests.test_permission_matrix import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _july_2022() -> Iterator[None]:
    with time_machine.travel(make.at(2022, 7, 15), tick=False):
        yield


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"priorities:manage-{name}", kwargs=kwargs)


def of(row: Initiative) -> dict[str, str]:
    return {"plan": row.plan.code, "initiative": row.code}


def newest() -> ChangeEvent:
    return ChangeEvent.objects.latest("sequence")


def test_every_page_opens_for_a_plan_administrator() -> None:
    client = administrator()
    statuses = {
        name: client.get(reverse(f"priorities:{name}", kwargs=row.kwargs)).status_code
        for name, row in doors.rows(world()).items()
    }
    assert set(statuses.values()) == {200}


# ── Plans ────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_is_added_as_a_draft_and_the_public_sees_nothing_of_it() -> None:
    make.organization()
    client = administrator()
    typed = {"title": "Plan 2024-2026", "period_start": "2024-01-01", "period_end": "2026-12-31"}
    preview = look(client, url("plan-add"), **typed)
    assert "The public will see nothing of this" in text(preview)
    assert not Plan.objects.exists()
    response = save(client, url("plan-add"), **typed)
    plan = Plan.objects.get()
    assert (plan.code, plan.state, plan.title) == ("plan-2024-2026", "draft", "Plan 2024-2026")
    assert response.headers["Location"] == url("plan", plan="plan-2024-2026")
    assert (newest().kind, newest().public, newest().entered_by) == ("created", False, "web")


def test_a_plan_is_edited_and_the_preview_says_old_and_new() -> None:
    plan = make.plan(tagline="Before")
    client = administrator()
    address = url("plan-edit", plan=plan.code)
    preview = text(look(client, address, tagline="After", reason="A better one."))
    assert "This is what the public will see" in preview
    assert "Before</del>" in preview
    assert "After</ins>" in preview
    assert "A better one." in preview
    assert f'href="{plan.get_absolute_url()}"' in preview  # type: ignore[attr-defined]
    save(client, address, tagline="After", reason="A better one.")
    assert Plan.objects.get().tagline == "After"
    assert (newest().fields, newest().reason) == ({"tagline": ["Before", "After"]}, "A better one.")


def test_a_long_text_is_compared_word_by_word() -> None:
    text_before = "The agency brings the services of the City to where residents are, by phone, "
    plan = make.plan(vision=text_before + "by mail and in person, every day.")
    vision = text_before + "on the web and in person, every day."
    preview = look(administrator(), url("plan-edit", plan=plan.code), vision=vision)
    (line,) = preview.context["telling"].public[0].lines
    assert [(piece.mark, piece.text) for piece in line.pieces] == [
        ("", text_before),
        ("del", "by mail "),
        ("ins", "on the web "),
        ("", "and in person, every day."),
    ]


def test_looking_saves_nothing() -> None:
    plan = make.plan(tagline="Before")
    client = administrator()
    before = ChangeEvent.objects.count()
    look(client, url("plan-edit", plan=plan.code), tagline="After")
    assert (Plan.objects.get().tagline, ChangeEvent.objects.count()) == ("Before", before)
    assert verify().count == 0


def test_a_form_that_changes_nothing_says_so() -> None:
    plan = make.plan()
    response = look(administrator(), url("plan-edit", plan=plan.code))
    assert "Nothing would change." in text(response)


def test_publishing_a_plan_says_what_becomes_public_and_what_it_lacks() -> None:
    plan = make.plan(state="draft")
    make.initiative(plan=plan)
    make.initiative(plan=plan, visibility="internal")
    client = administrator()
    address = url("plan-state", plan=plan.code)
    lacks = (
        "It has no reporting periods, so nothing would ever be due. 2 initiatives have no owner."
    )
    assert client.get(address).context["desk"].notice.text == lacks
    preview = text(look(client, address, state="active"))
    assert "The plan becomes public, with all its priorities and 1 initiative." in preview
    save(client, address, state="active")
    assert (Plan.objects.get().state, newest().kind) == ("active", "published")


def test_closing_a_plan_asks_when_and_why() -> None:
    plan = make.plan()
    client = administrator()
    address = url("plan-state", plan=plan.code)
    refused = look(client, address, state="closed", closed_on="")
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"closed_on", "reason"}
    save(client, address, state="closed", closed_on="2022-07-14", reason="Succeeded.")
    plan.refresh_from_db()
    assert (plan.state, plan.closed_on) == ("closed", dt.date(2022, 7, 14))
    save(client, address, state="active", reason="Too early.")
    plan.refresh_from_db()
    assert (plan.state, plan.closed_on) == ("active", None)


def test_a_priority_is_added_last_and_retired() -> None:
    first = make.priority()
    plan, client = first.plan, administrator()
    save(client, url("priority-add", plan=plan.code), name="Data", code="2")
    row = Priority.objects.get(code="2")
    assert (row.order, row.name) == (2, "Data")
    address = url("priority", plan=plan.code, priority="2")
    save(client, address, retired_on="2022-07-01", reason="Done.")
    row.refresh_from_db()
    assert row.retired_on == dt.date(2022, 7, 1)


def test_periods_are_laid_out_and_moved() -> None:
    plan = make.plan()
    client = administrator()
    save(client, url("period-add", plan=plan.code), calendar="quarter")
    assert ReportingPeriod.objects.count() == 8
    row = ReportingPeriod.objects.get(end=dt.date(2022, 9, 30))
    save(client, url("period", period=row.pk), due_on="2022-10-20", reason="A holiday.")
    row.refresh_from_db()
    assert row.due_on == dt.date(2022, 10, 20)


def test_a_division_is_added_renamed_and_never_part_of_itself() -> None:
    client = administrator()
    save(client, url("division-add"), name="Operations", code="")
    row = Division.objects.get()
    assert row.code == "operations"
    below = make.division(parent=row)
    address = url("division", division="operations")
    refused = look(client, address, parent=str(below.pk))
    assert refused.status_code == 422
    assert "A division cannot be part of itself." in text(refused)
    save(client, address, name="Operations and Support")
    row.refresh_from_db()
    assert row.name == "Operations and Support"


# ── Initiatives and milestones ───────────────────────────────────────────────────────────────


def test_an_initiative_is_added_last_under_its_priority() -> None:
    first = make.initiative(order=7)
    address = url("initiative-add", plan=first.plan.code)
    save(administrator(), address, name="New site", priority=str(first.priority_id))
    row = Initiative.objects.get(code="new-site")
    assert (row.order, row.priority, row.plan) == (8, first.priority, first.plan)


def test_nothing_new_is_put_under_what_is_retired_or_ended() -> None:
    row = make.initiative(lead_division=make.division(name="Present"))
    make.priority(plan=row.plan, name="Retired", retired_on=dt.date(2022, 6, 30))
    make.division(name="Ended", ended_on=dt.date(2022, 6, 30))
    form = administrator().get(url("initiative-add", plan=row.plan.code)).context["form"]
    offered = [
        str(one) for name in ("priority", "lead_division") for one in form.fields[name].queryset
    ]
    assert offered == [str(row.priority), "Present"]


def test_an_internal_initiative_is_said_to_be_internal() -> None:
    row = make.initiative(visibility="internal", summary="Old")
    preview = text(look(administrator(), url("initiative-edit", **of(row)), summary="New"))
    assert "The public will see nothing of this" in preview
    assert "Save and publish" not in preview


def test_hiding_an_initiative_says_that_the_hiding_is_told() -> None:
    row = make.initiative()
    address = url("initiative-edit", **of(row))
    preview = look(administrator(), address, visibility="internal")
    assert "is taken off the public site" in text(preview)
    assert [page.label for page in preview.context["telling"].pages] == [
        "Strategic priority: Priority 1",
        "Plan: Strategic Plan 2022-2023",
    ]


def test_a_page_that_is_not_there_yet_is_named_without_a_link() -> None:
    row = make.initiative(visibility="internal", name="Cloud")
    address = url("initiative-edit", **of(row))
    preview = look(administrator(), address, visibility="public")
    page = preview.context["telling"].pages[0]
    assert (page.label, page.url) == ("Initiative: Cloud", "")
    assert "“Cloud” appears on the public site." in text(preview)


def test_a_milestone_is_added_re_dated_with_a_reason_and_keeps_its_first_date() -> None:
    row = make.initiative()
    client = administrator()
    save(client, url("milestone-add", **of(row)), name="Launch", due_on="2022-09-30")
    step = Milestone.objects.get()
    address = url("milestone", milestone=step.pk)
    assert "reason" in look(client, address, due_on="2022-12-31").context["form"].errors
    save(client, address, due_on="2022-12-31", reason="The vendor is late.")
    step.refresh_from_db()
    assert (step.due_on, step.original_due_on) == (dt.date(2022, 12, 31), dt.date(2022, 9, 30))


def test_an_initiative_is_merged_into_another_and_taken_up_again() -> None:
    row, heir = make.initiative(), make.initiative()
    make.periods()
    client = administrator()
    address = url("initiative-close", **of(row))
    typed = {"lifecycle": "merged", "closed_on": "2022-07-01", "reason": "One team."}
    assert "successor" in look(client, address, **typed).context["form"].errors
    save(client, address, **typed, successor=str(heir.pk))
    last = row.updates.get()
    said = (last.lifecycle, last.successor, last.closed_on, last.narrative, last.state)
    assert said == (Lifecycle.MERGED, heir, dt.date(2022, 7, 1), "One team.", "published")
    save(client, url("initiative-reopen", **of(row)), health="on_track", reason="Split again.")
    assert row.updates.latest("pk").lifecycle == Lifecycle.IN_PROGRESS


def test_closing_needs_a_period_that_has_begun() -> None:
    row = make.initiative()
    response = administrator().get(url("initiative-close", **of(row)))
    assert "Lay out its calendar first." in text(response)


# ── Metrics, targets, baselines ──────────────────────────────────────────────────────────────


def test_a_metric_is_added_with_what_it_informs() -> None:
    row = make.initiative()
    typed = {
        "name": "Calls answered",
        "kind": "percent",
        "direction": "increase",
        "calendar": "quarter",
        "initiatives": [str(row.pk)],
        "priorities": [str(row.priority_id)],
    }
    save(administrator(), url("metric-add"), **typed)
    metric = Metric.objects.get()
    assert (metric.code, list(metric.initiatives.all())) == ("calls-answered", [row])


def test_links_of_a_metric_are_named_in_the_preview() -> None:
    row = make.initiative(name="The cloud")
    metric = make.metric()
    address = url("metric-edit", metric=metric.code)
    assert "The cloud</ins>" in text(look(administrator(), address, initiatives=[str(row.pk)]))


TARGET = {
    "value": "95",
    "period": "",
    "by_date": "2023-06-30",
    "adopted_on": "2022-07-01",
    "reason": "The council wants more.",
    "authority": "Budget 2022-23",
}


def test_a_new_target_replaces_the_old_one_which_stays() -> None:
    metric = make.metric()
    old = make.target(90, end=dt.date(2023, 6, 30))
    client = administrator()
    address = url("target-add", metric=metric.code)
    preview = text(look(client, address, **TARGET))
    assert "90</del>" in preview
    assert "95</ins>" in preview
    save(client, address, **TARGET)
    new = Target.objects.get(supersedes=old)
    assert (new.value, new.authority, new.reason) == (
        Decimal(95),
        "Budget 2022-23",
        "The council wants more.",
    )
    page = text(client.get(url("metric", metric=metric.code)))
    assert page.index("In force") < page.index("Replaced on 15 Jul 2022")


@pytest.mark.parametrize("name", ["adopted_on", "reason", "authority", "value"])
def test_a_target_says_from_when_because_and_by_authority_of_what(name: str) -> None:
    metric = make.metric()
    address = url("target-add", metric=metric.code)
    assert set(look(administrator(), address, **TARGET | {name: ""}).context["form"].errors) == {
        name
    }


def test_a_target_is_for_a_period_or_by_a_date() -> None:
    metric = make.metric()
    client = administrator()
    address = url("target-add", metric=metric.code)
    both = TARGET | {"period": "2022-10-01/2022-12-31"}
    assert set(look(client, address, **both).context["form"].errors) == {"period"}
    save(client, address, **both | {"by_date": ""})
    row = Target.objects.get()
    assert (row.period_start, row.period_end) == (dt.date(2022, 10, 1), dt.date(2022, 12, 31))


def test_a_metric_within_a_range_asks_for_both_ends() -> None:
    metric = make.metric(direction="maintain_range")
    address = url("target-add", metric=metric.code)
    save(administrator(), address, **TARGET | {"low": "10", "high": "20"})
    row = Target.objects.get()
    assert (row.value, row.low, row.high) == (None, Decimal(10), Decimal(20))


def test_a_second_baseline_needs_a_reason_and_the_first_stays() -> None:
    metric = make.metric()
    make.baseline(40)
    client = administrator()
    address = url("baseline-add", metric=metric.code)
    typed = {"value": "42", "on": "2021-12-31"}
    assert set(look(client, address, **typed).context["form"].errors) == {"reason"}
    save(client, address, **typed, reason="Counted anew.")
    assert Baseline.objects.count() == 2
    assert Baseline.objects.get(superseded_by__isnull=True).value == 42
