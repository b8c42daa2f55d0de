"""What a person types into a cell, and what it means. Pure: text in, values out.

Blank is not zero: an empty cell is ``None`` everywhere. What can be read in two ways is refused
with both ways in the message; nothing is guessed that a reader could not check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

#: How many digits of a number every database keeps, and how many of them after the point.
MOST_DIGITS, MOST_DECIMALS = 15, 6

#: What is longer is no number, and is not looked through: that would take seconds.
LONGEST_NUMBER = 100

POINT, COMMA = ".", ","

_CURRENCY = r"(?:US\$|USD|EUR|GBP|[$€£¥])"
_SIGNED = re.compile(
    rf"([+-]?)\s*{_CURRENCY}?\s*([+-]?)\s*([^+-].*?)\s*(?:%|{_CURRENCY})?\s*", re.IGNORECASE
)
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-"})
#: Blanks of all widths, and the apostrophe that groups thousands in Swiss files.
_GAPS = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_GROUPED = {mark: re.compile(rf"^\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+$") for mark in ".,"}
_GAP_GROUPED = re.compile(r"^\d{1,3}(?:_\d{3})+(?:[.,]\d+)?$")
#: What people write for "there is none": no number, and no zero either.
_NONE_WORDS = frozenset(
    ("-", "--", "—", "–", ".", "..", "...", "?", "n/a", "na", "#n/a", "none", "null", "nil", "tbd")
)


class CellError(ValueError):
    """A cell that cannot be read; the message is for a person and says what to write instead."""


def parse_number(text: str, *, decimal_mark: str | None = None) -> Decimal | None:
    """The number in a cell; None for a blank one, which is not zero.

    Signs of currency and percent are taken off (87% is 87, as percents are kept), thousands
    separators too. ``decimal_mark`` says which of point and comma comes before the decimals where
    a file tells; without it, one comma before three digits separates thousands, as in the US.

    >>> parse_number("1,234.50"), parse_number("1.234,50"), parse_number("$ 14,193,095")
    (Decimal('1234.50'), Decimal('1234.50'), Decimal('14193095'))
    >>> parse_number("0"), parse_number(" "), parse_number("")
    (Decimal('0'), None, None)
    >>> parse_number("87 %"), parse_number("−2.5"), parse_number("(1,200)"), parse_number("+3")
    (Decimal('87'), Decimal('-2.5'), Decimal('-1200'), Decimal('3'))
    >>> parse_number("-$5"), parse_number("$-5"), parse_number("5 USD")
    (Decimal('-5'), Decimal('-5'), Decimal('5'))
    >>> parse_number("12,5"), parse_number("1,234"), parse_number("1,234", decimal_mark=",")
    (Decimal('12.5'), Decimal('1234'), Decimal('1.234'))
    >>> parse_number("1 234 567,8"), parse_number("1.234.567"), parse_number("0,125")
    (Decimal('1234567.8'), Decimal('1234567'), Decimal('0.125'))
    >>> parse_number("8.9e3"), parse_number(".5")
    (Decimal('8900'), Decimal('0.5'))

    Errors: ``CellError`` for what is no number, and for what no database keeps to its last digit.

    >>> parse_number("n/a")
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: “n/a” is not a number. Leave the cell blank, and ...
    >>> parse_number("1,23,456")
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: “1,23,456” is not a number. Write it like 1234.5.
    >>> parse_number("1" + " " * 20_000 + "x")
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: “1 ... is not a number. Write it like 1234.5.
    """
    shown = text.strip()
    if not shown:
        return None
    if shown.lower() in _NONE_WORDS:
        raise CellError(
            _(
                "“%(text)s” is not a number. Leave the cell blank, and give the reason in the "
                "column for missing values."
            )
            % {"text": shown}
        )
    negative, bare = _bare(shown)
    digits = _digits(bare, decimal_mark) if len(shown) <= LONGEST_NUMBER else None
    if digits is None:
        message = _("“%(text)s” is not a number. Write it like 1234.5.") % {"text": shown[:60]}
        raise CellError(message)
    number = Decimal(digits)
    return checked(-number if negative else number)


def checked(number: Decimal) -> Decimal:
    """A number that every database keeps to its last digit, in plain notation.

    >>> checked(Decimal("8.9E+3")), checked(Decimal("-0.0"))
    (Decimal('8900'), Decimal('0.0'))
    >>> checked(Decimal("0.1234567"))
    Traceback (most recent call last):
    ...
    priorities.interchange.cells.CellError: 0.1234567 has more than 6 decimals. Round it to 0.12...
    """
    if number.adjusted() > MOST_DIGITS:
        raise CellError(_("Numbers are kept to %(digits)s digits.") % {"digits": MOST_DIGITS})
    number = Decimal(f"{abs(number) if number == 0 else number:f}")
    reduced = number.normalize()
    if -int(reduced.as_tuple().exponent) > MOST_DECIMALS:
        rounded = round(number, MOST_DECIMALS)
        raise CellError(
            _("%(number)s has more than %(decimals)s decimals. Round it to %(rounded)s.")
            % {"number": f"{number:f}", "decimals": MOST_DECIMALS, "rounded": f"{rounded:f}"}
        )
    if len(reduced.as_tuple().digits) > MOST_DIGITS:
        raise CellError(_("Numbers are kept to %(digits)s digits.") % {"digits": MOST_DIGITS})
    return number


def _bare(shown: str) -> tuple[bool, str]:
    """The sign of a number, and it without sign, currency, percent and gaps."""
    text = shown.strip().translate(_MINUS)
    if len(text) > LONGEST_NUMBER:
        return False, ""
    in_brackets = text.startswith("(") and text.endswith(")")
    found = _SIGNED.fullmatch(text[1:-1].strip() if in_brackets else text)
    if found is None or (found[1] and found[2]):
        return False, shown
    text = found[3]
    if _GAPS.search(text):
        joined = _GAPS.sub("_", text)
        text = joined.replace("_", "") if _GAP_GROUPED.match(joined) else joined
    return in_brackets or "-" in (found[1], found[2]), text


def _digits(text: str, decimal_mark: str | None) -> str | None:
    """Digits with a decimal point and no separators; None for what is no number.

    >>> _digits("1.234,5", None), _digits("1.234", ","), _digits("1.234", None)
    ('1234.5', '1234', '1.234')
    """
    if re.fullmatch(r"\d*\.?\d+(?:[eE][+-]?\d{1,2})", text):
        return text
    if not re.fullmatch(r"[\d.,]*\d[\d.,]*", text):
        return None
    mark = decimal_mark_of(text) or decimal_mark
    if mark is None:
        mark = COMMA if COMMA in text and not _GROUPED[COMMA].match(text) else POINT
    whole, _mark, decimals = text.partition(mark)
    other = COMMA if mark == POINT else POINT
    if other in whole and not _GROUPED[other].match(whole):
        return None
    whole = whole.replace(other, "")
    if not (whole or decimals).isdigit() or not (decimals or "0").isdigit():
        return None
    return f"{whole or 0}.{decimals}" if decimals else whole


def decimal_mark_of(text: str) -> str | None:
    """Which of point and comma stands before the decimals, where the number itself tells.

    >>> decimal_mark_of("1,234.5"), decimal_mark_of("1.234,5"), decimal_mark_of("12,5")
    ('.', ',', ',')
    >>> decimal_mark_of("1,234"), decimal_mark_of("1.234"), decimal_mark_of("1234")
    (None, None, None)
    >>> decimal_mark_of("1.234.567"), decimal_mark_of("12.5"), decimal_mark_of("0.125")
    (',', '.', '.')
    """
    points, commas = text.count(POINT), text.count(COMMA)
    if points and commas:
        return POINT if text.rfind(POINT) > text.rfind(COMMA) else COMMA
    if points > 1 or commas > 1:
        return COMMA if points else POINT
    if not points and not commas:
        return None
    mark = POINT if points else COMMA
    whole, _mark, decimals = text.partition(mark)
    may_be_thousands = len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return None if may_be_thousands else mark


def common_decimal_mark(texts: Iterable[str]) -> str | None:
    """Which mark a column of numbers uses; None when none of them tells, or they disagree.

    >>> common_decimal_mark(["1,234", "12,5"]), common_decimal_mark(["1,234", "99.8"])
    (',', '.')
    >>> common_decimal_mark(["1,234", "56"]) is common_decimal_mark(["1,5", "1.5"]) is None
    True
    """
    marks = {decimal_mark_of(_bare(text)[1]) for text in texts if any(c in ".," for c in text)}
    marks.discard(None)
    return marks.pop() if len(marks) == 1 else None


def is_ambiguous(text: str) -> bool:
    """Could the number be read in two ways, with a thousand between them?

    >>> is_ambiguous("1,234"), is_ambiguous("1.234"), is_ambiguous("1,234.5"), is_ambiguous("12")
    (True, True, False, False)
    """
    bare = _bare(text.strip())[1]
    return decimal_mark_of(bare) is None and bool(re.search(r"[.,]", bare))
