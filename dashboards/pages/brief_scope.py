"""Sections 1 and 2 of a brief: the state and how it moved; what is in the plan, then and now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.brief_dates import moved_promises
from dashboards.pages.brief_differences import SHOWN, Differing
from dashboards.pages.brief_known import Known
from dashboards.pages.brief_parts import BriefBlock, BriefEntry, BriefSection
from dashboards.pages.brief_span import End
from dashboards.pages.brief_status import Turn, told_of, turns
from dashboards.pages.elements import Cell, Column, Fact, Pill, Table
from dashboards.pages.headline import Headline, headline
from dashboards.pages.states import ORDER
from priorities.assessment.rollup import SET_ASIDE
from priorities.enums import BudgetKind, InitiativeState, PlanState
from priorities.labels import label
from priorities.queries.publication import Document
from priorities.saying import gettext as _

# ── 1: the state, and how it moved ───────────────────────────────────────────────────────────


def state_words(known: Known) -> Headline:
    """One paragraph: how the plan stands, and what moved since."""
    plan = known.ends.now.plan
    said = headline(plan.snapshot.counts(), closed=plan.is_closed)
    moved = " ".join(_movements(known))
    return Headline(said.lead, f"{said.rest} {moved}".rstrip())


def _movements(known: Known) -> Iterator[str]:
    """What moved since the first date, a sentence for each kind of thing."""
    ends = known.ends
    if ends.is_empty:
        return
    since = words.day(ends.since.day)
    if ends.then is None:
        yield _("On %(day)s the plan was not public yet.") % {"day": since}
    clauses = [*_status_clauses(known), *_scope_clauses(known)]
    if clauses:
        yield _("Since %(day)s, %(clauses)s.") % {"day": since, "clauses": words.joined(clauses)}
    else:
        yield _("No initiative’s status has changed since %(day)s.") % {"day": since}
    yield from _whole(known)
    if moved := len(moved_promises(known)):
        yield ngettext(
            "%(n)s promised date was moved.", "%(n)s promised dates were moved.", moved
        ) % {"n": words.count(moved)}
    rebased = sum(each.kind == "target" and told_of(each) for each in known.found["targets"])
    if rebased:
        yield ngettext("%(n)s target was changed.", "%(n)s targets were changed.", rebased) % {
            "n": words.count(rebased)
        }


def _whole(known: Known) -> Iterator[str]:
    """That the number of initiatives in the plan is another: no share is of a whole in silence."""
    then, now = (_in_plan(end) for end in (known.ends.then, known.ends.now))
    if then and then != now:
        yield ngettext(
            "The plan has %(now)s initiative; it had %(then)s.",
            "The plan has %(now)s initiatives; it had %(then)s.",
            now,
        ) % {"now": words.count(now), "then": words.count(then)}


def _status_clauses(known: Known) -> Iterator[str]:
    for turn, n in sorted(turns(known).items(), key=lambda each: list(Turn).index(each[0])):
        yield _turned(turn, n) % {"n": words.count(n)}


def _turned(turn: Turn, n: int) -> str:
    """That so many initiatives turned one way."""
    match turn:
        case Turn.BETTER:
            return ngettext("%(n)s initiative stands better", "%(n)s initiatives stand better", n)
        case Turn.WORSE:
            return ngettext("%(n)s stands worse", "%(n)s stand worse", n)
        case Turn.SILENT:
            return ngettext("%(n)s has fallen silent", "%(n)s have fallen silent", n)
        case Turn.AGAIN:
            return ngettext("%(n)s was reported again", "%(n)s were reported again", n)
        case Turn.FIRST:
            return ngettext(
                "%(n)s was reported for the first time",
                "%(n)s were reported for the first time",
                n,
            )


def _scope_clauses(known: Known) -> Iterator[str]:
    """How many came, were set aside, were taken up again, are no longer public."""
    then = known.ends.then.plan.snapshot.by_code if known.ends.then else {}
    now = known.ends.now.plan.snapshot.by_code
    was = {code for code, row in then.items() if row.state in SET_ASIDE}
    aside = {code for code, row in now.items() if row.state in SET_ASIDE}
    added, removed = len(now.keys() - then.keys()), len(then.keys() - now.keys())
    back = len((was - aside) & now.keys())
    if added:
        yield ngettext("%(n)s was added", "%(n)s were added", added) % {"n": words.count(added)}
    if n := len(aside - was):
        yield ngettext("%(n)s was set aside", "%(n)s were set aside", n) % {"n": words.count(n)}
    if back:
        yield ngettext("%(n)s was taken up again", "%(n)s were taken up again", back) % {
            "n": words.count(back)
        }
    if removed:
        yield ngettext(
            "%(n)s is no longer public", "%(n)s are no longer public", removed
        ) % {"n": words.count(removed)}  # fmt: skip


def state_section(known: Known) -> BriefSection:
    """The paragraph, and how many initiatives showed what, then and now."""
    said = state_words(known)
    return BriefSection(
        "state",
        "1",
        _("How the plan stands"),
        lead=said.text,
        blocks=(BriefBlock("counts", table=_counts(known)),),
    )


def _counts(known: Known) -> Table:
    ends = known.ends
    now = ends.now.plan.snapshot.counts()
    then: Mapping[InitiativeState, int] = ends.then.plan.snapshot.counts() if ends.then else {}
    return Table(
        caption=_("Initiatives by status, then and now"),
        columns=(Column(_("Status")), *_dates(known), Column(_("Difference"), numeric=True)),
        rows=tuple(
            (
                Cell(pill=words.state_pill(state), head=True),
                *_numbers(then.get(state, 0), now.get(state, 0)),
            )
            for state in ORDER
            if then.get(state) or now.get(state)
        ),
        empty=_("No initiatives have been published yet."),
    )


def _dates(known: Known) -> tuple[Column, ...]:
    days = (known.ends.since.day, known.ends.until.day)
    return tuple(Column(words.day(day), numeric=True) for day in days)


def _numbers(then: int, now: int) -> tuple[Cell, ...]:
    gap = now - then
    sign = "+" if gap > 0 else (words.MINUS if gap < 0 else "")
    return (
        Cell(words.count(then), numeric=True),
        Cell(words.count(now), numeric=True),
        Cell(f"{sign}{words.count(abs(gap))}", numeric=True),
    )


# ── 2: the scope ledger ──────────────────────────────────────────────────────────────────────


def scope_section(known: Known) -> BriefSection:
    """Items then and now, and each that came, went, was renamed, moved or reworded."""
    found = [each for each in known.found["scope"] if each.fact is None]
    money = [each for each in known.found["scope"] if each.kind == "budget_line"]
    sorted_: dict[str, list[Differing]] = {}
    for each in found:
        sorted_.setdefault(_what(each), []).append(each)
    blocks: list[BriefBlock] = [BriefBlock("ledger", table=_ledger(known))]
    for code, title in _titles().items():
        rows = sorted_.get(code, [])
        blocks += known.entries("scope", code, title, rows, lambda each: _entry(known, each))
    blocks += known.table("scope", "money", _("Money"), money, lambda rows: _money(known, rows))
    return BriefSection(
        "scope",
        "2",
        _("What is in the plan"),
        lead=_lead(known),
        blocks=tuple(blocks),
    )


#: What the heading, the day and the pills of an entry tell.
TOLD_OF_ITEMS = (*SHOWN, "retired_on")
#: What happens to a plan as a whole.
PLAN_ACTS = frozenset({"state", "closed_on"})


def _titles() -> dict[str, str]:
    return {
        "plan": _("The plan itself"),
        "added": _("Added"),
        "aside": _("Cancelled, merged or superseded"),
        "retired": _("Retired"),
        "returned": _("Taken up again"),
        "removed": _("No longer public"),
        "renamed": _("Renamed"),
        "moved": _("Moved"),
        "reworded": _("Other changes of wording and detail"),
    }


def _what(each: Differing) -> str:
    """What happened to an item, the weightiest of it."""
    if each.kind == "plan" and (each.what == "added" or each.fields.keys() & PLAN_ACTS):
        return "plan"
    if each.what != "changed":
        return each.what
    if _now_aside(each):
        return "aside"
    if _retires(each):
        return "retired" if each.fields["retired_on"][1] else "returned"
    if each.kind == "initiative" and "state" in each.fields:
        return "returned"
    if each.fields.keys() & {"name", "title"}:
        return "renamed"
    return "moved" if each.fields.keys() & {"priority", "lead_division"} else "reworded"


def _now_aside(each: Differing) -> bool:
    """Was an initiative set aside in between?"""
    return each.kind == "initiative" and each.fields.get("state", (None, None))[1] in SET_ASIDE


def _retires(each: Differing) -> bool:
    """Was a metric or a priority retired in between, or taken up again?"""
    was, now = each.fields.get("retired_on", (None, None))
    return (was is None) != (now is None)


def _lead(known: Known) -> str:
    ends = known.ends
    now, then = len(ends.now.items), len(ends.then.items) if ends.then else 0
    return _(
        "%(then)s on %(since)s, %(now)s on %(until)s, counting those that were set aside."
    ) % {
        "then": words.initiatives_counted(then),
        "since": words.day(ends.since.day),
        "now": words.initiatives_counted(now),
        "until": words.day(ends.until.day),
    }  # fmt: skip


def _in_plan(end: End | None) -> int:
    """How many initiatives count, those that were set aside left out."""
    if end is None:
        return 0
    states = end.plan.snapshot.counts()
    return sum(n for state, n in states.items() if state not in SET_ASIDE)


def _ledger(known: Known) -> Table:
    """How many of each kind of thing, then and now."""

    def counts(end: End | None) -> tuple[int, ...]:
        if end is None:
            return 0, 0, 0, 0
        kept = _in_plan(end)
        return len(end.plan.priorities), kept, len(end.items) - kept, len(end.metrics)

    names = (
        _("Priorities"),
        _("Initiatives in the plan"),
        _("Initiatives set aside"),
        _("Metrics"),
    )
    then, now = counts(known.ends.then), counts(known.ends.now)
    return Table(
        caption=_("What is in the plan, then and now"),
        columns=(Column(_("Kind")), *_dates(known), Column(_("Difference"), numeric=True)),
        rows=tuple(
            (Cell(name, head=True), *_numbers(old, new))
            for name, old, new in zip(names, then, now, strict=True)
        ),
    )


def _entry(known: Known, each: Differing) -> BriefEntry:
    """One item of the ledger: what happened to it, when and why."""
    if each.kind == "plan":
        return _plan_entry(known, each)
    row = known.row(each.code) if each.kind == "initiative" else None
    was = known.before(each.code) if each.kind == "initiative" else None
    when, reason = _when(known, each)
    marks = known.marks(row.provenance) if row is not None else ()
    facts = known.facts(each, without=TOLD_OF_ITEMS if _retires(each) else SHOWN)
    closed = row is not None and row.standing.closed_on is not None
    if row is not None and row.latest is not None and ("state" in each.fields or closed):
        facts = (*facts, *_closing(known, row.latest.pk))
    elif reason:
        facts = (*facts, Fact(_("Reason"), reason))
    moved = "state" in each.fields
    stands = row if moved or each.what == "added" else None
    return BriefEntry(
        item=known.item(each.kind, each.code),
        detail=_kind(known, each),
        when=known.spelled(when),
        iso=when,
        was=words.initiative_pill(was.standing) if moved and was else None,
        now=words.initiative_pill(stands.standing) if stands else None,
        facts=facts,
        marks=marks,
    )


def _plan_entry(known: Known, each: Differing) -> BriefEntry:
    """The plan: that it was made public, closed or opened again, and what else of it differs."""
    plan = known.ends.now.plan.plan
    was, now = each.fields.get("state", (None, plan["state"] if each.what == "added" else None))
    acts = each.fields.keys() & PLAN_ACTS
    when, reason = known.why("plan", plan["pk"], acts or each.fields or ("state",))
    if now == PlanState.CLOSED and plan["closed_on"]:
        when = plan["closed_on"].isoformat()
    elif each.what == "added":
        when = when or _recorded(known, plan)
    facts = known.facts(each, without=PLAN_ACTS if now else ())
    return BriefEntry(
        item=known.item("plan", each.code),
        detail=_("Plan"),
        when=known.spelled(when),
        iso=when,
        was=_plan_pill(was),
        now=_plan_pill(now),
        facts=(*facts, Fact(_("Reason"), reason)) if reason else facts,
        marks=known.marks(plan["provenance"]),
    )


def _plan_pill(state: str | None) -> Pill | None:
    return Pill("neutral", label(PlanState(state))) if state else None


def _when(known: Known, each: Differing) -> tuple[str, str]:
    """The day and the reason of what happened to an item; empty where the record has none."""
    row = known.row(each.code) if each.kind == "initiative" else None
    if row is not None and "state" in each.fields and row.standing.closed_on:
        return row.standing.closed_on.isoformat(), ""
    document = _document(known, each)
    if document is None:
        return "", ""
    if each.what == "added":
        return _came(known, each, document)
    if _retires(each):
        when, reason = known.why(each.kind, document["pk"], ("retired_on",))
        retired = each.fields["retired_on"][1]
        return retired or when, reason
    return known.why(each.kind, document["pk"], each.fields)


def _document(known: Known, each: Differing) -> Document | None:
    """The key of an item and when it was recorded; None for one that is no longer public."""
    if each.kind == "initiative":
        row = known.row(each.code)
        return {"pk": row.pk, "recorded_at": row.recorded_at} if row is not None else None
    if each.kind == "metric":
        rated = known.ends.now.metrics.get(each.code)
        return rated.metric if rated is not None else None
    return known.ends.now.plan.priorities.get(each.code)


def _came(known: Known, each: Differing, document: Document) -> tuple[str, str]:
    """When and why an item was added: made public, tied to the plan, or recorded.

    One that was recorded before came with what made it public, such as the plan.
    """
    when, reason = known.why(each.kind, document["pk"], ("visibility",))
    if when or (when := _recorded(known, document)):
        return when, reason
    if each.kind == "metric":
        when, reason = known.why("metric", document["pk"], ("initiatives", "priorities"))
    return (when, reason) if when else known.why("plan", known.ends.now.plan.plan["pk"], ("state",))


def _recorded(known: Known, document: Document) -> str:
    """The day on which an item was recorded; nothing when it is not in between."""
    at: dt.datetime = document["recorded_at"]
    return known.day(at).isoformat() if at > known.ends.since.moment else ""


def _kind(known: Known, each: Differing) -> str:
    """What an item is: a metric, a priority; of an initiative where it belongs."""
    names = {"metric": _("Metric"), "priority": _("Priority"), "plan": _("Plan")}
    return names.get(each.kind) or known.detail(each.code) or _("Initiative")


def _closing(known: Known, report: int) -> Iterator[Fact]:
    """Why an initiative was closed or taken up again, and what continues it."""
    said = known.texts.get(report)
    if said is None:
        return
    if said.narrative:
        yield Fact(_("Reason"), said.narrative)
    plan, _slash, code = (said.successor or "").partition("/")
    if plan == known.ends.now.plan.code and known.row(code) is not None:
        after = known.item("initiative", code)
        yield Fact(_("Continued in"), after.label, after.url)


def _money(known: Known, rows: Sequence[Differing]) -> Table:
    """Budget lines that are new, and those that correct one."""
    return Table(
        caption=_("Budget lines published in between"),
        columns=(
            Column(_("Initiative")),
            Column(_("For")),
            Column(_("Before"), numeric=True),
            Column(_("Now"), numeric=True),
            Column(_("Source or reason")),
        ),
        rows=tuple(_line(known, each) for each in rows),
    )


def _line(known: Known, each: Differing) -> tuple[Cell, ...]:
    assert each.fact is not None  # noqa: S101 - a budget line is a fact
    new, old = each.fact.values, each.fact.before
    item = known.item("initiative", each.about)
    return (
        Cell(item.label, item.url, head=True, marks=known.marks(new["provenance"])),
        Cell(
            words.fiscal_year(new["fiscal_year"]),
            detail=words.lowered(label(BudgetKind(new["kind"]))),
        ),
        Cell(words.dollars(old["amount"]) if old else "–", numeric=True),
        Cell(words.dollars(new["amount"]), numeric=True),
        Cell(new["reason"] or new["source"] or "–"),
    )
