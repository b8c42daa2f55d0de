"""Saved views: a question under a name, private or shared, and nobody else's to change."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from priorities import clock
from priorities.actions.saved_views import save_view
from priorities.enums import Role
from priorities.models import ChangeEvent, SavedView
from tests import factories as make
from tests.worker import forget

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 8, 20, 12)


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    monkeypatch.setattr(clock, "now", lambda newest=None: NOW)


def reviewer() -> User:
    person: User = make.grant(Role.REVIEWER).person
    return person


def browser(person: User, **options: bool) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    client.force_login(person)
    return client


def saved(person: User, name: str = "At risk", **values: object) -> SavedView:
    fields = {"page": "table", "query": "status=at_risk", "shared": False, "now": NOW} | values
    return save_view(person=person, name=name, **fields)  # type: ignore[arg-type]


def test_the_question_on_the_screen_gets_a_name_and_an_address() -> None:
    make.initiative()
    person = reviewer()
    client = browser(person)
    answer = client.post(
        "/review/views/new/?of=table&plan=ita-2022-2023&status=at_risk&columns=code&columns=end"
        "&page=2&as_of=2022-08-01&csrf=no",
        {"name": "  Trouble  first ", "shared": "0"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/review/views/")
    row = SavedView.objects.get()
    assert (row.person, row.name, row.page, row.shared) == (person, "Trouble first", "table", False)
    # Neither the page of the list nor the date is part of the question.
    assert row.query == "plan=ita-2022-2023&status=at_risk&columns=code%2Cend"
    opened = client.get(f"/review/views/{row.pk}/")
    assert opened["Location"] == f"/review/table/?{row.query}"
    assert client.get(opened["Location"]).status_code == 200


def test_a_name_of_a_filter_that_was_kept_once_is_understood() -> None:
    """What is overdue was called late; a view that somebody kept then still shows it."""
    make.initiative()
    person = reviewer()
    row = saved(person, query="late=1&columns=code%2Cend")
    client = browser(person)
    opened = client.get(f"/review/views/{row.pk}/")
    assert opened["Location"] == "/review/table/?overdue=1&columns=code%2Cend"
    assert client.get(opened["Location"]).status_code == 200


def test_the_table_leads_to_saving_what_it_shows() -> None:
    make.initiative()
    page = browser(reviewer()).get("/review/table/?q=init&sort=name").content.decode()
    assert "/review/views/new/?of=table&amp;plan=ita-2022-2023&amp;q=init&amp;sort=name" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "shared": "0"}, "Give the view a name."),
        ({"name": "At risk", "shared": "0"}, "You have a view of that name. Choose another name."),
        ({"name": "x" * 81, "shared": "0"}, "at most 80 characters"),
        ({"name": "Fine"}, "Choose who sees the view."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(typed: dict[str, str], said: str) -> None:
    person = reviewer()
    saved(person)
    page = browser(person).post("/review/views/new/?of=table", typed).content.decode()
    assert said in page
    assert f'value="{typed["name"]}"' in page or not typed["name"]
    assert SavedView.objects.count() == 1


def test_two_people_may_use_the_same_name() -> None:
    saved(reviewer())
    saved(reviewer())
    assert SavedView.objects.count() == 2


def test_a_view_of_no_page_is_not_found() -> None:
    assert browser(reviewer()).get("/review/views/new/?of=salary").status_code == 404


def test_mine_and_those_that_others_share() -> None:
    me, other = reviewer(), reviewer()
    saved(me, "Mine")
    saved(other, "Theirs", shared=True)
    saved(other, "MARKED")
    page = browser(me).get("/review/views/")
    assert [one.name for one in page.context["mine"]] == ["Mine"]
    assert [one.name for one in page.context["others"]] == ["Theirs"]
    assert "MARKED" not in page.content.decode()


def test_who_has_left_shares_nothing() -> None:
    other = reviewer()
    row = saved(other, shared=True)
    other.is_active = False
    other.save(update_fields=["is_active"])
    client = browser(reviewer())
    assert client.get("/review/views/").context["others"] == []
    assert client.get(f"/review/views/{row.pk}/").status_code == 404


def test_a_private_view_is_to_others_as_if_there_were_none() -> None:
    row = saved(reviewer())
    client = browser(reviewer())
    keys = (row.pk, 999_999, 10**30)
    assert [client.get(f"/review/views/{pk}/").status_code for pk in keys] == [404, 404, 404]


@pytest.mark.parametrize("way", ["share", "delete"])
def test_a_shared_view_is_its_owners_to_change(way: str) -> None:
    row = saved(reviewer(), shared=True)
    client = browser(reviewer())
    answer = client.post(f"/review/views/{row.pk}/{way}/", {"shared": "0"})
    assert answer.status_code == 404
    assert SavedView.objects.get().shared is True


def test_sharing_and_deleting_ones_own() -> None:
    person = reviewer()
    row = saved(person)
    client = browser(person)
    client.post(f"/review/views/{row.pk}/share/", {"shared": "1"})
    assert SavedView.objects.get().shared is True
    client.post(f"/review/views/{row.pk}/share/", {"shared": "0"})
    assert SavedView.objects.get().shared is False
    client.post(f"/review/views/{row.pk}/delete/")
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("way", ["share", "delete"])
def test_nothing_is_changed_by_a_link_or_by_another_site(way: str) -> None:
    person = reviewer()
    row = saved(person)
    client = browser(person, enforce_csrf_checks=True)
    opened = client.get(f"/review/views/{row.pk}/{way}/")
    assert (opened.status_code, opened.headers["Location"]) == (302, "/review/views/")
    assert client.post(f"/review/views/{row.pk}/{way}/").status_code == 403
    assert client.post("/review/views/new/?of=table", {"name": "x"}).status_code == 403
    assert SavedView.objects.get().shared is False


def test_the_record_knows_nothing_of_it() -> None:
    person = reviewer()
    before = ChangeEvent.objects.count()
    saved(person)
    assert ChangeEvent.objects.count() == before


def test_what_was_typed_before_the_session_ended_is_still_there() -> None:
    person = reviewer()
    client = Client()
    typed = {"name": "Typed", "shared": "1", "form_of": str(person.pk)}
    client.post("/review/views/new/?of=table", typed)
    client.force_login(person)
    page = client.get("/review/views/new/?of=table").content.decode()
    assert 'value="Typed"' in page


def test_the_database_refuses_a_second_view_of_a_name_and_one_without() -> None:
    row = saved(reviewer())
    for name in (row.name, ""):
        twin = SavedView(person=row.person, name=name, page="table", saved_at=NOW)
        with pytest.raises(ValidationError):
            twin.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


def test_the_list_takes_a_constant_number_of_statements() -> None:
    me, other = reviewer(), reviewer()
    client = browser(me)
    client.get("/review/views/")
    counts = []
    for number in (1, 2, 3):
        saved(me, f"Mine {number}")
        saved(other, f"Theirs {number}", shared=True)
        with CaptureQueriesContext(connection) as captured:
            client.get("/review/views/")
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


NEW = "/review/views/new/?of=table&status=at_risk"


def test_a_second_click_saves_once() -> None:
    make.initiative()
    client = browser(reviewer())
    answers = [client.post(NEW, {"name": "Mine", "shared": "0"}).status_code for _click in range(2)]
    assert (answers, SavedView.objects.count()) == ([302, 302], 1)
    # Another question under the same name is no second click.
    assert client.post(NEW, {"name": "Mine", "shared": "1"}).status_code == 200
    assert SavedView.objects.get().shared is False


@pytest.mark.parametrize(("shared", "status"), [(False, 302), (True, 200)])
def test_two_clicks_at_once_save_once(
    shared: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.initiative()
    person = reviewer()
    check = SavedView.full_clean

    def after_another(self: SavedView) -> None:
        check(self)
        monkeypatch.setattr(SavedView, "full_clean", check)
        saved(person, "Mine", shared=shared, query="status=at_risk")

    monkeypatch.setattr(SavedView, "full_clean", after_another)
    answer = browser(person).post(NEW, {"name": "Mine", "shared": "0"})
    assert (answer.status_code, SavedView.objects.count()) == (status, 1)
    if status == 200:
        assert "You have a view of that name." in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("of=table&status=zz", 400),
        ("of=table&columns=salary", 400),
        ("of=metrics&status=zz", 400),
        ("of=timeline&stretch=zz", 400),
        ("of=table&plan=no-such-plan", 404),
        ("of=timeline&stretch=all", 302),
        ("of=metrics&sort=name", 302),
    ],
)
def test_what_its_page_would_refuse_is_not_kept(query: str, status: int) -> None:
    make.initiative()
    make.metric()
    client = browser(reviewer())
    answer = client.post(f"/review/views/new/?{query}", {"name": "Mine", "shared": "0"})
    assert (answer.status_code, SavedView.objects.count()) == (status, int(status == 302))


@pytest.mark.parametrize("way", ["share", "delete"])
def test_after_the_session_ended_a_button_leads_to_the_list(way: str) -> None:
    person = reviewer()
    row = saved(person)
    client = browser(person)
    page = client.get("/review/views/").content.decode()
    assert page.count('name="return_to" value="/review/views/"') == 2
    stranger = Client()
    sent = stranger.post(f"/review/views/{row.pk}/{way}/", {"return_to": "/review/views/"})
    assert sent.headers["Location"] == "/accounts/login/?next=/review/views/"
    assert SavedView.objects.get().shared is False
