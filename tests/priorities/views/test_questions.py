"""Questions as people meet them: asked in two steps, answered by the owner, closed by the asker."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from priorities import clock
from priorities.actions.assignments import accept_assignment
from priorities.actions.updates import submit_update
from priorities.enums import AssignmentRole, Role, Visibility
from priorities.models import Answer, Initiative, Question
from priorities.queries.history import verify
from tests import factories as make
from tests.priorities.views.reporting import signed_in

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 5)
ASK = "/review/ask/initiatives/ita-2022-2023/cloud/"
TYPED = {
    "about": "",
    "text": "Why is it late?",
    "visibility": "public",
    "answer_due_on": "2022-07-19",
}


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda newest=None: NOW)


def cloud(**values: Any) -> Initiative:
    return make.initiative(code="cloud", name="Cloud", **values)


def member(name: str, role: Role = Role.MANAGER, **values: Any) -> User:
    return make.grant(role, person=make.person(name=name), **values).person


def reviewer(name: str = "Rita") -> tuple[Client, User]:
    person = member(name, Role.REVIEWER)
    return signed_in(person), person


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def readers_in(page: str) -> list[str]:
    """Which of the readers are chosen in the form."""
    boxes = re.findall(r"<input[^>]*visibility[^>]*>", page)
    return [box.split('value="')[1].split('"')[0] for box in boxes if " checked" in box]


def sent(client: Client, address: str, typed: dict[str, str], step: str = "send") -> Any:
    return client.post(address, typed | {"step": step})


def waiting(item: Any = None, **values: Any) -> Question:
    """A question of Rita's that waits."""
    asker = User.objects.filter(name="Rita").first() or member("Rita", Role.REVIEWER)
    return make.question(item=item or cloud(), asker=asker, **values)


# ── Asking ───────────────────────────────────────────────────────────────────────────────────


def test_a_question_is_seen_before_it_is_sent(django_capture_on_commit_callbacks: Any) -> None:
    make.owner(item=cloud(), person=member("Olga"))
    client, person = reviewer()
    form = text_of(client.get(ASK))
    assert readers_in(form) == []
    assert 'value="2022-07-19"' in form
    look = text_of(sent(client, ASK, TYPED, "look"))
    assert "<h1>Everyone will be able to read this</h1>" in look
    assert "Olga, who owns it" in look
    assert Question.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        response = sent(client, ASK, TYPED)
    question = Question.objects.get()
    assert response.headers["Location"] == f"/review/questions/{question.pk}/"
    assert (question.asker, question.visibility, question.answer_due_on) == (
        person,
        "public",
        dt.date(2022, 7, 19),
    )
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["Olga <olga@example.org>"],
        "A question about Cloud",
    )
    assert "Why is it late?" in message.body
    assert "everyone reads the question and your answer" in message.body
    assert verify().count == 0


def test_what_is_typed_stays_when_something_is_changed() -> None:
    cloud()
    client, _person = reviewer()
    page = text_of(sent(client, ASK, TYPED | {"visibility": "internal"}, "look"))
    assert "<h1>Only staff and reviewers will read this</h1>" in page
    page = text_of(sent(client, ASK, TYPED | {"text": "<b>Why?</b>"}, "edit"))
    assert "&lt;b&gt;Why?&lt;/b&gt;</textarea>" in page
    assert readers_in(page) == ["public"]
    assert "There is a problem" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": " "}, "Write the question."),
        ({"visibility": ""}, "Choose who may read it."),
        ({"answer_due_on": ""}, "Say by which day you need the answer."),
        ({"answer_due_on": "2022-07-04"}, "The day is past."),
        ({"answer_due_on": "2032-07-04"}, "more than a year away"),
        ({"about": "update:1"}, "What you chose was corrected, or is not there any more"),
        ({"text": "w" * 4001}, "at most 4000 characters"),
    ],
)
@pytest.mark.parametrize("step", ["look", "send"])
def test_what_is_wrong_is_said_and_nothing_is_sent(
    typed: dict[str, str], words: str, step: str
) -> None:
    cloud()
    client, _person = reviewer()
    response = sent(client, ASK, TYPED | typed, step)
    assert response.status_code == 422
    assert words in text_of(response)
    assert Question.objects.count() == 0


