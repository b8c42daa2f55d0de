"""The grid of values: what a person typed in a row, what it means, and what is asked back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from priorities.actions.values import ValueEntry
from priorities.assessment.usual_range import Doubt, DoubtCode, Past, doubts
from priorities.enums import MetricKind, MissingReason
from priorities.interchange.cells import LONGEST_NUMBER, CellError, checked, parse_number
from priorities.queries.value_grid import ValueDesk
from priorities.spelling import Unit, number, period_of, quantity

#: What of a row is typed; each field of the form is one of these, a point, and the row's key.
FIELDS = ("value", "note", "missing", "provisional", "source", "sure", "reason", "seen")
#: What of these is text that somebody would miss.
TEXTS = ("value", "note", "missing", "source", "reason")
LONGEST_SOURCE = 300
#: Which signs say that a number is of this kind.
SIGNS = {"%": MetricKind.PERCENT, "$": MetricKind.CURRENCY, "€": MetricKind.CURRENCY}


@dataclass(frozen=True, slots=True)
class Typed:
    """One row as it was typed: texts as they came, nothing read yet."""

    value: str = ""
    note: str = ""
    missing: str = ""
    provisional: str = ""
    source: str = ""
    sure: str = ""
    reason: str = ""
    seen: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, name).strip() for name in TEXTS)

    @property
    def says_something(self) -> bool:
        """Is there a value, or a reason why there is none? A note alone is not saved."""
        return bool(self.value.strip() or self.missing)

    def kept(self) -> dict[str, str]:
        """As a draft keeps it."""
        return {name: text for name in FIELDS if (text := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row: the field, and what to do about it."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a typed row means: an entry to be saved, or what stands in its way.

    ``doubts``: why the value is asked about; it is saved once the person is sure.
    """

    entry: ValueEntry | None = None
    problems: tuple[Problem, ...] = ()
    doubts: tuple[str, ...] = ()


def typed_in(data: Mapping[str, str], key: str) -> Typed:
    """What was typed in one row."""
    return Typed(**{name: str(data.get(f"{name}.{key}", "")) for name in FIELDS})


def typed_before(fields: Mapping[str, str]) -> Typed:
    """What a draft kept of a row."""
    return Typed(**{name: str(fields.get(name, "")) for name in FIELDS})


def read_row(typed: Typed, desk: ValueDesk) -> Read:
    """What a typed row means, beside what lies there.

    A value for a period that has one already is taken as its correction when the person has seen
    that one and says why; else both are shown.
    """
    if not typed.says_something:
        return Read()
    value, wrong = _value_of(typed, desk.unit)
    if wrong:
        return Read(problems=wrong)
    problems = [*_conflict(typed, desk)]
    if len(typed.source) > LONGEST_SOURCE:
        problems.append(Problem("source", _("Shorten the source to 300 characters.")))
    asked = _asked(value, typed, desk)
    if asked and not _is_sure(typed, value, desk.unit):
        problems.append(Problem("sure", _("Check the value, and tick that you are sure.")))
    if problems:
        return Read(problems=tuple(problems), doubts=asked)
    entry = ValueEntry(
        metric=desk.metric,
        period=desk.asked.period,
        value=value,
        missing_reason=MissingReason(typed.missing) if value is None else None,
        provisional=bool(typed.provisional) and value is not None,
        note=typed.note.strip(),
        source=typed.source.strip(),
        corrects=desk.recorded,
        reason=typed.reason.strip(),
    )
    return Read(entry=entry, doubts=asked)


def says_the_same(typed: Typed, desk: ValueDesk) -> bool:
    """Is just what was typed recorded already, say by sending the form twice?"""
    if desk.recorded is None:
        return False
    value, wrong = _value_of(typed, desk.unit)
    if wrong or not typed.says_something:
        return False
    reason = typed.missing if value is None else ""
    return (desk.recorded.value, desk.recorded.missing_reason) == (value, reason)


def read_value(text: str, unit: Unit) -> Decimal | None:
    """The number in a cell of the grid, in the metric's own unit; None for a blank one.

    Minutes and seconds are read where a metric is kept in seconds and shown as "1:42 min".
    Errors: ``CellError`` with what to write instead.

    >>> read_value("1:42", Unit(MetricKind.DURATION, one="second")), read_value("0", Unit())
    (Decimal('102'), Decimal('0'))
    """
    bare = text.strip()
    for sign, kind in SIGNS.items():
        if sign in bare and unit.kind != kind and unit.symbol != sign:
            raise CellError(_("“%(text)s” does not fit: leave out %(sign)s.") % {
                "text": bare[:60], "sign": sign,
            })  # fmt: skip
    if bare and not any(character.isdigit() for character in bare):
        raise CellError(_("“%(text)s” is not a number.") % {"text": bare[:60]})
    if unit.is_clock and ":" in bare:
        return _seconds(bare)
    for word in (unit.symbol, unit.many, unit.one):
        if word and bare.lower().endswith(word.lower()):
            bare = bare[: -len(word)]
            break
    return parse_number(bare)


def _seconds(text: str) -> Decimal:
    """Seconds in "1:42" or "1:02:03"."""
    parts = text.split(":")
    if len(text) > LONGEST_NUMBER or len(parts) > 3 or not all(map(str.isdecimal, parts)):
        raise CellError(_("“%(text)s” is not a time. Write it like 1:42.") % {"text": text[:60]})
    total = Decimal(0)
    for part in parts:
        total = total * 60 + int(part)
    return checked(total)


