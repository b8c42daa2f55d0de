"""Where the owner, the numbers and a reviewer disagree, the biggest gap first: for reviewers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from dashboards.charts.printable import Printable
from dashboards.pages import words
from dashboards.pages.cards import RatedMetric
from dashboards.pages.chrome import build_chrome, method_url
from dashboards.pages.elements import FilterForm, Link, Pager, Pill
from dashboards.pages.layout import Chrome
from dashboards.pages.library import library
from dashboards.pages.paging import pager, pages_of
from dashboards.pages.portfolio_plan import chosen_plan, plan_form
from dashboards.pages.portfolio_ways import Ways
from dashboards.pages.reading import Reading
from dashboards.visit import BadQuestion, Visit
from priorities.assessment.voices import Apart, Voice, Voices, compare, speaks_of
from priorities.enums import Health, MetricState
from priorities.queries.publication import informs_plan
from priorities.queries.ratings import Given, newest_ratings
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Said(Printable):
    """What one voice says: a pill, or why there is none, and what stands behind it."""

    voice: str
    pill: Pill | None
    note: str


@dataclass(frozen=True, slots=True)
class DisagreementEntry(Printable):
    """One item of which voices differ. ``gap`` says by how much, ``apart`` who and how."""

    kind: str
    name: str
    url: str
    gap: str
    apart: tuple[str, ...]
    said: tuple[Said, ...]
    ways: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class DisagreementsPage(Printable):
    """Every string of the page."""

    chrome: Chrome
    eyebrow: str
    title: str
    lead: str
    plans: FilterForm | None
    method: Link
    entries: tuple[DisagreementEntry, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class _Found:
    """An item, what is said of it, and how it is told."""

    kind: str
    pk: int
    name: str
    voices: Voices
    given: Given | None
    row: InitiativeRow | RatedMetric

    @property
    def is_earlier(self) -> bool:
        """Is the rating of an earlier period, so that it was not compared?"""
        return self.given is not None and self.voices.reviewer is None


def build_disagreements_page(*, visit: Visit, ways: Ways) -> DisagreementsPage:
    """The plan's initiatives, and the metrics that inform it, whose voices differ.

    Queries: eight at most, whatever the number of items: those of the plan, of the metrics when
    they are not remembered, and one of the ratings.
    Errors: ``BadQuestion`` for what is no page number, ``PageNotFound`` beyond the end.
    """
    plan = chosen_plan(visit)
    found = sorted(
        _found(plan), key=lambda each: (*each.voices.urgency, each.kind, each.name, each.pk)
    )
    at = _page(visit)
    pages = pages_of(len(found), PAGE_SIZE, at)
    shown = found[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
    return DisagreementsPage(
        chrome=build_chrome(
            visit=visit, found=plan.found, title=_("Disagreements"), plan=plan.plan
        ),
        eyebrow=plan.plan["title"],
        title=_title(len(found)),
        lead=_(
            "What the owner says, what the numbers say and what a reviewer says, side by side. "
            "None of them overrules another."
        ),
        plans=plan_form(plan, ways.disagreements),
        method=Link(_("How status is decided"), method_url(visit, "initiatives")),
        entries=_entries(plan, shown, ways),
        pager=pager(
            visit,
            ways.disagreements,
            {"plan": plan.code} if visit.query.get("plan") else {},
            at=at,
            pages=pages,
            total=len(found),
            size=PAGE_SIZE,
        ),
    )


def disagreements_of(plan: Reading) -> int:
    """On how many items of a plan the voices differ. Queries: as for the page, but the plan's."""
    return sum(1 for _each in _found(plan))


def _page(visit: Visit) -> int:
    """The page that the address asks for."""
    asked = visit.query.get("page", "1") or "1"
    if not (asked.isascii() and asked.isdecimal() and 0 < len(asked) < 7 and int(asked)):
        raise BadQuestion(_("“%(asked)s” is not the number of a page.") % {"asked": asked[:40]})
    return int(asked)


def _title(n: int) -> str:
    if not n:
        return _("Nobody disagrees")
    words_ = ngettext(
        "Owner, numbers and reviewer disagree on %(n)s item",
        "Owner, numbers and reviewer disagree on %(n)s items",
        n,
    )
    return words_ % {"n": words.count(n)}


def _found(plan: Reading) -> Iterator[_Found]:
    """Every open item of which voices differ.

    A rating is compared if its period is that of the owner's newest report, or of the metric's
    value, or a later one.
    """
    given = newest_ratings(plan.code, plan.visit.as_of)
    rated = [each for each in library(plan.visit).rated if informs_plan(each.metric, plan.code)]
    moving: defaultdict[str, list[RatedMetric]] = defaultdict(list)
    for metric in rated:
        for code in metric.metric["initiatives"]:
            moving[code].append(metric)
    for row in plan.snapshot.rows:
        reported = row.standing.reported
        if row.standing.closed_on is not None:
            continue
        own = given.get(("initiative", row.pk))
        voices = compare(
            owner=reported.health if reported else None,
            states=[each.standing.state for each in moving[f"{plan.code}/{row.code}"]],
            reviewer=_rating(own, reported.period_end if reported else None),
        )
        if voices.apart:
            yield _Found("initiative", row.pk, row.name, voices, own, row)
    for metric in rated:
        own = given.get(("metric", metric.metric["pk"]))
        value = metric.standing.observation
        reviewer = _rating(own, value.period.end if value else None)
        voices = compare(owner=None, states=[metric.standing.state], reviewer=reviewer)
        if voices.apart:
            yield _Found("metric", metric.metric["pk"], metric.metric["name"], voices, own, metric)


