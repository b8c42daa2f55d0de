"""What is new about an item, for the mail of who follows it: told as its Atom feed tells it.

Here because it names both floors: the mail of the one, the words of the other.
"""

from __future__ import annotations

from django.http import QueryDict

from dashboards.pages.feed import Feed, build_item_feed, build_plan_feed, build_priority_feed
from dashboards.visit import PageNotFound, Visit
from priorities.assessment.periods import AsOf
from priorities.notifications.following import ItemNews, News
from priorities.queries.head import head


def tell(item_type: str, code: str, as_of: AsOf) -> ItemNews | None:
    """The news of an item; None when it is not public. Queries: those of its feed."""
    newest = head()
    visit = Visit("/", QueryDict(), as_of, as_of.day, newest.zone, "", newest.revision)
    try:
        found = _feed(visit, item_type, code)
    except PageNotFound:
        return None
    return ItemNews(
        name=found.name,
        path=found.url,
        log=found.log,
        news=tuple(
            News(entry.sequence, entry.at, entry.title, entry.summary) for entry in found.entries
        ),
        older=(found.older.sequence, found.older.at) if found.older else None,
    )


def _feed(visit: Visit, item_type: str, code: str) -> Feed:
    plan, _slash, own = code.partition("/")
    match item_type:
        case "plan":
            return build_plan_feed(visit, plan_code=plan)
        case "priority":
            return build_priority_feed(visit, plan_code=plan, code=own)
        case "initiative":
            return build_item_feed(visit, kind="initiative", plan=plan, initiative=own)
    return build_item_feed(visit, kind="metric", metric=code)
