"""What stands beside an initiative: who leads it, where, since when, with what money."""

from __future__ import annotations

from collections.abc import Iterable

from dashboards.pages import words
from dashboards.pages.chrome import marks_url
from dashboards.pages.elements import Cell, Column, Fact, Link, Notice, Table
from dashboards.pages.initiative_known import Known
from priorities.enums import BudgetKind, Calendar
from priorities.labels import label
from priorities.queries.publication import Document
from priorities.queries.reports import Money
from priorities.saying import gettext as _


def closing_notice(known: Known) -> Notice | None:
    """That it is over, since when and why, with the way to what continues it."""
    standing = known.standing
    if standing.closed_on is None:
        return None
    title = _("%(state)s on %(day)s.") % {
        "state": label(standing.state),
        "day": words.day(standing.closed_on),
    }
    after = known.found["initiative"].get(known.reports[0].successor or "")
    link = None
    if after is not None:
        text = _("Continued in: %(name)s") % {"name": after["name"]}
        link = Link(text, _url(known, after))
    return Notice(title, standing.reason, "info", link)


def about_initiative(known: Known) -> tuple[Fact, ...]:
    """The terms beside the text."""
    item, newest = known.initiative, known.reports[0] if known.reports else None
    facts = list(_divisions(known))
    if newest is not None and newest.percent_complete is not None:
        facts.append(Fact(_("Complete"), f"{newest.percent_complete}%"))
    facts.append(Fact(_("When"), _when(item)))
    facts.append(Fact(_("Where"), _where(item)))
    facts.append(Fact(_("Reports"), _cadence(Calendar(item["cadence"]))))
    visit, plan_code = known.visit, known.plan["code"]
    for code in item["related_priorities"]:
        priority = known.found["priority"].get(code)
        if priority is not None and code != item["priority"]:
            url = visit.link("priority", plan=plan_code, priority=priority["code"])
            facts.append(Fact(_("Also serves"), priority["name"], url))
    facts += _relatives(known)
    if item["tags"]:
        facts.append(Fact(_("Topics"), ", ".join(item["tags"]), plain=True))
    if item["source_url"]:
        facts.append(Fact(_("Source"), _("Where the City says so"), item["source_url"]))
    return tuple(facts)


def _divisions(known: Known) -> Iterable[Fact]:
    item, divisions = known.initiative, known.found["division"]
    lead = divisions.get(item["lead_division"])
    if lead is not None:
        yield Fact(
            _("Lead division"), lead["name"], known.visit.link("division", division=lead["code"])
        )
    else:
        yield Fact(_("Lead division"), _("Not published"))
    for code in item["supporting_divisions"]:
        if division := divisions.get(code):
            url = known.visit.link("division", division=code)
            yield Fact(_("Supported by"), division["name"], url)


def _when(item: Document) -> str:
    """From when to when, as exact as it is known."""
    start = words.dated(item["start"], item["start_precision"]) if item["start"] else ""
    end = words.dated(item["end"], item["end_precision"]) if item["end"] else ""
    if item["ongoing"]:
        end = _("ongoing")
    if start and end:
        return f"{start} – {end}"
    if start:
        return _("From %(start)s") % {"start": start}
    return _("Until %(end)s") % {"end": end} if item["end"] else end or _("No dates published")


def _where(item: Document) -> str:
    if item["citywide"] or not item["districts"]:
        return _("Citywide")
    numbers = words.joined([str(number) for number in sorted(item["districts"])])
    return _("Council districts %(numbers)s") % {"numbers": numbers}


def _cadence(calendar: Calendar) -> str:
    return {
        Calendar.MONTH: _("Every month"),
        Calendar.QUARTER: _("Every quarter"),
        Calendar.FISCAL_YEAR: _("Every fiscal year"),
        Calendar.CALENDAR_YEAR: _("Every year"),
        Calendar.IRREGULAR: _("When there is news"),
    }[calendar]


def _relatives(known: Known) -> Iterable[Fact]:
    """Where it was carried over from, and where it is carried on."""
    code = f"{known.plan['code']}/{known.initiative['code']}"
    before = known.found["initiative"].get(known.initiative["carried_from"] or "")
    if before is not None:
        yield Fact(_("Carried over from"), _in_plan(known, before), _url(known, before))
    for other in known.found["initiative"].values():
        if other["carried_from"] == code:
            yield Fact(_("Carried on in"), _in_plan(known, other), _url(known, other))


def _in_plan(known: Known, other: Document) -> str:
    plan = known.found["plan"].get(other["plan"])
    return f"{other['name']} ({plan['title']})" if plan else str(other["name"])


def _url(known: Known, other: Document) -> str:
    return known.visit.link("initiative", plan=other["plan"], initiative=other["code"])


def budget_table(known: Known) -> Table:
    """Money by fiscal year, each amount with its kind and source; corrected ones stay."""
    url = marks_url(known.visit)
    return Table(
        caption=_("Budget"),
        columns=(
            Column(_("Fiscal year")),
            Column(_("Kind")),
            Column(_("Amount"), numeric=True),
            Column(_("Source")),
        ),
        rows=tuple(_money(each, url) for each in known.budget),
        empty=_("No budget has been published."),
    )


def _money(money: Money, url: str) -> tuple[Cell, ...]:
    notes = [money.note] if money.in_force else [_("Corrected later."), money.note]
    if money.reason:
        notes.append(_("Corrected: %(reason)s") % {"reason": money.reason})
    return (
        Cell(words.fiscal_year(money.fiscal_year), head=True),
        Cell(
            label(BudgetKind(money.kind)),
            detail=" ".join(note for note in notes if note),
            marks=words.marks(money.provenance, url=url),
        ),
        Cell(words.dollars(money.amount), numeric=True, strong=money.in_force),
        Cell(money.source or _("Source"), money.source_url)
        if money.source_url
        else Cell(money.source or "–"),
    )
