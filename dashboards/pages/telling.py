"""What changed, told in words: each public event as one sentence of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from dashboards.pages import elements, words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Link, Pill
from dashboards.pages.reading import fiscal_start_month
from dashboards.pages.words import Unit
from dashboards.visit import Visit
from priorities.assessment.initiative_status import Reported, initiative_state
from priorities.enums import (
    BudgetKind,
    EventKind,
    Health,
    InitiativeState,
    Lifecycle,
    Quality,
)
from priorities.labels import label
from priorities.models import Initiative, Metric, Milestone, Organization, Plan, Priority, Recorded
from priorities.queries.changes import Change
from priorities.queries.publication import Documents
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

#: As much of an owner's narrative as a list shows.
MOST_LETTERS = 220
#: What ties a metric to a plan, and the kind of item at the other end.
LINKS = {"priorities": "priority", "initiatives": "initiative"}
MODELS: Mapping[str, type[Recorded]] = {
    model.ITEM_TYPE: model
    for model in (Organization, Plan, Priority, Initiative, Metric, Milestone)
}


@dataclass(frozen=True, slots=True)
class Names:
    """How the items that changes tell of are called on the day, and where their pages are."""

    found: Documents
    initiatives: Mapping[str, InitiativeRow] = field(default_factory=dict)
    plan_code: str = ""

    def of(self, visit: Visit, item_type: str, code: str) -> Link | None:
        """The name and the page of an item; None when it is not public on the day."""
        plan, _slash, own = code.partition("/")
        if item_type == "initiative":
            row = self.initiatives.get(own) if plan == self.plan_code else None
            document = self.found.get("initiative", {}).get(code)
            name = row.name if row else (document["name"] if document else "")
            url = visit.link("initiative", plan=plan, initiative=own)
            return Link(name, url) if name else None
        document = self.found.get(item_type, {}).get(code)
        if document is None:
            return None
        match item_type:
            case "metric":
                return Link(document["name"], visit.link("metric", metric=code))
            case "plan":
                return Link(document["title"], visit.link("plan", plan=code))
            case "priority":
                return Link(document["name"], visit.link("priority", plan=plan, priority=own))
            case "division":
                return Link(document["name"], visit.link("division", division=code))
        return Link(str(document.get("name", code)), "")


def tell(
    visit: Visit, names: Names, changes: Iterable[Change], *, own: bool = False
) -> tuple[elements.Change, ...]:
    """Events as a list of changes, in their order; what the day does not name is left out.

    ``own``: the list stands on the item's own page, so sentences do not name it again.
    """
    teller = _Teller(visit, names, own)
    told = (teller.tell(change) for change in changes)
    return tuple(change for change in told if change is not None)


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of one sentence."""

    before: str = ""
    after: str = ""
    emphasis: str = ""
    was: Pill | None = None
    now: Pill | None = None
    detail: str = ""


