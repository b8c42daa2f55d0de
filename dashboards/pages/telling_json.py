"""Public events for machines: raw values, as the log holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.pages.raw import raw
from dashboards.pages.telling import Names
from priorities.queries.changes import Change

#: Fields that refer to items which may not be public, and of what kind these are.
LINKS: Mapping[str, str] = {
    "initiatives": "initiative",
    "priorities": "priority",
    "related_priorities": "priority",
    "successor": "initiative",
    "carried_from": "initiative",
    "predecessor": "plan",
}


def change_json(names: Names, change: Change) -> dict[str, Any]:
    """One public event in raw values.

    A public item may be linked to an internal one or to a draft plan: of links only those are
    told whose item the page knows to be public.
    """
    return {
        "sequence": change.sequence,
        "at": raw(change.at),
        "kind": change.kind.value,
        "item_type": change.item_type,
        "item": change.item_code,
        "subject_type": change.subject_type,
        "subject": change.subject_code,
        "fields": {
            name: [_told(names, LINKS.get(name, ""), value) for value in moved]
            for name, moved in change.fields.items()
        },
        "reason": change.reason,
        "provenance": change.provenance or None,
    }


def _told(names: Names, item_type: str, value: Any) -> Any:
    """A value; of the codes of linked items those that are public."""
    if not item_type or value is None:
        return value
    if isinstance(value, list):
        return [code for code in value if is_public(names, item_type, str(code))]
    return value if is_public(names, item_type, str(value)) else None


def is_public(names: Names, item_type: str, code: str) -> bool:
    """Does the page know the item to be public? Strategic priorities are as public as their plan.

    ``names`` holds public documents only.
    """
    plan, _slash, own = code.partition("/")
    if item_type == "initiative":
        listed = plan == names.plan_code and own in names.initiatives
        return listed or code in names.found.get("initiative", {})
    return plan in names.found.get("plan", {})
