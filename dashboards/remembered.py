"""Values kept between visits under a key; the longest unused is forgotten first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, ClassVar, Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A few values that are costly to make, each a function of its key alone.

    ``fits`` says whether a value is kept at all; else it is made anew each time.
    """

    all: ClassVar[list[Remembered[Any]]] = []

    def __init__(self, most: int, *, fits: Callable[[Value], bool] = lambda _value: True) -> None:
        self.all.append(self)
        self.most = most
        self.fits = fits
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made when it is not remembered."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        if not self.fits(value):
            return value
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return value

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


def forget_everything() -> None:
    """Forget what all of them keep."""
    for each in Remembered.all:
        each.forget()
