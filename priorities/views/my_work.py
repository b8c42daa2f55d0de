"""What is due of the person who asks, read once a request."""

from __future__ import annotations

from django.http import HttpRequest

from priorities.assessment.periods import AsOf
from priorities.permissions import rights_of
from priorities.queries.workload import DueItem, workload

#: Where a request keeps what is due of its person.
KEPT = "_my_work"


def my_work(request: HttpRequest, as_of: AsOf) -> tuple[DueItem, ...]:
    """The workload of the person; the menu and the page share it. Queries: at most fourteen."""
    found: tuple[DueItem, ...] | None = getattr(request, KEPT, None)
    if found is None:
        person = request.user
        found = workload(person=person, rights=rights_of(person), as_of=as_of)  # type: ignore[arg-type]
        setattr(request, KEPT, found)
    return found


def forget_my_work(request: HttpRequest) -> None:
    """Read it anew: something was written."""
    if hasattr(request, KEPT):
        delattr(request, KEPT)


def to_go(request: HttpRequest, as_of: AsOf) -> int:
    """How many items wait for the person."""
    return sum(item.is_to_go for item in my_work(request, as_of))
