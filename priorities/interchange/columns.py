"""The columns of each kind of file: one table serves the template, the import and the export.

A header is found by its name here, by its words in the reader's language, or by another name that
people use. In every file a blank cell says nothing: what is there stays. To empty a field, write
``[empty]``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum, StrEnum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from priorities.enums import (
    Accumulation,
    AssignmentRole,
    Calendar,
    DatePrecision,
    Direction,
    ImportKind,
    MetricKind,
    MissingReason,
    Quality,
    Stage,
    TargetPath,
    Visibility,
)
from priorities.interchange.cells import CellError, is_ambiguous, parse_number
from priorities.interchange.dates import parse_day
from priorities.labels import label

#: What empties a field; a blank cell leaves it as it is.
EMPTY = "[empty]"

#: What a cell may hold.
Cell = str | Decimal | int | bool | dt.date | StrEnum | tuple[str, ...] | None


class Form(Enum):
    """How the cells of a column are read."""

    TEXT = auto()
    CODE = auto()
    CODES = auto()
    NUMBER = auto()
    WHOLE = auto()
    DAY = auto()
    PERIOD = auto()
    CHOICE = auto()
    YES_NO = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name in files, its words, how its cells are read.

    ``shown_only``: written for orientation, not read back. ``instead``: read, but not written,
    since another column says the same.
    """

    name: str
    words: Promise | str
    help: Promise | str = ""
    form: Form = Form.TEXT
    choices: type[StrEnum] | None = None
    required: bool = False
    also: tuple[str, ...] = ()
    shown_only: bool = False
    instead: bool = False


def _c(name: str, words: Promise | str, help: Promise | str = "", **rest: object) -> Column:
    return Column(name=name, words=words, help=help, **rest)  # type: ignore[arg-type]


def _choice(name: str, words: Promise | str, choices: type[StrEnum], **rest: object) -> Column:
    return _c(name, words, form=Form.CHOICE, choices=choices, **rest)  # type: ignore[arg-type]


_CODE_OF_METRIC = _c(
    "metric",
    _("Metric"),
    _("The code of the metric, as in its address."),
    form=Form.CODE,
    required=True,
    also=("metric_code", "measure", "code"),
)
_NAME_OF_METRIC = _c(
    "metric_name", _("Name"), _("For orientation; not read."), shown_only=True, also=("name",)
)
_PERIOD_HELP = _("FY 2021-22, 2022, Q2 2022, Jun 2022, or first day to last day.")
_AUTHORITY_URL = _c("authority_url", _("Address of the document"))
_NOTE = _c("note", _("Note"), also=("remark", "remarks", "comment", "comments"))
_SOURCE_URL = _c("source_url", _("Address of the source"), also=("link", "url"))
_LEAD = _c("lead_division", _("Lead division"), _("The code of a division."), form=Form.CODE)
_VISIBILITY = _choice("visibility", _("Visibility"), Visibility)
_ORDER = _c("order", _("Order"), form=Form.WHOLE)

OBSERVATIONS = (
    _CODE_OF_METRIC,
    _NAME_OF_METRIC,
    _c("period", _("Period"), _PERIOD_HELP, form=Form.PERIOD, also=("date", "year", "month")),
    _c("period_start", _("Period start"), form=Form.DAY, also=("start",), instead=True),
    _c("period_end", _("Period end"), form=Form.DAY, also=("end",), instead=True),
    _c("categories", _("Categories"), _("Blank for the total; else such as district=4.")),
    _c(
        "value",
        _("Value"),
        _("A blank cell is not zero: it says nothing."),
        form=Form.NUMBER,
        also=("actual", "result", "number", "amount"),
    ),
    _choice(
        "missing_reason",
        _("Why there is no value"),
        MissingReason,
        help=_("Only where there is no value."),
        also=("missing",),
    ),
    _choice("quality", _("Quality"), Quality, also=("status",)),
    _NOTE,
    _c("source", _("Source")),
    _SOURCE_URL,
    _c("reason", _("Reason"), _("Why an earlier value is corrected."), also=("why",)),
)

TARGETS = (
    _CODE_OF_METRIC,
    _NAME_OF_METRIC,
    _c("period", _("Period"), _PERIOD_HELP, form=Form.PERIOD, also=("year",)),
    _c("by_date", _("By date"), _("Instead of a period."), form=Form.DAY, also=("by", "date")),
    _c("value", _("Target"), form=Form.NUMBER, also=("target", "target_value")),
    _c("low", _("Lowest"), _("With the highest, instead of a value."), form=Form.NUMBER),
    _c("high", _("Highest"), form=Form.NUMBER),
    _c("adopted_on", _("Adopted on"), form=Form.DAY, required=True),
    _c("authority", _("By authority of"), _("Who decided, or the document."), required=True),
    _AUTHORITY_URL,
    _NOTE,
    _c("reason", _("Reason"), _("Why an earlier target is changed."), also=("because", "why")),
)