def test_of_an_internal_item_nothing_is_public() -> None:
    cloud(visibility="internal")
    client, _person = reviewer()
    assert "Only staff and reviewers: the item is internal" in text_of(client.get(ASK))
    refused = sent(client, ASK, TYPED)
    assert refused.status_code == 422
    assert "The item is internal now: choose again who may read it." in text_of(refused)
    assert "Select a valid choice" not in text_of(refused)
    assert sent(client, ASK, TYPED | {"visibility": "internal"}).status_code == 302


def test_a_second_click_asks_once(django_capture_on_commit_callbacks: Any) -> None:
    make.owner(item=cloud(), person=member("Olga"))
    client, _person = reviewer()
    with django_capture_on_commit_callbacks(execute=True):
        first, second = (sent(client, ASK, TYPED).headers["Location"] for _click in range(2))
    assert (first, Question.objects.count(), len(mail.outbox)) == (second, 1, 1)


def test_the_same_words_for_everyone_are_sent_too() -> None:
    cloud()
    client, _person = reviewer()
    for visibility in ("internal", "public"):
        sent(client, ASK, TYPED | {"visibility": visibility})
    asked = Question.objects.order_by("pk").values_list("visibility", flat=True)
    assert list(asked) == ["internal", "public"]


def test_about_a_report_that_is_not_public_one_asks_inside() -> None:
    item = cloud(plan=make.plan(requires_review=True))
    update = submit_update(update=make.draft(initiative=item), by="a", now=make.moment())
    client, _person = reviewer()
    assert "Q1 2022, not published yet</option>" in text_of(client.get(ASK))
    typed = TYPED | {"about": f"update:{update.pk}"}
    refused = sent(client, ASK, typed, "look")
    assert "so a question about it stays inside" in text_of(refused)
    sent(client, ASK, typed | {"visibility": "internal"})
    question = Question.objects.get()
    assert (question.status_update, question.is_public) == (update, False)
    page = text_of(client.get(f"/review/questions/{question.pk}/"))
    assert "about the report for Q1 2022, not published yet" in page


def test_one_asks_about_a_report_or_a_target_of_the_item() -> None:
    item = cloud()
    update, begun = make.report(initiative=item), make.draft(initiative=item)
    foreign = make.report(initiative=make.initiative())
    metric = make.metric(code="calls")
    target = make.target(metric=metric)
    client, _person = reviewer()
    page = text_of(client.get(f"{ASK}?update={update.pk}"))
    assert f'<option value="update:{update.pk}" selected>The report for Q1 2022' in page
    assert f'value="update:{begun.pk}"' not in page
    assert f'value="update:{foreign.pk}"' not in page
    sent(client, ASK, TYPED | {"about": f"update:{update.pk}"})
    asked = "/review/ask/metrics/calls/"
    assert "The target for 31 Dec 2022: 100 calls" in text_of(client.get(asked))
    sent(client, asked, TYPED | {"about": f"target:{target.pk}", "text": "Why so high?"})
    assert [(row.status_update, row.target) for row in Question.objects.order_by("pk")] == [
        (update, None),
        (None, target),
    ]


def test_what_was_corrected_is_not_asked_about() -> None:
    item = cloud()
    wrong = make.report(initiative=item)
    right = make.report(initiative=item, supersedes=wrong, reason="Half was the target.")
    further = make.report(initiative=item, now=make.at(2022, 4, 5))
    metric = make.metric(code="calls")
    old = make.target(100, metric=metric)
    new = make.target(90, metric=metric, reason="Adopted anew.")
    client, _person = reviewer()
    page = text_of(client.get(ASK))
    assert f'value="update:{wrong.pk}"' not in page
    # Two of one period are told apart by their day.
    for pk, day in ((right.pk, "3 Jan 2022"), (further.pk, "5 Apr 2022")):
        assert f'value="update:{pk}">The report for Q1 2022, published {day}</option>' in page
    page = text_of(client.get("/review/ask/metrics/calls/"))
    assert (f'value="target:{old.pk}"' in page, f'value="target:{new.pk}"' in page) == (False, True)


