"""One reader's question, parsed; and the two ways in which it has no answer."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.urls import reverse

from priorities.assessment.periods import AsOf
from priorities.saying import gettext as _

#: What others append to an address to see who follows it; no page asks for it.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_[ce]id|igshid|srsltid")
_LAST_OF_PLANES = "".join(chr(n * 0x10000 + end) for n in range(17) for end in (0xFFFE, 0xFFFF))
#: Characters that no HTML may hold, escaped or not.
UNSHOWN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_LAST_OF_PLANES}]")


class PageNotFound(Http404):
    """There is no such public thing, at that date; the message is for the reader."""


class BadQuestion(BadRequest):
    """The address asks for something that makes no sense; the message says what would."""


def reader_asks(query: QueryDict) -> QueryDict:
    """What of an address the reader asks: all of it but what others appended.

    Errors: ``BadQuestion`` for a character that no page can show: some page would repeat it.
    """
    tracking = [name for name in query if TRACKING.fullmatch(name)]
    if tracking:
        query = query.copy()
        for name in tracking:
            del query[name]
    for name, values in query.lists():
        if any(UNSHOWN.search(text) for text in (name, *values)):
            raise BadQuestion(
                _(
                    "There is a character in the address that no page can show. "
                    "Please type it again."
                )
            )
    return query


@lru_cache(maxsize=16_384)
def _address(name: str, codes: tuple[tuple[str, str], ...]) -> str:
    """The path of a page: addresses are permanent, and a list has hundreds of them."""
    return reverse(f"dashboards:{name}", kwargs=dict(codes))


@dataclass(frozen=True, slots=True)
class Visit:
    """One reader's question, parsed: which path, with which answers, as known when.

    ``today`` is the portal's day in the agency's time zone; ``as_of.day`` is the day asked for.
    ``revision`` is the number of the newest public event: what is remembered between visits is
    remembered under it.
    """

    path: str
    query: QueryDict
    as_of: AsOf
    today: dt.date
    tz: ZoneInfo
    twin: str = ""
    revision: int = 0

    @property
    def is_past(self) -> bool:
        """Does the reader look at a past date?"""
        return not self.as_of.is_now

    @property
    def as_of_text(self) -> str:
        """The date or moment asked for as it stands in the address; empty for now."""
        return self.query.get("as_of", "").strip() if self.is_past else ""

    def link(self, name: str, /, *, query: dict[str, str] | None = None, **codes: str) -> str:
        """The address of a page, as known on the date the reader looks at."""
        return self.carry(_address(name, tuple(codes.items())), query=query)

    def carry(self, url: str, *, query: dict[str, str] | None = None) -> str:
        """An address with the date that the reader looks at."""
        if not query and not self.is_past:
            return url
        asked = dict(query or {})
        if self.is_past:
            asked["as_of"] = self.as_of_text
        return f"{url}?{urlencode(asked)}" if asked else url
