"""What the grid of values shows: every string that its template places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from priorities.assessment.expectation import Expected
from priorities.enums import MetricKind, MissingReason, Quality
from priorities.forms.values import Read, Typed, says_the_same
from priorities.labels import choices, label
from priorities.models import Observation
from priorities.permissions import Permission, can
from priorities.queries.value_grid import ValueDesk
from priorities.spelling import Unit, day, missing, period_of, quantity
from priorities.views.doors import Act
from priorities.views.updates_head import due_words


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One metric in the grid.

    ``state``: "open" to be filled in; "done" with what is recorded; "conflict" when something
    else was recorded than what is typed: both are shown.
    """

    key: str
    name: str
    url: str
    state: str
    last: str
    last_period: str
    target: str
    sign: str
    asks: str
    typed: Typed
    problems: Mapping[str, str]
    doubts: tuple[str, ...]
    recorded: str
    recorded_by: str
    recorded_pk: int | None
    assignment_pk: int | None

    @property
    def is_open(self) -> bool:
        """May something be typed in it?"""
        return self.state != "done"

    @property
    def more_is_open(self) -> bool:
        """Is there something under "More" that must be seen?"""
        typed = self.typed
        folded = (typed.missing, typed.provisional, typed.source)
        return any(folded) or bool({"missing", "source"}.intersection(self.problems))


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """The metrics of one period."""

    title: str
    due: str
    is_late: bool
    iso: str
    rows: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True)
