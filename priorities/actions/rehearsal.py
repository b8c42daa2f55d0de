"""Look before a write: what it would put on record, and whether somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction

from priorities.models import ChainHead, ChangeEvent
from priorities.queries.edits import Watch, stamp

Told = TypeVar("Told")


class Overtaken(Exception):
    """Somebody wrote the same item after the form was opened."""


def rehearse(*, act: Callable[[], object], read: Callable[[Sequence[ChangeEvent]], Told]) -> Told:
    """What an act would put on record, put into words by ``read``; then all of it is undone.

    The act runs for good but is not kept, so what is shown beforehand is what a save writes, and
    what a save would refuse is refused here. ``read`` still finds the rows as they would be.

    Errors: those of the act.
    """
    with transaction.atomic():
        before = ChainHead.objects.select_for_update().get(id=1).sequence
        act()
        events = list(ChangeEvent.objects.filter(sequence__gt=before).order_by("sequence"))
        told = read(events)
        transaction.set_rollback(True)
    return told


@contextmanager
def unless_overtaken(*, watch: Watch | None, seen: str) -> Iterator[None]:
    """Hold the record while one form is written, if what it was typed over still stands.

    Whoever writes waits for the head of the chain, so nobody can come between the look and the
    write. Errors: ``Overtaken``, and nothing is written.
    """
    with transaction.atomic():
        ChainHead.objects.select_for_update().get(id=1)
        if watch is not None and stamp(watch) != seen:
            raise Overtaken
        yield