def contributor(item: Initiative) -> None:
    offer = make.offer(item=item, person=member("Carl"), role=AssignmentRole.CONTRIBUTOR)
    accept_assignment(assignment=offer, on=offer.offered_on, by="a", now=make.moment())


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("contributor", "Carl: nobody owns it, and they contribute to it"),
        ("editor", "Edna: nobody has accepted it"),
        ("administrator", "Ada: nobody has accepted it"),
        ("nobody", "Nobody yet: there is no owner, no editor and no plan administrator."),
    ],
)
def test_without_an_owner_it_goes_up_the_chain(who: str, words: str) -> None:
    division = make.division()
    item = cloud(lead_division=division)
    if who == "contributor":
        contributor(item)
    if who in ("contributor", "editor"):
        member("Edna", Role.DIVISION_EDITOR, division=division)
    if who != "nobody":
        member("Ada", Role.PLAN_ADMINISTRATOR)
    client, _person = reviewer()
    assert words in text_of(sent(client, ASK, TYPED, "look"))


def test_what_was_sent_after_the_session_ended_is_still_there() -> None:
    cloud()
    _client, person = reviewer()
    stranger = Client()
    response = stranger.post(ASK, TYPED | {"step": "send", "form_of": str(person.pk)})
    assert response.headers["Location"] == f"/accounts/login/?next={ASK}"
    stranger.force_login(person)
    assert "Why is it late?</textarea>" in text_of(stranger.get(ASK))
    assert Question.objects.count() == 0


def test_what_to_ask_about_is_found_by_its_name() -> None:
    cloud()
    make.metric(code="calls", name="Calls answered")
    client, _person = reviewer()
    page = text_of(client.get("/review/ask/?q=CLOU"))
    assert ("/review/ask/initiatives/ita-2022-2023/cloud/" in page, "Calls" in page) == (
        True,
        False,
    )
    assert "/review/rate/metrics/calls/" in text_of(client.get("/review/ask/?q=answered%20calls"))
    assert "Nothing has that in its name." in text_of(client.get("/review/ask/?q=%00zebra"))


# ── Answering ────────────────────────────────────────────────────────────────────────────────


def test_the_owner_finds_it_among_their_updates_and_answers(
    django_capture_on_commit_callbacks: Any,
) -> None:
    item = cloud()
    olga = member("Olga")
    make.owner(item=item, person=olga)
    question = waiting(item, visibility=Visibility.PUBLIC, answer_due_on=dt.date(2022, 7, 2))
    client = signed_in(olga)
    page = text_of(client.get("/updates/"))
    assert "1 question waits for your answer" in page
    assert "late by 3 days" in page
    assert '<a href="/updates/" aria-current="page">My updates <span' in page
    address = f"/review/questions/{question.pk}/answer/"
    look = text_of(sent(client, address, {"text": "It rained."}, "look"))
    assert "<h1>Everyone will be able to read this</h1>" in look
    assert Answer.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        for _click in range(2):
            sent(client, address, {"text": "It rained."})
    answer = Answer.objects.get()
    assert (answer.author, answer.text) == (olga, "It rained.")
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["Rita <rita@example.org>"],
        "Your question about Cloud is answered",
    )
    assert "It rained." in message.body
    assert "waits for your answer" not in text_of(client.get("/updates/"))


@pytest.mark.parametrize(
    ("visibility", "item", "heading"),
    [
        ("public", "public", "Everyone will be able to read this"),
        ("internal", "public", "Only staff and reviewers will read this"),
        ("internal", "internal", "Only staff and reviewers will read this"),
        (
            "public",
            "internal",
            "Only staff and reviewers while the item is internal; everyone once it is public",
        ),
    ],
)
def test_nothing_is_promised_to_stay_inside_that_will_be_public(
    visibility: str, item: str, heading: str
) -> None:
    question = waiting(visibility=Visibility(visibility))
    Initiative.objects.update(visibility=item)
    boss = signed_in(member("Ada", Role.PLAN_ADMINISTRATOR))
    address = f"/review/questions/{question.pk}"
    look = text_of(sent(boss, f"{address}/answer/", {"text": "It rained."}, "look"))
    assert f"<h1>{heading}</h1>" in look
    make.answer(question=question)
    typed = {"text": "And then?", "answer_due_on": "2022-07-12"}
    look = text_of(sent(signed_in(question.asker), f"{address}/ask-on/", typed, "look"))
    assert f"<h1>{heading}</h1>" in look


