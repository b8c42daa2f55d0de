"""The history of one item: every public event in words, by whom, and where it stands."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from dashboards.pages import history as page
from priorities.actions import initiatives, metrics, observations, plans
from priorities.enums import Health, PlanState, Role, Visibility
from priorities.models import ChangeEvent, Initiative
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]

Read = Callable[[str], dict[str, Any]]
PLAN = "/plans/ita-2022-2023/"
OF = {
    "plan": f"{PLAN}history",
    "priority": f"{PLAN}priorities/1/history",
    "initiative": f"{PLAN}initiatives/a/history",
    "metric": "/metrics/calls/history",
}
EVERY = pytest.mark.parametrize("path", OF.values(), ids=list(OF))


def a_world() -> Initiative:
    """One plan, priority, initiative and metric, each with something to tell."""
    work = make.initiative(code="a", name="Apple", now=make.at(2022, 1, 10))
    make.metric(code="calls", name="Calls", unit="call", now=make.at(2022, 1, 10))
    make.report(initiative=work, now=make.at(2022, 4, 5))
    return work


def shown(client: Client, path: str) -> str:
    """The page with its white space made single."""
    response = client.get(path)
    assert response.status_code == 200, response.content
    return " ".join(response.content.decode().split())


@EVERY
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?as_of=2022-08-01"])
def test_five_statements_whatever_the_size(
    path: str, number: int, query: str, queries: Callable[[str], int]
) -> None:
    work = a_world()
    for _each in range(number):
        make.initiative(now=make.at(2022, 4, 6))
        make.milestone(initiative=work)
        make.observation(5, end=dt.date(2022, 3, 31 - _each))
    assert queries(f"{path}/{query}") == 5


def test_it_holds_every_public_event_about_the_item_and_no_other(read: Read) -> None:
    work = a_world()
    make.milestone(initiative=work, now=make.at(2022, 4, 6))
    make.draft(initiative=work, period=make.period(dt.date(2022, 6, 30)))
    make.initiative(code="b", name="Berry")
    told = ChangeEvent.objects.told()
    for item_type, path in OF.items():
        found = read(f"{path}.json")
        own = told.filter(subject_type=item_type, subject_code=found["item"])
        assert found["item_type"] == item_type
        assert [each["sequence"] for each in found["events"]] == list(
            own.order_by("-sequence").values_list("sequence", flat=True)
        )
        assert found["total"] == len(found["events"]) > 0


def test_an_event_says_what_moved_from_what_to_what_and_why(client: Client, read: Read) -> None:
    work = a_world()
    initiatives.revise_initiative(
        initiative=work,
        changes={"summary": "All of it.", "end": dt.date(2023, 6, 30), "tags": ["fiber"]},
        reason="The council asked for it.",
        by="a",
        now=make.at(2022, 5, 2),
    )
    text = shown(client, f"{OF['initiative']}/")
    assert "<b>Why:</b>" not in text, "the reason stands with the sentence already"
    assert "The council asked for it." in text
    for name, old, new in (
        ("Summary", "nothing", "“All of it.”"),
        ("End", "nothing", "30 Jun 2023"),
        ("Tags", "nothing", "fiber"),
    ):
        assert (
            f'<dt>{name}</dt><dd><span class="usa-sr-only">was</span> <del>{old}</del> <svg' in text
        )
        assert f"<ins>{new}</ins>" in text
    newest = read(f"{OF['initiative']}.json")["events"][0]
    assert newest["fields"]["summary"] == ["", "All of it."]
    assert newest["reason"] == "The council asked for it."


def test_a_question_and_a_frozen_brief_were_nothing_before(client: Client) -> None:
    work = a_world()
    report = work.updates.get()
    make.question(item=work, status_update=report, visibility=Visibility.PUBLIC)
    make.frozen_brief(visibility=Visibility.PUBLIC)
    for path in (OF["initiative"], OF["plan"]):
        text = shown(client, f"{path}/")
        assert "an item that is not public" not in text
        assert "<del>nothing</del>" not in text


def test_an_event_has_its_number_and_its_fingerprint(client: Client, read: Read) -> None:
    a_world()
    newest = read(f"{OF['initiative']}.json")["events"][0]
    event = ChangeEvent.objects.get(sequence=newest["sequence"])
    assert newest["hash"] == event.hash
    text = shown(client, f"{OF['initiative']}/")
    assert f'<li id="event-{event.sequence}">' in text
    assert f'<a href="#event-{event.sequence}">Event {event.sequence}</a>' in text
    assert f"<code>{event.hash[:12]}…</code>" in text
    assert event.hash not in text


def test_who_it_was_is_told_by_role_and_never_by_name(client: Client, read: Read) -> None:
    work = a_world()
    somebody = make.person(name="Marked Person", email="marked@example.org")
    make.grant(Role.PLAN_ADMINISTRATOR, person=somebody)
    act: dict[str, Any] = {"by": somebody, "now": make.at(2022, 5, 2)}
    initiatives.revise_initiative(initiative=work, changes={"name": "Pear"}, **act)
    make.rating(item=work, reviewer=somebody, visibility=Visibility.PUBLIC, **act)
    make.question(item=work, asker=somebody, visibility=Visibility.PUBLIC, **act)
    make.answer(author=somebody, **act)
    text, found = shown(client, f"{OF['initiative']}/"), read(f"{OF['initiative']}.json")
    assert "By Plan administrator · " in text
    assert {"review_rating", "question", "answer"} <= {e["item_type"] for e in found["events"]}
    assert found["events"][0]["by"] == "Plan administrator"
    assert found["events"][-1]["by"] == "ITA", "a command has no role: the agency did it"
    for said in (text, str(found)):
        assert "Marked" not in said
        assert "marked@" not in said


def test_internal_words_appear_nowhere(client: Client, read: Read) -> None:
    """Planted in every place that is not told: each must stay out of page and twin alike."""
    secret = "Zanzibar"
    work = a_world()
    hidden = make.initiative(
        code="zanzibar", name=secret, visibility=Visibility.INTERNAL.value, summary=secret
    )
    make.milestone(initiative=hidden, name=secret)
    draft = make.plan(code="zanzibar-plan", title=secret, state=PlanState.DRAFT.value)
    under = make.priority(plan=draft, code="zanzibar-priority", name=secret)
    metric = make.metric(code="calls-2", name="Calls too", unit="call")
    metrics.revise_metric(
        metric=metric,
        changes={"initiatives": [hidden, work], "priorities": [under, work.priority]},
        by="a",
        now=make.moment(),
    )
    initiatives.revise_initiative(
        initiative=work, changes={"carried_from": hidden}, by="a", now=make.moment()
    )
    make.draft(
        initiative=work, period=make.period(dt.date(2022, 6, 30), plan=work.plan), narrative=secret
    )
    make.offer(item=work, person=make.person(name=secret))
    make.rating(item=work, reason=secret, visibility=Visibility.INTERNAL)
    make.question(item=work, text=secret, visibility=Visibility.INTERNAL)
    make.answer(text=secret)
    for path in (*OF.values(), "/metrics/calls-2/history", f"{PLAN}initiatives/a"):
        for said in (shown(client, f"{path}/"), str(read(f"{path}.json"))):
            assert secret.lower() not in said.lower(), path
    text = shown(client, "/metrics/calls-2/history/")
    assert "<ins>Apple and an item that is not public</ins>" in text


def test_what_is_not_public_has_no_history(client: Client) -> None:
    make.initiative(code="a", visibility=Visibility.INTERNAL.value)
    make.metric(code="calls", visibility=Visibility.INTERNAL.value)
    draft = make.plan(code="draft", state=PlanState.DRAFT.value)
    make.priority(plan=draft, code="1")
    for path in (
        OF["initiative"],
        OF["metric"],
        "/plans/draft/history",
        "/plans/draft/priorities/1/history",
        f"{PLAN}initiatives/no-such-one/history",
    ):
        assert client.get(f"{path}/").status_code == 404, path
        assert client.get(f"{path}.json").status_code == 404, path


def test_a_past_date_tells_what_was_known_then(client: Client, read: Read) -> None:
    work = a_world()
    initiatives.revise_initiative(
        initiative=work, changes={"name": "Pear"}, by="a", now=make.at(2022, 5, 2)
    )
    path = f"{OF['initiative']}.json?as_of="
    assert read(f"{path}2022-05-02")["events"][0]["kind"] == "revised"
    before = read(f"{path}2022-05-01")
    assert [each["kind"] for each in before["events"]] == ["published", "created"]
    assert before["total"] == 2
    assert client.get(f"{path}2022-01-09").status_code == 404
    text = shown(client, f"{OF['initiative']}/?as_of=2022-05-01")
    assert "History of Apple" in text
    assert f'href="{PLAN}initiatives/a/?as_of=2022-05-01"' in text


def test_a_correction_says_what_was_said_before(client: Client) -> None:
    a_world()
    first = make.observation(5, now=make.at(2022, 4, 6))
    observations.correct_observation(
        observation=first,
        value=Decimal(7),
        note="Counted again.",
        reason="A table was missing.",
        by="a",
        now=make.at(2022, 5, 2),
    )
    text = shown(client, f"{OF['metric']}/")
    assert "restated from 5 calls to <b>7 calls</b>" in text
    assert "A table was missing." in text
    assert "<ins>“Counted again.”</ins>" in text


def test_a_report_shows_how_far_the_work_has_come(client: Client) -> None:
    work = make.initiative(code="a", name="Apple", now=make.at(2022, 1, 10))
    make.report(initiative=work, percent_complete=35, now=make.at(2022, 4, 5))
    make.report(
        initiative=work,
        period=make.period(dt.date(2022, 6, 30)),
        health=Health.AT_RISK,
        percent_complete=40,
        now=make.at(2022, 7, 8),
    )
    text = shown(client, f"{OF['initiative']}/")
    assert "<del>35</del>" in text
    assert "<ins>40</ins>" in text
    assert text.count("<del>") == 1


def test_the_plan_tells_of_its_periods_without_naming_itself(client: Client) -> None:
    a_world()
    text = shown(client, f"{OF['plan']}/")
    assert "Reporting period Q1 2022 laid out, reports due on" in text


def test_fifty_a_page_newest_first(client: Client, read: Read) -> None:
    work = a_world()
    for n in range(60):
        initiatives.revise_initiative(
            initiative=work, changes={"summary": f"No {n}"}, by="a", now=make.at(2022, 5, 2)
        )
    first, second = (read(f"{OF['initiative']}.json?page={n}") for n in (1, 2))
    assert (first["pages"], first["total"], len(first["events"])) == (2, 62, 50)
    numbers = [each["sequence"] for each in (*first["events"], *second["events"])]
    assert len(numbers) == 62
    assert numbers == sorted(numbers, reverse=True)
    text = shown(client, f"{OF['initiative']}/?page=2")
    assert text.count('<li id="event-') == 12
    assert "51 to 62 of 62" in text
    assert client.get(f"{OF['initiative']}/?page=3").status_code == 404
    assert client.get(f"{OF['initiative']}/?page=x").status_code == 400


def test_a_priority_of_a_plan_that_was_a_draft_has_an_empty_history(client: Client) -> None:
    draft = make.plan(code="new", state=PlanState.DRAFT.value)
    make.priority(plan=draft, code="1")
    plans.revise_plan(
        plan=draft, changes={"state": PlanState.ACTIVE.value}, by="a", now=make.moment()
    )
    text = shown(client, "/plans/new/priorities/1/history/")
    assert "<b>0 public events</b>." in text
    assert page.PAGE_SIZE == 50


def test_the_page_of_each_item_leads_to_its_history(client: Client) -> None:
    a_world()
    for path in OF.values():
        item = path.removesuffix("history")
        assert f'href="{path}/"' in client.get(item).content.decode()
        assert f'href="{path}/?as_of=2022-08-01"' in shown(client, f"{item}?as_of=2022-08-01")
