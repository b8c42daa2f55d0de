"""The head of my updates: how much is to go, how far one is, how long the last round took."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from priorities.assessment.periods import Period, months_of
from priorities.queries.rounds import last_round_seconds
from priorities.queries.workload import DueItem
from priorities.spelling import count, day


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the cards, in words; ``waiting`` is what the menu counts."""

    eyebrow: str
    headline: str
    progress: str
    percent: int
    to_go: int
    total: int
    waiting: int


def round_of(items: Sequence[DueItem]) -> tuple[dt.date, dt.date] | None:
    """The period that the round is about: that of most items, of several the newest."""
    periods = Counter((item.period_start, item.period_end) for item in items)
    return max(periods, key=lambda each: (periods[each], each[1])) if periods else None


def head_of(items: Sequence[DueItem], *, person: User, today: dt.date, questions: int = 0) -> Head:
    """The head of a person's round; ``questions`` wait for their answer. Queries: one."""
    total, waiting = len(items), [item for item in items if item.is_to_go]
    period = round_of(items)
    return Head(
        eyebrow=_eyebrow(period, items, today) if period else "",
        headline=_headline(total, len(waiting), questions),
        progress=_progress(total, len(waiting), person, period),
        percent=round(100 * (total - len(waiting)) / total) if total else 0,
        to_go=len(waiting),
        total=total,
        waiting=len(waiting) + questions,
    )


def _headline(total: int, waiting: int, questions: int) -> str:
    """What is to go, in the same count as the menu's: updates, and questions to answer."""
    if waiting and questions:
        updates = ngettext("%(n)s update", "%(n)s updates", waiting) % {"n": count(waiting)}
        answers = ngettext("%(n)s answer", "%(n)s answers", questions) % {"n": count(questions)}
        return _("%(updates)s and %(answers)s to go") % {"updates": updates, "answers": answers}
    if questions:
        words = ngettext("%(n)s question to answer", "%(n)s questions to answer", questions)
        return words % {"n": count(questions)}
    if not total:
        return _("Nothing is due of you")
    if not waiting:
        return _("Everything is done")
    words = ngettext("%(n)s update to go", "%(n)s updates to go", waiting)
    return words % {"n": count(waiting)}


def _progress(
    total: int, waiting: int, person: User, period: tuple[dt.date, dt.date] | None
) -> str:
    """E.g. "5 of 9 done. Last round: 3 min."."""
    if not total or period is None:
        return ""
    done = _("%(done)s of %(total)s done.") % {"done": total - waiting, "total": total}
    seconds = last_round_seconds(person=person, before=period[1])
    return f"{done} {_('Last round: %(time)s.') % {'time': minutes(seconds)}}" if seconds else done


def minutes(seconds: int) -> str:
    """A stretch of time in whole minutes: "3 min", "under a minute"."""
    if seconds < 60:
        return _("under a minute")
    return _("%(minutes)s min") % {"minutes": round(seconds / 60)}


def _eyebrow(period: tuple[dt.date, dt.date], items: Sequence[DueItem], today: dt.date) -> str:
    """E.g. "Quarter ending 30 Jun 2022 · due in 9 days"."""
    start, end = period
    words = {
        1: _("Month ending %(day)s"),
        3: _("Quarter ending %(day)s"),
        12: _("Year ending %(day)s"),
    }.get(months_of(Period(start, end)) or 0, _("Period ending %(day)s"))
    name = words % {"day": day(end)}
    due = min((i.due_on for i in items if i.is_to_go and i.period_end == end), default=None)
    return name if due is None else f"{name} · {due_words(due, today)}"


def due_words(due: dt.date, today: dt.date) -> str:
    """How far a due day is: "due in 9 days", "due today", "was due 20 days ago"."""
    days = (due - today).days
    if days == 0:
        return _("due today")
    if days > 0:
        return ngettext("due in %(n)s day", "due in %(n)s days", days) % {"n": count(days)}
    return ngettext("was due %(n)s day ago", "was due %(n)s days ago", -days) % {"n": count(-days)}
