"""The way through a long list, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import ngettext

from dashboards.pages import words
from dashboards.pages.elements import Link, Pager
from dashboards.visit import PageNotFound, Visit
from priorities.saying import gettext as _


def pages_of(total: int, size: int, asked: int) -> int:
    """How many pages a list has.

    Errors: ``PageNotFound`` when the page asked for lies beyond the end.
    """
    pages = max(1, -(-total // size))
    if asked > pages:
        raise PageNotFound(
            ngettext(
                "There is no page %(page)s: the list has %(pages)s page.",
                "There is no page %(page)s: the list has %(pages)s pages.",
                pages,
            )
            % {"page": asked, "pages": pages}
        )
    return pages


def pager(
    visit: Visit,
    url: str,
    query: Mapping[str, str],
    *,
    at: int,
    pages: int,
    total: int,
    size: int,
) -> Pager:
    """Where in a list the reader is; the first page, the last and the neighbors by number."""

    def to(number: int, text: str = "") -> Link:
        asked = dict(query) | ({"page": str(number)} if number > 1 else {})
        note = _("Page %(number)s") % {"number": number}
        return Link(text or words.count(number), visit.carry(url, query=asked), number == at, note)

    numbers = sorted({1, *range(max(1, at - 2), min(pages, at + 2) + 1), pages})
    links: list[Link] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(Link("…", ""))
        links.append(to(number))
    first = (at - 1) * size + 1
    summary = _("%(first)s to %(last)s of %(total)s") % {
        "first": words.count(first),
        "last": words.count(min(at * size, total)),
        "total": words.count(total),
    }
    return Pager(
        summary=summary if pages > 1 else "",
        label=_("Pages of the list"),
        previous=to(at - 1, _("Previous")) if at > 1 else None,
        next=to(at + 1, _("Next")) if at < pages else None,
        pages=tuple(links) if pages > 1 else (),
    )