def test_who_has_nothing_but_a_question_is_told_so() -> None:
    metric = make.metric(calendar="irregular")
    olga = member("Olga")
    make.owner(item=metric, person=olga)
    waiting(metric)
    page = text_of(signed_in(olga).get("/updates/"))
    assert "<h1>1 question to answer</h1>" in page
    assert "Nothing is expected of you" not in page


def test_only_who_answers_for_the_item_answers() -> None:
    item = cloud(lead_division=make.division())
    question = waiting(item)
    make.owner(item=item, person=member("Olga"))
    other, elsewhere = make.initiative(), make.division()
    stranger = member("Otto")
    make.owner(item=other, person=stranger)
    people = {
        "owner": User.objects.get(name="Olga"),
        "owner of another item": stranger,
        "editor": member("Edna", Role.DIVISION_EDITOR, division=item.lead_division),
        "editor elsewhere": member("Ed", Role.DIVISION_EDITOR, division=elsewhere),
        "administrator": member("Ada", Role.PLAN_ADMINISTRATOR),
        "asker": question.asker,
    }
    address = f"/review/questions/{question.pk}/answer/"
    found = {who: signed_in(person).get(address).status_code for who, person in people.items()}
    assert found == {
        "owner": 200,
        "owner of another item": 403,
        "editor": 200,
        "editor elsewhere": 403,
        "administrator": 200,
        "asker": 403,
    }


def test_only_who_stands_in_for_an_owner_is_shown_it() -> None:
    item = cloud(lead_division=make.division())
    waiting(item)
    edna = member("Edna", Role.DIVISION_EDITOR, division=item.lead_division)
    ada = member("Ada", Role.PLAN_ADMINISTRATOR)
    words = "1 question waits for your answer"
    shown = {
        person.name: words in text_of(signed_in(person).get("/updates/")) for person in (edna, ada)
    }
    assert shown == {"Edna": True, "Ada": False}
    make.owner(item=item, person=member("Olga"))
    assert words not in text_of(signed_in(edna).get("/updates/"))


# ── What comes after the answer ──────────────────────────────────────────────────────────────


def test_the_asker_asks_on_and_closes() -> None:
    first = make.answer(question=waiting(visibility=Visibility.PUBLIC)).question
    client = signed_in(first.asker)
    page = text_of(client.get(f"/review/questions/{first.pk}/"))
    assert "Close: it is answered" in page
    typed = {"text": "And then?", "answer_due_on": "2022-07-12"}
    address = f"/review/questions/{first.pk}/ask-on/"
    assert "Everyone will be able to read this" in text_of(sent(client, address, typed, "look"))
    response = sent(client, address, typed)
    second = Question.objects.get(follows=first)
    assert response.headers["Location"] == f"/review/questions/{second.pk}/"
    page = text_of(client.get(f"/review/questions/{first.pk}/"))
    assert page.index("Why is it late?") < page.index("And then?")
    assert client.get(address).headers["Location"] == f"/review/questions/{second.pk}/"
    client.post(f"/review/questions/{second.pk}/close/")
    second.refresh_from_db()
    assert second.closed_on == NOW.date()
    page = text_of(client.get(f"/review/questions/{second.pk}/"))
    assert "Close without an answer" not in page


@pytest.mark.parametrize("what", ["close", "ask-on"])
def test_nobody_closes_or_asks_on_for_another(what: str) -> None:
    question = make.answer(question=waiting()).question
    for person in (
        member("Ada", Role.PLAN_ADMINISTRATOR),
        make.person(name="Root", is_staff=True, is_superuser=True),
        member("Ronald", Role.REVIEWER),
    ):
        client = signed_in(person)
        typed = {"text": "And?", "answer_due_on": "2022-07-12"}
        response = sent(client, f"/review/questions/{question.pk}/{what}/", typed)
        assert response.status_code == 403
    question.refresh_from_db()
    assert (question.closed_on, Question.objects.count()) == (None, 1)


