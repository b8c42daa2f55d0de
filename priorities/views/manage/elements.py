"""What the pages of plan work are made of: links, notices, state pills."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from priorities import spelling
from priorities.enums import InitiativeState
from priorities.labels import label
from priorities.models import Initiative


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; without an address, where one is."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know before going on."""

    title: str
    text: str = ""
    tone: str = "info"
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Pill:
    """The state of one item: shape, word and color."""

    tone: str
    label: str


def state_pill(state: InitiativeState, days_overdue: int = 0) -> Pill:
    """What an initiative shows the public."""
    if state is InitiativeState.OVERDUE and days_overdue:
        words = ngettext("Overdue %(days)s day", "Overdue %(days)s days", days_overdue)
        return Pill(state.value, words % {"days": spelling.count(days_overdue)})
    return Pill(state.value, label(state))


#: From how many live items on a plan is warned of what its size does to it.
MANY, TOO_MANY = 20, 60


def size_notice(live: int) -> Notice | None:
    """What the number of live items does to a plan; nothing below twenty.

    The thresholds are field experience: in local government about half of all measures have no
    active owner, and the more there are, the sooner owners stop.
    """
    if live < MANY:
        return None
    counted = {"n": spelling.count(live)}
    if live < TOO_MANY:
        return Notice(
            _("This plan has %(n)s live items.") % counted,
            _(
                "Beyond 20, owners begin to skip reports: each item asks for one every period, "
                "and in local government about half of all measures have nobody who reports. "
                "Before you add one, look whether another can be completed, merged or retired."
            ),
            "warning",
        )
    return Notice(
        _("This plan has %(n)s live items, more than agencies keep up.") % counted,
        _(
            "Beyond 60, three in four owners never report, as local governments have found: the "
            "plan shows more gray than news, and readers stop looking. Retire, merge or complete "
            "items before you add more."
        ),
        "warning",
    )


def when_words(row: Initiative) -> str:
    """From when to when, as exactly as is known."""
    start = spelling.dated(row.start, row.start_precision) if row.start else ""
    if row.ongoing:
        return _("ongoing since %(start)s") % {"start": start} if start else _("ongoing")
    end = spelling.dated(row.end, row.end_precision) if row.end else ""
    if start and end:
        return f"{start} – {end}"
    if start:
        return _("from %(start)s") % {"start": start}
    return _("until %(end)s") % {"end": end} if end else _("no dates yet")
