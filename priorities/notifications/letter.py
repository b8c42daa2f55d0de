"""The words of a mail: a value that the text and the HTML are both drawn from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from priorities import spelling
from priorities.enums import MailStep
from priorities.notifications.digest import Digest, Summary
from priorities.queries.questions import OpenQuestion
from priorities.queries.reminders import WaitingOffer
from priorities.queries.workload import DueItem

#: Lines of one section; the rest is counted.
MOST_LINES = 20
#: Characters of a question in a list.
LONGEST_QUESTION = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a mail. ``tone`` picks its color in the HTML; the words say the same."""

    name: str
    detail: str
    tone: str = "due"


@dataclass(frozen=True, slots=True)
class Section:
    """Items under one heading, which may lead to a page; ``more`` counts what is not listed.

    ``more_url`` is where all of it is, when there was too much to count.
    """

    heading: str
    lines: tuple[Line, ...]
    note: str = ""
    more: str = ""
    url: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, ready to be set: no logic is left for its templates."""

    subject: str
    greeting: str
    intro: str
    sections: tuple[Section, ...]
    button: str
    why: str


def letter_of(digest: Digest) -> Letter:
    """The words of a digest."""
    return Letter(
        subject=subject_of(digest),
        greeting=_("Hello %(name)s,") % {"name": " ".join(digest.person.name.split())},
        intro=_intro(digest),
        sections=tuple(_sections(digest)),
        button=_("Open my updates"),
        why=_why(digest),
    )


def subject_of(digest: Digest) -> str:
    """What the mail is about, in a line: the most urgent first."""
    items = digest.items
    overdue = sum(item.days_overdue > 0 for item in items)
    if overdue and len(items) == 1:
        return _("Your update is overdue")
    if overdue:
        words = _("Overdue: %(overdue)s of your %(total)s updates")
        return words % {"overdue": overdue, "total": len(items)}
    if items:
        first = min(item.due_on for item in items)
        return ngettext(
            "%(total)s update is due by %(day)s", "%(total)s updates are due by %(day)s", len(items)
        ) % {"total": len(items), "day": spelling.day(first)}
    if digest.questions:
        return ngettext(
            "%(total)s question waits for your answer",
            "%(total)s questions wait for your answer",
            len(digest.questions),
        ) % {"total": len(digest.questions)}
    if digest.offers:
        return ngettext(
            "You are asked to answer for %(total)s item",
            "You are asked to answer for %(total)s items",
            len(digest.offers),
        ) % {"total": len(digest.offers)}
    return _("How your items stand this week")


def _intro(digest: Digest) -> str:
    """The first sentence: what is asked, and that it does not take long."""
    if digest.items:
        return _(
            "Please say how these stand. Each is filled in from last time, and “Nothing changed” "
            "is an answer too."
        )
    if digest.questions:
        return _("Council staff asked, and wait for your answer.")
    if digest.offers:
        return _("Please accept, or decline and say why. Nobody is made an owner unasked.")
    return _("Nothing is asked of you today.")


def _sections(digest: Digest) -> list[Section]:
    found = []
    if digest.questions:
        found.append(_questions(digest.questions, digest.day))
    if digest.mine:
        found.append(_items(_("Yours"), digest.mine, digest.day))
    if digest.unowned:
        note = _("They come to you until somebody accepts them. You can offer them to a person.")
        found.append(_items(_("Without an owner"), digest.unowned, digest.day, note))
    if digest.offers:
        found.append(_offers(digest.offers))
    if digest.summary:
        found.append(_summary(digest.summary))
    return found


def _items(heading: str, items: Sequence[DueItem], day: dt.date, note: str = "") -> Section:
    lines = tuple(_line(item, day) for item in items[:MOST_LINES])
    return Section(heading, lines, note, _more(len(items)))


def _more(total: int) -> str:
    left = total - MOST_LINES
    if left <= 0:
        return ""
    return ngettext("And %(count)s more.", "And %(count)s more.", left) % {"count": left}


def _line(item: DueItem, day: dt.date) -> Line:
    """One item: its name, its period, and since when or until when."""
    period = spelling.period(item.period_start, item.period_end)
    if item.state == "returned":
        return Line(item.name, _("%(period)s, returned to you") % {"period": period}, "overdue")
    if item.days_overdue:
        words = ngettext(
            "%(period)s, overdue %(days)s day",
            "%(period)s, overdue %(days)s days",
            item.days_overdue,
        )
        return Line(item.name, words % {"period": period, "days": item.days_overdue}, "overdue")
    left = (item.due_on - day).days
    told = {"period": period, "due": spelling.day(item.due_on), "days": left}
    if left == 0:
        return Line(item.name, _("%(period)s, due today") % told)
    words = ngettext(
        "%(period)s, due %(due)s, in %(days)s day",
        "%(period)s, due %(due)s, in %(days)s days",
        left,
    )
    return Line(item.name, words % told)


def _questions(questions: Sequence[OpenQuestion], day: dt.date) -> Section:
    """What was asked, the longest late first; its text is cut."""
    lines = []
    for each in questions[:MOST_LINES]:
        late = each.days_late(day)
        words = _("about %(item)s, answer due %(due)s")
        if late:
            words = ngettext(
                "about %(item)s, answer late by %(days)s day",
                "about %(item)s, answer late by %(days)s days",
                late,
            )
        told = {"item": each.item_name, "due": spelling.day(each.due_on), "days": late}
        text = Truncator(" ".join(each.text.split())).chars(LONGEST_QUESTION)
        lines.append(Line(text, words % told, "overdue" if late else "due"))
    return Section(_("Questions to answer"), tuple(lines), more=_more(len(questions)))


def _offers(offers: Sequence[WaitingOffer]) -> Section:
    lines = tuple(
        Line(
            offer.name,
            _("as %(role)s, offered %(day)s")
            % {"role": offer.asked_as.lower(), "day": spelling.day(offer.offered_on)},
        )
        for offer in offers[:MOST_LINES]
    )
    return Section(_("Offered to you"), lines, more=_more(len(offers)))


def _summary(summary: Summary) -> Section:
    """Each count with what it is of; no verdict."""
    counts = (
        (_("Owned"), summary.owned),
        (_("Overdue"), summary.overdue),
        (_("Never reported"), summary.never_reported),
        (_("Waiting for review"), summary.waiting),
    )
    of = _("%(count)s of %(total)s")
    lines = tuple(
        Line(name, of % {"count": count, "total": summary.total}) for name, count in counts
    )
    return Section(_("This week, of all you look after"), lines)


def _why(digest: Digest) -> str:
    """Why the person gets it, and whether they can do without."""
    if MailStep.BY_HAND in digest.steps:
        return _("Somebody who looks after the plan asked for this reminder.")
    if digest.is_optional:
        return _("You can switch this sort of mail off.")
    return _(
        "You get this because something is due, overdue or offered to you. It stops when that is "
        "answered; it cannot be switched off. There is never more than one reminder a day."
    )
