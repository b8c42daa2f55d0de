"""What a reader may ask of the list of initiatives: the filter is the URL.

Every question is answered from sets of rows that a snapshot keeps, so ten thousand initiatives
cost as much as ten. A value that nothing could have is refused with the values that exist; an
empty answer would look like a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.http import QueryDict

from dashboards.memory import Snapshot
from dashboards.searching import fold
from dashboards.visit import BadQuestion
from priorities.enums import InitiativeState
from priorities.queries.standing import InitiativeRow
from priorities.saying import gettext as _
from priorities.spelling import count

#: Longer searches are refused: no name is longer.
MOST_LETTERS = 200
#: What every filtered list is asked beside its filters.
OF_EVERY_LIST = ("q", "sort", "page", "as_of")


class Sort(StrEnum):
    """In which order initiatives are listed."""

    PLAN = "plan"
    NAME = "name"
    STATUS = "status"
    UPDATED = "updated"
    OVERDUE = "overdue"


#: What needs attention first.
URGENCY = (
    InitiativeState.OFF_TRACK,
    InitiativeState.AT_RISK,
    InitiativeState.OVERDUE,
    InitiativeState.NEVER_REPORTED,
    InitiativeState.PAUSED,
    InitiativeState.ON_TRACK,
    InitiativeState.COMPLETED,
    InitiativeState.CANCELLED,
    InitiativeState.MERGED,
    InitiativeState.SUPERSEDED,
)
_URGENCY = {state: place for place, state in enumerate(URGENCY)}

SORT_KEYS: Mapping[Sort, Callable[[InitiativeRow], Any] | None] = {
    Sort.PLAN: None,
    Sort.NAME: lambda row: (fold(row.name), row.code),
    Sort.STATUS: lambda row: _URGENCY[row.standing.state],
    Sort.UPDATED: lambda row: -row.latest.published_at.timestamp() if row.latest else 0.0,
    Sort.OVERDUE: lambda row: -row.standing.days_overdue,
}


def _districts(row: InitiativeRow) -> Iterable[str]:
    """The council districts that an initiative serves; "citywide" serves all."""
    return ("citywide",) if row.citywide else map(str, row.districts)


#: For each facet the values that a row has.
FACETS: Mapping[str, Callable[[InitiativeRow], Iterable[str]]] = {
    "status": lambda row: (row.standing.state.value,),
    "priority": lambda row: (row.priority,),
    "division": lambda row: (row.lead_division,) if row.lead_division else (),
    "district": _districts,
    "overdue": lambda row: ("1",) if row.standing.days_overdue else (),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: chosen facet values, words to search, an order, a page from 1."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    sort: Sort = Sort.PLAN
    page: int = 1

    @property
    def is_open(self) -> bool:
        """Is nothing filtered?"""
        return not self.chosen and not self.text

    def query(self) -> dict[str, str]:
        """The question as it stands in an address, without its page."""
        asked = {"q": self.text, **self.chosen, "sort": "" if self.sort == Sort.PLAN else self.sort}
        return {name: str(value) for name, value in asked.items() if value}

    def without(self, name: str) -> Question:
        """The same question with one filter less."""
        if name == "q":
            return replace(self, text="", page=1)
        chosen = {key: value for key, value in self.chosen.items() if key != name}
        return replace(self, chosen=chosen, page=1)


@dataclass(frozen=True, slots=True)
class Selection:
    """The answer: which rows, and for each facet how many each value would leave."""

    rows: int
    facets: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        """How many rows."""
        return self.rows.bit_count()


def ask(
    query: QueryDict, allowed: Mapping[str, Sequence[str]], *, also: Sequence[str] = ()
) -> Question:
    """The question in an address. ``allowed``: for each facet the values that exist.

    ``also``: what else the page is asked. Errors: ``BadQuestion`` naming what exists, for a filter
    or a value that does not, and for too many characters.
    """
    known_alone(query, [*allowed, *OF_EVERY_LIST, *also])
    chosen = {
        name: one_of(name, asked, values)
        for name, values in allowed.items()
        if (asked := query.get(name, "").strip())
    }
    sort = query.get("sort", "").strip()
    return Question(
        chosen=chosen,
        text=words_asked(query),
        sort=Sort(one_of("sort", sort, [each.value for each in Sort])) if sort else Sort.PLAN,
        page=page_number(query.get("page", "")),
    )


def known_alone(query: QueryDict, names: Sequence[str]) -> None:
    """Refuse a filter that does not exist: a list that ignored it would look like its answer."""
    for name in query:
        if name not in names:
            raise BadQuestion(
                _("“%(asked)s” is not a filter of this list. These exist: %(names)s.")
                % {"asked": name[:60], "names": ", ".join(names)}
            )


def words_asked(query: QueryDict) -> str:
    """The words to search for, with one space between them.

    Errors: ``BadQuestion`` for more characters than a search may have.
    """
    text = " ".join(query.get("q", "").split())
    if len(text) > MOST_LETTERS:
        raise BadQuestion(
            _("A search may have %(most)s characters; this one has %(n)s.")
            % {"most": MOST_LETTERS, "n": count(len(text))}
        )
    return text


def one_of(name: str, asked: str, values: Sequence[str]) -> str:
    """A value that exists, or a refusal that names those that do."""
    if asked in values:
        return asked
    shown = ", ".join(values[:30]) or _("none")
    raise BadQuestion(
        _("“%(asked)s” is not a value of “%(name)s”. These exist: %(values)s.")
        % {"asked": asked[:60], "name": name, "values": shown}
    )


def page_number(asked: str) -> int:
    """The number of a page, from 1."""
    asked = asked.strip()
    if not asked:
        return 1
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6 or int(asked) < 1:
        raise BadQuestion(
            _("“%(asked)s” is not the number of a page. Pages count from 1.")
            % {"asked": asked[:20]}
        )
    return int(asked)


def select(snapshot: Snapshot, question: Question) -> Selection:
    """The rows that a question asks for, and the counts beside its choices.

    A facet's counts obey all other filters, so each says what choosing it would leave.
    """
    sets = {name: snapshot.facet(name, values) for name, values in FACETS.items()}
    found = snapshot.everything
    if question.text:
        found = snapshot.matching(fold(question.text).split())
    chosen = {name: sets[name].get(value, 0) for name, value in question.chosen.items()}
    facets: dict[str, dict[str, int]] = {}
    for name, values in sets.items():
        others = found
        for other, rows in chosen.items():
            if other != name:
                others &= rows
        facets[name] = {value: (others & rows).bit_count() for value, rows in values.items()}
    for rows in chosen.values():
        found &= rows
    return Selection(found, facets)


def listed(
    snapshot: Snapshot, selection: Selection, question: Question, size: int
) -> list[InitiativeRow]:
    """One page of the answer, in the order asked for."""
    order = snapshot.order(question.sort, SORT_KEYS[question.sort])
    return snapshot.page(selection.rows, order, (question.page - 1) * size, size)
