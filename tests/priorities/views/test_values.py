"""The grid of values: what is asked, what is read, what is saved, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from priorities import clock
from priorities.actions.recording import as_actor
from priorities.enums import Calendar, MetricKind, Role
from priorities.models import Draft, Metric, Observation, RoundTiming
from priorities.views import values
from priorities.views.doors import Act
from priorities.views.values import values_section
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 6)
END = "2022-06-30"
Q2 = {"start": dt.date(2022, 4, 1), "end": dt.date(2022, 6, 30)}
GRID = "/updates/values/"
Enter = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda *_newest: NOW)


@pytest.fixture
def manager() -> User:
    return make.grant(Role.MANAGER, person=make.person(name="Mo Manager")).person


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """The manager's browser."""
    client.force_login(manager)
    return client


def metric_of(manager: User, code: str, **values: Any) -> Metric:
    """A quarterly metric of the manager, with values up to the first quarter of 2022."""
    metric = make.metric(code=code, started_on=dt.date(2021, 1, 1), **values)
    make.owner(item=metric, person=manager)
    for quarter, value in enumerate((80, 83, 84, 89, 90)):
        year, at = divmod(quarter, 4)
        start = dt.date(2021 + year, at * 3 + 1, 1)
        end = (start.replace(day=28) + dt.timedelta(days=70)).replace(day=1) - dt.timedelta(days=1)
        make.observation(value, metric=metric, start=start, end=end)
    return metric


def row(code: str, **fields: str) -> dict[str, Any]:
    """The fields of one row."""
    return {f"{name}.{code}-{END}": text for name, text in fields.items()}


def send(client: Client, *codes: str, to: str = GRID, **fields: Any) -> HttpResponse:
    """Send the grid with these rows in it."""
    rows = [f"{code}-{END}" for code in codes]
    return client.post(to, {"row": rows, **fields})  # type: ignore[return-value]


def recorded(metric: Metric) -> list[tuple[Decimal | None, str, str]]:
    """What is on record for the second quarter, oldest first."""
    rows = Observation.objects.filter(metric=metric, period_end=Q2["end"]).order_by("pk")
    return [(r.value, r.missing_reason, r.quality) for r in rows]


