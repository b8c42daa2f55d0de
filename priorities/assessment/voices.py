"""Where the owner, the numbers and the reviewer say different things of one item, and how far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from priorities.enums import Health, MetricState


class Voice(StrEnum):
    """Who judges."""

    OWNER = "owner"
    NUMBERS = "numbers"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Apart:
    """Two voices that differ, by how many steps, and which of them is the more hopeful."""

    hopeful: Voice
    other: Voice
    steps: int


@dataclass(frozen=True, slots=True)
class Voices:
    """What each voice says of an item; none where it says nothing.

    ``off_target`` of ``rated`` metrics are off target.
    """

    owner: Health | None
    numbers: Health | None
    reviewer: Health | None
    off_target: int
    rated: int
    apart: tuple[Apart, ...]

    @property
    def gap(self) -> int:
        """The widest step between two voices; 0 when nobody disagrees."""
        return max((pair.steps for pair in self.apart), default=0)

    @property
    def urgency(self) -> tuple[int, int, int]:
        """Sorts the biggest gap first, then more pairs apart, then hopeful owners."""
        hoped = sum(pair.hopeful == Voice.OWNER for pair in self.apart)
        return (-self.gap, -len(self.apart), -hoped)


_STEP = {Health.ON_TRACK: 0, Health.AT_RISK: 1, Health.OFF_TRACK: 2}
_SAYS = {
    MetricState.ON_TARGET: Health.ON_TRACK,
    MetricState.NEAR_TARGET: Health.AT_RISK,
    MetricState.OFF_TARGET: Health.OFF_TRACK,
}

#: How many steps apart two voices must be before they disagree. Numbers tell what was, people what
#: will be: one step between them is no quarrel. Two people who judge the same differ at once.
_LEAST = {
    frozenset({Voice.OWNER, Voice.NUMBERS}): 2,
    frozenset({Voice.NUMBERS, Voice.REVIEWER}): 2,
    frozenset({Voice.OWNER, Voice.REVIEWER}): 1,
}


def numbers_say(states: Iterable[MetricState]) -> Health | None:
    """What the metrics of an item say together: the worst of them; none without a rating.

    Metrics without a rating (no data, no target, overdue) say nothing either way.

    >>> numbers_say([MetricState.ON_TARGET, MetricState.OFF_TARGET, MetricState.OVERDUE])
    <Health.OFF_TRACK: 'off_track'>
    >>> numbers_say([MetricState.NO_DATA]) is None
    True
    """
    said = [_SAYS[state] for state in states if state in _SAYS]
    return max(said, key=_STEP.__getitem__, default=None)


def speaks_of(rated: date, newest: date | None) -> bool:
    """Is a rating of the period that was reported last, or of a later one? Both by their ends.

    An older one judges what has been overtaken: it agrees or disagrees with nothing of today. With
    nothing reported, nothing has overtaken it.

    >>> speaks_of(date(2022, 3, 31), date(2022, 6, 30)), speaks_of(date(2022, 3, 31), None)
    (False, True)
    """
    return newest is None or rated >= newest


def compare(
    *, owner: Health | None, states: Iterable[MetricState], reviewer: Health | None
) -> Voices:
    """What the three say of one item, and which of them are apart.

    Between owner and numbers it is the rule of the item's own page: on track while a metric is off
    target, or off track while every rated metric is on target.

    >>> found = compare(owner=Health.ON_TRACK, states=[MetricState.OFF_TARGET],
    ...                 reviewer=Health.AT_RISK)
    >>> [(str(pair.hopeful), str(pair.other), pair.steps) for pair in found.apart], found.gap
    ([('owner', 'numbers', 2), ('owner', 'reviewer', 1)], 2)
    >>> compare(owner=Health.AT_RISK, states=[MetricState.OFF_TARGET], reviewer=None).apart
    ()
    """
    states = [state for state in states if state in _SAYS]
    said = {Voice.OWNER: owner, Voice.NUMBERS: numbers_say(states), Voice.REVIEWER: reviewer}
    heard = [(voice, _STEP[health]) for voice, health in said.items() if health is not None]
    apart = []
    for at, (voice, step) in enumerate(heard):
        for other, further in heard[at + 1 :]:
            steps = abs(step - further)
            if steps >= _LEAST[frozenset({voice, other})]:
                pair = (voice, other) if step < further else (other, voice)
                apart.append(Apart(*pair, steps))
    return Voices(
        owner=owner,
        numbers=said[Voice.NUMBERS],
        reviewer=reviewer,
        off_target=states.count(MetricState.OFF_TARGET),
        rated=len(states),
        apart=tuple(apart),
    )
