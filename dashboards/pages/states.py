"""How many initiatives are in each state: the stacked bar and its legend."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.charts.bars import Segment, StackedBar, stacked_bar
from dashboards.pages import words
from dashboards.pages.elements import LegendEntry
from dashboards.visit import Visit
from priorities.assessment.rollup import SET_ASIDE
from priorities.enums import InitiativeState as State
from priorities.labels import label
from priorities.saying import gettext as _

#: From done to silent, then what was set aside.
ORDER = (
    State.COMPLETED,
    State.ON_TRACK,
    State.AT_RISK,
    State.OFF_TRACK,
    State.PAUSED,
    State.OVERDUE,
    State.NEVER_REPORTED,
    *SET_ASIDE,
)


def state_bar(id: str, title: str, counts: Mapping[State, int]) -> StackedBar:
    """The bar of a plan or a priority; what was set aside is not part of the whole."""
    shown = [state for state in ORDER if state not in SET_ASIDE]
    return stacked_bar(
        id=id,
        title=title,
        summary=counts_words(counts),
        segments=[Segment(state.value, counts.get(state, 0)) for state in shown],
    )


def counts_words(counts: Mapping[State, int]) -> str:
    """The counts in a line: "3 complete, 12 on track and 3 at risk"."""
    parts = [
        f"{words.count(counts[state])} {words.lowered(label(state))}"
        for state in ORDER
        if counts.get(state)
    ]
    return words.joined(parts) or _("No initiatives yet.")


def state_legend(
    visit: Visit, counts: Mapping[State, int], url: str, *, also: Mapping[str, str] | None = None
) -> tuple[LegendEntry, ...]:
    """Each state that occurs, with its count, leading to its initiatives under ``url``.

    ``also``: further filters that the counts obey.
    """
    return tuple(
        LegendEntry(
            state.value,
            label(state),
            words.count(counts[state]),
            visit.carry(url, query={**(also or {}), "status": state.value}),
        )
        for state in ORDER
        if counts.get(state)
    )


def counts_json(counts: Mapping[State, int]) -> dict[str, int]:
    """How many are in each state, zero included."""
    return {state.value: counts.get(state, 0) for state in ORDER}
