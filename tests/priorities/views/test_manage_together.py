"""Two people at one form, a session that ends, a write that is refused: nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.urls import reverse

from accounts.models import User
from priorities.actions import initiatives, rehearsal
from priorities.enums import Role
from priorities.models import ChangeEvent, Initiative, Milestone, Target
from priorities.queries.history import verify
from tests import factories as make
from tests.priorities.views.managing import (
    administrator,
    fields,
    hidden,
    look,
    save,
    signed_in,
    text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _july_2022() -> Iterator[None]:
    with time_machine.travel(make.at(2022, 7, 15), tick=False):
        yield


def address(row: Initiative, name: str = "manage-initiative-edit") -> str:
    return reverse(f"priorities:{name}", kwargs={"plan": row.plan.code, "initiative": row.code})


def others_write(row: Initiative, **changes: Any) -> None:
    initiatives.revise_initiative(
        initiative=row, changes=changes, by="Somebody else", now=make.at(2022, 7, 15)
    )


def test_a_conflict_shows_both_versions_and_saves_neither() -> None:
    row = make.initiative(summary="Before")
    client = administrator()
    opened = fields(client, address(row))
    others_write(row, summary="Theirs")
    response = client.post(address(row), opened | {"summary": "Mine", "step": "look"})
    assert response.status_code == 409
    (both,) = response.context["conflict"].fields
    assert (both.before, both.theirs, both.mine, both.is_open) == ("Before", "Theirs", "Mine", True)
    assert both.who == "Somebody else, 15 Jul 2022, 9:00 a.m."
    row.refresh_from_db()
    assert row.summary == "Theirs"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_a_conflict_is_settled_by_choosing(choice: str, kept: str) -> None:
    row = make.initiative(summary="Before", description="Long")
    client = administrator()
    opened = fields(client, address(row))
    others_write(row, summary="Theirs")
    typed = {"summary": "Mine", "description": "Longer"}
    conflict = client.post(address(row), opened | typed | {"step": "look"})
    chosen = hidden(conflict) | {"take_summary": choice, "step": "look"}
    preview = client.post(address(row), chosen)
    client.post(address(row), hidden(preview) | {"step": "save"})
    row.refresh_from_db()
    assert (row.summary, row.description) == (kept, "Longer")


def test_what_only_the_other_one_changed_is_kept_without_asking() -> None:
    row = make.initiative(summary="Before", tags=["one"])
    client = administrator()
    opened = fields(client, address(row))
    others_write(row, tags=["two"], citywide=False)
    conflict = client.post(address(row), opened | {"summary": "Mine", "step": "look"})
    assert [one.is_open for one in conflict.context["conflict"].fields] == [False, False]
    preview = client.post(address(row), hidden(conflict) | {"step": "look"})
    client.post(address(row), hidden(preview) | {"step": "save"})
    row.refresh_from_db()
    assert (row.summary, row.tags, row.citywide) == ("Mine", ["two"], False)


def test_who_is_overtaken_between_the_look_and_the_save_sees_it_too() -> None:
    row = make.initiative(summary="Before")
    client = administrator()
    preview = look(client, address(row), summary="Mine")
    others_write(row, summary="Theirs")
    response = client.post(address(row), hidden(preview) | {"step": "save"})
    assert (response.status_code, "Mine" in text(response)) == (409, True)
    row.refresh_from_db()
    assert row.summary == "Theirs"


def test_a_report_meanwhile_is_no_conflict_of_the_wording() -> None:
    row = make.initiative(summary="Before")
    client = administrator()
    preview = look(client, address(row), summary="Mine")
    make.report(initiative=row)
    client.post(address(row), hidden(preview) | {"step": "save"})
    row.refresh_from_db()
    assert row.summary == "Mine"


def test_a_second_target_meanwhile_is_shown_beside_the_form() -> None:
    metric = make.metric()
    client = administrator()
    url = reverse("priorities:manage-target-add", kwargs={"metric": metric.code})
    typed = {"value": "95", "reason": "More.", "authority": "Budget"}
    preview = look(client, url, **typed)
    make.target(80)
    response = client.post(url, hidden(preview) | {"step": "save"})
    assert response.status_code == 409
    assert "Somebody else wrote here meanwhile" in text(response)
    assert 'value="95"' in text(response)
    again = client.post(
        url, response.context["form"].data.copy() | {"step": "look"} | hidden(response)
    )
    client.post(url, hidden(again) | {"step": "save"})
    assert set(Target.objects.values_list("value", flat=True)) == {80, 95}


def test_sending_a_form_twice_adds_one_row() -> None:
    row = make.initiative()
    client = administrator()
    url = address(row, "manage-milestone-add")
    preview = look(client, url, name="Launch", due_on="2022-09-30")
    statuses = [
        client.post(url, hidden(preview) | {"step": "save"}).status_code for _again in range(2)
    ]
    assert (statuses, Milestone.objects.count()) == ([302, 409], 1)


def test_a_form_sent_after_the_session_ended_comes_back_to_its_author() -> None:
    row = make.initiative(summary="Before")
    person = make.grant(Role.PLAN_ADMINISTRATOR).person
    client = signed_in(person)
    opened = fields(client, address(row))
    client.logout()
    asked = client.post(address(row), opened | {"summary": "Mine", "step": "save"})
    assert asked.status_code == 302
    client.force_login(person)
    response = client.get(address(row))
    assert "Nothing you typed was lost." in text(response)
    assert 'value="Mine"' in text(response)
    row.refresh_from_db()
    assert row.summary == "Before"


def test_somebody_else_who_signs_in_there_sees_nothing_of_it() -> None:
    row = make.initiative(summary="Before")
    client = administrator()
    opened = fields(client, address(row))
    client.logout()
    client.post(address(row), opened | {"summary": "Mine", "step": "save"})
    client.force_login(make.grant(Role.PLAN_ADMINISTRATOR).person)
    assert "Mine" not in text(client.get(address(row)))


def test_an_error_keeps_what_was_typed_and_leads_to_its_field() -> None:
    row = make.initiative()
    response = look(administrator(), address(row), name="", summary="Typed")
    page = text(response)
    assert response.status_code == 422
    assert '<a href="#id_name">' in page
    assert 'value="Typed"' in page
    assert 'aria-describedby="id_name_error"' in page


def test_what_the_action_refuses_is_said_before_the_save() -> None:
    row, other = make.initiative(), make.initiative()
    url = reverse("priorities:manage-initiative-add", kwargs={"plan": row.plan.code})
    typed = {"name": "New", "code": other.code, "priority": str(row.priority_id)}
    response = look(administrator(), url, **typed)
    assert response.status_code == 422
    assert "This plan has an initiative with that code already." in text(response)


def test_a_write_that_breaks_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    row = make.initiative(summary="Before")
    client = administrator()
    preview = look(client, address(row), summary="Mine")
    before = ChangeEvent.objects.count()

    def breaks(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Initiative, "save", breaks)
    with pytest.raises(DatabaseError):
        client.post(address(row), hidden(preview) | {"step": "save"})
    row.refresh_from_db()
    assert (row.summary, ChangeEvent.objects.count()) == ("Before", before)


def test_a_rehearsal_tells_all_and_keeps_nothing() -> None:
    row = make.initiative(summary="Before")
    before = ChangeEvent.objects.count()

    def act() -> None:
        others_write(row, summary="After")

    told = rehearsal.rehearse(act=act, read=lambda events: [event.fields for event in events])
    row.refresh_from_db()
    assert told == [{"summary": ["Before", "After"]}]
    assert (row.summary, ChangeEvent.objects.count()) == ("Before", before)
    others_write(row, summary="After")
    assert verify().count == 0


def test_each_save_is_one_act_and_the_chain_holds() -> None:
    row = make.initiative(summary="Before")
    save(administrator(), address(row), summary="After", tags="one, two")
    assert ChangeEvent.objects.latest("sequence").fields == {
        "summary": ["Before", "After"],
        "tags": [[], ["one", "two"]],
    }
    assert verify().count == 0


# ── One person in two windows ────────────────────────────────────────────────────────────────

OWN, OTHERS = "You saved this in another window", "Somebody else saved this"


def saved_in_two_windows(person: User) -> str:
    row = make.initiative(summary="Before")
    client = signed_in(person)
    opened = fields(client, address(row))
    save(client, address(row), summary="There")
    response = client.post(address(row), opened | {"summary": "Here", "step": "look"})
    assert response.status_code == 409
    return text(response)


def keeper(**values: Any) -> User:
    return make.grant(Role.PLAN_ADMINISTRATOR, person=make.person(name="Ann", **values)).person


def test_who_saved_in_another_window_is_not_told_of_somebody_else() -> None:
    page = saved_in_two_windows(keeper())
    assert OWN in page
    assert [word for word in ("Theirs", "Yours", OTHERS) if word in page] == []


def test_who_has_anothers_name_may_have_been_overtaken_by_them() -> None:
    make.person(name="Ann", email="another.ann@example.org")
    assert OTHERS in saved_in_two_windows(keeper())


def test_who_was_overtaken_by_themselves_and_by_others_is_told_of_the_others() -> None:
    row = make.initiative(summary="Before")
    client = signed_in(keeper())
    opened = fields(client, address(row))
    others_write(row, summary="Theirs")
    save(client, address(row), summary="There")
    response = client.post(address(row), opened | {"summary": "Here", "step": "look"})
    assert OTHERS in text(response)


def test_a_second_target_of_ones_own_is_called_that() -> None:
    metric = make.metric()
    client = signed_in(keeper())
    url = reverse("priorities:manage-target-add", kwargs={"metric": metric.code})
    typed = {"value": "95", "reason": "More.", "authority": "Budget"}
    preview = look(client, url, **typed)
    save(client, url, **typed | {"value": "90"})
    assert "You wrote here in another window meanwhile" in text(
        client.post(url, hidden(preview) | {"step": "save"})
    )
