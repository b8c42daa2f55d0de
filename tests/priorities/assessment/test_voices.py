"""Who disagrees with whom: every pair of voices, one and two steps apart."""

import pytest

from priorities.assessment.initiative_status import disagreement
from priorities.assessment.voices import Voice, compare, numbers_say
from priorities.enums import Health, MetricState

ON, RISK, OFF = Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK
HIT, NEAR, MISSED = MetricState.ON_TARGET, MetricState.NEAR_TARGET, MetricState.OFF_TARGET
O, N, R = Voice.OWNER, Voice.NUMBERS, Voice.REVIEWER  # noqa: E741


@pytest.mark.parametrize(
    ("owner", "states", "reviewer", "apart"),
    [
        (ON, [HIT], ON, []),
        (ON, [HIT, MISSED], None, [(O, N, 2)]),
        (OFF, [HIT], None, [(N, O, 2)]),
        (OFF, [HIT, NEAR], None, []),
        (ON, [NEAR], None, []),
        (RISK, [MISSED], None, []),
        (ON, [], RISK, [(O, R, 1)]),
        (OFF, [], RISK, [(R, O, 1)]),
        (ON, [MISSED], OFF, [(O, N, 2), (O, R, 2)]),
        (None, [MISSED], ON, [(R, N, 2)]),
        (None, [HIT], OFF, [(N, R, 2)]),
        (None, [NEAR], OFF, []),
        (ON, [MetricState.OVERDUE, MetricState.NO_DATA, MetricState.NO_TARGET], None, []),
        (None, [], None, []),
    ],
)
def test_who_is_apart(
    owner: Health | None,
    states: list[MetricState],
    reviewer: Health | None,
    apart: list[tuple[Voice, Voice, int]],
) -> None:
    found = compare(owner=owner, states=states, reviewer=reviewer)
    assert [(pair.hopeful, pair.other, pair.steps) for pair in found.apart] == apart
    assert found.gap == max((steps for _a, _b, steps in apart), default=0)


def test_it_agrees_with_the_rule_of_the_page_of_an_initiative() -> None:
    every = [None, ON, RISK, OFF]
    sets = [[], [HIT], [NEAR], [MISSED], [HIT, NEAR], [HIT, MISSED], [MetricState.NO_DATA, HIT]]
    for owner in every:
        for states in sets:
            for reviewer in every:
                voices = compare(owner=owner, states=states, reviewer=reviewer)
                of_owner = [pair for pair in voices.apart if O in (pair.hopeful, pair.other)]
                assert bool(of_owner) == (disagreement(owner, states, reviewer) is not None)


def test_the_worst_number_speaks() -> None:
    assert [numbers_say(states) for states in ([HIT], [HIT, NEAR], [NEAR, MISSED], [])] == [
        ON,
        RISK,
        OFF,
        None,
    ]


def test_the_biggest_gap_comes_first_then_more_pairs_then_hopeful_owners() -> None:
    cases = {
        "reviewer only": compare(owner=ON, states=[], reviewer=RISK),
        "owner gloomy": compare(owner=OFF, states=[HIT], reviewer=None),
        "owner hopeful": compare(owner=ON, states=[MISSED], reviewer=None),
        "all three": compare(owner=ON, states=[MISSED], reviewer=RISK),
    }
    ordered = sorted(cases, key=lambda name: cases[name].urgency)
    assert ordered == ["all three", "owner hopeful", "owner gloomy", "reviewer only"]
