"""What differs between two public states of a plan: added, removed, changed old → new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

#: What JSON can hold.
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

#: A public state: items by code, each a JSON object.
State: TypeAlias = Mapping[str, Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; a field inside an object is named by its path, ``a.b``."""

    name: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that is in both states, with the fields that differ."""

    code: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What it takes to come from the one state to the other."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[ItemChange, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def diff(then: State, now: State) -> Difference:
    """What was added, removed and changed between two states.

    Added and changed items come in the order of now, removed ones in the order of then. A field
    that is absent reads as null; zero, false and the empty text are values of their own.

    >>> found = diff({"a": {"target": 94, "by": {"unit": "%"}}, "b": {}},
    ...              {"a": {"target": 90, "by": {"unit": "%"}}, "c": {}})
    >>> found.added, found.removed, found.changed[0].fields
    (('c',), ('b',), (FieldChange(name='target', old=94, new=90),))
    """
    changed: list[ItemChange] = []
    for code, new in now.items():
        old = then.get(code)
        if old is None:
            continue
        fields = tuple(_fields(old, new, ""))
        if fields:
            changed.append(ItemChange(code, fields))
    return Difference(
        tuple(code for code in now if code not in then),
        tuple(code for code in then if code not in now),
        tuple(changed),
    )


def _fields(old: Mapping[str, Json], new: Mapping[str, Json], path: str) -> Iterator[FieldChange]:
    """The fields that differ, those that are gone last."""
    names = [*new, *(name for name in old if name not in new)]
    for name in names:
        before, after = old.get(name), new.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _fields(before, after, f"{path}{name}.")
        elif not same(before, after):
            yield FieldChange(f"{path}{name}", before, after)


def same(a: Json, b: Json) -> bool:
    """Are two JSON values the same? To Python 1 equals True; to a reader it does not.

    >>> same(1, True), same(0, False), same([1, {"a": None}], [1, {"a": None}]), same(0, None)
    (False, False, True, False)
    """
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())
    return a == b