def _value_of(typed: Typed, unit: Unit) -> tuple[Decimal | None, tuple[Problem, ...]]:
    """The number in a row, or what is wrong with it and with its reason."""
    try:
        value = read_value(typed.value, unit)
    except CellError as error:
        hint = _("If there is no value, leave it empty and say why under “More”.")
        message = str(error)
        if not any(character.isdigit() for character in typed.value):
            message = f"{message} {hint}"
        return None, (Problem("value", message),)
    if typed.missing and typed.missing not in set(MissingReason):
        return None, (Problem("missing", _("Choose one of the reasons.")),)
    if value is not None and typed.missing:
        message = _("There is a value and a reason why there is none. Take one of them away.")
        return None, (Problem("missing", message),)
    return value, ()


def _conflict(typed: Typed, desk: ValueDesk) -> Iterable[Problem]:
    """What somebody else has recorded for the period meanwhile."""
    if desk.recorded is None:
        return
    if typed.seen != str(desk.recorded.pk):
        yield Problem("value", _("A value was recorded for this period meanwhile."))
    elif not typed.reason.strip():
        yield Problem("reason", _("Say why the recorded value is to be replaced."))


def _asked(value: Decimal | None, typed: Typed, desk: ValueDesk) -> tuple[str, ...]:
    """Why the value is asked about, in words."""
    if value is None:
        return ()
    kind = MetricKind(desk.metric.kind)
    found = doubts(value, period=desk.asked.period, past=desk.past, kind=kind)
    return tuple(doubt_words(doubt, desk) for doubt in found)


def _is_sure(typed: Typed, value: Decimal | None, unit: Unit) -> bool:
    """Has the person said that they are sure, of this very value?"""
    try:
        return bool(typed.sure.strip()) and read_value(typed.sure, unit) == value
    except CellError:
        return False


# ── Words ────────────────────────────────────────────────────────────────────────────────────


def doubt_words(doubt: Doubt, desk: ValueDesk) -> str:
    """One reason to look again, with its arithmetic."""
    unit = desk.unit
    match doubt.code:
        case DoubtCode.OUT_OF_SCALE if unit.kind == MetricKind.RANK:
            return _("A rank is a whole number from 1 on.")
        case DoubtCode.OUT_OF_SCALE:
            return _("A percentage is usually from 0% to 100%.")
        case DoubtCode.BELOW_ZERO:
            return _("It has never been below zero.")
        case DoubtCode.TIMES_LAST | DoubtCode.PART_OF_LAST:
            return _factor_words(doubt, desk.past, unit, desk.fiscal)
    usual = doubt.usual
    assert usual is not None  # noqa: S101 - the highest and the lowest come with their range
    span = _("Usual is %(low)s to %(high)s.") % {
        "low": quantity(usual.low, unit, exact=True),
        "high": quantity(usual.high, unit, exact=True),
    }
    return f"{_extreme_words(doubt, len(desk.past), desk.fiscal)} {span}"


def _extreme_words(doubt: Doubt, n: int, fiscal: int) -> str:
    """The highest or the lowest since when, or of how many."""
    high = doubt.code is DoubtCode.HIGHEST
    if doubt.since is None:
        said = (
            _("The highest of all %(n)s values.") if high else _("The lowest of all %(n)s values.")
        )
        return said % {"n": number(n + 1)}
    said = _("The highest since %(period)s.") if high else _("The lowest since %(period)s.")
    return said % {"period": period_of(doubt.since, fiscal_start_month=fiscal)}


def _factor_words(doubt: Doubt, past: Iterable[Past], unit: Unit, fiscal: int) -> str:
    """How many times the last value, or which part of it."""
    last = max(past, key=lambda one: one.period.end)
    facts = {
        "factor": number((doubt.factor or Decimal(1)).quantize(Decimal("0.1")), 0, exact=True),
        "last": quantity(last.value, unit, exact=True),
        "period": period_of(last.period, fiscal_start_month=fiscal),
    }
    if doubt.code is DoubtCode.TIMES_LAST:
        return _("%(factor)s times the last value (%(last)s for %(period)s).") % facts
    return _("The last value was %(factor)s times as much (%(last)s for %(period)s).") % facts


# ── A block from a spreadsheet ───────────────────────────────────────────────────────────────


def spread(
    text: str, rows: Iterable[tuple[str, str, str]], typed: Mapping[str, Typed]
) -> tuple[dict[str, Typed], tuple[str, ...]]:
    """A pasted block over the grid: what each row then holds, and the lines that found no row.

    ``rows``: key, code and name of each row in its order. A line that begins with a metric's name
    or code goes to that one; the others go to the rows in order. The cell after it is the value,
    the next one the note. A blank cell leaves what is there.
    """
    order = list(rows)
    named = {name.casefold(): key for key, code, name in order for name in (code, name)}
    waiting = iter([key for key, _code, _name in order])
    filled, left = dict(typed), []
    for line in lines_of(text):
        named_key = named.get(line[0].strip().casefold())
        cells = line[1:] if named_key else line
        key = named_key or next(waiting, None)
        if key is None:
            left.append("\t".join(line))
            continue
        value, note, *_more = [*(cell.strip() for cell in cells), "", ""]
        before = filled.get(key, Typed())
        filled[key] = replace(before, value=value or before.value, note=note or before.note)
    return filled, tuple(left)


def lines_of(text: str) -> list[list[str]]:
    r"""The cells of a pasted block; blank lines at its end are none.

    >>> lines_of("90.5\tgood\n\n1,234\n")
    [['90.5', 'good'], [''], ['1,234']]
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return [line.split("\t") for line in lines] if text.strip() else []
