"""A file on its way in: what becomes of each row, all or nothing, and taken back as one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from priorities.actions.recording import Actor
from priorities.enums import ImportKind, ImportState, MissingReason, RowOutcome
from priorities.interchange import tabular
from priorities.interchange.exporting import file_of
from priorities.interchange.importing import (
    ImportRefused,
    applied,
    counted,
    incoming,
    judged,
    of_run,
    previewed,
    undone,
    uploaded,
    written,
)
from priorities.interchange.rows import Judged
from priorities.interchange.tabular import FileKind
from priorities.interchange.workbook import workbook
from priorities.models import (
    Assignment,
    ChainHead,
    ChangeEvent,
    ImportRun,
    Initiative,
    Metric,
    Observation,
    Target,
)
from priorities.queries.history import verify
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at(2022, 7, 15)
DAY = dt.date(2022, 7, 15)
BY = Actor(name="Ana", door="test")
WHO: dict[str, Any] = {"by": BY, "now": NOW}


def judge(kind: ImportKind, text: str | bytes) -> list[Judged]:
    """What becomes of each row of a CSV."""
    data = text.encode() if isinstance(text, str) else text
    return judged(incoming(kind, tabular.read(data, "a.csv")), DAY)[1]


def judge_values(text: str) -> list[Judged]:
    return judge(ImportKind.OBSERVATIONS, text)


def apply(kind: ImportKind, text: str | bytes) -> list[Judged]:
    data = text.encode() if isinstance(text, str) else text
    importer, rows = judged(incoming(kind, tabular.read(data, "a.csv")), DAY)
    written(importer, rows, lambda _done: None, **WHO)
    return rows


def outcomes(rows: list[Judged]) -> list[str]:
    return [row.outcome.value for row in rows]


def run_of(kind: ImportKind, text: str) -> ImportRun:
    """An uploaded and previewed run."""
    data = text.encode()
    table = tabular.read(data, "values.csv")
    brought = incoming(kind, table)
    run = uploaded(kind, data, "values.csv", table, person=make.person(), at=NOW)
    run.mapping = {"columns": {str(at): name for at, name in brought.mapping.items()}}
    run.save()
    previewed(run, DAY)
    return run


def go(run: ImportRun, state: ImportState = ImportState.APPLYING) -> bool:
    """Apply, or undo, as the worker does."""
    run.state = state.value
    run.save()
    work = applied if state is ImportState.APPLYING else undone
    done = work(run, day=DAY, **WHO)
    run.refresh_from_db()
    return done


# ── Values ───────────────────────────────────────────────────────────────────────────────────


def test_new_other_same_and_blank() -> None:
    make.metric(code="calls")
    make.observation(10)
    make.observation(0, start=dt.date(2022, 4, 1), end=dt.date(2022, 6, 30))
    rows = judge_values(
        "metric,period,value,reason\n"
        "calls,Q1 2022,11,Counted again\n"
        "calls,Q2 2022,0,\n"
        "calls,Q3 2022,5,\n"
        "calls,Q4 2022,,\n"
    )
    assert outcomes(rows) == ["change", "unchanged", "create", "blank"]
    assert rows[0].changes == [("value", "10", "11")]
    assert rows[2].changes == [("value", "", "5")]
    assert "Blank is not zero" in rows[3].note
    assert counted(rows) == {"create": 1, "change": 1, "unchanged": 1, "blank": 1}


def test_blank_never_replaces_a_value_and_zero_does() -> None:
    make.observation(10)
    code = Metric.objects.get().code
    apply(ImportKind.OBSERVATIONS, f"metric,period,value,reason\n{code},Q1 2022,,none\n")
    assert Observation.objects.get().value == 10
    apply(ImportKind.OBSERVATIONS, f"metric,period,value,reason\n{code},Q1 2022,0,So\n")
    assert Observation.objects.get(superseded_by=None).value == 0


def test_a_missing_value_has_its_reason() -> None:
    make.metric(code="calls")
    apply(ImportKind.OBSERVATIONS, "metric,period,missing reason\ncalls,Q1 2022,Not collected\n")
    row = Observation.objects.get()
    assert (row.value, row.missing_reason) == (None, MissingReason.NOT_COLLECTED.value)


ERRORS: dict[str, tuple[str, str]] = {
    "unknown code": ("cals,Q1 2022,1,", "There is no metric “cals”. Did you mean “calls”?"),
    "no code": (",Q1 2022,1,", "Fill in: Metric."),
    "no period": ("calls,,1,", "Say the period, such as Q2 2022."),
    "another calendar": ("calls,Jan 2022,1,", "This metric is reported by another period"),
    "a text": ("calls,Q2 2022,about ten,", "“about ten” is not a number"),
    "none": ("calls,Q2 2022,n/a,", "Leave the cell blank"),
    "another unit": ("calls,Q2 2022,87%,", "The sign % does not fit this metric"),
    "a correction without a reason": ("calls,Q1 2022,11,", "There is 10 already. To correct it"),
}


@pytest.mark.parametrize(("row", "says"), ERRORS.values(), ids=ERRORS)
def test_each_error_says_the_remedy_and_nothing_is_written(row: str, says: str) -> None:
    make.metric(code="calls")
    make.observation(10)
    before = ChainHead.objects.get().sequence
    text = f"metric,period,value,reason\n{row}\ncalls,Q3 2022,7,\n"
    rows = judge_values(text)
    assert outcomes(rows) == ["error", "create"]
    assert says in rows[0].errors[0]
    with pytest.raises(ImportRefused, match="nothing is applied"):
        apply(ImportKind.OBSERVATIONS, text)
    assert ChainHead.objects.get().sequence == before


def test_a_character_that_cannot_be_kept_is_an_error_of_its_row() -> None:
    make.metric(code="calls")
    brought = [["calls", "Q1 2022", 1, "half\x00done"], ["calls", "Q2 2022", 2, "done"]]
    rows = judge(
        ImportKind.OBSERVATIONS, workbook(["metric", "period", "value", "note"], brought, title="A")
    )
    assert outcomes(rows) == ["error", "create"]
    assert rows[0].errors == [
        "Note: There is a character in it that cannot be kept. Please type it again."
    ]


def test_a_row_that_comes_twice_is_refused_with_the_first_one_named() -> None:
    make.metric(code="calls")
    rows = judge_values("metric,period,value\ncalls,Q1 2022,1\n\ncalls,2022-03-31,1\n")
    assert outcomes(rows) == ["create", "error"]
    assert rows[1].errors == ["Row 2 says something of the same already. Keep one of the two."]
    assert rows[1].line == 4


def test_a_decimal_comma_is_told_by_the_column() -> None:
    make.metric(code="calls")
    rows = judge_values('metric,period,value\ncalls,Q1 2022,"12,5"\ncalls,Q2 2022,"1,234"\n')
    assert [row.act.value for row in rows] == [Decimal("12.5"), Decimal("1.234")]


def test_between_semicolons_a_number_read_in_two_ways_is_refused() -> None:
    make.metric(code="calls")
    text = "metric;period;value\ncalls;Q1 2022;1,234\ncalls;Q2 2022;12\n"
    rows = judge_values(text)
    assert outcomes(rows) == ["error", "create"]
    assert rows[0].errors == ["Value: “1,234” is 1234 or 1.234. Say above how numbers are written."]
    table = tabular.read(text.encode(), "a.csv")
    told = judged(incoming(ImportKind.OBSERVATIONS, table, decimal_mark=","), DAY)[1]
    assert told[0].act.value == Decimal("1.234")


def test_a_serial_date_is_a_day() -> None:
    make.metric(code="calls", calendar="irregular")
    rows = judge_values("metric,period,value\ncalls,44562,1\n")
    assert rows[0].act.period_end == dt.date(2022, 1, 1)


def test_latin_1_and_a_byte_order_mark() -> None:
    make.metric(code="calls")
    for data in (
        "metric,period,value,note\ncalls,Q1 2022,1,Señal\n".encode("cp1252"),
        "\ufeffmetric,period,value,note\ncalls,Q1 2022,1,Señal\n".encode(),
        "metric,period,value,note\ncalls,Q1 2022,1,Señal\n".encode("utf-16"),
    ):
        rows = judge(ImportKind.OBSERVATIONS, data)
        assert [row.act.note for row in rows] == ["Señal"]


def test_percents_are_kept_as_percents() -> None:
    make.metric(code="up", kind="percent", calendar="month")
    rows = judge_values("metric,period,value\nup,Jun 2022,87%\nup,May 2022,0.87\n")
    assert [row.act.value for row in rows] == [Decimal(87), Decimal("0.87")]
    assert rows[0].note == ""
    assert rows[1].note == "0.87 is read as 0.87%. If 87% is meant, write it so."


def test_a_file_without_a_needed_column_is_refused() -> None:
    with pytest.raises(ImportRefused, match="These columns are missing: Metric"):
        judge_values("period,value\nQ1 2022,1\n")


def test_what_is_applied_twice_changes_nothing_the_second_time() -> None:
    make.metric(code="calls")
    make.observation(10)
    text = "metric,period,value,quality,reason\ncalls,Q1 2022,11,final,So\ncalls,Q2 2022,3,final,\n"
    apply(ImportKind.OBSERVATIONS, text)
    assert outcomes(judge_values(text)) == ["unchanged", "unchanged"]
    assert verify().count == 0


# ── Other kinds ──────────────────────────────────────────────────────────────────────────────


def test_metrics_are_created_and_reworded() -> None:
    make.division(code="ops")
    make.metric(code="calls", name="Calls", unit="call", tolerance=Decimal("2.5"))
    rows = apply(
        ImportKind.METRICS,
        "code,name,kind,direction,calendar,lead division,tolerance,unit\n"
        "calls,Calls answered,,,,OPS,[empty],\n"
        "waits,Waits,duration,Lower is better,quarter,,,\n",
    )
    assert outcomes(rows) == ["change", "create"]
    assert rows[0].changes == [
        ("name", "Calls", "Calls answered"),
        ("lead_division", "", "ops"),
        ("tolerance", "2.5", ""),
    ]
    calls, waits = Metric.objects.order_by("code")
    assert (calls.name, calls.tolerance, calls.unit) == ("Calls answered", None, "call")
    assert (waits.direction, waits.kind) == ("decrease", "duration")
    assert verify().count == 0


def test_initiatives_are_created_and_reworded() -> None:
    make.priority(code="1")
    make.initiative(code="portal", name="Portal", tags=["web"])
    make.division(code="ops")
    rows = apply(
        ImportKind.INITIATIVES,
        "plan,code,priority,name,supporting divisions,districts,tags,ongoing\n"
        "ita-2022-2023,portal,,New portal,ops,1; 14,a; b,\n"
        "ita-2022-2023,phones,1,Phones,,,,yes\n",
    )
    assert outcomes(rows) == ["change", "create"]
    phones, portal = Initiative.objects.order_by("code")
    assert (portal.name, portal.districts, portal.tags) == ("New portal", [1, 14], ["a", "b"])
    assert [one.code for one in portal.supporting_divisions.all()] == ["ops"]
    assert (phones.ongoing, phones.priority.code) == (True, "1")


def test_a_rule_of_the_table_shows_in_the_preview() -> None:
    make.initiative(code="portal")
    rows = judge(
        ImportKind.INITIATIVES,
        "plan,code,start,end\nita-2022-2023,portal,2022-05-01,2022-04-01\n",
    )
    assert rows[0].errors == ["The initiative ends before it starts."]


def test_targets_are_set_and_changed_with_a_reason() -> None:
    make.metric(code="calls", calendar="fiscal_year")
    first = make.target(90, end=dt.date(2022, 6, 30), period_start=dt.date(2021, 7, 1))
    head = "metric,period,by date,value,low,high,adopted on,authority,reason\n"
    rows = judge(ImportKind.TARGETS, head + "calls,FY 2021-22,,95,,,2022-01-01,Council,\n")
    assert rows[0].errors == ["There is a target of 90 already. To change it, give the reason."]
    rows = apply(
        ImportKind.TARGETS,
        head + "calls,FY 2021-22,,95,,,2022-02-01,Council,Raised\n"
        "calls,,2023-12-31,,10,20,2022-02-01,Council,\n",
    )
    assert outcomes(rows) == ["change", "create"]
    assert Target.objects.get(supersedes=first).value == 95
    by = Target.objects.get(period_start=None)
    assert (by.low, by.high, by.period_end) == (10, 20, dt.date(2023, 12, 31))


def test_people_are_added_and_asked_not_appointed() -> None:
    make.metric(code="calls")
    make.person(name="Ben", email="ben@example.org")
    rows = apply(
        ImportKind.PEOPLE,
        "email,name,metric,role\n"
        "Ana@Example.org,Ana,calls,owner\n"
        "ben@example.org,,calls,contributor\n"
        "ana@example.org,Ana,,\n",
    )
    assert outcomes(rows) == ["create", "create", "unchanged"]
    found = Assignment.objects.order_by("pk").values_list("person__email", "role", "state")
    assert list(found) == [
        ("ana@example.org", "owner", "offered"),
        ("ben@example.org", "contributor", "offered"),
    ]
    again = judge(ImportKind.PEOPLE, "email,name,metric\nana@example.org,Ana,calls\n")
    assert outcomes(again) == ["unchanged"]


# ── A run: applied as it was shown, undone as one ────────────────────────────────────────────

VALUES = "metric,period,value,reason\ncalls,Q1 2022,11,Counted again\ncalls,Q2 2022,5,\n"


def test_a_run_is_applied_and_undone_as_one() -> None:
    make.metric(code="calls")
    make.observation(10, note="By hand.")
    run = run_of(ImportKind.OBSERVATIONS, VALUES)
    assert run.counts == {"create": 1, "change": 1}
    assert go(run)
    assert (run.state, run.applied_at) == ("applied", NOW)
    newest = Observation.objects.filter(superseded_by=None).order_by("period_end")
    assert list(newest.values_list("value", "note")) == [(11, "By hand."), (5, "")]
    assert go(run, ImportState.UNDOING)
    assert (run.state, run.undone_by) == ("undone", "Ana")
    taken_back = newest.values_list("value", "missing_reason", "note", "reason")
    assert list(taken_back) == [
        (10, "", "By hand.", "Import undone: values.csv"),
        (None, "withdrawn", "", "Import undone: values.csv"),
    ]
    assert verify().count == 0


def test_what_was_corrected_since_stays_when_an_import_is_undone() -> None:
    make.metric(code="calls")
    run = run_of(ImportKind.OBSERVATIONS, "metric,period,value\ncalls,Q1 2022,1\ncalls,Q2 2022,2\n")
    assert go(run)
    first = Observation.objects.order_by("period_end").first()
    assert first is not None
    make.observations.correct_observation(
        observation=first, value=Decimal(3), reason="Right now.", **WHO
    )
    assert go(run, ImportState.UNDOING)
    assert [row["stayed"] for row in run.results] == [True, False]
    newest = Observation.objects.filter(superseded_by=None).order_by("period_end")
    assert list(newest.values_list("value", flat=True)) == [3, None]


def test_a_record_that_changed_since_the_preview_is_shown_anew_and_nothing_applied() -> None:
    make.metric(code="calls")
    run = run_of(ImportKind.OBSERVATIONS, "metric,period,value\ncalls,Q1 2022,1\n")
    make.observation(9)
    assert not go(run)
    assert run.state == "previewed"
    assert "has changed since the preview" in run.message
    assert run.counts == {"error": 1}
    assert Observation.objects.count() == 1


def test_a_refusal_while_writing_leaves_nothing_and_says_why() -> None:
    person = make.person(name="Ben", email="ben@example.org")
    make.metric(code="calls")
    run = run_of(
        ImportKind.PEOPLE, "email,name,metric\nnew@example.org,New,calls\nben@example.org,,calls\n"
    )
    make.people.revise_person(person=person, changes={"is_active": False}, **WHO)
    before = ChangeEvent.objects.count()
    assert not go(run)
    assert run.state == "previewed"
    assert ChangeEvent.objects.count() == before


def test_metrics_and_initiatives_are_undone_by_their_wording() -> None:
    make.metric(code="calls", name="Calls", tolerance=Decimal(3))
    run = run_of(
        ImportKind.METRICS,
        "code,name,kind,direction,calendar,tolerance,source\n"
        "calls,Calls answered,,,,[empty],Phone system\n"
        "waits,Waits,duration,decrease,quarter,,\n",
    )
    assert go(run)
    make.metrics.revise_metric(
        metric=Metric.objects.get(code="calls"), changes={"source": "By hand"}, **WHO
    )
    assert go(run, ImportState.UNDOING)
    calls, waits = Metric.objects.order_by("code")
    assert (calls.name, calls.tolerance, calls.source) == ("Calls", 3, "By hand")
    assert waits.visibility == "internal"
    assert [row["stayed"] for row in run.results] == [True, False]
    assert verify().count == 0


def test_people_are_undone_unless_they_have_accepted() -> None:
    make.metric(code="calls")
    make.metric(code="waits")
    run = run_of(
        ImportKind.PEOPLE,
        "email,name,metric\nana@example.org,Ana,calls\nben@example.org,Ben,waits\n",
    )
    assert go(run)
    accepted = Assignment.objects.get(person__name="Ana")
    make.assignments.accept_assignment(assignment=accepted, on=DAY, **WHO)
    assert go(run, ImportState.UNDOING)
    states = Assignment.objects.order_by("pk").values_list("state", "person__is_active")
    assert list(states) == [("accepted", True), ("ended", False)]


# ── There and back ───────────────────────────────────────────────────────────────────────────


def everything() -> None:
    """A row of each kind, with what is awkward in a file."""
    make.division(code="ops")
    make.initiative(code="portal", name="=Portal", tags=["a", "b"], description="One\n\nTwo; three")
    make.metric(code="calls", name="-Calls", tolerance=Decimal("1.234"), calendar="fiscal_year")
    make.observation(
        "1.234", start=dt.date(2021, 7, 1), end=dt.date(2022, 6, 30), note="+1, 'so' \"it\" is"
    )
    make.observation(0, start=dt.date(2020, 7, 1), end=dt.date(2021, 6, 30))
    make.observation(None, end=dt.date(2022, 9, 30), missing_reason=MissingReason.SUPPRESSED)
    make.target("99.9")
    make.target(None, low=Decimal(1), high=Decimal(2), period_start=dt.date(2022, 10, 1))
    make.owner()
    make.offer(item=Metric.objects.get())


@pytest.mark.parametrize("file_kind", FileKind)
@pytest.mark.parametrize("kind", ImportKind)
def test_what_is_exported_and_brought_back_changes_nothing(
    kind: ImportKind, file_kind: FileKind
) -> None:
    everything()
    data = b"".join(file_of(kind, file_kind))
    rows = judged(incoming(kind, tabular.read(data, f"a.{file_kind}")), DAY)[1]
    assert [(row.outcome, row.errors, row.changes) for row in rows] == [
        (RowOutcome.UNCHANGED, [], [])
    ] * len(rows)
    assert rows


VALUES_OF_A_QUARTER = some.one_of(
    some.tuples(some.decimals(-(10**8), 10**8, places=6, allow_nan=False), some.just(None)),
    some.tuples(
        some.none(), some.sampled_from(sorted(set(MissingReason) - {MissingReason.WITHDRAWN}))
    ),
)
NOTES = some.text(some.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20)


@pytest.mark.parametrize("file_kind", FileKind)
@given(said=some.lists(some.tuples(VALUES_OF_A_QUARTER, NOTES), min_size=1, max_size=6))
@example(said=[((Decimal("0.000000"), None), "'=1"), ((Decimal("1.234"), None), " -1 ")])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_values_that_are_exported_and_brought_back_change_nothing(
    file_kind: FileKind, said: list[tuple[tuple[Decimal | None, MissingReason | None], str]]
) -> None:
    with transaction.atomic():
        make.metric(code="calls", calendar="month")
        for at, ((value, missing), note) in enumerate(said, start=1):
            period = {"start": dt.date(2022, at, 1), "end": dt.date(2022, at, 28)}
            make.observation(value, missing_reason=missing, note=note, **period)
        data = b"".join(file_of(ImportKind.OBSERVATIONS, file_kind))
        rows = judged(incoming(ImportKind.OBSERVATIONS, tabular.read(data, "a.csv")), DAY)[1]
        found = [(row.outcome.value, row.changes, row.errors) for row in rows]
        transaction.set_rollback(True)
    assert found == [("unchanged", [], [])] * len(said)


def test_a_run_keeps_the_table_with_its_lines() -> None:
    make.metric(code="calls")
    run = run_of(ImportKind.OBSERVATIONS, "metric,period,value\n\ncalls,Q1 2022,1\n")
    assert [(record.line, record.cells["value"]) for record in of_run(run).records()] == [(3, "1")]
