"""The page of one metric: its values with their corrections, and the form beside them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from priorities.enums import Calendar
from priorities.models import Draft, Metric, Observation
from tests import factories as make
from tests.priorities.views.test_values import (
    _now,
    desk,
    faster,
    manager,
    metric_of,
    recorded,
    text_of,
)

__all__ = ["_now", "desk", "manager"]

pytestmark = pytest.mark.django_db

PAGE = "/updates/metrics/calls/"
Q1 = "2022-03-31"


def correction(seen: int | str, **fields: str) -> dict[str, str]:
    """The form of a correction of the first quarter."""
    typed = {"seen": str(seen), **fields}
    rows = {f"{name}.calls-{Q1}": text for name, text in typed.items()}
    return {"period": Q1, "row": f"calls-{Q1}", "correcting": "1", **rows}


def newest(metric: Metric, end: dt.date = dt.date(2022, 3, 31)) -> Observation:
    return Observation.objects.filter(metric=metric, period_end=end).latest("pk")


def test_the_newest_period_without_a_value_is_asked_for(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    text = text_of(desk.get(PAGE))
    assert "Enter the value for Q2 2022" in text
    assert "Q2 2022 Enter Q2 2022 No value yet Q1 2022 Correct Q1 2022 90" in text


def test_a_value_is_entered_late(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    end = "2022-06-30"
    answer = desk.post(
        PAGE, {"period": end, "row": f"calls-{end}", f"value.calls-{end}": "91"}, follow=True
    )
    assert recorded(calls) == [(91, "", "final")]
    assert "The value for Q2 2022 is saved." in text_of(answer)


def test_the_form_of_a_correction_holds_what_is_recorded(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    page = desk.get(f"{PAGE}?period={Q1}")
    assert "Correct the value for Q1 2022" in text_of(page)
    assert f'name="value.calls-{Q1}" value="90"' in page.content.decode()
    assert f'name="seen.calls-{Q1}" value="{newest(calls).pk}"' in page.content.decode()


def test_a_correction_is_a_new_row_with_its_reason_and_the_page_shows_both(
    desk: Client, manager: User
) -> None:
    calls = metric_of(manager, "calls")
    old = newest(calls)
    desk.post(PAGE, correction(old.pk, value="89.5", reason="Counted twice."))
    new = newest(calls)
    assert (new.value, new.reason, new.supersedes_id, new.quality) == (
        make.Decimal("89.5"),
        "Counted twice.",
        old.pk,
        "revised",
    )
    text = text_of(desk.get(PAGE)).replace("\u00a0", " ")
    assert "89.5 calls 6 Jul 2022, Mo Manager Corrected: Counted twice." in text
    assert "Replaced: 90 calls" in text


def test_a_correction_says_why(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    answer = desk.post(PAGE, correction(newest(calls).pk, value="89", note="Typed."))
    assert "Say why the recorded value is to be replaced." in text_of(answer)
    assert 'value="Typed."' in answer.content.decode()
    assert newest(calls).value == 90


def test_a_correction_may_take_the_value_away(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    taken = {"value": "", "missing": "not_collected", "reason": "It was a guess."}
    desk.post(PAGE, correction(newest(calls).pk, **taken))
    assert (newest(calls).value, newest(calls).missing_reason) == (None, "not_collected")


def test_an_unusual_correction_is_asked_about(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    seen = newest(calls).pk
    answer = desk.post(PAGE, correction(seen, value="900", reason="Really."))
    assert "Sure?" in text_of(answer)
    assert newest(calls).value == 90
    desk.post(PAGE, correction(seen, value="900", reason="Really.", sure="900"))
    assert newest(calls).value == 900


def test_a_correction_made_meanwhile_is_shown_and_the_newest_is_corrected(
    desk: Client, manager: User
) -> None:
    calls = metric_of(manager, "calls")
    seen = newest(calls)
    theirs = make.observations.correct_observation(
        observation=seen, value=make.Decimal(88), reason="Recount.", by="Kim", now=make.moment()
    )
    mine = correction(seen.pk, value="89", reason="Counted twice.")
    answer = desk.post(PAGE, mine)
    text, page = text_of(answer), answer.content.decode()
    assert "Recorded meanwhile, by Kim: 88" in text
    assert "You typed: 89" in text
    assert "Counted twice.</textarea>" in page
    assert f'name="seen.calls-{Q1}" value="{theirs.pk}"' in page
    assert newest(calls).pk == theirs.pk
    desk.post(PAGE, correction(theirs.pk, value="89", reason="Counted twice."))
    assert (newest(calls).value, newest(calls).supersedes_id) == (89, theirs.pk)


def test_a_first_value_entered_meanwhile_is_shown(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    faster(calls)
    end = "2022-06-30"
    fields = {"period": end, "row": f"calls-{end}", f"value.calls-{end}": "91"}
    answer = desk.post(PAGE, fields)
    assert "Recorded meanwhile, by Kim Colleague: 77" in text_of(answer)
    assert recorded(calls) == [(77, "", "final")]


def test_an_empty_form_is_asked_for_a_value(desk: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    answer = desk.post(PAGE, correction(newest(calls).pk, value="", reason="Why."))
    assert "Enter a value, or say why there is none." in text_of(answer)
    assert "Why.</textarea>" in answer.content.decode()


def test_what_is_typed_of_a_correction_is_kept_apart_from_the_grid(
    desk: Client, manager: User
) -> None:
    calls = metric_of(manager, "calls")
    typed = correction(newest(calls).pk, value="89.25", reason="Half a")
    desk.post("/updates/values/draft/", typed)
    assert [draft.form for draft in Draft.objects.all()] == [f"correction:{calls.pk}:{Q1}"]
    assert "Half a</textarea>" in desk.get(f"{PAGE}?period={Q1}").content.decode()
    assert "89.25" not in desk.get("/updates/values/").content.decode()
    desk.post(PAGE, typed | {f"reason.calls-{Q1}": "Half a year was missing."})
    assert Draft.objects.count() == 0


def test_a_form_sent_after_the_session_ended_comes_back(client: Client, manager: User) -> None:
    calls = metric_of(manager, "calls")
    sent = correction(newest(calls).pk, value="89", reason="Kept.") | {"form_of": str(manager.pk)}
    answer = client.post(PAGE, sent | {"return_to": f"{PAGE}?period={Q1}"})
    assert answer.status_code == 302
    kept = client.session["kept_form"]
    client.force_login(manager)
    session = client.session
    session["kept_form"] = kept
    session.save()
    assert "Kept.</textarea>" in client.get(f"{PAGE}?period={Q1}").content.decode()
    assert newest(calls).value == 90


@pytest.mark.parametrize("period", ["2022-06-29", "2022-09-30", "soon"])
def test_what_is_no_ended_period_is_not_found(desk: Client, manager: User, period: str) -> None:
    metric_of(manager, "calls")
    assert desk.get(f"{PAGE}?period={period}").status_code == 404


def test_a_value_of_no_calendar_is_entered_for_a_day(desk: Client, manager: User) -> None:
    metric = make.metric(code="calls", calendar=Calendar.IRREGULAR.value)
    make.owner(item=metric, person=manager)
    day = "2022-05-17"
    assert "Enter the value for 17 May 2022" in text_of(desk.get(f"{PAGE}?period={day}"))
    desk.post(PAGE, {"period": day, "row": f"calls-{day}", f"value.calls-{day}": "4"})
    row = Observation.objects.get()
    assert (row.value, row.period_start, row.period_end) == (
        4,
        dt.date(2022, 5, 17),
        dt.date(2022, 5, 17),
    )


def test_whose_metric_it_is_may_say_that_it_is_not(desk: Client, manager: User) -> None:
    metric_of(manager, "calls")
    assert "Not mine" in text_of(desk.get(PAGE))


def test_a_metric_of_somebody_else_is_refused_and_an_unknown_one_not_found(
    desk: Client, manager: User
) -> None:
    make.metric(code="foreign")
    assert desk.get("/updates/metrics/foreign/").status_code == 403
    assert desk.post("/updates/metrics/foreign/", {"period": Q1}).status_code == 403
    assert desk.get("/updates/metrics/none/").status_code == 404


def test_the_page_costs_the_same_however_often_a_value_was_corrected(
    desk: Client, manager: User
) -> None:
    calls, costs = metric_of(manager, "calls"), []
    for value in range(3):
        make.observations.correct_observation(
            observation=newest(calls),
            value=make.Decimal(80 + value),
            reason="Recount.",
            by="Kim",
            now=make.moment(),
        )
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            desk.get(PAGE)
        costs.append(len(asked))
    assert costs == [costs[0]] * 3
