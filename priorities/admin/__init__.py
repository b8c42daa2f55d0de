"""The Django admin: comfortable editing for system administrators, one file a family.

Nothing here writes by itself: ``base.ActionAdmin`` hands every save to an action, so that each has
its event. Facts are added and corrected, never changed; nothing is deleted.
"""

from priorities.admin import (
    briefs,
    events,
    facts,
    initiatives,
    intake,
    metrics,
    organization,
    people,
    plans,
    reviews,
)

__all__ = [
    "briefs",
    "events",
    "facts",
    "initiatives",
    "intake",
    "metrics",
    "organization",
    "people",
    "plans",
    "reviews",
]
