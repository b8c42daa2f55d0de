"""Events put into words before they are written: old → new, who will see it, on which pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from priorities import spelling
from priorities.enums import EventKind, PlanState, Provenance, Visibility
from priorities.labels import label
from priorities.models import (
    RECORDED,
    ChangeEvent,
    Division,
    Initiative,
    Metric,
    Plan,
    Priority,
    Recorded,
    ReportingPeriod,
)
from priorities.models.base import Json
from priorities.views.manage.elements import Link
from priorities.views.manage.wording import Piece, pieces

Models = Mapping[str, type[Recorded]]
Key = tuple[type[Recorded], str]

#: The model of each kind of item that an event tells of.
MODELS: Models = {model.ITEM_TYPE: model for model in RECORDED}

#: What the machine fills in, and what the heading says already.
UNTOLD = frozenset(
    {"recorded_by", "published_at", "supersedes", "original_due_on", "return_comment"}
)

#: What has a page of its own, and what is loaded with it.
WITH_PAGE: Mapping[type[Recorded], tuple[str, ...]] = {
    Plan: (),
    Priority: ("plan",),
    Initiative: ("plan", "priority__plan"),
    Metric: (),
    Division: (),
}
#: As many pages as are named one by one.
MOST_PAGES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its name, what it says now and what it will say; long texts in pieces."""

    label: str
    old: str
    new: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One event: of what, what happens to it, and its lines."""

    title: str
    kind: str
    did: str
    public: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What an act will do, the public part first."""

    public: tuple[Told, ...]
    internal: tuple[Told, ...]
    pages: tuple[Link, ...]
    more_pages: int
    gates: tuple[str, ...]

    def says(self, text: str) -> bool:
        """Does a line say this already?"""
        told = (*self.public, *self.internal)
        return any(line.new == text for one in told for line in one.lines)

    @property
    def is_nothing(self) -> bool:
        """Does it change nothing at all?"""
        return not (self.public or self.internal)

    @property
    def counted(self) -> str:
        """How many rows of each kind come to be or change, in a sentence."""
        counts = Counter((one.did, one.kind) for one in (*self.public, *self.internal))
        parts: dict[str, list[str]] = {}
        for (did, kind), n in counts.items():
            meta = MODELS[kind]._meta
            words = str(meta.verbose_name if n == 1 else meta.verbose_name_plural)
            parts.setdefault(did, []).append(f"{spelling.count(n)} {words}")
        return " ".join(f"{did}: {spelling.joined(each)}." for did, each in parts.items())

    @property
    def is_long(self) -> bool:
        """Are there so many that each is folded?"""
        return len(self.public) + len(self.internal) > 4


def named(model: type[Recorded]) -> str:
    """What a kind of item is called, as a heading."""
    text = str(model._meta.verbose_name)
    return text[:1].upper() + text[1:]


@dataclass(slots=True)
class Names:
    """The names behind codes, looked up for all values at once. Queries: one for each kind."""

    wanted: defaultdict[type[Recorded], set[str]] = field(default_factory=lambda: defaultdict(set))
    found: dict[Key, Recorded] = field(default_factory=dict)

    def want(self, model: type[Recorded], name: str, *values: Json) -> None:
        """Remember the codes that a field refers to."""
        related: Any = model._meta.get_field(name).related_model
        if related in WITH_PAGE:
            for value in values:
                codes = value if isinstance(value, list) else [value]
                self.wanted[related].update(str(code) for code in codes if code)

    def want_item(self, item_type: str, code: str) -> None:
        """Remember an item whose page tells of a change."""
        model = MODELS.get(item_type)
        if model is not None and model in WITH_PAGE:
            self.wanted[model].add(code)

    def look_up(self) -> None:
        """Fetch all that was wanted."""
        for model, codes in self.wanted.items():
            if not codes:
                continue
            parts = zip(*(code.split("/") for code in codes), strict=True)
            within = {
                f"{path}__in": set(part) for path, part in zip(model.CODE, parts, strict=True)
            }
            rows = model._default_manager.filter(**within).select_related(*WITH_PAGE[model])
            self.found.update({(model, row.item_code): row for row in rows})

    def of(self, model: type[Recorded], code: str) -> str:
        """The name of an item; its code where it has none."""
        return str(self.found.get((model, code), code))