def text_of(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# ── What is asked ────────────────────────────────────────────────────────────────────────────


def test_what_is_due_stands_under_its_period_with_last_value_and_target(
    desk: Client, manager: User
) -> None:
    calls = metric_of(manager, "calls", kind="percent")
    make.target(91, metric=calls, period_start=Q2["start"], end=Q2["end"])
    yearly = make.metric(
        code="yearly", calendar=Calendar.FISCAL_YEAR.value, started_on=dt.date(2021, 7, 1)
    )
    make.owner(item=yearly, person=manager)
    text = text_of(desk.get(GRID))
    assert "2 values to enter" in text
    assert "Values for Q2 2022" in text
    assert "Values for FY 2021-22" in text
    assert "Calls 90% Q1 2022 91%" in text
    assert "Yearly none yet none" in text


def test_missed_periods_are_asked_for_under_their_own_heading(desk: Client, manager: User) -> None:
    silent = make.metric(code="silent", started_on=dt.date(2021, 10, 1))
    make.owner(item=silent, person=manager)
    text = text_of(desk.get(GRID))
    titles = re.findall(r"Values for (Q\d \d+)", text)
    assert titles == ["Q2 2022", "Q1 2022", "Q4 2021"]
    assert "was due 172 days ago" in text
    old = "silent-2021-12-31"
    desk.post(GRID, {"row": [old], f"value.{old}": "3"})
    assert Observation.objects.get(metric=silent).period_end == dt.date(2021, 12, 31)


def test_more_rows_than_a_form_holds_follow_once_these_are_saved(
    desk: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "MOST_ROWS", 2)
    for code in ("calls", "mail", "phones"):
        metric_of(manager, code)
    text = text_of(desk.get(GRID))
    assert "2 values to enter" in text
    assert "1 more value follows once these are saved." in text
    send(desk, "calls", "mail", **row("calls", value="91"), **row("mail", value="91"))
    assert "1 value to enter" in text_of(desk.get(GRID))


def test_an_owner_may_hand_a_metric_back_from_its_row(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    mine = make.Assignment.objects.get()
    assert f'href="/updates/not-mine/{mine.pk}/"' in desk.get(GRID).content.decode()


def test_a_metric_of_somebody_else_is_not_in_the_grid(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    make.metric(code="foreign", name="Foreign", started_on=dt.date(2021, 1, 1))
    assert "Foreign" not in text_of(desk.get(GRID))


def test_without_anything_due_the_page_says_so(desk: Client) -> None:
    assert "No metric is assigned to you, or none is due." in text_of(desk.get(GRID))


@pytest.mark.parametrize("count", [1, 3])
def test_the_grid_costs_the_same_for_one_row_and_for_three(manager: User, count: int) -> None:
    for number in range(count):
        metric_of(manager, f"calls-{number}")
    act = Act(manager, as_actor(manager), NOW, make.LOS_ANGELES)
    with CaptureQueriesContext(connection) as asked:
        section = values_section(act)
    assert (section.total, len(asked)) == (count, 15)


# ── What is saved ────────────────────────────────────────────────────────────────────────────


def test_values_are_saved_with_note_estimate_and_source(desk: Client, manager: User) -> None:
    calls, mail = metric_of(manager, "calls"), metric_of(manager, "mail")
    fields = row("calls", value="91", note="Good.", provisional="1", source="Report")
    answer = send(desk, "calls", "mail", **fields, **row("mail", value="88.5"))
    assert (answer.status_code, answer["Location"]) == (302, GRID)
    saved = Observation.objects.get(metric=calls, period_end=Q2["end"])
    assert (saved.value, saved.note, saved.source) == (91, "Good.", "Report")
    assert (saved.quality, saved.recorded_by, saved.period_start) == (
        "provisional",
        "Mo Manager",
        Q2["start"],
    )
    assert recorded(mail) == [(Decimal("88.5"), "", "final")]
    assert "2 values are saved." in text_of(desk.get(GRID))


def test_the_form_leads_back_to_the_page_that_it_stood_on(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    answer = send(desk, "calls", return_to="/updates/", **row("calls", value="91"))
    assert answer["Location"] == "/updates/"


def test_a_way_back_to_another_host_is_not_taken(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    answer = send(desk, "calls", return_to="https://example.org/", **row("calls", value="91"))
    assert answer["Location"] == GRID


def test_zero_is_a_value_and_blank_is_not_zero(desk: Client, manager: User) -> None:
    calls, mail = metric_of(manager, "calls"), metric_of(manager, "mail")
    sure = row("calls", value="0", sure="0")
    send(desk, "calls", "mail", **sure, **row("mail", value="", note=""))
    assert recorded(calls) == [(0, "", "final")]
    assert recorded(mail) == []


def test_a_missing_value_has_a_reason(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    send(desk, "calls", **row("calls", missing="not_collected", note="The meter broke."))
    assert recorded(calls) == [(None, "not_collected", "final")]


def test_a_value_and_a_reason_why_there_is_none_do_not_go_together(
    desk: Client, manager: User
) -> None:
    calls = metric_of(manager, "calls")
    answer = send(desk, "calls", **row("calls", value="91", missing="not_collected"))
    assert "There is a value and a reason why there is none." in text_of(answer)
    assert recorded(calls) == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("91", "91"), ("91%", "91"), ("91,5", "91.5"), ("91.5 %", "91.5"), (" 91 ", "91")],
)
def test_a_percent_is_read_as_it_is_written(
    desk: Client, manager: User, typed: str, number: str
) -> None:
    calls = metric_of(manager, "calls", kind=MetricKind.PERCENT.value, decimals=1)
    send(desk, "calls", **row("calls", value=typed))
    assert [value for value, _missing, _quality in recorded(calls)] == [Decimal(number)]


def test_thousands_and_a_currency_sign_are_read(desk: Client, manager: User) -> None:
    money = make.metric(code="money", kind="currency", started_on=dt.date(2022, 4, 1))
    make.owner(item=money, person=manager)
    send(desk, "money", **row("money", value="$14,193,095"))
    assert recorded(money) == [(14193095, "", "final")]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("n/a", "“n/a” is not a number. If there is no value, leave it empty"),
        ("$91", "“$91” does not fit: leave out $."),
        ("1,23,4", "“1,23,4” is not a number. Write it like 1234.5."),
        ("91.1234567", "more than 6 decimals"),
    ],
)
def test_what_cannot_be_read_is_said_and_stays(
    desk: Client, manager: User, typed: str, words: str
) -> None:
    calls = metric_of(manager, "calls", kind="percent")
    answer = send(desk, "calls", **row("calls", value=typed))
    page = answer.content.decode()
    assert words in text_of(answer)
    assert f'value="{typed}"' in page
    assert f'href="#value-calls-{END}"' in page
    assert "<title>Error: Values" in page
    assert recorded(calls) == []


def test_an_error_in_one_row_loses_nothing_of_the_others(desk: Client, manager: User) -> None:
    calls, mail = metric_of(manager, "calls"), metric_of(manager, "mail")
    wrong = row("mail", value="lots", note="Ask Kim.")
    answer = send(desk, "calls", "mail", **row("calls", value="91"), **wrong)
    page = answer.content.decode()
    assert recorded(calls) == [(91, "", "final")]
    assert recorded(mail) == []
    assert "1 value is saved." in text_of(answer)
    assert 'value="lots"' in page
    assert 'value="Ask Kim."' in page


def test_what_the_record_refuses_stays_with_its_message(desk: Client, manager: User) -> None:
    calls, mail = metric_of(manager, "calls"), metric_of(manager, "mail")
    answer = send(
        desk,
        "calls",
        "mail",
        **row("calls", value="91"),
        **row("mail", value="91", source="x" * 301),
    )
    assert "Shorten the source to 300 characters." in text_of(answer)
    assert (len(recorded(calls)), len(recorded(mail))) == (1, 0)


# ── Sure? ────────────────────────────────────────────────────────────────────────────────────


def test_an_unusual_value_is_asked_about_with_the_reason_and_not_refused(
    desk: Client, manager: User
) -> None:
    calls = metric_of(manager, "calls")
    answer = send(desk, "calls", **row("calls", value="360", note="Really."))
    text, page = text_of(answer), answer.content.decode()
    assert "Sure? The highest of all 6 values. Usual is 78 calls to 92 calls." in text.replace(
        "\u00a0", " "
    )
    assert "4 times the last value (90 calls for Q1 2022)." in text.replace("\u00a0", " ")
    assert recorded(calls) == []
    assert 'value="Really."' in page
    send(desk, "calls", **row("calls", value="360", sure="360"))
    assert recorded(calls) == [(360, "", "final")]


def test_being_sure_of_one_value_is_not_being_sure_of_another(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    send(desk, "calls", **row("calls", value="900", sure="360"))
    assert recorded(calls) == []


def test_a_usual_value_is_not_asked_about(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    send(desk, "calls", **row("calls", value="92"))
    assert recorded(calls) == [(92, "", "final")]


# ── Paste ────────────────────────────────────────────────────────────────────────────────────


def test_a_pasted_column_is_shown_for_checking_and_not_saved(desk: Client, manager: User) -> None:
    calls, mail = metric_of(manager, "calls"), metric_of(manager, "mail")
    answer = send(desk, "calls", "mail", fill="1", pasted="91\tfine\r\n1,0x\r\n7\r\n")
    page, text = answer.content.decode(), text_of(answer)
    assert f'name="value.calls-{END}" value="91"' in page
    assert f'name="note.calls-{END}" value="fine"' in page
    assert f'name="value.mail-{END}" value="1,0x"' in page
    assert "“1,0x” is not a number." in text
    assert "This line found no row: 7" in text
    assert (recorded(calls), recorded(mail)) == ([], [])


def test_a_pasted_line_with_a_name_goes_to_that_metric(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    metric_of(manager, "mail")
    answer = send(desk, "calls", "mail", fill="1", pasted="Mail\t88\ncalls\t91")
    page = answer.content.decode()
    assert f'name="value.calls-{END}" value="91"' in page
    assert f'name="value.mail-{END}" value="88"' in page


def test_a_blank_cell_leaves_what_was_typed(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    metric_of(manager, "mail")
    typed = row("calls", value="90")
    answer = send(desk, "calls", "mail", fill="1", pasted="\n88", **typed)
    page = answer.content.decode()
    assert f'name="value.calls-{END}" value="90"' in page
    assert f'name="value.mail-{END}" value="88"' in page


# ── Nothing typed is lost ────────────────────────────────────────────────────────────────────


def test_what_is_typed_is_kept_and_shown_again(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    answer = send(
        desk, "calls", to=f"{GRID}draft/", **row("calls", value="360", note="Half a sentence")
    )
    assert answer.json() == {
        "saved": "Saved as draft 9:00 a.m.",
        "rows": {
            f"calls-{END}": {
                "problems": {},
                "doubts": [
                    "The highest of all 6 values. Usual is 78\u00a0calls to 92\u00a0calls.",
                    "4 times the last value (90\u00a0calls for Q1 2022).",
                ],
            }
        },
    }
    again = desk.get(GRID)
    assert 'value="Half a sentence"' in again.content.decode()
    assert "Saved as draft 9:00 a.m." in text_of(again)


def test_a_draft_is_seen_by_its_author_alone(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    send(desk, "calls", to=f"{GRID}draft/", **row("calls", value="91.25"))
    other = make.grant(Role.MANAGER).person
    contributor = make.offer(item=calls, person=other, role=make.AssignmentRole.CONTRIBUTOR)
    make.assignments.accept_assignment(
        assignment=contributor, on=NOW.date(), by="a test", now=make.moment()
    )
    desk.force_login(other)
    assert "91.25" not in desk.get(GRID).content.decode()


def test_a_saved_row_is_no_draft_any_more_and_an_emptied_one_neither(
    desk: Client, manager: User
) -> None:
    metric_of(manager, "calls")
    metric_of(manager, "mail")
    fields = row("calls", value="91") | row("mail", value="9")
    send(desk, "calls", "mail", to=f"{GRID}draft/", **fields)
    assert Draft.objects.count() == 2
    send(desk, "calls", "mail", **row("calls", value="91"), **row("mail", value=""))
    assert Draft.objects.count() == 0


def test_a_wrong_row_stays_as_a_draft(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    send(desk, "calls", **row("calls", value="lots"))
    assert [draft.fields for draft in Draft.objects.all()] == [{"value": "lots"}]


def test_a_form_sent_after_the_session_ended_comes_back_after_the_sign_in(
    client: Client, manager: User
) -> None:
    metric_of(manager, "calls")
    sent = row("calls", value="91", note="Typed long ago.")
    answer = send(client, "calls", form_of=str(manager.pk), **sent)
    assert answer.status_code == 302
    session = client.session
    kept = session["kept_form"]
    client.force_login(manager)
    session = client.session
    session["kept_form"] = kept
    session.save()
    page = client.get(GRID)
    assert 'value="Typed long ago."' in page.content.decode()
    assert "You were signed out before this was saved." in text_of(page)
    assert Observation.objects.filter(period_end=Q2["end"]).count() == 0


def test_a_form_of_somebody_else_is_not_shown(client: Client, manager: User) -> None:
    metric_of(manager, "calls")
    client.force_login(manager)
    session = client.session
    fields = {name: [text] for name, text in row("calls", note="Not mine.").items()}
    session["kept_form"] = {"path": GRID, "fields": fields | {"form_of": ["0"]}}
    session.save()
    assert "Not mine." not in client.get(GRID).content.decode()


# ── Somebody else was faster ─────────────────────────────────────────────────────────────────


def faster(metric: Metric, value: int = 77) -> Observation:
    return make.observation(value, metric=metric, by="Kim Colleague", **Q2)


def test_a_value_entered_meanwhile_is_shown_beside_the_typed_one(
    desk: Client, manager: User
) -> None:
    calls = metric_of(manager, "calls")
    faster(calls)
    answer = send(desk, "calls", **row("calls", value="91", note="Mine."))
    text = text_of(answer)
    assert "meanwhile, by Kim Colleague: 77" in text
    assert "You typed: 91" in text
    assert 'value="Mine."' in answer.content.decode()
    assert recorded(calls) == [(77, "", "final")]


def test_having_seen_it_one_may_replace_it_with_a_reason(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    theirs = faster(calls)
    seen = {"value": "91", "seen": str(theirs.pk)}
    answer = send(desk, "calls", **row("calls", **seen))
    assert "Say why the recorded value is to be replaced." in text_of(answer)
    send(desk, "calls", **row("calls", **seen, reason="The final count."))
    assert recorded(calls) == [(77, "", "final"), (91, "", "revised")]
    assert Observation.objects.get(value=91).reason == "The final count."


def test_a_form_sent_twice_is_saved_once(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    for _time in range(2):
        assert send(desk, "calls", **row("calls", value="91")).status_code == 302
    assert recorded(calls) == [(91, "", "final")]


def test_what_is_done_stays_visible_with_a_way_to_correct_it(desk: Client, manager: User) -> None:
    faster(metric_of(manager, "calls"))
    page = desk.get(GRID)
    assert "Saved Correct it" in text_of(page)
    assert f'href="/updates/metrics/calls/?period={END}#enter"' in page.content.decode()


# ── Who may ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", [GRID, f"{GRID}draft/"])
def test_a_row_of_somebody_elses_metric_is_refused_whole(
    desk: Client, manager: User, address: str
) -> None:
    calls = metric_of(manager, "calls")
    make.metric(code="foreign", started_on=dt.date(2021, 1, 1))
    fields = row("calls", value="91") | row("foreign", value="1")
    answer = send(desk, "calls", "foreign", to=address, **fields)
    assert answer.status_code == 403
    assert (recorded(calls), Draft.objects.count()) == ([], 0)


@pytest.mark.parametrize("key", ["nothing-2022-06-30", "calls-2022-06-29", "calls-2022-09-30", "x"])
def test_a_row_of_no_metric_or_no_ended_period_is_not_found(
    desk: Client, manager: User, key: str
) -> None:
    metric_of(manager, "calls")
    assert desk.post(GRID, {"row": [key], f"value.{key}": "1"}).status_code == 404


def test_an_editor_may_enter_what_nobody_owns_in_the_division(client: Client) -> None:
    division = make.division(code="services")
    editor = make.grant(Role.DIVISION_EDITOR, division=division).person
    metric = make.metric(code="calls", lead_division=division, started_on=dt.date(2022, 4, 1))
    client.force_login(editor)
    assert "Calls" in text_of(client.get(GRID))
    send(client, "calls", **row("calls", value="5"))
    assert recorded(metric) == [(5, "", "final")]


# ── In place ─────────────────────────────────────────────────────────────────────────────────


def test_a_script_gets_the_section_alone(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    page = in_place(desk, GRID)
    assert page.lstrip().startswith("<section")
    assert "1 value is saved." in page
    assert "updates-head" not in page


def test_on_the_page_of_all_updates_the_head_is_told_too(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    page = in_place(desk, "/updates/")
    assert 'id="updates-head" data-to-go="0" hx-swap-oob="true"' in page


def in_place(client: Client, page: str) -> str:
    """Save a value as the script does, from a page."""
    answer = client.post(
        GRID,
        {"row": [f"calls-{END}"], "return_to": page, **row("calls", value="91")},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_save_counts_towards_the_time_of_the_round(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    send(desk, "calls", **row("calls", value="91"))
    timing = RoundTiming.objects.get()
    assert (timing.person, timing.period_end, timing.saves) == (manager, Q2["end"], 1)
