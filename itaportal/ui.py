"""Template components, as inclusion tags with keyword-only arguments: `{% load ui %}`.

Each tag draws one part of `dashboards.pages.elements` with the template of the same name in
`templates/components/`. An unknown argument is an error when the template is read; nothing of the
page's context reaches a component but what is passed. Where a page shows many of a thing, the tag
takes all of them and its template loops: one call for sixty cards.

The shapes of the states are drawn once a page (`components/marks.html`, in the base template);
a pill refers to its shape by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboards.pages.elements import (
    AsOfControl,
    Cell,
    Change,
    EmptyState,
    Fact,
    FilterForm,
    LegendEntry,
    Link,
    Mark,
    MetricCard,
    Notice,
    Pager,
    Pill,
    PriorityCard,
    Progress,
    Table,
    Upcoming,
)

register = template.Library()

Context = dict[str, Any]

#: So many columns do not stand side by side on a phone.
STACKED_FROM = 4
#: What stands for nothing.
BLANK = ("", "–", "—")


@register.inclusion_tag("components/status_pill.html")
def status_pill(*, pill: Pill) -> Context:
    """The state of one item: shape, word and color."""
    return {"pill": pill}


@register.inclusion_tag("components/state_legend.html")
def state_legend(*, entries: Sequence[LegendEntry], label: str) -> Context:
    """How many items are in each state; `label` names the list for those who hear it."""
    return {"entries": entries, "label": label}


@register.inclusion_tag("components/provenance_mark.html")
def provenance_mark(*, marks: Sequence[Mark]) -> Context:
    """The marks of a row that is neither the agency's own record nor published."""
    return {"marks": marks}


@register.inclusion_tag("components/priority_cards.html")
def priority_cards(*, cards: Sequence[PriorityCard], level: int = 3) -> Context:
    """All priorities of a plan; `level` is the level of each card's heading."""
    return {"cards": cards, "level": level}


@register.inclusion_tag("components/metric_cards.html")
def metric_cards(*, cards: Sequence[MetricCard], level: int = 3) -> Context:
    """Metrics as cards; `level` is the level of each card's heading."""
    return {"cards": cards, "level": level}


@register.inclusion_tag("components/change_list.html")
def change_list(*, changes: Sequence[Change]) -> Context:
    """What changed, newest first."""
    return {"changes": changes}


@register.inclusion_tag("components/upcoming_list.html")
def upcoming_list(*, entries: Sequence[Upcoming]) -> Context:
    """What comes up, soonest first."""
    return {"entries": entries}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*, links: Sequence[Link]) -> Context:
    """The way from the plan down to this page; the last step is the page itself."""
    return {"links": links}


@register.inclusion_tag("components/pager.html")
def pager(*, pager: Pager) -> Context:
    """The way through a long list."""
    return {"pager": pager}


@register.inclusion_tag("components/fact_list.html")
def fact_list(*, facts: Sequence[Fact]) -> Context:
    """Terms and what is known about each."""
    return {"facts": facts}


@register.inclusion_tag("components/data_table.html")
def data_table(*, table: Table | Mapping[str, Any]) -> Context:
    """A table, or one that was written out in a frozen brief.

    On a narrow screen one of four columns and more stands as blocks, each value with the label of
    its column; a smaller one scrolls within itself, by keyboard too.
    """
    labels = [_part(column, "label") for column in _part(table, "columns")]
    stacks = len(labels) >= STACKED_FROM
    rows = [
        [(cell, _tag_of(cell, label, stacks)) for cell, label in zip(row, labels, strict=True)]
        for row in _part(table, "rows")
    ]
    return {"table": table, "rows": rows, "stacks": stacks}


def _tag_of(cell: Cell | Mapping[str, Any], label: str, stacks: bool) -> SafeString:
    """The tag that opens a cell. What says nothing is marked, and left out where it would stack."""
    text, pill = _part(cell, "text"), _part(cell, "pill")
    kind = "cell"
    if _part(cell, "head"):
        kind = "head"
    elif text in BLANK and not (pill or _part(cell, "detail") or _part(cell, "marks")):
        kind = "blank"
    return _tag(kind, bool(_part(cell, "numeric")), "" if label == text else label, stacks)


@lru_cache(maxsize=1024)
def _tag(kind: str, numeric: bool, label: str, stacks: bool) -> SafeString:
    """The few tags that open thousands of cells."""
    role = {"head": "rowheader"}.get(kind, "cell") if stacks else ""
    classes = ["number"] * numeric + ["blank"] * (stacks and kind == "blank")
    told = {
        "role": role,
        "scope": "row" if kind == "head" else "",
        "class": " ".join(classes),
        "data-label": label if stacks and kind == "cell" else "",
    }
    given = {name: value for name, value in told.items() if value}
    return format_html("<{}{}>", "th" if kind == "head" else "td", flatatt(given))


def _part(of: Any, name: str) -> Any:
    """A part of a value, or of one that was written out."""
    return of[name] if isinstance(of, Mapping) else getattr(of, name)


@register.inclusion_tag("components/filter_form.html")
def filter_form(*, form: FilterForm) -> Context:
    """The filters of a list; works without JavaScript."""
    return {"form": form}


@register.inclusion_tag("components/empty_state.html")
def empty_state(*, state: EmptyState) -> Context:
    """What is said where a list would stand."""
    return {"state": state}


@register.inclusion_tag("components/notice.html")
def notice(*, notice: Notice, banner: bool = False) -> Context:
    """Something to know before reading on; a `banner` runs over the full width."""
    return {"notice": notice, "banner": banner}


@register.inclusion_tag("components/progress.html")
def progress(*, progress: Progress) -> Context:
    """How much of something has passed."""
    return {"progress": progress}


@register.inclusion_tag("components/as_of_control.html")
def as_of_control(*, control: AsOfControl, name: str = "as_of") -> Context:
    """The way to the same page as known on another date; `name` keeps the field's id unique."""
    return {"control": control, "name": name}


@register.inclusion_tag("components/link_list.html")
def link_list(*, links: Sequence[Link], label: str = "") -> Context:
    """Links side by side: downloads, ways on. A `label` makes it a list with that name."""
    return {"links": links, "label": label}
