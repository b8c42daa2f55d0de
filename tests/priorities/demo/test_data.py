"""The demonstration's data files: complete, sourced, and free of real people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from priorities.demo.checks import problems
from priorities.demo.dataset import DATA, read_dataset
from priorities.demo.notation import Span, parse_span
from priorities.demo.rows import Dataset, MetricData
from priorities.enums import DatePrecision, Direction, MissingReason, Provenance, Quality

PLAN = "ita-2022-2023"


@pytest.fixture(scope="module")
def data() -> Dataset:
    return read_dataset()


def metric(data: Dataset, code: str) -> MetricData:
    return next(row for row in data.metrics if row.code == code)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("FY 2020-21", Span(dt.date(2020, 7, 1), dt.date(2021, 6, 30), DatePrecision.YEAR)),
        ("FY 1999-00", Span(dt.date(1999, 7, 1), dt.date(2000, 6, 30), DatePrecision.YEAR)),
        ("2022-Q4", Span(dt.date(2022, 10, 1), dt.date(2022, 12, 31), DatePrecision.QUARTER)),
        ("2020-02", Span(dt.date(2020, 2, 1), dt.date(2020, 2, 29), DatePrecision.MONTH)),
        ("2020", Span(dt.date(2020, 1, 1), dt.date(2020, 12, 31), DatePrecision.YEAR)),
        ("2020-07-06", Span(dt.date(2020, 7, 6), dt.date(2020, 7, 6), DatePrecision.DAY)),
    ],
)
def test_a_span_is_read(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "FY 2020-22", "2022-Q5", "2022-13", "2022-02-30", "soon"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_span(text)


def test_the_data_has_no_fault(data: Dataset) -> None:
    assert list(problems(data)) == []


def test_the_plan_is_whole(data: Dataset) -> None:
    priorities = [row.code for row in data.priorities if row.plan == PLAN]
    initiatives = [row for row in data.initiatives if row.plan == PLAN]
    counts = {code: sum(row.priority == code for row in initiatives) for code in priorities}
    assert counts == {"1": 6, "2": 6, "3": 11, "4": 1}
    published = [
        row for row in data.metrics if row.priorities and row.provenance != Provenance.ILLUSTRATIVE
    ]
    assert len(published) == 28
    assert len({row.code for row in data.metrics}) == len(data.metrics)


def test_every_published_figure_has_a_source_and_a_day(data: Dataset) -> None:
    for row in data.metrics:
        if row.provenance == Provenance.ILLUSTRATIVE:
            continue
        for figure in [*row.observations, *row.targets]:
            source = data.sources[figure.source]
            assert source.url.startswith(("https://", "http://"))
        for figure in row.observations:
            assert isinstance(figure.published_on, dt.date)


def test_the_budget_measures_are_as_the_city_printed_them(data: Dataset) -> None:
    calls = metric(data, "311-calls-answered")
    values = [(str(f.span.end.year), str(f.value), f.quality) for f in calls.observations]
    assert values == [
        ("2013", "63", Quality.FINAL),
        ("2014", "89", Quality.FINAL),
        ("2015", "90", Quality.FINAL),
        ("2016", "82", Quality.FINAL),
        ("2017", "78", Quality.PROVISIONAL),
        ("2017", "73", Quality.FINAL),
        ("2018", "80", Quality.PROVISIONAL),
        ("2018", "78", Quality.FINAL),
        ("2019", "89", Quality.FINAL),
        ("2020", "89", Quality.FINAL),
        ("2021", "91", Quality.PROVISIONAL),
    ]
    assert [str(t.value) for t in calls.targets] == ["94", "90", "90", "90", "90", "91"]
    slips = metric(data, "network-availability").targets[0]
    assert (str(slips.value), slips.adopted_on) == ("90.1", dt.date(2015, 6, 1))


def test_what_was_set_by_reading_is_marked_as_inferred(data: Dataset) -> None:
    """The figure stands in its source; its day or its year is ours."""
    assert metric(data, "311-operator-wait").targets[0].provenance == Provenance.INFERRED
    marked = {
        (row.code, str(fact.span.end.year))
        for row in data.metrics
        for fact in row.observations
        if fact.provenance == Provenance.INFERRED
    }
    assert marked == {
        ("311-calls-per-year", "2008"),
        ("311-calls-per-year", "2012"),
        ("311-requests-per-quarter", "2023"),
        ("311-requests-per-quarter", "2024"),
        ("digital-cities-rank", "2017"),
        ("digital-cities-rank", "2019"),
        ("ita-employees", "2016"),
    }


def test_a_blank_is_missing_and_not_zero(data: Dataset) -> None:
    network = metric(data, "network-availability").observations[0]
    assert (network.value, network.missing) == (None, MissingReason.NOT_PUBLISHED)
    published = [row for row in data.metrics if row.provenance != Provenance.ILLUSTRATIVE]
    assert [row.code for row in published for f in row.observations if f.value == 0] == []


def test_the_made_up_measures_cover_the_odd_cases(data: Dataset) -> None:
    made_up = [row for row in data.metrics if row.provenance == Provenance.ILLUSTRATIVE]
    values = [f.value for row in made_up for f in row.observations]
    assert {Decimal(0), None} <= set(values)
    assert any(value is not None and value < 0 for value in values)
    directions = {row.fields["direction"] for row in made_up}
    assert directions == {d.value for d in Direction}
    assert {"index", "duration", "percent", "count"} <= {row.fields["kind"] for row in made_up}
    assert "currency" in {row.fields["kind"] for row in data.metrics}


def test_a_fault_is_named(data: Dataset) -> None:
    calls = metric(data, "311-calls-answered")
    broken = replace(calls, observations=(replace(calls.observations[0], source="hearsay"),))
    assert list(problems(replace(data, metrics=[broken]))) == [
        "311-calls-answered: a figure without a source."
    ]


# ── Nothing is told before it was known ──────────────────────────────────────────────────────


def test_each_end_that_an_initiative_promises_stands_in_a_source_that_was_public(
    data: Dataset,
) -> None:
    """Else the day on which something was finished would show as the day that was promised."""
    promised = [
        row for row in data.initiatives if row.end and parse_span(row.end).end > data.appeared(row)
    ]
    early = [row.code for row in promised if not public(data, row.source, data.appeared(row))]
    assert early == []
    assert [(row.plan, row.code, row.end, row.source) for row in promised] == [
        (PLAN, "smartla-2028", "2028", "smartla-2028"),
        ("ita-2024-2025", "web-accessibility", "2026-04-24", "accessibility-rule"),
        ("ita-2024-2025", "smartla-2028", "2028", "smartla-2028"),
    ]


def public(data: Dataset, source: str, on: dt.date) -> bool:
    return data.sources[source].published_on <= on


def test_what_later_pages_tell_of_an_initiative_comes_on_their_day(data: Dataset) -> None:
    told = [(row.code, rev.on, rev.source) for row in data.initiatives for rev in row.revisions]
    assert told == [
        ("application-modernization-strategy", dt.date(2022, 10, 12), "application-strategy"),
        ("lacity-gov-website", dt.date(2022, 11, 10), "digital-city-2022"),
        ("it-workforce-plan", dt.date(2023, 4, 4), "workforce-plan"),
        ("new-myla311", dt.date(2025, 12, 31), "new-myla311"),
        ("hr-payroll-project", dt.date(2024, 6, 16), "payroll-project"),
    ]


def test_no_date_that_is_made_up_is_the_day_of_a_later_source(data: Dataset) -> None:
    """Whoever invents a date and hits the day on which it happened has looked ahead."""
    invented = [
        (data.appeared(row), parse_span(step.due).end)
        for row in data.initiatives
        for step in row.milestones
        if step.provenance == Provenance.ILLUSTRATIVE
    ]
    invented += [(row.on, parse_span(row.due).end) for row in data.milestone_changes if row.due]
    invented += [(row.on, row.recovery_on) for row in data.updates if row.recovery_on]
    assert len(invented) > 50
    days = {source.published_on for source in data.sources.values() if not source.dated_by_us}
    assert [day for on, day in invented if day > on and day in days] == []


def test_no_text_of_a_metric_names_a_year_that_is_yet_to_come(data: Dataset) -> None:
    """A note on what later figures show is a revision, on the day of those figures."""
    texts: list[tuple[str, int, str]] = []
    for row in data.metrics:
        adopted = next(plan.adopted_on for plan in data.plans if plan.adopted_on)
        first = min([row.first_public or adopted, adopted])
        texts += [(row.code, first.year, str(value)) for value in row.fields.values()]
        texts += [(row.code, rev.on.year, str(rev.changes)) for rev in row.revisions]
        texts += [(row.code, fact.published_on.year, fact.note) for fact in row.observations]
        texts += [(row.code, goal.adopted_on.year, goal.note) for goal in row.targets]
    assert len([text for _code, _year, text in texts if re.search(YEAR, text)]) > 15
    assert [
        (code, year, text)
        for code, year, text in texts
        if any(int(named) > year for named in re.findall(YEAR, text))
    ] == []


YEAR = r"\b20\d\d\b"


def told_early(data: Dataset) -> Dataset:
    """An initiative that cites, when it comes into its plan, the page on how it ended."""
    row = next(row for row in data.initiatives if row.code == "it-workforce-plan")
    return replace(data, initiatives=[replace(row, source="workforce-plan")], updates=[])


def reworded_early(data: Dataset) -> Dataset:
    row = next(row for row in data.initiatives if row.code == "lacity-gov-website")
    revision = replace(row.revisions[0], on=dt.date(2022, 2, 1))
    return replace(data, initiatives=[replace(row, revisions=[revision])], updates=[])


def measured_early(data: Dataset) -> Dataset:
    row = metric(data, "services-digitized")
    revision = replace(row.revisions[0], on=dt.date(2021, 6, 23))
    return replace(data, metrics=[replace(row, revisions=(revision,))])


def done_early(data: Dataset) -> Dataset:
    row = next(row for row in data.initiatives if row.code == "myla311-replacement")
    step = replace(row.milestones[-1], added_on=dt.date(2023, 7, 3))
    return replace(data, initiatives=[replace(row, milestones=[step])], updates=[])


def moved_early(data: Dataset) -> Dataset:
    change = next(row for row in data.milestone_changes if row.done)
    return replace(data, milestone_changes=[replace(change, on=dt.date(2022, 9, 22))])


def closed_early(data: Dataset) -> Dataset:
    update = next(row for row in data.updates if row.closed_on)
    return replace(data, updates=[replace(update, on=dt.date(2023, 12, 19))])


def named_early(data: Dataset) -> Dataset:
    change = {**data.organization_revisions[0], "on": dt.date(2022, 1, 25)}
    return replace(data, organization_revisions=[change])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (
            told_early,
            "ita-2022-2023/it-workforce-plan: its source 'workforce-plan' came later than "
            "2022-01-25.",
        ),
        (
            reworded_early,
            "ita-2022-2023/lacity-gov-website: its source 'digital-city-2022' came later than "
            "2022-02-01.",
        ),
        (
            measured_early,
            "services-digitized: its source 'plan-2022-2023' came later than 2021-06-23.",
        ),
        (
            done_early,
            "ita-2022-2023/myla311-replacement: 'Executive Directive 5: a steering committee for "
            "MyLA311' is told on 2023-07-03, before it was done.",
        ),
        (
            moved_early,
            "ita-2022-2023/myla311-replacement: 're-scope' is told on 2022-09-22, before it was "
            "done.",
        ),
        (
            closed_early,
            "ita-2022-2023/digital-strategy: closed on 2023-12-20, told on 2023-12-19.",
        ),
        (named_early, "organization: its source 'council-agenda-2022' came later than 2022-01-25."),
    ],
)
def test_what_is_told_too_early_is_named(
    data: Dataset, broken: Callable[[Dataset], Dataset], fault: str
) -> None:
    assert list(problems(broken(data))) == [fault]


def test_an_unknown_key_is_an_error(tmp_path: Path) -> None:
    for path in DATA.glob("*.toml"):
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace("dated_by_us", "dated_by_them"), "utf-8")
    with pytest.raises(TypeError, match="dated_by_them"):
        read_dataset(tmp_path)


def test_people_are_roles_and_addresses_are_examples(data: Dataset) -> None:
    for person in data.people:
        assert person.name.startswith("Demo ") or person.name.endswith(" manager")
    for path in DATA.iterdir():
        for address in re.findall(r"[\w.+-]+@[\w.-]+", path.read_text("utf-8")):
            assert address.endswith("@example.org")