def spell(names: Names, model: type[Recorded], name: str, value: Json) -> str:
    """One value of a field in words; empty for nothing."""
    if value is None or value == "" or value == []:
        return ""
    column: Any = model._meta.get_field(name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if column.is_relation:
        return _related(names, column.related_model, value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DecimalField):
        return spelling.number(Decimal(str(value)), exact=True)
    if isinstance(column, models.DateField) and isinstance(value, str):
        return spelling.day(dt.date.fromisoformat(value[:10]))
    if isinstance(value, list):
        return spelling.joined([_part(one) for one in value])
    return str(value)


def _related(names: Names, related: type[Recorded], value: Json) -> str:
    if related is ReportingPeriod:
        end = dt.date.fromisoformat(str(value).rpartition("/")[2])
        return _("the period ending %(day)s") % {"day": spelling.day(end)}
    codes = value if isinstance(value, list) else [value]
    return spelling.joined([names.of(related, str(code)) for code in codes])


def _part(one: object) -> str:
    """One entry of a list: a word, a number or a link."""
    return f"{one['label']} ({one['url']})" if isinstance(one, dict) else str(one)


def field_label(model: type[Recorded], name: str) -> str:
    """What a field is called, as a heading."""
    text = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return text[:1].upper() + text[1:]


def tell(events: Sequence[ChangeEvent]) -> Telling:
    """The events of one act in words. Queries: one for each kind of item that they name."""
    names = Names()
    for event in events:
        model = MODELS[event.item_type]
        names.want_item(event.subject_type, event.subject_code)
        names.want_item(event.item_type, event.item_code)
        for name, (old, new) in event.fields.items():
            names.want(model, name, old, new)
    names.look_up()
    told = [_told(names, event) for event in events]
    shown = [event for event in events if event.public]
    pages = _pages(names, shown)
    return Telling(
        public=tuple(one for one in told if one.public),
        internal=tuple(one for one in told if not one.public),
        pages=tuple(pages[:MOST_PAGES]),
        more_pages=max(0, len(pages) - MOST_PAGES),
        gates=tuple(dict.fromkeys(words for event in shown if (words := _gate(names, event)))),
    )


def _told(names: Names, event: ChangeEvent) -> Told:
    """One event: its heading and the fields that differ."""
    model = MODELS[event.item_type]
    about = MODELS.get(event.subject_type)
    name = names.of(model, event.item_code) if model in WITH_PAGE else ""
    if not name and about is not None and about in WITH_PAGE:
        name = names.of(about, event.subject_code)
    lines = tuple(
        _line(names, model, each, old, new)
        for each, (old, new) in event.fields.items()
        if _is_told(event, each, old, new)
    )
    title = f"{named(model)}: {name}" if name else named(model)
    return Told(title, event.item_type, _did(event), event.public, lines)


def _line(names: Names, model: type[Recorded], name: str, old: Json, new: Json) -> Line:
    """One field, old and new."""
    was, will_be = spell(names, model, name, old), spell(names, model, name, new)
    return Line(field_label(model, name), was, will_be, pieces(was, will_be))


def _is_told(event: ChangeEvent, name: str, old: Json, new: Json) -> bool:
    """Is this field worth a line? Not what is empty before and after, nor what stands above."""
    empty: tuple[Json, ...] = (None, "", [], False)
    if name in UNTOLD or (old in empty and new in empty) or old == new:
        return False
    if name == "provenance":
        return new != Provenance.RECORDED.value or old is not None
    if event.item_type == "status_update" and name in ("state", "period_end", "initiative"):
        return False
    is_above = name in ("initiative", "metric") and new == event.subject_code
    return not is_above


def _did(event: ChangeEvent) -> str:
    """What happens to the row."""
    kind = EventKind(event.kind)
    if kind is EventKind.CREATED:
        return _("Added")
    return _("Changed") if kind is EventKind.REVISED else label(kind)


def _gate(names: Names, event: ChangeEvent) -> str:
    """That an item or a plan is shown or hidden, in a sentence."""
    name = names.of(MODELS[event.item_type], event.item_code)
    old, new = event.fields.get("visibility", (None, None))
    if old and event.kind == EventKind.REVISED:
        if new == Visibility.PUBLIC:
            return _("“%(name)s” appears on the public site.") % {"name": name}
        return _(
            "“%(name)s” is taken off the public site. That it was hidden is told under What "
            "changed."
        ) % {"name": name}
    old, new = event.fields.get("state", (None, None))
    if event.item_type == Plan.ITEM_TYPE and old == PlanState.DRAFT and new == PlanState.ACTIVE:
        shown = Initiative.objects.filter(
            plan__code=event.plan_code, visibility=Visibility.PUBLIC.value
        ).count()
        return ngettext(
            "The plan becomes public, with all its priorities and %(n)s initiative.",
            "The plan becomes public, with all its priorities and %(n)s initiatives.",
            shown,
        ) % {"n": spelling.count(shown)}
    if event.item_type == Plan.ITEM_TYPE and new == PlanState.CLOSED:
        return _("The plan is judged as of its closing day for good; no more reports are due.")
    return ""


def _pages(names: Names, events: Iterable[ChangeEvent]) -> list[Link]:
    """The public pages on which the change can be read, the item's own first."""
    appearing = {(event.item_type, event.item_code) for event in events if _appears(event)}
    found: dict[str, Link] = {}
    for event in events:
        model = MODELS.get(event.subject_type)
        row = names.found.get((model, event.subject_code)) if model else None
        for page in _around(row):
            is_new = (page.ITEM_TYPE, page.item_code) in appearing
            url = page.get_absolute_url()  # type: ignore[attr-defined]
            found.setdefault(url, Link(f"{named(type(page))}: {page}", "" if is_new else url))
    return list(found.values())


def _appears(event: ChangeEvent) -> bool:
    """Does the item get a public page by this event, which it has not yet?"""
    shown = event.fields.get("visibility", [None])[0] == Visibility.INTERNAL
    published = event.fields.get("state", [None])[0] == PlanState.DRAFT
    return event.kind == EventKind.CREATED or shown or published


def _around(row: Recorded | None) -> list[Recorded]:
    """An item and those above it whose public pages show it too."""
    if row is None:
        return []
    around: list[Recorded] = [row]
    if isinstance(row, Initiative):
        around += [row.priority, row.plan]
    if isinstance(row, Priority):
        around.append(row.plan)
    return [each for each in around if each.is_public]
