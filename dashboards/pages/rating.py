"""What a reviewer publicly says of an item, beside what its owner and its numbers say."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from dashboards.pages import words
from dashboards.pages.raw import raw
from priorities.assessment.voices import speaks_of
from priorities.enums import Health, Visibility
from priorities.labels import label
from priorities.models import ReviewRating
from priorities.queries.publication import Documents
from priorities.queries.ratings import of_reviewers
from priorities.queries.reports import Rating
from priorities.saying import gettext as _


def rating_rows(**item: str) -> QuerySet[ReviewRating]:
    """The public ratings of an item, for ``documents``."""
    return of_reviewers(ReviewRating.objects.filter(visibility=Visibility.PUBLIC.value, **item))


def newest_rating(found: Documents) -> Rating | None:
    """The rating of the latest period that was given last; none when nobody rated it."""
    rows = found["review_rating"].values()
    newest = max(rows, key=lambda row: (row["period_end"], row["pk"]), default=None)
    if newest is None:
        return None
    rating = Health(newest["rating"])
    return Rating(rating, newest["reason"], newest["period_end"], newest["published_at"])


def rating_words(rating: Rating | None, newest: dt.date | None) -> str:
    """E.g. "A reviewer rates it at risk, for the period to 30 Jun 2022: two dates are missed.".

    ``newest`` is the end of the period that was reported last. A rating of an earlier one is told
    as such, since it is compared with nothing of today.
    """
    if rating is None:
        return ""
    text = _("A reviewer rates it %(rating)s, for the period to %(day)s: %(reason)s")
    if not speaks_of(rating.period_end, newest):
        text = _("A reviewer rated it %(rating)s for an earlier period, to %(day)s: %(reason)s")
    return text % {
        "rating": words.lowered(label(rating.rating)),
        "day": words.day(rating.period_end),
        "reason": rating.reason,
    }


def rating_json(rating: Rating | None) -> dict[str, Any] | None:
    """The same in raw values."""
    if rating is None:
        return None
    return {
        "rating": rating.rating.value,
        "reason": rating.reason,
        "period_end": raw(rating.period_end),
        "published_at": raw(rating.published_at),
    }
