"""The brief of a plan between two dates: what changed, what slipped, what was promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language

from dashboards.charts.printable import Printable
from dashboards.filters import one_of, page_number
from dashboards.memory import key_of
from dashboards.pages import words
from dashboards.pages.brief_ahead import ahead_json, ahead_section
from dashboards.pages.brief_dates import dates_section
from dashboards.pages.brief_internal import with_internal
from dashboards.pages.brief_known import MANY_ROWS, SOME_ROWS, Known, Window, know
from dashboards.pages.brief_metrics import judging_json, targets_section, values_section
from dashboards.pages.brief_parts import SECTIONS, Brief, BriefSection
from dashboards.pages.brief_people import people_json, questions_section, silent_section
from dashboards.pages.brief_scope import scope_section, state_section, state_words
from dashboards.pages.brief_span import Ends, read_ends, ways
from dashboards.pages.brief_status import status_section
from dashboards.pages.chrome import build_chrome, marks_url, plan_crumb
from dashboards.pages.elements import (
    EmptyState,
    FilterField,
    FilterForm,
    Hidden,
    Link,
    Option,
    Pager,
)
from dashboards.pages.layout import Chrome
from dashboards.pages.paging import pager
from dashboards.pages.reading import with_meetings_of
from dashboards.pages.states import counts_json
from dashboards.pages.two_dates import asked_day
from dashboards.remembered import Remembered
from dashboards.visit import BadQuestion, PageNotFound, Visit
from priorities.saying import gettext as _

#: From the question in an address to links that ask the same.
Ways = Callable[[Mapping[str, str]], tuple[Link, ...]]
BUILDERS: Mapping[str, Callable[[Known], BriefSection]] = {
    "state": state_section,
    "scope": scope_section,
    "status": status_section,
    "dates": dates_section,
    "targets": targets_section,
    "values": values_section,
    "silent": silent_section,
    "questions": questions_section,
    "ahead": ahead_section,
}


#: What a worker knows of the briefs that were read last: up to some megabytes each.
KNOWN: Remembered[Known] = Remembered(4)


@dataclass(frozen=True, slots=True)
class BriefPage(Printable):
    """A brief with the frame around it: the ways to choose its dates, and to take it along."""

    chrome: Chrome
    brief: Brief
    form: FilterForm
    choices: tuple[Option, ...]
    choices_label: str
    ways: tuple[Link, ...]
    ways_label: str
    contents: tuple[Link, ...]
    pager: Pager | None
    links: tuple[Link, ...]
    data: Callable[[], dict[str, Any]]

    def public_json(self) -> dict[str, Any]:
        """The differences in raw values, section by section."""
        return self.data()


def build_brief_page(*, visit: Visit, plan_code: str) -> BriefPage:
    """The page of a brief.

    Queries: eighteen beside the revision, whatever the size: twelve for both ends of the plan, five
    for what was published between them and said of it, one for targets that were changed; its
    twin asks for these once more; none but that when this worker has read the brief for another
    address. Three more when the later date is not that of the visit and this
    worker has not read the plan. Errors: ``BadQuestion`` for dates or sections that
    make no sense, ``PageNotFound`` for a plan that was not public on the later date.
    """
    known, chosen = read_brief(visit, plan_code)
    return page_of(known, chosen, brief_of(known, chosen))


def build_review_page(*, visit: Visit, plan_code: str, links: Ways) -> BriefPage:
    """The same page for reviewers: with what is internal, marked, after the public blocks.

    ``links``: the ways of the room, from the question in the address. Queries: five more.
    """
    known, chosen = read_brief(visit, plan_code, internal=True)
    page = page_of(known, chosen, with_internal(known, brief_of(known, chosen)))
    return replace(page, links=links(_dates(known.ends, chosen)))


def read_brief(
    visit: Visit, plan_code: str, *, internal: bool = False
) -> tuple[Known, tuple[str, ...]]:
    """What the page of a brief is made from, and the sections that are asked for.

    ``internal``: for reviewers.
    """
    chosen = chosen_sections(visit)

    def window(ends: Ends) -> Window:
        return _window(visit, ends, chosen)

    return _known(visit, plan_code, window, internal=internal), chosen


def _known(
    visit: Visit, plan_code: str, window: Callable[[Ends], Window], *, internal: bool
) -> Known:
    """What lies between the two dates of the address, seen through a window.

    Its page, its twin, its paper and each of its sections are made from the same, so a worker
    remembers it until something is published. What is internal changes without being published,
    so for reviewers it is read each time, up to this moment.
    """

    def read() -> Known:
        return know(read_ends(visit, plan_code), Window(None, 0, "", {}))

    if internal:
        known = read()
        return replace(known, window=window(known.ends))
    asked = asked_day(visit, "from"), asked_day(visit, "to")
    found = KNOWN.recall((*key_of(visit.revision, plan_code, visit.as_of), *asked), read)
    ends = replace(found.ends, visit=visit)
    return replace(found, ends=ends, window=window(ends))


def page_of(known: Known, chosen: tuple[str, ...], brief: Brief) -> BriefPage:
    """The page around a brief."""
    visit, ends, url = known.visit, known.ends, known.window.url
    plan = ends.now.plan
    found = with_meetings_of(visit, plan.code, plan.found, ends.until)
    asked = dict(known.window.asked)
    one = chosen[0] if len(chosen) == 1 else ""
    return BriefPage(
        chrome=build_chrome(
            visit=visit,
            found=found,
            title=_("Brief: %(span)s") % {"span": brief.span},
            description=f"{brief.lead}{brief.rest}",
            current="changes",
            plan=plan.plan,
            breadcrumb=(plan_crumb(visit, plan.plan), Link(_("Brief"), "", current=True)),
            index=not visit.query,
            asks=("from", "to", "sections", "page"),
        ),
        brief=brief,
        form=_form(visit, ends, url),
        choices=tuple(
            Option(code, title, selected=code in chosen) for code, title in titles().items()
        ),
        choices_label=_("Sections"),
        ways=ways(ends, found, url),
        ways_label=_("Ready dates"),
        contents=tuple(Link(each.title, f"#{each.code}") for each in brief.sections),
        pager=_pager(known, one, asked, url) if one else None,
        links=(
            Link(_("As PDF"), visit.carry(f"{url.rstrip('/')}.pdf", query=_dates(ends, chosen))),
            Link(_("Briefs that were frozen"), visit.link("frozen-briefs", plan=plan.code)),
        ),
        data=lambda: _json(known, chosen),
    )


def build_brief(
    *,
    visit: Visit,
    plan_code: str,
    sections: tuple[str, ...] = SECTIONS,
    most: int | None = None,
    note: str = "",
    internal: bool = False,
) -> Brief:
    """The brief alone, for paper: all rows, or at most so many of each list.

    ``internal``: for reviewers. Queries and errors: as for the page.
    """
    url = visit.link("brief", plan=plan_code).partition("?")[0]

    def window(ends: Ends) -> Window:
        return Window(most, 0, url, _dates(ends, sections))

    known = _known(visit, plan_code, window, internal=internal)
    brief = brief_of(known, sections, note=note)
    return with_internal(known, brief) if internal else brief


def brief_of(known: Known, chosen: tuple[str, ...], *, note: str = "") -> Brief:
    """The brief, from what is known."""
    ends, plan = known.ends, known.ends.now.plan
    agency = next(iter(plan.found["organization"].values()), None)
    said = state_words(known)
    found = () if ends.is_empty else tuple(BUILDERS[code](known) for code in chosen)
    left_out = () if ends.is_empty else _left_out(chosen)
    return Brief(
        plan_code=plan.code,
        plan_title=plan.plan["title"],
        agency=agency["name"] if agency else "",
        title=_("Brief: what changed, what slipped, what was promised"),
        eyebrow=plan.plan["title"],
        span=span_words(ends),
        # By its day: the page is the same all day long, until something is published.
        known=_("As known on %(day)s") % {"day": words.day(ends.until.day)},
        since=ends.since.day.isoformat(),
        until=ends.until.day.isoformat(),
        language=get_language() or "en",
        lead=said.lead,
        rest=said.rest,
        sections=found,
        left_out=left_out,
        note=tuple(part.strip() for part in note.split("\n\n") if part.strip()),
        nothing=_nothing() if ends.is_empty else None,
        marks=words.marks(plan.plan["provenance"], url=marks_url(known.visit)),
        footnotes=_footnotes(),
    )


def _left_out(chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The sections that do not stand in it; the opening paragraph always does."""
    names = {**titles(), "state": _("How the plan stands (its figures)")}
    return tuple(name for code, name in names.items() if code not in chosen)