METRICS = (
    _c("code", _("Code"), _("Permanent."), form=Form.CODE, required=True, also=("metric",)),
    _c("name", _("Name"), _("Needed for a new one.")),
    _c("definition", _("Definition")),
    _c("unit", _("Unit, singular")),
    _c("unit_plural", _("Unit, plural")),
    _c("symbol", _("Symbol")),
    _choice("kind", _("Kind"), MetricKind, help=_("Needed for a new one.")),
    _c("decimals", _("Decimals"), form=Form.WHOLE),
    _choice("direction", _("Direction"), Direction, help=_("Needed for a new one.")),
    _choice("path", _("Between dated targets"), TargetPath),
    _choice("accumulation", _("Accumulation"), Accumulation),
    _choice("calendar", _("Calendar"), Calendar, help=_("Needed for a new one.")),
    _c("grace_days", _("Grace days"), form=Form.WHOLE),
    _choice("stage", _("Stage"), Stage),
    _c("tolerance", _("Tolerance"), form=Form.NUMBER),
    _LEAD,
    _c("priorities", _("Informs priorities"), _("plan/priority; …"), form=Form.CODES),
    _c("initiatives", _("Informs initiatives"), _("plan/initiative; …"), form=Form.CODES),
    _c("dimensions", _("Dimensions"), form=Form.CODES),
    _c("headline", _("Headline metric"), form=Form.YES_NO),
    _c("source", _("Source of the values")),
    _c("verification", _("How values are verified")),
    _c("accuracy_needed", _("Accuracy needed")),
    _c("known_limits", _("Known limits")),
    _c("limits_handling", _("How the limits are handled")),
    _VISIBILITY,
    _c("started_on", _("Reported since"), form=Form.DAY),
    _c("retired_on", _("Retired on"), form=Form.DAY),
    _ORDER,
)

INITIATIVES = (
    _c("plan", _("Plan"), _("The code of the plan."), form=Form.CODE, required=True),
    _c("code", _("Code"), _("Permanent."), form=Form.CODE, required=True, also=("initiative",)),
    _c(
        "priority",
        _("Strategic priority"),
        _("Its code in the plan; needed for a new one."),
        form=Form.CODE,
    ),
    _c("name", _("Name"), _("Needed for a new one.")),
    _c("summary", _("Summary")),
    _c("description", _("Description")),
    _LEAD,
    _c("supporting_divisions", _("Supporting divisions"), form=Form.CODES),
    _c("related_priorities", _("Related priorities"), form=Form.CODES),
    _c("start", _("Start"), form=Form.DAY),
    _choice("start_precision", _("Start is exact to"), DatePrecision),
    _c("end", _("End"), form=Form.DAY),
    _choice("end_precision", _("End is exact to"), DatePrecision),
    _c("ongoing", _("Ongoing"), form=Form.YES_NO),
    _c("districts", _("Council districts"), _("Numbers, such as 1; 14."), form=Form.CODES),
    _c("citywide", _("Citywide"), form=Form.YES_NO),
    _c("tags", _("Tags"), form=Form.CODES),
    _SOURCE_URL,
    _VISIBILITY,
    _choice("cadence", _("Reporting cadence"), Calendar),
    _ORDER,
)

PEOPLE = (
    _c("email", _("E-mail address"), required=True, also=("e-mail", "mail", "address")),
    _c("name", _("Name"), _("Needed for a new person."), also=("person",)),
    _c("initiative", _("Initiative"), _("plan/initiative"), form=Form.CODE),
    _c("metric", _("Metric"), _("The code of the metric."), form=Form.CODE),
    _choice("role", _("Answers as"), AssignmentRole),
    _c("state", _("State"), _("For orientation; not read."), shown_only=True),
)

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.OBSERVATIONS: OBSERVATIONS,
    ImportKind.TARGETS: TARGETS,
    ImportKind.METRICS: METRICS,
    ImportKind.INITIATIVES: INITIATIVES,
    ImportKind.PEOPLE: PEOPLE,
}


# ── Headers ──────────────────────────────────────────────────────────────────────────────────


