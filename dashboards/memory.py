"""What a worker remembers between visits: how every initiative of a plan stood, ready to filter.

A plan's standings are a function of the newest public event, of the plan and of the moment asked
for. Under that key they are kept, so that searching, filtering, sorting and paging a list of a
hundred thousand asks the database nothing. Rows are told apart by position: a set of rows is one
whole number with a bit for each, so that counting the rows of a facet is one ``&``.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, islice
from threading import Lock
from typing import Any, TypeVar

from dashboards.remembered import forget_everything
from priorities.assessment.periods import AsOf
from priorities.enums import InitiativeState
from priorities.queries.standing import InitiativeRow

#: How many rows all remembered plans may have together; the longest unused goes first.
MOST_ROWS = 250_000
#: What a plan counts at least: else those of plans with no row would never be forgotten.
LEAST_ROWS = 100
#: What ends the text of a row: a sign that neither a row nor a question can hold.
END = "\x00"

Key = tuple[int, str, dt.date | dt.datetime]
Found = TypeVar("Found")


class Snapshot:
    """All public initiatives of a plan as of a moment, with their sets prepared."""

    def __init__(self, rows: Sequence[InitiativeRow]) -> None:
        self.rows = tuple(rows)
        self.everything = (1 << len(self.rows)) - 1
        self._sets: dict[str, dict[str, int]] = {}
        self._orders: dict[str, tuple[int, ...]] = {}
        self._text: str | None = None
        self._ends: list[int] = []
        self._by_code: dict[str, InitiativeRow] | None = None
        self._counts: dict[str, Counter[InitiativeState]] | None = None
        self._once: dict[str, Any] = {}

    def once(self, name: str, work: Callable[[], Found]) -> Found:
        """Something worked out of the rows alone: done the first time, kept for the next."""
        if name not in self._once:
            self._once[name] = work()
        found: Found = self._once[name]
        return found

    @property
    def weight(self) -> int:
        """How much of the memory it takes, in rows."""
        return max(len(self.rows), LEAST_ROWS)

    @property
    def by_code(self) -> dict[str, InitiativeRow]:
        """Each initiative by its code within the plan."""
        if self._by_code is None:
            self._by_code = {row.code: row for row in self.rows}
        return self._by_code

    def counts(self, priority: str | None = None) -> Counter[InitiativeState]:
        """How many initiatives are in each state, in the plan or under one priority."""
        if self._counts is None:
            counted: dict[str, Counter[InitiativeState]] = {"": Counter()}
            for row in self.rows:
                counted.setdefault(f"/{row.priority}", Counter())[row.standing.state] += 1
            for each in list(counted.values()):
                counted[""].update(each)
            self._counts = counted
        return self._counts.get("" if priority is None else f"/{priority}", Counter())

    def of_priority(self, code: str) -> tuple[InitiativeRow, ...]:
        """The initiatives of one priority, in the plan's order."""
        return tuple(row for row in self.rows if row.priority == code)

    def facet(self, name: str, values: Callable[[InitiativeRow], Iterable[str]]) -> dict[str, int]:
        """For each value of a facet the set of rows that have it; made once."""
        found = self._sets.get(name)
        if found is None:
            positions: dict[str, bytearray] = {}
            size = len(self.rows) // 8 + 1
            for at, row in enumerate(self.rows):
                for value in values(row):
                    bits = positions.get(value)
                    if bits is None:
                        bits = positions[value] = bytearray(size)
                    bits[at >> 3] |= 1 << (at & 7)
            found = {value: int.from_bytes(bits, "little") for value, bits in positions.items()}
            self._sets[name] = found
        return found

    def matching(self, words: Sequence[str]) -> int:
        """The set of rows whose name, summary or code holds every one of the words.

        All texts are one, so that it is the machine that runs through them and not a loop: a
        hundred thousand are searched in some milliseconds. Of several words the longest is looked
        for, the others where it stands.
        """
        if self._text is None:
            texts = [f"{row.name}\n{row.summary}\n{row.code}".casefold() for row in self.rows]
            # The ends first: another thread that finds the text goes on with them.
            self._ends = list(accumulate(len(text) + len(END) for text in texts))
            self._text = END.join((*texts, ""))
        text, ends, bits = self._text, self._ends, bytearray(len(self.rows) // 8 + 1)
        first, *others = sorted(words, key=len, reverse=True)
        found = text.find(first)
        while found >= 0:
            at = bisect_right(ends, found)
            start, end = ends[at - 1] if at else 0, ends[at]
            if all(text.find(word, start, end) >= 0 for word in others):
                bits[at >> 3] |= 1 << (at & 7)
            found = text.find(first, end)
        return int.from_bytes(bits, "little")

    def order(self, name: str, key: Callable[[InitiativeRow], object] | None) -> Sequence[int]:
        """The positions of all rows in an order; without a key, the plan's own. Made once."""
        if key is None:
            return range(len(self.rows))
        order = self._orders.get(name)
        if order is None:
            rows, by = self.rows, key
            order = tuple(sorted(range(len(rows)), key=lambda at: by(rows[at])))  # type: ignore[arg-type,return-value]
            self._orders[name] = order
        return order

    def page(self, chosen: int, order: Sequence[int], start: int, size: int) -> list[InitiativeRow]:
        """Some rows of a set, in an order."""
        if chosen == self.everything:
            return [self.rows[at] for at in order[start : start + size]]
        places = islice(self._positions(chosen, order), start, start + size)
        return [self.rows[at] for at in places]

    def _positions(self, chosen: int, order: Sequence[int]) -> Iterator[int]:
        """The positions of a set's rows, in an order; no further than they are asked for."""
        bits = chosen.to_bytes(len(self.rows) // 8 + 1, "little")
        if isinstance(order, range):
            held = (at for at, byte in enumerate(bits) if byte)
            return (at * 8 + bit for at in held for bit in range(8) if bits[at] >> bit & 1)
        return (at for at in order if bits[at >> 3] >> (at & 7) & 1)


class Memory:
    """Snapshots by key, the longest unused forgotten first."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self.most_rows = most_rows
        self._kept: OrderedDict[Key, Snapshot] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Key, load: Callable[[], Sequence[InitiativeRow]]) -> Snapshot:
        """The snapshot of a key, loaded when it is not remembered."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        snapshot = Snapshot(load())
        with self._lock:
            self._kept[key] = snapshot
            total = sum(each.weight for each in self._kept.values())
            while total > self.most_rows and len(self._kept) > 1:
                _key, dropped = self._kept.popitem(last=False)
                total -= dropped.weight
        return snapshot

    def forget(self) -> None:
        """Forget everything, and what else is kept under the same keys."""
        with self._lock:
            self._kept.clear()
        forget_everything()


MEMORY = Memory()


def key_of(revision: int, plan_code: str, as_of: AsOf) -> Key:
    """What a plan's standings are a function of; today's change at midnight, freshness does."""
    return revision, plan_code, as_of.day if as_of.is_now else as_of.moment
