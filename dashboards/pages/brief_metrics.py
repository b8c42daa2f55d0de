"""Sections 5 and 6 of a brief: the targets that were re-based, and the values that came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefEntry, BriefSection
from dashboards.pages.cards import RatedMetric, basis, bounds, metric_spark
from dashboards.pages.elements import Cell, Column, Fact, Pill, Table
from dashboards.pages.metrics import URGENCY
from dashboards.pages.reading import metric_judge
from dashboards.pages.telling import category_words
from dashboards.pages.words import Unit
from priorities.assessment.expectation import TargetLine
from priorities.enums import MetricState, Quality
from priorities.queries.between import Promise, promises
from priorities.queries.series import exact, plain
from priorities.saying import gettext as _

# ── 5: targets ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Aim:
    """A value or a range that is aimed at."""

    value: Any
    low: Any
    high: Any


def targets_section(known: Known) -> BriefSection:
    """Each target that was set anew, with what it was; then baselines and how it is judged."""
    found = known.found["targets"]
    targets = [each for each in found if each.kind == "target"]
    rebased = [each for each in targets if each.fact and each.fact.before]
    new = [each for each in targets if each.fact and not each.fact.before]
    rest = [each for each in found if each.kind != "target"]
    shown = [*known.window.shown(rebased)]
    original = _originals(known, shown)
    blocks: list[BriefBlock] = [
        *known.table(
            "targets",
            "rebased",
            _("Changed"),
            rebased,
            lambda rows: _rebased(known, rows, original),
        ),
        *known.table("targets", "new", _("New"), new, lambda rows: _new(known, rows)),
        *known.entries(
            "targets",
            "judging",
            _("Baselines, and how a metric is judged"),
            rest,
            lambda each: _judging(known, each),
        ),
    ]
    return BriefSection(
        "targets",
        "5",
        _("Targets that were changed"),
        lead=_targets_lead(len(rebased)),
        blocks=tuple(blocks),
        empty=_("No target was set or changed."),
    )


def _targets_lead(rebased: int) -> str:
    if not rebased:
        return ""
    return ngettext(
        "%(n)s target is not what it was; the status against the original one stands beside it.",
        "%(n)s targets are not what they were; the status against the original stands beside them.",
        rebased,
    ) % {"n": words.count(rebased)}


def _originals(known: Known, rows: Sequence[Differing]) -> dict[str, Pill]:
    """What each metric would show if every target were still the first one. Queries: one."""
    metrics = {each.about: known.ends.now.metrics[each.about] for each in rows}
    told = promises([each.metric["pk"] for each in metrics.values()], known.ends.until.moment)
    judge = metric_judge(known.ends.at_end, known.ends.now.plan.found)
    found: dict[str, Pill] = {}
    for code, rated in metrics.items():
        rated_figure, missing = rated.facts.newest()
        standing = judge.standing(
            rated.metric,
            figures=rated.facts.figures,
            rated=rated_figure,
            missing=missing,
            targets=_first(told.get(rated.metric["pk"], [])),
            baseline=rated.facts.baseline,
        )
        found[code] = words.metric_pill(standing)
    return found


def _first(told: Sequence[Promise]) -> list[TargetLine]:
    """The targets as they were first set."""
    return [
        TargetLine(each.start, each.end, plain(each.value), plain(each.low), plain(each.high))
        for each in told
        if each.replaces is None
    ]


def _aim(values: Mapping[str, Any] | None, unit: Unit) -> str:
    """A target in words; a dash for none."""
    if values is None:
        return "–"
    return bounds(Aim(*(plain(values[name]) for name in ("value", "low", "high"))), unit)


def _for(known: Known, values: Mapping[str, Any]) -> str:
    """The period, or the date, that a target is for."""
    start, end = values["period_start"], values["period_end"]
    if start is None:
        return _("by %(day)s") % {"day": words.month(end)}
    return words.period(start, end, fiscal_start_month=known.fiscal)


def _authority(values: Mapping[str, Any]) -> Cell:
    """Why a target is what it is, and who decided it."""
    decided = _("%(authority)s, %(day)s") % {
        "authority": values["authority"],
        "day": words.day(values["adopted_on"]),
    }
    if not values["reason"]:
        return Cell(decided, values["authority_url"])
    return Cell(values["reason"], values["authority_url"], detail=decided)


def _rebased(known: Known, rows: Sequence[Differing], original: Mapping[str, Pill]) -> Table:
    return Table(
        caption=_("Targets that were changed"),
        columns=(
            Column(_("Metric")),
            Column(_("Before"), numeric=True),
            Column(_("Now"), numeric=True),
            Column(_("Why")),
            Column(_("Against the original target")),
            Column(_("Against the current one")),
        ),
        rows=tuple(_rebased_row(known, each, original) for each in rows),
    )


def _rebased_row(known: Known, each: Differing, original: Mapping[str, Pill]) -> tuple[Cell, ...]:
    assert each.fact is not None  # noqa: S101 - a target is a fact
    rated, new = known.ends.now.metrics[each.about], each.fact.values
    unit = Unit.of(rated.metric)
    item = known.item("metric", each.about)
    return (
        Cell(
            item.label,
            item.url,
            detail=_for(known, new),
            head=True,
            marks=known.marks(new["provenance"]),
        ),
        Cell(_aim(each.fact.before, unit), numeric=True),
        Cell(_aim(new, unit), numeric=True),
        _authority(new),
        Cell(pill=original.get(each.about)),
        Cell(pill=words.metric_pill(rated.standing)),
    )


def _new(known: Known, rows: Sequence[Differing]) -> Table:
    return Table(
        caption=_("New targets"),
        columns=(
            Column(_("Metric")),
            Column(_("For")),
            Column(_("Target"), numeric=True),
            Column(_("Decided by")),
        ),
        rows=tuple(_new_row(known, each) for each in rows),
    )


def _new_row(known: Known, each: Differing) -> tuple[Cell, ...]:
    assert each.fact is not None  # noqa: S101 - a target is a fact
    new, item = each.fact.values, known.item("metric", each.about)
    unit = Unit.of(known.ends.now.metrics[each.about].metric)
    return (
        Cell(item.label, item.url, head=True, marks=known.marks(new["provenance"])),
        Cell(_for(known, new)),
        Cell(_aim(new, unit), numeric=True),
        _authority(new),
    )


def _judging(known: Known, each: Differing) -> BriefEntry:
    """A baseline that was set, or another way of judging a metric."""
    code = each.about or each.code
    rated = known.ends.now.metrics[code]
    unit = Unit.of(rated.metric)
    if each.fact is None:
        when, reason = known.why("metric", rated.metric["pk"], each.fields)
        facts = known.facts(each)
        if reason:
            facts = (*facts, Fact(_("Reason"), reason))
        return BriefEntry(
            item=known.item("metric", code),
            detail=_("How it is judged"),
            when=known.spelled(when),
            iso=when,
            facts=facts,
        )
    new, old = each.fact.values, each.fact.before
    said = _("Set for %(day)s") % {"day": words.day(new["on"])}
    return BriefEntry(
        item=known.item("metric", code),
        detail=_("Baseline"),
        old=words.quantity(old["value"], unit) if old else "",
        new=words.quantity(new["value"], unit),
        said=". ".join(part for part in (said, new["reason"] or new["source"]) if part),
        marks=known.marks(new["provenance"]),
    )


# ── 6: values ────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Figures:
    """All that this section tells of one metric."""

    code: str
    change: Differing | None = None
    values: list[Differing] = field(default_factory=list)


def values_section(known: Known) -> BriefSection:
    """Each metric with new or restated values, or another status: its course and its standing."""
    found: dict[str, Figures] = {}
    for each in known.found["values"]:
        code = each.about or each.code
        own = found.setdefault(code, Figures(code))
        if each.kind == "observation":
            own.values.append(each)
        else:
            own.change = each
    told = sorted(found.values(), key=lambda one: _trouble(known, one))
    valued = [one for one in told if one.values]
    silent = [one for one in told if not one.values]
    overdue = [one for one in silent if _state(known, one) == MetricState.OVERDUE]
    blocks: list[BriefBlock] = [
        *known.entries(
            "values", "values", _("New and restated"), valued, lambda one: _entry(known, one)
        ),
        *known.table(
            "values",
            "status",
            _("Another status, and no new value"),
            [one for one in silent if one not in overdue],
            lambda rows: _moved(known, rows),
        ),
    ]
    if overdue:
        blocks.append(BriefBlock("overdue", text=_became_overdue(len(overdue))))
    return BriefSection(
        "values",
        "6",
        _("Values"),
        lead=_values_lead(valued),
        blocks=tuple(blocks),
        empty=_("No value was published."),
    )


def _state(known: Known, one: Figures) -> MetricState:
    return known.ends.now.metrics[one.code].standing.state


def _trouble(known: Known, one: Figures) -> tuple[int, str]:
    """Trouble first, as in the list of metrics."""
    return URGENCY.index(_state(known, one)), one.code


def _became_overdue(n: int) -> str:
    """What is silent now stands, with its days, in the section of who is."""
    return ngettext(
        "%(n)s metric became overdue; it stands under 7, Not reported.",
        "%(n)s metrics became overdue; they stand under 7, Not reported.",
        n,
    ) % {"n": words.count(n)}


def _moved(known: Known, rows: Sequence[Figures]) -> Table:
    """Metrics whose status moved with a target, the way of judging them, or the day."""
    return Table(
        caption=_("Metrics with another status, and no new value"),
        columns=(
            Column(_("Metric")),
            Column(_("Before")),
            Column(_("Now")),
            Column(_("Newest value"), numeric=True),
        ),
        rows=tuple(_moved_row(known, one) for one in rows),
    )


def _moved_row(known: Known, one: Figures) -> tuple[Cell, ...]:
    rated, item = known.ends.now.metrics[one.code], known.item("metric", one.code)
    before = known.ends.then.metrics.get(one.code) if known.ends.then else None
    unit = Unit.of(rated.metric)
    return (
        Cell(item.label, item.url, head=True, marks=known.marks(rated.metric["provenance"])),
        Cell(pill=words.metric_pill(before.standing)) if before else Cell("–"),
        Cell(pill=words.metric_pill(rated.standing)),
        Cell(_newest(rated, unit) or "–", detail=basis(rated, unit, known.fiscal), numeric=True),
    )


def _values_lead(found: Sequence[Figures]) -> str:
    total = sum(len(each.values) for each in found)
    if not total:
        return ""
    restated = sum(each.fact is not None and each.fact.before is not None
                   for own in found for each in own.values)  # fmt: skip
    lead = ngettext("%(n)s value was published", "%(n)s values were published", total)
    said = lead % {"n": words.count(total)}
    if not restated:
        return f"{said}."
    return _("%(said)s, %(n)s of them restated.") % {"said": said, "n": words.count(restated)}


def _entry(known: Known, one: Figures) -> BriefEntry:
    """One metric: its newest value then and now, its course, and each value that came."""
    rated = known.ends.now.metrics[one.code]
    before = known.ends.then.metrics.get(one.code) if known.ends.then else None
    unit, moved = Unit.of(rated.metric), one.change is not None and "state" in one.change.fields
    old, new = _newest(before, unit), _newest(rated, unit)
    return BriefEntry(
        item=known.item("metric", one.code),
        detail=basis(rated, unit, known.fiscal),
        was=words.metric_pill(before.standing) if moved and before else None,
        now=words.metric_pill(rated.standing),
        old=old if old != new else "",
        new=f"{new} ({change})" if (change := _change(before, rated, unit)) else new,
        facts=tuple(
            _value(known, each, unit)
            for each in one.values
            if not _is_shown(known, each, rated, alone=len(one.values) == 1)
        ),
        spark=metric_spark(rated, unit, known.fiscal, id=f"brief-{one.code}"),
        marks=known.marks(rated.metric["provenance"]),
    )


def _is_shown(known: Known, each: Differing, rated: RatedMetric, *, alone: bool) -> bool:
    """Does the line above say all that there is to say of a value?"""
    assert each.fact is not None  # noqa: S101 - a value is a fact
    new, newest = each.fact.values, rated.newest
    return (
        alone
        and newest is not None
        and (newest.start, newest.end) == (new["period_start"], new["period_end"])
        and new["value"] is not None
        and each.fact.before is None
        and not (new["categories"] or new["reason"] or new["note"])
        and known.marks(new["provenance"]) in ((), known.marks(rated.metric["provenance"]))
    )


def _newest(rated: RatedMetric | None, unit: Unit) -> str:
    newest = rated.newest if rated is not None else None
    return "" if newest is None else words.quantity(newest.value or 0.0, unit)


def _change(before: RatedMetric | None, now: RatedMetric, unit: Unit) -> str:
    """By how much the newest value differs; nothing when it is of the same period and equal."""
    old, new = before.newest if before else None, now.newest
    if old is None or new is None or (old.end, old.value) == (new.end, new.value):
        return ""
    was, is_now = exact(repr(old.value)), exact(repr(new.value))
    assert was is not None  # noqa: S101 - the newest figure has a value
    assert is_now is not None  # noqa: S101 - the same
    return _("no change") if was == is_now else words.difference(is_now - was, unit, signed=True)


def _value(known: Known, each: Differing, unit: Unit) -> Fact:
    """One value: of which period, what it is, and what it was and why when it is restated."""
    assert each.fact is not None  # noqa: S101 - a value is a fact
    new, old = each.fact.values, each.fact.before
    own = known.ends.now.metrics[each.about].metric["provenance"]
    period = words.period(new["period_start"], new["period_end"], fiscal_start_month=known.fiscal)
    if new["categories"]:
        period = f"{period}, {category_words(known.names.found, new['categories'])}"
    said = _figure(new, unit)
    if old is not None:
        said = _("restated: %(old)s → %(new)s") % {"old": _figure(old, unit), "new": said}
    return Fact(
        period,
        said,
        detail=new["reason"] or new["note"],
        marks=() if new["provenance"] == own else known.marks(new["provenance"]),
    )


def _figure(values: Mapping[str, Any], unit: Unit) -> str:
    """A value, or why there is none."""
    if values["value"] is None:
        return words.lowered(words.missing(values["missing_reason"]))
    said = words.quantity(values["value"], unit)
    if values["quality"] == Quality.PROVISIONAL:
        return _("%(value)s (estimate)") % {"value": said}
    return said


def judging_json(known: Known) -> Iterator[dict[str, Any]]:
    """Of each metric whose target was changed: its status, and that against the original one."""
    rows = [each for each in known.found["targets"] if each.fact and each.fact.before]
    for code, pill in _originals(known, [each for each in rows if each.kind == "target"]).items():
        now = known.ends.now.metrics[code].standing.state.value
        yield {"metric": code, "state": now, "state_against_original": pill.tone}
