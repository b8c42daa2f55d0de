"""The filters over the list of metrics, in words."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.pages import words
from dashboards.pages.chrome import public_plans
from dashboards.pages.elements import FilterField, Option
from dashboards.searching import fold
from priorities.enums import MetricState
from priorities.labels import label
from priorities.queries.publication import Documents
from priorities.saying import gettext as _


def _titles() -> dict[str, str]:
    """What each filter asks."""
    return {
        "status": _("Status"),
        "plan": _("Plan"),
        "priority": _("Priority"),
        "division": _("Lead division"),
    }


def _choices(found: Documents, plan: str = "") -> dict[str, list[tuple[str, str]]]:
    """The choices of each filter; the priorities of the chosen plan alone, when one is."""
    plans = [each["code"] for each in public_plans(found)]
    priorities = [
        (code, f"{document['code']} {document['name']}")
        for of in plans
        for code, document in found["priority"].items()
        if document["plan"] == of and plan in ("", of)
    ]
    return {
        "status": [(state.value, label(state)) for state in MetricState],
        "plan": [(code, found["plan"][code]["title"]) for code in plans],
        "priority": priorities,
        "division": sorted(
            ((code, each["name"]) for code, each in found["division"].items()),
            key=lambda choice: fold(choice[1]),
        ),
    }


def filter_fields(
    found: Documents,
    asked: Mapping[str, str],
    facets: Mapping[str, Mapping[str, int]],
    sorts: Mapping[str, str],
) -> tuple[FilterField, ...]:
    """The questions of the form; a choice that would leave nothing is not offered."""
    fields = [FilterField("q", _("Search"), "search", asked.get("q", ""))]
    choices = _choices(found, asked.get("plan", ""))
    for name, title in _titles().items():
        chosen = asked.get(name, "")
        options = [Option("", _("All"), selected=not chosen)]
        options += [
            Option(value, text, words.count(facets[name].get(value, 0)), value == chosen)
            for value, text in choices[name]
            if facets[name].get(value) or value == chosen
        ]
        if len(options) > 1:
            fields.append(FilterField(name, title, options=tuple(options)))
    order = tuple(
        Option(value, text, selected=value == asked.get("sort", ""))
        for value, text in sorts.items()
    )
    fields.append(FilterField("sort", _("Order"), options=order))
    only = _("Headline metrics only (%(n)s)") % {"n": words.count(facets["headline"].get("1", 0))}
    fields.append(FilterField("headline", only, "checkbox", "1", checked="headline" in asked))
    return tuple(fields)


def filters_in_use(
    found: Documents, text: str, chosen: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The name of each filter in use and what it says."""
    choices, titles = _choices(found), _titles()
    said = [("q", _("“%(text)s”") % {"text": text})] if text else []
    for name, value in chosen.items():
        if name == "headline":
            said.append((name, _("Headline metrics only")))
        elif name == "retired":
            said.append((name, _("Retired metrics too")))
        else:
            said.append((name, f"{titles[name]}: {dict(choices[name]).get(value, value)}"))
    return tuple(said)