def plain(text: str) -> str:
    """A header without case, blanks and signs.

    >>> plain("Period end *"), plain("period_end"), plain("Größe (m)")
    ('periodend', 'periodend', 'grössem')
    """
    return re.sub(r"[\W_]+", "", text.casefold())


def matched(headers: Sequence[str], columns: Iterable[Column]) -> dict[int, str]:
    """Which column each header means, where its name says so; the first of two alike."""
    names: dict[str, str] = {}
    every = list(columns)
    for column in every:
        names.setdefault(plain(column.name), column.name)
    for column in every:
        names.setdefault(plain(str(column.words)), column.name)
        for other in column.also:
            names.setdefault(plain(other), column.name)
    found: dict[int, str] = {}
    for at, header in enumerate(headers):
        name = names.get(plain(header))
        if name is not None and name not in found.values():
            found[at] = name
    return found


def likely(header: str, columns: Iterable[Column]) -> str:
    """The column that an unknown header resembles; empty when none does.

    >>> likely("Metrik", METRICS + OBSERVATIONS), likely("Bemerkungen", OBSERVATIONS)
    ('metric', '')
    """
    names = {plain(column.name): column.name for column in columns}
    close = get_close_matches(plain(header), names, n=1, cutoff=0.7)
    return names[close[0]] if close else ""


# ── Cells ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reading:
    """How the numbers of a file are written: the decimal mark of each column, where known.

    ``strict``: the file may come from where a comma stands before the decimals, so a number that
    is read in two ways is refused instead of being taken as in the US.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False

    def number(self, column: Column, text: str) -> Decimal | None:
        """A number of a column."""
        mark = self.marks.get(column.name)
        if self.strict and mark is None and is_ambiguous(text):
            readings = [f"{parse_number(text, decimal_mark=one):f}" for one in ".,"]
            message = gettext("“%(text)s” is %(a)s or %(b)s. Say above how numbers are written.")
            raise CellError(message % {"text": text, "a": readings[0], "b": readings[1]})
        return parse_number(text, decimal_mark=mark)


def parse(column: Column, text: str, reading: Reading) -> Cell:
    """What a cell means; None for a blank one. A period stays a text: its metric reads it.

    Errors: ``CellError`` with the remedy.
    """
    if not text:
        return None
    match column.form:
        case Form.NUMBER:
            return reading.number(column, text)
        case Form.WHOLE:
            number = reading.number(column, text)
            if number is None or number != int(number) or number < 0:
                raise CellError(gettext("“%(text)s” is not a whole number.") % {"text": text})
            return int(number)
        case Form.DAY:
            return parse_day(text)
        case Form.CHOICE:
            return _chosen(column, text)
        case Form.YES_NO:
            return _yes_or_no(text)
        case Form.CODES:
            return tuple(part.strip() for part in re.split(r"[;\n]", text) if part.strip())
        case _:
            return text


def _chosen(column: Column, text: str) -> StrEnum:
    """A choice by its code or its words."""
    choices = list(column.choices or ())
    wanted = plain(text)
    for member in choices:
        if wanted in (plain(member.value), plain(label(member))):
            return member
    message = gettext("“%(text)s” is none of the choices. Write one of: %(choices)s.")
    raise CellError(message % {"text": text[:60], "choices": ", ".join(choices)})


_YES = frozenset(("yes", "y", "true", "1", "x", "ja", "sí", "si"))
_NO = frozenset(("no", "n", "false", "0", "nein"))


def _yes_or_no(text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise CellError(gettext("“%(text)s” is neither yes nor no.") % {"text": text[:60]})


def show(cell: object) -> str:
    """A value in the words of a cell, as ``parse`` reads it back.

    >>> show(Decimal("89.500")), show(True), show(("a", "b")), show(None), show(Quality.FINAL)
    ('89.5', 'yes', 'a; b', '', 'final')
    """
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            text = f"{cell:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case dt.date():
            return cell.isoformat()
        case tuple() | list():
            return "; ".join(str(part) for part in cell)
        case StrEnum():
            return cell.value
        case _:
            return str(cell)


def unknown_code(text: str, known: Iterable[str], what: str) -> CellError:
    """The error for a code that there is not, with the one that resembles it."""
    close = get_close_matches(text.casefold(), list(known), n=1, cutoff=0.6)
    if close:
        message = gettext("There is no %(what)s “%(text)s”. Did you mean “%(close)s”?")
        return CellError(message % {"what": what, "text": text[:80], "close": close[0]})
    message = gettext(
        "There is no %(what)s “%(text)s”. Use the code from its address, or create it."
    )
    return CellError(message % {"what": what, "text": text[:80]})