def _nothing() -> EmptyState:
    return EmptyState(
        _("The two dates are the same, so nothing differs."),
        _("Choose an earlier first date."),
    )


def _footnotes() -> tuple[str, ...]:
    """What a reader must know of how it is told."""
    return (
        _(
            "This brief lists what differs between what was public at the end of the first day "
            "and at the end of the second."
        ),
        _(
            "What an item brought along that became public in between, and what one that is no "
            "longer public took with it, is not told piece by piece."
        ),
    )


def span_words(ends: Ends) -> str:
    """The stretch in words: "31 Mar 2022 to 30 Jun 2022"."""
    return _("%(since)s to %(until)s") % {
        "since": words.day(ends.since.day),
        "until": words.day(ends.until.day),
    }


def titles() -> dict[str, str]:
    """What each section is called."""
    return {
        "state": _("How the plan stands"),
        "scope": _("What is in the plan"),
        "status": _("What moved, worst first"),
        "dates": _("Dates that moved"),
        "targets": _("Targets that were changed"),
        "values": _("Values"),
        "silent": _("Not reported"),
        "questions": _("Questions"),
        "ahead": _("Before the next meeting"),
    }


# ── The question ─────────────────────────────────────────────────────────────────────────────


def chosen_sections(visit: Visit) -> tuple[str, ...]:
    """The sections that the address asks for, in their order: all, unless it names some.

    Errors: ``BadQuestion`` for one that does not exist, and when it asks for none.
    """
    given = visit.query.getlist("sections")
    asked = {code.strip() for part in given for code in part.split(",") if code.strip()}
    for code in sorted(asked):
        one_of("sections", code, SECTIONS)
    if given and not asked:
        raise BadQuestion(
            _("All sections are left out. Keep at least one: %(all)s.")
            % {"all": ", ".join(SECTIONS)}
        )
    return tuple(code for code in SECTIONS if code in asked) or SECTIONS