class _Teller:
    """Tells events of one page."""

    def __init__(self, visit: Visit, names: Names, own: bool) -> None:
        self.visit = visit
        self.own = own
        self.names = names
        self.fiscal = fiscal_start_month(names.found)
        self.marks_url = marks_url(visit)
        self.ways: dict[str, Callable[[Change], _Said]] = {
            "status_update": self.update,
            "target": self.target,
            "observation": self.observation,
            "baseline": self.baseline,
            "budget_line": self.budget_line,
            "milestone": self.milestone,
            "review_rating": self.rating,
            "question": self.question,
            "answer": self.question,
            "reporting_period": self.reporting_period,
            "meeting": self.meeting,
            "frozen_brief": self.frozen_brief,
        }

    def tell(self, change: Change) -> elements.Change | None:
        """One event as a sentence."""
        item = self.names.of(self.visit, change.subject_type, change.subject_code)
        if item is None:
            return None
        said = self.ways.get(change.item_type, self.anything)(change)
        on = change.at.astimezone(self.visit.tz).date()
        return elements.Change(
            when=words.short_day(on, today=self.visit.as_of.day),
            iso=on.isoformat(),
            item=None if self.own else item,
            before=said.before,
            after=said.after if said.before or not self.own else _capital(said.after),
            emphasis=said.emphasis,
            was=said.was,
            now=said.now,
            detail=said.detail,
            marks=words.marks(change.provenance, url=self.marks_url),
        )

    def update(self, change: Change) -> _Said:
        """A report: the state before, the state now, what the owner says."""
        now = _state(change.new("lifecycle"), change.new("health"))
        was = _state(change.old("lifecycle"), change.old("health"))
        if change.new("nothing_changed"):
            return _Said(after=_("nothing changed:"), now=_pill(now), detail=_narrative(change))
        if was is None or was == now:
            verb = _("first report:") if was is None else _("reported again:")
            return _Said(after=verb, now=_pill(now), detail=_narrative(change))
        return _Said(was=_pill(was), now=_pill(now), detail=_narrative(change))

    def unit(self, change: Change) -> Unit:
        """The unit of the metric that an event tells of."""
        return Unit.of(self.names.found["metric"][change.subject_code])

    def period(self, change: Change) -> str:
        """The period that a fact is about; a target may have a date alone."""
        start, end = change.new("period_start"), dt.date.fromisoformat(change.new("period_end"))
        if start is None:
            return words.month(end)
        first = dt.date.fromisoformat(start)
        return words.period(first, end, fiscal_start_month=self.fiscal)

    def target(self, change: Change) -> _Said:
        """A promise made, raised or lowered."""
        unit, when = self.unit(change), self.period(change)
        old, new = _number(change.old("value")), _number(change.new("value"))
        detail = change.reason or _("Adopted with: %(authority)s") % {
            "authority": change.new("authority")
        }
        before = _("Target") if self.own else _("Target of")
        aim = _range(change, unit)
        if old is None or new is None:
            return _Said(before, _("for %(period)s set to") % {"period": when}, aim, detail=detail)
        if new == old:
            return _Said(before, _("for %(period)s kept at") % {"period": when}, aim, detail=detail)
        verb = (
            _("for %(period)s raised from %(old)s to")
            if new > old
            else _("for %(period)s lowered from %(old)s to")
        )
        after = verb % {"period": when, "old": words.quantity(old, unit)}
        return _Said(before, after, aim, detail=detail)

    def observation(self, change: Change) -> _Said:
        """A value, or the reason why there is none."""
        unit, when = self.unit(change), self.period(change)
        own = _("Value") if self.own else ""
        if change.new("categories"):
            when = f"{when}, {category_words(self.names.found, change.new('categories'))}"
        old, new = _number(change.old("value")), _number(change.new("value"))
        if new is None:
            why = words.lowered(words.missing(change.new("missing_reason")))
            return _Said(after=_("has no value for %(period)s:") % {"period": when}, emphasis=why)
        shown = words.quantity(new, unit)
        if change.new("quality") == Quality.PROVISIONAL:
            shown = _("%(value)s (estimate)") % {"value": shown}
        if change.kind == EventKind.CORRECTED and old is not None:
            after = _("for %(period)s restated from %(old)s to") % {
                "period": when,
                "old": words.quantity(old, unit),
            }
            return _Said(own, after, shown, detail=change.reason)
        after = _("for %(period)s:") % {"period": when}
        return _Said(own, after, shown, detail=change.new("note") or "")

    def baseline(self, change: Change) -> _Said:
        """Where the way to the target is measured from."""
        unit, old, new = (
            self.unit(change),
            _number(change.old("value")),
            _number(change.new("value")),
        )
        shown = "" if new is None else words.quantity(new, unit)
        before = _("Baseline") if self.own else _("Baseline of")
        if old is None or change.kind != EventKind.CORRECTED:
            return _Said(before, _("set to"), shown, detail=change.reason)
        after = _("changed from %(old)s to") % {"old": words.quantity(old, unit)}
        return _Said(before, after, shown, detail=change.reason)

    def budget_line(self, change: Change) -> _Said:
        """Money for an initiative."""
        amount = words.dollars(Decimal(change.new("amount")))
        after = _("budget of %(year)s, %(kind)s:") % {
            "year": words.fiscal_year(int(change.new("fiscal_year"))),
            "kind": words.lowered(label(BudgetKind(change.new("kind")))),
        }
        return _Said(after=after, emphasis=amount, detail=change.reason or change.new("source"))

    def milestone(self, change: Change) -> _Said:
        """A milestone planned, moved, done or dropped; one may be done when it is entered."""
        known = self.names.found.get("milestone", {}).get(change.item_code)
        name = change.new("name") or (known["name"] if known else "")
        before = _("Milestone “%(name)s” of") if name else _("A milestone of")
        if self.own:
            before = _("Milestone “%(name)s”") if name else _("A milestone")
        before = before % {"name": name}
        if change.new("done_on"):
            return _Said(before, _("done on"), _day(change.new("done_on")), detail=change.reason)
        if change.new("dropped_on"):
            on = _day(change.new("dropped_on"))
            return _Said(before, _("dropped on"), on, detail=change.reason)
        if change.kind == EventKind.CREATED:
            due = words.dated(
                dt.date.fromisoformat(change.new("due_on")), change.new("due_precision")
            )
            return _Said(before, _("planned for"), due)
        if change.moved("due_on"):
            after = _("moved from %(old)s to") % {"old": _day(change.old("due_on"))}
            return _Said(before, after, _day(change.new("due_on")), detail=change.reason)
        return _Said(before, _("corrected"), detail=change.reason)

    def rating(self, change: Change) -> _Said:
        """A reviewer's own rating, beside the owner's."""
        pill = words.state_pill(Health(change.new("rating")))
        return _Said(
            after=_("rated by the reviewer:"),
            now=pill,
            detail=change.reason or change.new("reason"),
        )

    def question(self, change: Change) -> _Said:
        """A reviewer's question, its answer, or its end."""
        after = {
            EventKind.ASKED: _("was asked"),
            EventKind.ANSWERED: _("was answered"),
            EventKind.CLOSED: _("was closed"),
        }.get(change.kind, label(change.kind).lower())
        before = _("A question") if self.own else _("A question about")
        return _Said(before, after, detail=shortened(change.new("text") or ""))

    def reporting_period(self, change: Change) -> _Said:
        """A reporting period laid out, or its dates moved."""
        if change.kind != EventKind.CREATED:
            before = _("A reporting period") if self.own else _("A reporting period of")
            return _Said(before, _("changed"), detail=change.reason)
        first, last = (dt.date.fromisoformat(change.new(name)) for name in ("start", "end"))
        period = words.period(first, last, fiscal_start_month=self.fiscal)
        before = (
            _("Reporting period %(period)s") if self.own else _("Reporting period %(period)s of")
        )
        before = before % {"period": period}
        return _Said(before, _("laid out, reports due on"), _day(change.new("due_on")))

    def meeting(self, change: Change) -> _Said:
        """A meeting planned, moved or called off."""
        before = _("A meeting") if self.own else _("A meeting on")
        if change.new("called_off"):
            return _Said(before, _("called off"), detail=change.reason)
        if not change.moved("held_on"):
            return _Said(before, _("corrected"), detail=change.reason)
        new = _day(change.new("held_on"))
        if change.kind == EventKind.CREATED:
            return _Said(before, _("set for"), new, detail=change.new("name") or "")
        after = _("moved from %(old)s to") % {"old": _day(change.old("held_on"))}
        return _Said(before, after, new, detail=change.reason)

    def frozen_brief(self, change: Change) -> _Said:
        """A brief frozen as it was delivered."""
        span = f"{_day(change.new('since'))} – {_day(change.new('until'))}"
        before = _("A brief") if self.own else _("A brief about")
        return _Said(before, _("frozen as delivered:"), span, detail=change.new("code") or "")

    def anything(self, change: Change) -> _Said:
        """An item laid out, or its wording changed."""
        if change.kind == EventKind.CREATED:
            return _Said(after=_("added"), detail=change.reason)
        if change.kind != EventKind.REVISED:
            return _Said(after=label(change.kind).lower(), detail=change.reason)
        if change.moved("name"):
            return _Said(
                after=_("renamed; it was"), emphasis=str(change.old("name")), detail=change.reason
            )
        if change.item_type == "metric" and change.fields.keys() <= LINKS.keys():
            return _Said(after=self.links(change), detail=change.reason)
        changed = words.joined(_field_names(change))
        return _Said(after=_("changed: %(fields)s") % {"fields": changed}, detail=change.reason)

    def links(self, change: Change) -> str:
        """What a metric counts for from now on, and what not any more."""
        came, went = (
            [
                item.label
                for name, kind in LINKS.items()
                for code in sorted({*(one(name) or ())} - {*(other(name) or ())})
                if (item := self.names.of(self.visit, kind, code))
            ]
            for one, other in ((change.new, change.old), (change.old, change.new))
        )
        if came:
            return _("now counts for %(items)s") % {"items": words.joined(came)}
        if went:
            return _("no longer counts for %(items)s") % {"items": words.joined(went)}
        return _("changed: %(fields)s") % {"fields": words.joined(_field_names(change))}