def test_what_is_closed_takes_no_answer_and_is_not_asked_on() -> None:
    question = make.answer(question=waiting()).question
    client = signed_in(question.asker)
    page = f"/review/questions/{question.pk}/"
    client.post(f"{page}close/")
    boss = signed_in(member("Ada", Role.PLAN_ADMINISTRATOR))
    for person, what in ((client, "ask-on"), (boss, "answer")):
        assert person.get(f"{page}{what}/").headers["Location"] == page
    assert (Question.objects.count(), Answer.objects.count()) == (1, 1)


@pytest.mark.parametrize("step", ["look", "send"])
@pytest.mark.parametrize("what", ["answer", "ask-on"])
def test_what_was_typed_stays_when_it_was_closed_meanwhile(what: str, step: str) -> None:
    question = make.answer(question=waiting()).question
    client = signed_in(question.asker)
    client.post(f"/review/questions/{question.pk}/close/")
    if what == "answer":
        client = signed_in(member("Ada", Role.PLAN_ADMINISTRATOR))
    typed = {"text": "An hour of work.", "answer_due_on": "2022-07-12"}
    response = sent(client, f"/review/questions/{question.pk}/{what}/", typed, step)
    page = text_of(response)
    assert (response.status_code, "An hour of work.</textarea>" in page) == (422, True)
    assert "takes no more" in page or "takes no follow-up" in page or "is closed" in page
    assert (Question.objects.count(), Answer.objects.count()) == (1, 1)


def test_what_was_typed_before_the_session_ended_stays_when_it_was_closed_meanwhile() -> None:
    question = waiting()
    ada = member("Ada", Role.PLAN_ADMINISTRATOR)
    address = f"/review/questions/{question.pk}/answer/"
    stranger = Client()
    stranger.post(address, {"text": "An hour of work.", "step": "look", "form_of": str(ada.pk)})
    signed_in(question.asker).post(f"/review/questions/{question.pk}/close/")
    stranger.force_login(ada)
    page = text_of(stranger.get(address))
    assert "An hour of work.</textarea>" in page
    assert "This question takes no more answers." in page


def test_a_second_click_on_a_follow_up_leads_to_what_was_sent() -> None:
    question = make.answer(question=waiting()).question
    client = signed_in(question.asker)
    typed = {"text": "And then?", "answer_due_on": "2022-07-12"}
    address = f"/review/questions/{question.pk}/ask-on/"
    first, second = (sent(client, address, typed) for _click in range(2))
    following = Question.objects.get(follows=question)
    assert first.headers["Location"] == f"/review/questions/{following.pk}/"
    assert second.headers["Location"] == first.headers["Location"]
    assert Question.objects.count() == 2
    # Other words are no second click: they are kept, and told that there is a follow-up.
    response = sent(client, address, typed | {"text": "Something else?"})
    assert (response.status_code, "Something else?</textarea>" in text_of(response)) == (422, True)


def test_after_the_session_ended_closing_leads_to_the_question() -> None:
    question = waiting()
    client = signed_in(question.asker)
    page = f"/review/questions/{question.pk}/"
    assert f'name="return_to" value="{page}"' in text_of(client.get(page))
    sent_late = Client().post(f"{page}close/", {"return_to": page})
    assert sent_late.headers["Location"] == f"/accounts/login/?next={page}"
    assert client.get(f"{page}close/").headers["Location"] == page
    question.refresh_from_db()
    assert question.closed_on is None


def test_after_the_session_ended_a_form_is_found_with_its_whole_address() -> None:
    cloud()
    client, _person = reviewer()
    address = f"{ASK}?update=7&return_to=/review/disagreements/"
    shown = text_of(client.get(address))
    assert f'name="return_to" value="{address.replace("&", "&amp;")}"' in shown


@pytest.mark.parametrize(
    ("query", "leave", "after"),
    [
        ("", "/plans/ita-2022-2023/initiatives/cloud/", "/review/questions/{pk}/"),
        (
            "?return_to=/review/disagreements/%3Fpage%3D2",
            "/review/disagreements/?page=2",
            "/review/disagreements/?page=2",
        ),
        (
            "?return_to=https://example.org/",
            "/plans/ita-2022-2023/initiatives/cloud/",
            "/review/questions/{pk}/",
        ),
    ],
)
def test_one_goes_back_to_where_one_came_from(query: str, leave: str, after: str) -> None:
    cloud()
    client, _person = reviewer()
    assert f'<a href="{leave}">Leave without sending</a>' in text_of(client.get(ASK + query))
    response = sent(client, ASK + query, TYPED)
    assert response.headers["Location"] == after.format(pk=Question.objects.get().pk)


