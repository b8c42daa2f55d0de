"""Counts, their denominators, and the scope ledger."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from priorities.assessment.rollup import (
    SET_ASIDE,
    rollup,
    rollup_metrics,
    scope_ledger,
)
from priorities.enums import InitiativeState, MetricState

states = st.lists(st.sampled_from(InitiativeState))


def test_nothing_has_no_share() -> None:
    empty = rollup([])
    assert (empty.total, empty.of, empty.share_on_track_or_complete, empty.coverage) == (
        0,
        0,
        None,
        None,
    )
    assert rollup([InitiativeState.CANCELLED]).share_on_track_or_complete is None


def test_cancelled_is_never_counted_as_completed() -> None:
    found = rollup([InitiativeState.CANCELLED, InitiativeState.COMPLETED, InitiativeState.OVERDUE])
    assert (found.on_track_or_complete, found.of, found.set_aside) == (1, 2, 1)
    assert (found.reported, found.unreported) == (1, 1)
    assert found.share_on_track_or_complete == Decimal("0.5")


@given(states)
def test_every_item_is_counted_once(found: list[InitiativeState]) -> None:
    counted = rollup(found)
    assert counted.total == len(found)
    assert counted.of + counted.set_aside == len(found)
    assert counted.reported + counted.unreported == counted.of
    assert 0 <= counted.on_track_or_complete <= counted.of
    assert all(counted.counts[state] == found.count(state) for state in InitiativeState)


@given(states)
def test_setting_aside_never_raises_the_success(found: list[InitiativeState]) -> None:
    before = rollup(found).on_track_or_complete
    for state in SET_ASIDE:
        assert rollup([*found, state]).on_track_or_complete == before


def test_metrics_without_a_rating_are_apart() -> None:
    said = rollup_metrics(
        [MetricState.ON_TARGET, MetricState.OFF_TARGET, MetricState.OVERDUE, MetricState.NO_TARGET]
    )
    assert (said.of, said.unrated, said.total) == (2, 2, 4)
    assert said.coverage == Decimal("0.5")


def test_seven_of_twelve_now_seven_of_ten_at_adoption() -> None:
    adopted = {f"a{n}" for n in range(10)}
    now = dict.fromkeys(sorted(adopted)[:7], InitiativeState.ON_TRACK)
    now |= dict.fromkeys(sorted(adopted)[7:], InitiativeState.AT_RISK)
    now |= {"b1": InitiativeState.AT_RISK, "b2": InitiativeState.NEVER_REPORTED}
    ledger = scope_ledger(adopted, now)
    assert (ledger.achieved, ledger.of) == (7, 12)
    assert (ledger.achieved_of_adopted, ledger.of_adopted) == (7, 10)
    assert ledger.added == ("b1", "b2")


def test_dropping_what_fails_does_not_raise_the_share_at_adoption() -> None:
    now = {"a": InitiativeState.ON_TRACK, "b": InitiativeState.CANCELLED}
    ledger = scope_ledger({"a", "b", "c"}, now)
    assert (ledger.achieved, ledger.of) == (1, 1)
    assert (ledger.achieved_of_adopted, ledger.of_adopted) == (1, 3)
    assert ledger.set_aside == ("b", "c")


CODES = st.text("abc", max_size=2)


@given(st.sets(CODES), st.dictionaries(CODES, st.sampled_from(InitiativeState)))
def test_what_was_added_and_set_aside_leads_from_one_denominator_to_the_other(
    adopted: set[str], now: dict[str, InitiativeState]
) -> None:
    ledger = scope_ledger(adopted, now)
    assert ledger.of == ledger.of_adopted + len(ledger.added) - len(ledger.set_aside)
    in_scope = {code for code, state in now.items() if state not in SET_ASIDE}
    assert ledger.changed or in_scope == adopted