def category_words(found: Documents, categories: str) -> str:
    """The categories of a value by their names: "Spanish", "District 4, Spanish"."""
    known, names = found.get("category", {}), []
    for pair in categories.split(";"):
        dimension, _equals, code = pair.partition("=")
        category = known.get(f"{dimension}/{code}")
        names.append(str(category["name"]) if category else code)
    return ", ".join(names)


def _field_names(change: Change) -> list[str]:
    """What the changed fields are called."""
    model = MODELS.get(change.item_type)
    if model is None:
        return sorted(change.fields)
    said = {"priorities": _("its priorities"), "initiatives": _("its initiatives")}
    fields = ((name, model._meta.get_field(name)) for name in change.fields)
    return [said.get(name) or str(getattr(field, "verbose_name", name)) for name, field in fields]


def _capital(text: str) -> str:
    """A sentence that stands alone."""
    return text[:1].upper() + text[1:]


def _state(lifecycle: str | None, health: str | None) -> InitiativeState | None:
    """What a report says, however old it is."""
    if not lifecycle:
        return None
    said = Reported(Lifecycle(lifecycle), Health(health) if health else None)
    return initiative_state(said, None).state


def _pill(state: InitiativeState | None) -> Pill | None:
    return None if state is None else words.state_pill(state)


def _narrative(change: Change) -> str:
    """What the owner says, with the way out of trouble."""
    parts = [shortened(change.new("narrative") or "")]
    if change.new("supersedes") and change.reason:
        parts.insert(0, _("Corrected: %(reason)s") % {"reason": change.reason})
    if change.new("recovery_step") and change.moved("health"):
        recovery = {"step": change.new("recovery_step").rstrip(".")}
        if change.new("recovery_on"):
            recovery["day"] = _day(change.new("recovery_on"))
            parts.append(_("Recovery by %(day)s: %(step)s.") % recovery)
        else:
            parts.append(_("Recovery: %(step)s.") % recovery)
    return " ".join(part for part in parts if part)


def shortened(text: str, most: int = MOST_LETTERS) -> str:
    """A text cut at a word when it is long."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0].rstrip(',;:.')} …"


def _range(change: Change, unit: Unit) -> str:
    """The value of a target, or its range."""
    value, low, high = (_number(change.new(name)) for name in ("value", "low", "high"))
    if value is not None:
        return words.quantity(value, unit)
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s") % {
        "low": words.quantity(low, unit),
        "high": words.quantity(high, unit),
    }


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(iso: str) -> str:
    return words.day(dt.date.fromisoformat(iso))