def _rating(given: Given | None, newest: dt.date | None) -> Health | None:
    """What a reviewer says of the period that was reported last; none for an earlier one."""
    return given.rating if given is not None and speaks_of(given.period_end, newest) else None


def _entries(plan: Reading, shown: Sequence[_Found], ways: Ways) -> tuple[DisagreementEntry, ...]:
    """Each with the ways to ask about it, and to rate it where it is not one's own work."""
    others = {
        kind: ways.may_rate(kind, [each.pk for each in shown if each.kind == kind])
        for kind in {each.kind for each in shown}
    }
    return tuple(_entry(plan, each, ways, each.pk in others[each.kind]) for each in shown)


def _entry(plan: Reading, found: _Found, ways: Ways, may_rate: bool) -> DisagreementEntry:
    voices, visit = found.voices, plan.visit
    if isinstance(found.row, InitiativeRow):
        codes = {"plan": plan.code, "initiative": found.row.code}
        kind = _("Initiative")
    else:
        codes = {"metric": found.row.metric["code"]}
        kind = _("Metric")
    steps = ngettext("%(n)s step apart", "%(n)s steps apart", voices.gap)
    return DisagreementEntry(
        kind=kind,
        name=found.name,
        url=visit.link(found.kind, query=None, **codes),
        gap=steps % {"n": voices.gap},
        apart=tuple(_apart(pair) for pair in voices.apart),
        said=tuple(_said(plan, found)),
        ways=(
            Link(_("Ask about it"), ways.ask(found.kind, **codes)),
            *([Link(_("Rate it"), ways.rate(found.kind, **codes))] if may_rate else ()),
        ),
    )


def _apart(pair: Apart) -> str:
    """Who sees it better than whom."""
    names = {
        Voice.OWNER: _("the owner"),
        Voice.NUMBERS: _("the numbers"),
        Voice.REVIEWER: _("the reviewer"),
    }
    sentences = {
        Voice.OWNER: _("The owner sees it better than %(other)s."),
        Voice.NUMBERS: _("The numbers are better than what %(other)s says."),
        Voice.REVIEWER: _("The reviewer sees it better than %(other)s."),
    }
    return sentences[pair.hopeful] % {"other": names[pair.other]}


def _said(plan: Reading, found: _Found) -> Iterator[Said]:
    """What each of the three says, in the same order for every item."""
    voices, given = found.voices, found.given
    if isinstance(found.row, InitiativeRow):
        latest = found.row.latest
        note = ""
        if latest is not None:
            day = latest.published_at.astimezone(plan.visit.tz).date()
            note = _("reported %(day)s") % {"day": words.day(day)}
        yield Said(_("Owner"), _pill(voices.owner), note or _("has not reported"))
        yield Said(_("Numbers"), _numbers_pill(voices.numbers), _numbers(voices))
    else:
        yield Said(_("Numbers"), words.metric_pill(found.row.standing), "")
    if given is None:
        yield Said(_("Reviewer"), None, _("has not rated it"))
        return
    who = _("%(reviewer)s, for the period to %(day)s, %(readers)s: %(reason)s") % {
        "reviewer": given.reviewer,
        "day": words.day(given.period_end),
        "readers": _("public") if given.is_public else _("internal"),
        "reason": given.reason,
    }
    if found.is_earlier:
        who = _("of an earlier period, so not compared: %(rating)s") % {"rating": who}
    yield Said(_("Reviewer"), _pill(given.rating), who)


def _pill(health: Health | None) -> Pill | None:
    return None if health is None else words.state_pill(health)


def _numbers_pill(said: Health | None) -> Pill | None:
    """What the metrics say, in the words that metrics have."""
    states = {
        Health.ON_TRACK: MetricState.ON_TARGET,
        Health.AT_RISK: MetricState.NEAR_TARGET,
        Health.OFF_TRACK: MetricState.OFF_TARGET,
    }
    return None if said is None else words.state_pill(states[said])


def _numbers(voices: Voices) -> str:
    """How many of the metrics that say something are off target."""
    if not voices.rated:
        return _("say nothing: no metric of it is rated")
    return ngettext(
        "%(off)s of %(n)s rated metric off target",
        "%(off)s of %(n)s rated metrics off target",
        voices.rated,
    ) % {"off": words.count(voices.off_target), "n": words.count(voices.rated)}
