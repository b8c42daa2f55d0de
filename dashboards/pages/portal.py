"""What pages read that are about no single plan: the portal's frame, with tables besides."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from dashboards.pages import words
from dashboards.pages.reading import TABLES
from dashboards.visit import PageNotFound, Visit
from priorities.queries.publication import (
    Documents,
    Undo,
    documents,
    first_public_moment,
    frame,
    later_changes,
    public_items,
)
from priorities.saying import gettext as _


def changed_since(visit: Visit) -> Undo:
    """What to undo for the visit's moment, in all tables that pages show. Queries: one."""
    return later_changes(*TABLES, as_of=visit.as_of)


def read_portal(visit: Visit, *querysets: QuerySet[Any], undo: Undo | None = None) -> Documents:
    """The frame and further tables as public at the visit's moment.

    Queries: two; one when ``undo`` is at hand. Errors: ``PageNotFound`` for a date before the
    portal's first public day.
    """
    undo = changed_since(visit) if undo is None else undo
    found = documents(*frame(), *querysets, as_of=visit.as_of, undo=undo)
    if visit.is_past and not found["organization"]:
        raise before_the_record(visit)
    return public_items(found)


def before_the_record(visit: Visit) -> PageNotFound:
    """Why there is nothing to show: the record begins later. Queries: one."""
    asked = {"day": words.day(visit.as_of.day)}
    first = first_public_moment()
    if first is None:
        return PageNotFound(_("Nothing was public on %(day)s.") % asked)
    return PageNotFound(
        _("Nothing was public on %(day)s. The public record begins on %(first)s.")
        % {**asked, "first": words.day(first.astimezone(visit.tz).date())}
    )
