"""Where each difference is told: in one section, by what moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dashboards.pages.brief_differences import Differing
from dashboards.pages.brief_parts import SECTIONS
from priorities.assessment.rollup import SET_ASIDE

#: The section of each kind of item, whatever happens to it.
BY_KIND: Mapping[str, str] = {
    "plan": "scope",
    "priority": "scope",
    "initiative": "scope",
    "budget_line": "scope",
    "report": "status",
    "milestone": "dates",
    "reporting_period": "dates",
    "metric": "scope",
    "target": "targets",
    "baseline": "targets",
    "observation": "values",
    "question": "questions",
    "answer": "questions",
    "meeting": "ahead",
}
#: The fields of an item that are told elsewhere than the item itself.
BY_FIELD: Mapping[str, Mapping[str, str]] = {
    "initiative": {
        "state": "status",
        "last_said": "status",
        "closed_on": "status",
        "reviewer_rating": "status",
        "reviewer_reason": "status",
        "reviewer_period_end": "status",
        "start": "dates",
        "start_precision": "dates",
        "end": "dates",
        "end_precision": "dates",
        "ongoing": "dates",
    },
    "metric": {
        "state": "values",
        "last_said": "values",
        "direction": "targets",
        "path": "targets",
        "tolerance": "targets",
    },
}
#: What of an initiative's status is told in the scope ledger when it left the plan's work.
CLOSING = frozenset({"state", "last_said", "closed_on"})

Sorted = Mapping[str, tuple[Differing, ...]]


def sort(found: Iterable[Differing]) -> Sorted:
    """Each difference in its section, split by field where an item belongs to several.

    Every difference is in exactly one section, and nothing is left over: what has no section of
    its own belongs to that of its kind.
    """
    found = tuple(found)
    sections: dict[str, list[Differing]] = {code: [] for code in SECTIONS}
    aside = {each.code for each in found if each.kind == "initiative" and _set_aside(each)}
    for each in found:
        if each.kind == "report" and each.about in aside:
            sections["scope"].append(each)
        elif each.what != "changed":
            sections[BY_KIND[each.kind]].append(each)
        else:
            for section, fields in _split(each).items():
                sections[section].append(replace(each, fields=fields))
    return {code: tuple(each) for code, each in sections.items()}


def _split(each: Differing) -> dict[str, dict[str, tuple[object, object]]]:
    """The fields of a change by section."""
    places, usual = BY_FIELD.get(each.kind, {}), BY_KIND[each.kind]
    aside = each.kind == "initiative" and _set_aside(each)
    split: dict[str, dict[str, tuple[object, object]]] = {}
    for name, moved in each.fields.items():
        section = usual if aside and name in CLOSING else places.get(name, usual)
        split.setdefault(section, {})[name] = moved
    return split


def _set_aside(each: Differing) -> bool:
    """Did an initiative leave the work of the plan, or come back to it?"""
    return any(state in SET_ASIDE for state in each.fields.get("state", ()))