def _window(visit: Visit, ends: Ends, chosen: tuple[str, ...]) -> Window:
    """Some rows of each section; a page of them when only one section is asked for."""
    url = visit.link("brief", plan=ends.now.plan.code).partition("?")[0]
    at = page_number(visit.query.get("page", ""))
    asked = _dates(ends, SECTIONS)
    if visit.is_past:
        asked["as_of"] = visit.as_of_text
    if len(chosen) > 1:
        return Window(SOME_ROWS, 0, url, asked)
    return Window(MANY_ROWS, (at - 1) * MANY_ROWS, url, asked)


def _dates(ends: Ends, chosen: tuple[str, ...]) -> dict[str, str]:
    """The question as it stands in an address, both dates spelled out."""
    asked = {"from": ends.since.day.isoformat(), "to": ends.until.day.isoformat()}
    return asked | ({"sections": ",".join(chosen)} if chosen != SECTIONS else {})


def _form(visit: Visit, ends: Ends, url: str) -> FilterForm:
    """The two dates; the sections stand beside them."""
    return FilterForm(
        action=url,
        label=_("Choose two dates"),
        submit=_("Show the brief"),
        fields=(
            FilterField("from", _("From the end of"), "date", ends.since.day.isoformat()),
            FilterField("to", _("To the end of"), "date", ends.until.day.isoformat()),
        ),
        hidden=(Hidden("as_of", visit.as_of_text),) if visit.is_past else (),
    )


def _pager(known: Known, section: str, asked: Mapping[str, str], url: str) -> Pager:
    """The pages of one section: as many as its longest list has."""
    total, size = known.window.longest, MANY_ROWS
    at, pages = known.window.start // size + 1, max(1, -(-total // size))
    if at > pages:
        raise PageNotFound(_("There is no such page of this section."))
    query = {**asked, "sections": section}
    query.pop("as_of", None)
    return pager(known.visit, url, query, at=at, pages=pages, total=total, size=size)


# ── For machines ─────────────────────────────────────────────────────────────────────────────


def _json(known: Known, chosen: tuple[str, ...]) -> dict[str, Any]:
    ends = known.ends
    then = ends.then.plan.snapshot.counts() if ends.then else {}
    standing = {} if ends.is_empty else dict(_standing(known))
    return {
        "plan": ends.now.plan.code,
        "from": ends.since.day.isoformat(),
        "to": ends.until.day.isoformat(),
        "next_meeting": ends.meeting["held_on"].isoformat() if ends.meeting else None,
        "by_state": {
            "then": counts_json(then),
            "now": counts_json(ends.now.plan.snapshot.counts()),
        },
        "sections": [
            {
                "code": code,
                "changes": [each.data() for each in known.found[code]],
                "standing": standing.get(code, []),
            }
            for code in chosen
        ],
    }


def _standing(known: Known) -> Mapping[str, Any]:
    """What stands at the later date, beside what differs."""
    return {
        **people_json(known),
        "targets": list(judging_json(known)),
        "ahead": ahead_json(known),
    }
