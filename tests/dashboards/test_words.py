"""Dates, numbers, states and sentences as pages spell them."""

import datetime as dt
from decimal import Decimal

import pytest

from dashboards.pages import words
from dashboards.pages.headline import headline
from dashboards.pages.prose import prose
from dashboards.pages.words import Unit
from priorities.enums import (
    DatePrecision,
    Health,
    InitiativeState,
    MetricKind,
    MetricState,
    Provenance,
)

JUNE_30 = dt.date(2022, 6, 30)
TIGHT = "\u00a0"


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        (DatePrecision.DAY, "30 Jun 2022"),
        (DatePrecision.MONTH, "Jun 2022"),
        (DatePrecision.QUARTER, "Q2 2022"),
        (DatePrecision.YEAR, "2022"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(precision: DatePrecision, said: str) -> None:
    assert words.dated(JUNE_30, precision) == said


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        (DatePrecision.DAY, JUNE_30, JUNE_30),
        (DatePrecision.MONTH, dt.date(2022, 6, 1), JUNE_30),
        (DatePrecision.QUARTER, dt.date(2022, 4, 1), JUNE_30),
        (DatePrecision.YEAR, dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
    ],
)
def test_the_days_that_a_date_may_mean(
    precision: DatePrecision, first: dt.date, last: dt.date
) -> None:
    assert words.days_meant(JUNE_30, precision) == (first, last)


def test_december_ends_its_quarter() -> None:
    assert words.days_meant(dt.date(2022, 12, 5), DatePrecision.QUARTER) == (
        dt.date(2022, 10, 1),
        dt.date(2022, 12, 31),
    )


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (dt.date(2021, 7, 1), dt.date(2022, 6, 30), "FY 2021-22"),
        (dt.date(1999, 7, 1), dt.date(2000, 6, 30), "FY 1999-00"),
        (dt.date(2022, 1, 1), dt.date(2022, 12, 31), "2022"),
        (dt.date(2022, 4, 1), JUNE_30, "Q2 2022"),
        (dt.date(2022, 6, 1), JUNE_30, "Jun 2022"),
        (JUNE_30, JUNE_30, "30 Jun 2022"),
        (dt.date(2022, 1, 1), dt.date(2023, 12, 31), "Jan 2022 – Dec 2023"),
        (dt.date(2022, 1, 2), JUNE_30, "2 Jan 2022 – 30 Jun 2022"),
    ],
)
def test_a_period_has_its_usual_name(start: dt.date, end: dt.date, said: str) -> None:
    assert words.period(start, end) == said


def test_a_fiscal_year_that_starts_in_october() -> None:
    assert (
        words.period(dt.date(2021, 10, 1), dt.date(2022, 9, 30), fiscal_start_month=10)
        == "FY 2021-22"
    )


def test_a_day_of_a_list_names_its_year_when_it_is_another() -> None:
    assert words.short_day(JUNE_30, today=dt.date(2022, 8, 20)) == "30 Jun"
    assert words.short_day(JUNE_30, today=dt.date(2023, 8, 20)) == "30 Jun 2022"


PERCENT = Unit(MetricKind.PERCENT, 0, "percent", "percent", "%")
SECONDS = Unit(MetricKind.DURATION, 0, "second", "seconds")
DOLLARS = Unit(MetricKind.CURRENCY, 0, "dollar", "dollars", "$")
CALLS = Unit(MetricKind.COUNT, 0, "call", "calls")
SITES = Unit(MetricKind.DURATION, 1, "site hour", "site hours")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (89, PERCENT, "89%"),
        (Decimal("99.98"), Unit(MetricKind.PERCENT, 2), "99.98%"),
        (14193095, DOLLARS, "$14,193,095"),
        (-5, DOLLARS, "−$5"),
        (102, SECONDS, f"1:42{TIGHT}min"),
        (0, SECONDS, f"0:00{TIGHT}min"),
        (3725, SECONDS, f"1:02:05{TIGHT}h"),
        (24000, CALLS, f"24,000{TIGHT}calls"),
        (1, CALLS, f"1{TIGHT}call"),
        (0, CALLS, f"0{TIGHT}calls"),
        (-3, CALLS, f"−3{TIGHT}calls"),
        (4, Unit(MetricKind.RANK), "No. 4"),
        (Decimal("1.25"), SITES, f"1.3{TIGHT}site hours"),
        (Decimal("-0.4"), CALLS, f"0{TIGHT}calls"),
    ],
)
def test_a_value_with_its_unit(value: Decimal | int, unit: Unit, said: str) -> None:
    assert words.quantity(value, unit) == said


