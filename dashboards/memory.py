"""What a worker remembers between visits: how every initiative of a plan stood, ready to filter.

A plan's standings are a function of the newest public event, of the plan and of the moment asked
for. Under that key they are kept, so that searching, filtering, sorting and paging a list of a
hundred thousand asks the database nothing. Rows are told apart by position: a set of rows is one
whole number with a bit for each, so that counting the rows of a facet is one ``&``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import compress, islice, repeat
from operator import contains
from threading import Lock
from typing import Any, TypeVar

from dashboards.remembered import forget_everything
from dashboards.searching import fold
from priorities.assessment.periods import AsOf
from priorities.enums import InitiativeState
from priorities.queries.standing import InitiativeRow

#: How many rows all remembered plans may have together; the longest unused goes first.
MOST_ROWS = 250_000
#: What a plan counts at least: else those of plans with no row would never be forgotten.
LEAST_ROWS = 100
#: From a byte for each row to the digits of the number that a set is, and back.
TO_DIGITS, FROM_DIGITS = bytes.maketrans(b"\x00\x01", b"01"), bytes.maketrans(b"01", b"\x00\x01")

Key = tuple[int, str, dt.date | dt.datetime]
Found = TypeVar("Found")


class Snapshot:
    """All public initiatives of a plan as of a moment, with their sets prepared."""

    def __init__(self, rows: Sequence[InitiativeRow]) -> None:
        self.rows = tuple(rows)
        self.everything = (1 << len(self.rows)) - 1
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
        return self.once("by code", lambda: {row.code: row for row in self.rows})

    def counts(self, priority: str | None = None) -> Counter[InitiativeState]:
        """How many initiatives are in each state, in the plan or under one priority."""
        whole, priorities = self.once("counts", self._counted)
        return whole if priority is None else priorities.get(priority, Counter())

    def _counted(self) -> tuple[Counter[InitiativeState], dict[str, Counter[InitiativeState]]]:
        priorities: dict[str, Counter[InitiativeState]] = {}
        for row in self.rows:
            priorities.setdefault(row.priority, Counter())[row.standing.state] += 1
        return sum(priorities.values(), Counter()), priorities

    def of_priority(self, code: str) -> tuple[InitiativeRow, ...]:
        """The initiatives of one priority, in the plan's order."""
        return tuple(row for row in self.rows if row.priority == code)

    def facet(self, name: str, values: Callable[[InitiativeRow], Iterable[str]]) -> dict[str, int]:
        """For each value of a facet the set of rows that have it; made once."""
        return self.once(f"facet {name}", lambda: self._facet(values))

    def _facet(self, values: Callable[[InitiativeRow], Iterable[str]]) -> dict[str, int]:
        held: dict[str, bytearray] = {}
        for at, row in enumerate(self.rows):
            for value in values(row):
                if value not in held:
                    held[value] = bytearray(len(self.rows))
                held[value][at] = 1
        return {value: _packed(flags) for value, flags in held.items()}

    def matching(self, words: Sequence[str]) -> int:
        """The set of rows whose name, summary or code holds every one of the folded words.

        Each word is looked for in all texts by one call of the machine's own, so a frequent word
        costs no more than a rare one: some milliseconds for a hundred thousand rows. The pages and
        filters of a search look no second time.
        """
        held_by = self.once(
            "texts",
            lambda: _holders([f"{row.name}\n{row.summary}\n{row.code}" for row in self.rows]),
        )
        found = self.everything
        for word in set(words):
            found &= held_by(word)
        return found

    def order(self, name: str, key: Callable[[InitiativeRow], Any] | None) -> Sequence[int]:
        """The positions of all rows in an order; without a key, the plan's own. Made once."""
        places = range(len(self.rows))
        if key is None:
            return places
        keys = map(key, self.rows)  # looked at only where the order is made
        return self.once(f"order {name}", lambda: sorted(places, key=[*keys].__getitem__))

    def page(self, chosen: int, order: Sequence[int], start: int, size: int) -> list[InitiativeRow]:
        """Some rows of a set, in an order."""
        if chosen == self.everything:
            return [self.rows[at] for at in order[start : start + size]]
        flags = _unpacked(chosen, len(self.rows))
        places = compress(order, map(flags.__getitem__, order))
        return [self.rows[at] for at in islice(places, start, start + size)]


def _holders(texts: Iterable[str]) -> Callable[[str], int]:
    """From a word to the set of the texts that hold it; remembered for the words asked for last."""
    folded = [fold(text) for text in texts]

    @lru_cache(maxsize=64)
    def held_by(word: str) -> int:
        return _packed(bytes(map(contains, folded, repeat(word))))

    return held_by


def _packed(flags: bytes | bytearray) -> int:
    """The set of rows from a byte for each row: 1 when it is in the set, else 0."""
    return int(flags[::-1].translate(TO_DIGITS) or b"0", 2)


def _unpacked(rows: int, size: int) -> bytes:
    """A byte for each of ``size`` rows: 1 when it is in the set, else 0."""
    return f"{rows:0{size}b}"[::-1].encode().translate(FROM_DIGITS)


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