class Anchored:
    """A line of the summary of problems: where it leads, and what it says."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class ValuesSection:
    """The whole grid.

    ``problems`` stand in a summary on top after the form was sent; ``left`` are pasted lines for
    which there was no row; ``said`` is what was done; ``beyond`` counts the values that follow once
    these are saved.
    """

    groups: tuple[ValueGroup, ...]
    total: int
    done: int
    problems: tuple[Anchored, ...]
    left: tuple[str, ...]
    said: str
    kept_at: str
    author_pk: int
    may_import: bool
    reasons: tuple[tuple[str, Promise | str], ...]
    beyond: int = 0

    @property
    def to_go(self) -> int:
        """How many values are still asked for."""
        return self.total - self.done

    def saying(self, words: str) -> ValuesSection:
        """The same, with what was done."""
        return replace(self, said=words)


def build_section(
    act: Act,
    desks: Iterable[ValueDesk],
    typed: Mapping[str, Typed],
    reads: Mapping[str, Read],
    *,
    said: str = "",
    left: tuple[str, ...] = (),
    sent: bool = False,
    beyond: int = 0,
) -> ValuesSection:
    """The grid as a person sees it. ``sent``: say on top what is wrong."""
    desks = tuple(desks)
    drafts = [desk.draft.saved_at for desk in desks if desk.draft and desk.key in typed]
    rows = {
        desk.key: _row(desk, typed.get(desk.key, Typed()), reads.get(desk.key, Read()), sent=sent)
        for desk in desks
    }
    groups = tuple(
        ValueGroup(
            title=_("Values for %(period)s") % {"period": _period_of(ours[0])},
            due=_due_words(ours, act.today),
            is_late=any(desk.asked.days_overdue and not desk.recorded for desk in ours),
            iso=end.isoformat(),
            rows=tuple(rows[desk.key] for desk in ours),
        )
        for (_start, end), members in groupby(desks, key=_window)
        if (ours := list(members))
    )
    return ValuesSection(
        groups=groups,
        total=len(rows),
        done=sum(row.state == "done" for row in rows.values()),
        problems=tuple(_summary(rows.values())) if sent else (),
        left=left,
        said=said,
        kept_at=said_at(max(drafts), act.tz) if drafts else "",
        author_pk=act.person.pk,
        may_import=can(act.person, Permission.IMPORT),
        reasons=_reasons(desks),
        beyond=beyond,
    )


def _reasons(desks: Sequence[ValueDesk]) -> tuple[tuple[str, Promise | str], ...]:
    """Why a value may be missing; only what was published can be withdrawn."""
    published = all(desk.recorded is not None for desk in desks)
    return tuple(
        (code, words)
        for code, words in choices(MissingReason)
        if published or code != MissingReason.WITHDRAWN
    )


def _row(desk: ValueDesk, typed: Typed, read: Read, *, sent: bool) -> ValueRow:
    """One metric in the grid. That a tick is missing is a problem once the form was sent."""
    unit, recorded = desk.unit, desk.recorded
    state = "open" if recorded is None else "conflict"
    if recorded is not None and (not typed or says_the_same(typed, desk)):
        state = "done"
    if recorded is not None and state == "conflict":
        typed = replace(typed, seen=str(recorded.pk))
    if read.doubts and not read.entry:
        typed = replace(typed, sure="")
    return ValueRow(
        key=desk.key,
        name=desk.metric.name,
        url=reverse("priorities:values-metric", kwargs={"metric": desk.metric.code}),
        state=state,
        last=_last(desk),
        last_period=_last_period(desk),
        target=target_words(desk.expected, unit),
        sign=sign_of(unit),
        asks=_("%(metric)s, %(period)s") % {"metric": desk.metric.name, "period": _period_of(desk)},
        typed=typed,
        problems={
            one.field: one.message for one in reversed(read.problems) if sent or one.field != "sure"
        },
        doubts=read.doubts,
        recorded=recorded_words(recorded, unit) if recorded else "",
        recorded_by=recorded.recorded_by if recorded else "",
        recorded_pk=recorded.pk if recorded else None,
        assignment_pk=desk.assignment_pk,
    )


def _summary(rows: Iterable[ValueRow]) -> Iterable[Anchored]:
    """What is wrong, each line leading to its field."""
    for row in rows:
        for field, message in row.problems.items():
            words = _("%(metric)s: %(message)s") % {"metric": row.name, "message": message}
            yield Anchored(f"{field}-{row.key}", words)


# ── Words ────────────────────────────────────────────────────────────────────────────────────


def _window(desk: ValueDesk) -> tuple[dt.date, dt.date]:
    return desk.asked.period.start, desk.asked.period.end


def _period_of(desk: ValueDesk) -> str:
    return period_of(desk.asked.period, fiscal_start_month=desk.fiscal)


def _due_words(desks: Iterable[ValueDesk], today: dt.date) -> str:
    """By when the values of a period are due, while one of them is open."""
    days = [desk.asked.due_on for desk in desks if desk.asked.due_on and not desk.recorded]
    return due_words(min(days), today) if days else ""


def _last(desk: ValueDesk) -> str:
    last = desk.past[-1] if desk.past else None
    return quantity(last.value, desk.unit, exact=True) if last else ""


def _last_period(desk: ValueDesk) -> str:
    return period_of(desk.last, fiscal_start_month=desk.fiscal) if desk.last else ""


def target_words(expected: Expected | None, unit: Unit) -> str:
    """What is expected for the period: a value or a range."""
    if expected is None:
        return ""
    if expected.value is not None:
        return quantity(expected.value, unit)
    ends = [quantity(end, unit) for end in (expected.low, expected.high) if end is not None]
    return " – ".join(ends)


def sign_of(unit: Unit) -> str:
    """What a value is typed in, beside its field: "%", "$", "seconds"."""
    match unit.kind:
        case MetricKind.PERCENT:
            return unit.symbol or "%"
        case MetricKind.CURRENCY:
            return unit.symbol or "$"
    return unit.many or unit.symbol


def recorded_words(row: Observation, unit: Unit) -> str:
    """What is on record: the value, or why there is none."""
    shown = None if row.value is None else quantity(row.value, unit, exact=True)
    return missing_or(shown, row.missing_reason, row.quality)


def missing_or(shown: str | None, reason: str, quality: str) -> str:
    """A value, with the word for an estimate, or why there is none."""
    if shown is None:
        return missing(reason)
    if quality != Quality.PROVISIONAL:
        return shown
    words = {"value": shown, "quality": label(Quality.PROVISIONAL).lower()}
    return _("%(value)s (%(quality)s)") % words


def said_at(moment: dt.datetime, tz: ZoneInfo) -> str:
    """When a draft was kept: "Saved as draft 10:42 a.m."."""
    at = date_format(moment.astimezone(tz), pgettext("time", "g:i a"))
    return _("Saved as draft %(time)s") % {"time": at}


def on_day(moment: dt.datetime, tz: ZoneInfo) -> str:
    """The day of a moment at the agency."""
    return day(moment.astimezone(tz).date())
