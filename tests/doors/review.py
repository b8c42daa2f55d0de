"""The doors of `itaportal/review/urls.py`: each name, what its address needs, who gets what."""

from __future__ import annotations

from typing import Any

from priorities.actions.saved_views import save_view
from priorities.models import SavedView
from tests import factories as make
from tests.doors.table import Row, everyone, those_from


def _view(person: Any, shared: bool) -> SavedView:
    """A view that somebody shares, or keeps to themselves."""
    found = SavedView.objects.filter(person=person, shared=shared).first()
    name = "Shared" if shared else "Private"
    return found or save_view(
        person=person, name=name, page="table", query="", shared=shared, now=make.moment()
    )


def instead(world: dict[str, Any]) -> dict[str, Row]:
    """At these everyone gets the public page; reviewers one with what is internal, or by whom."""
    plan = {"plan": world["plan"].code}
    return {
        "brief": Row(everyone(200), plan),
        "plan-history": Row(everyone(200), plan),
        "priority-history": Row(everyone(200), plan | {"priority": "1"}),
        "initiative-history": Row(everyone(200), plan | {"initiative": "cloud"}),
        "metric-history": Row(everyone(200), {"metric": "calls"}),
    }


def rows(world: dict[str, Any]) -> dict[str, Row]:
    """The rows of the permission matrix, by the address's name without its namespace."""
    one, other = ({"pk": _view(world["user"], shared).pk} for shared in (True, False))
    plan = {"plan": "ita-2022-2023"}
    frozen = plan | {"brief": world["frozenbrief"].code}
    return {
        "briefs": Row(those_from("reviewer", 302)),
        "brief-pdf": Row(those_from("reviewer"), plan),
        "brief-json": Row(those_from("reviewer"), plan),
        "freeze-brief": Row(those_from("reviewer"), plan),
        "frozen-briefs": Row(those_from("reviewer"), plan),
        "frozen-brief": Row(those_from("reviewer"), frozen),
        "frozen-brief-json": Row(those_from("reviewer"), frozen),
        "frozen-brief-pdf": Row(those_from("reviewer"), frozen),
        "overview": Row(those_from("reviewer")),
        "disagreements": Row(those_from("reviewer")),
        "table": Row(those_from("reviewer")),
        "table-csv": Row(those_from("reviewer")),
        "table-xlsx": Row(those_from("reviewer")),
        "metrics": Row(those_from("reviewer")),
        "metrics-csv": Row(those_from("reviewer")),
        "metrics-xlsx": Row(those_from("reviewer")),
        "timeline": Row(those_from("reviewer")),
        "views": Row(those_from("reviewer")),
        "view-new": Row(those_from("reviewer")),
        "view": Row(those_from("reviewer", 302), one, foreign=other),
        # A view is its owner's to share or delete; to others there is none.
        "view-share": Row(those_from("reviewer", 404), one, method="post", foreign=other),
        "view-forget": Row(those_from("reviewer", 404), one, method="post", foreign=other),
    }