def test_arithmetic_keeps_the_decimals_that_rounding_would_hide() -> None:
    assert words.quantity(Decimal("2.7"), PERCENT) == "3%"
    assert words.quantity(Decimal("2.7"), PERCENT, exact=True) == "2.7%"
    assert words.quantity(Decimal("69.958"), PERCENT, exact=True) == "69.96%"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, PERCENT, f"+1{TIGHT}point"),
        (Decimal("-0.5"), PERCENT, f"−0.5{TIGHT}points"),
        (2, Unit(MetricKind.RANK), f"+2{TIGHT}places"),
        (-10, SECONDS, f"−0:10{TIGHT}min"),
        (0, PERCENT, f"0{TIGHT}points"),
    ],
)
def test_percents_differ_in_points(value: Decimal | int, unit: Unit, said: str) -> None:
    assert words.difference(value, unit, signed=True) == said


def test_a_pill_of_an_overdue_item_counts_its_days() -> None:
    assert words.state_pill(InitiativeState.OVERDUE, days_overdue=47).label == "Overdue 47 days"
    assert words.state_pill(MetricState.OVERDUE, days_overdue=1).label == "Overdue 1 day"
    assert words.state_pill(Health.AT_RISK).label == "At risk"


def test_only_what_cannot_be_taken_on_trust_is_marked() -> None:
    assert words.marks(Provenance.RECORDED, url="/m") == ()
    assert words.marks(Provenance.PUBLISHED, url="/m") == ()
    assert [m.label for m in words.marks(Provenance.ILLUSTRATIVE, url="/m")] == ["Illustrative"]


def test_the_headline_names_its_denominator_and_sets_apart_what_was_cancelled() -> None:
    said = headline(
        {
            InitiativeState.COMPLETED: 3,
            InitiativeState.ON_TRACK: 12,
            InitiativeState.AT_RISK: 3,
            InitiativeState.OFF_TRACK: 2,
            InitiativeState.OVERDUE: 3,
            InitiativeState.NEVER_REPORTED: 1,
            InitiativeState.CANCELLED: 1,
        }
    )
    assert said.lead == "15 of 24 initiatives are on track or complete"
    assert said.rest == (
        ", 3 are at risk and 2 are off track. 3 are overdue and 1 has never been reported. "
        "Besides these, 1 was cancelled."
    )


def test_the_headline_of_a_closed_plan_speaks_of_its_last_day() -> None:
    said = headline({InitiativeState.COMPLETED: 2, InitiativeState.AT_RISK: 1}, closed=True)
    assert said.text == (
        "2 of 3 initiatives were complete or on track when the plan closed, 1 was at risk."
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "No initiatives have been published yet."),
        ({InitiativeState.ON_TRACK: 1}, "1 of 1 initiative is on track."),
        ({InitiativeState.COMPLETED: 2}, "2 of 2 initiatives are complete."),
        (
            {InitiativeState.OVERDUE: 1, InitiativeState.ON_TRACK: 0},
            "0 of 1 initiative are on track. 1 is overdue.",
        ),
    ],
)
def test_small_headlines(counts: dict[InitiativeState, int], said: str) -> None:
    assert headline(counts).text == said


def test_descriptions_are_markdown_without_raw_html() -> None:
    assert str(prose("# Phase\n\n[go](javascript:alert(1)) <b>x</b>")) == (
        "<h4>Phase</h4>\n<p>[go](javascript:alert(1)) &lt;b&gt;x&lt;/b&gt;</p>"
    )
    assert str(prose("[go](https://example.org)")) == (
        '<p><a href="https://example.org" rel="noopener noreferrer">go</a></p>'
    )


def test_a_unit_follows_the_number_as_it_is_shown() -> None:
    assert words.quantity(Decimal("0.98"), CALLS) == "1\N{NO-BREAK SPACE}call"
    assert words.quantity(Decimal("0.4"), CALLS) == "0\N{NO-BREAK SPACE}calls"