# ── The list ─────────────────────────────────────────────────────────────────────────────────


def several() -> Client:
    """One late and one open question of Rita's, one answered late, one closed, of two divisions."""
    roads, water = make.division(name="Roads"), make.division(name="Water")
    item = cloud(lead_division=roads)
    other = make.metric(code="calls", name="Calls", lead_division=water)
    make.answer(
        question=waiting(item, text="Answered late?", answer_due_on=dt.date(2022, 5, 1)),
        now=make.at(2022, 5, 3),
    )
    closed = waiting(other, text="Closed?", now=make.at(2022, 5, 3))
    signed_in(closed.asker).post(f"/review/questions/{closed.pk}/close/")
    waiting(item, text="Late?", answer_due_on=dt.date(2022, 7, 1), now=NOW)
    waiting(other, text="Open?", answer_due_on=dt.date(2022, 7, 9), now=NOW)
    return signed_in(member("Ronald", Role.REVIEWER))


def texts(client: Client, query: str) -> list[str]:
    page = text_of(client.get(f"/review/questions/?{query}"))
    found = ("Answered late?", "Closed?", "Late?</a>", "Open?")
    return [text for text in found if f">{text}" in page]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Answered late?", "Closed?", "Late?</a>", "Open?"]),
        ("state=waiting", ["Late?</a>", "Open?"]),
        ("state=late", ["Late?</a>"]),
        ("state=answered", ["Answered late?"]),
        ("state=closed&division=Water", ["Closed?"]),
        ("division=Roads", ["Answered late?", "Late?</a>"]),
        ("division=none", []),
        ("who=asked", []),
        ("who=answer", []),
        ("q=late", ["Answered late?", "Late?</a>"]),
        ("q=CALLS", ["Closed?", "Open?"]),
        ("page=99", ["Answered late?", "Closed?", "Late?</a>", "Open?"]),
        ("page=%00", ["Answered late?", "Closed?", "Late?</a>", "Open?"]),
    ],
)
def test_questions_are_chosen(query: str, found: list[str]) -> None:
    assert texts(several(), query) == found


@pytest.mark.parametrize(
    ("query", "exist"),
    [
        ("state=foo", "waiting, open, late, answered, continued, closed"),
        ("state=%00", "waiting, open"),
        ("division=zzz", "Roads, Water, none"),
        ("who=zz", "asked, answer"),
    ],
)
def test_a_value_that_does_not_exist_is_refused_with_those_that_do(query: str, exist: str) -> None:
    response = several().get(f"/review/questions/?{query}")
    assert (response.status_code, f"These exist: {exist}" in text_of(response)) == (400, True)


def test_waiting_and_late_answers_are_counted_by_division() -> None:
    page = several().get("/review/questions/")
    told = text_of(page)
    assert "<h1>2 questions wait for an answer, 1 late</h1>" in told
    assert "1 of 1 answered question was answered late." in told
    counted = [
        (row.name, row.asked, row.waiting, row.late_now, row.answered, row.answered_late,
         row.unanswered, row.unanswered_late)
        for row in page.context["tallies"]
    ]  # fmt: skip
    assert counted == [("Roads", 2, 1, 1, 1, 1, 0, 0), ("Water", 2, 1, 0, 0, 0, 1, 1)]
    for row in (*page.context["tallies"], page.context["total"]):
        assert row.asked == row.waiting + row.answered + row.unanswered


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_whatever_there_is(
    count: int, django_assert_num_queries: Any
) -> None:
    for at in range(count):
        make.answer(question=waiting(make.initiative(), text=f"Question {at}?"))
        waiting(make.metric())
    client = signed_in(member("Ronald", Role.REVIEWER))
    client.get("/review/questions/")
    with django_assert_num_queries(14):
        assert client.get("/review/questions/").status_code == 200
