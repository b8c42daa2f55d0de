"""What changed in a long text, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

#: A word with the blanks behind it.
WORD = re.compile(r"\S+\s*|\s+")
#: From how many characters on a text is compared by its words.
LONG = 90
#: Above this share of new words, old and new are easier to read one below the other.
MOSTLY_NEW = 0.4
#: A text of thousands of words has so many pairs of equal ones; more take seconds to compare.
MOST_PAIRS = 50_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: kept, taken out ("del") or put in ("ins")."""

    text: str
    mark: str = ""


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The new text with what was taken out and put in; nothing when whole texts read better."""
    if min(len(old), len(new)) < LONG:
        return ()
    before, after = WORD.findall(old), WORD.findall(new)
    if _pairs(before, after) > MOST_PAIRS:
        return ()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < MOSTLY_NEW:
        return ()
    return tuple(_pieces(matcher, before, after))


def _pairs(before: list[str], after: list[str]) -> int:
    """How many pairs of equal words there are: what a comparison costs."""
    first, second = Counter(before), Counter(after)
    return sum(times * second[word] for word, times in first.items())


def _pieces(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Piece]:
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            yield Piece("".join(after[k:m]))
            continue
        if i < j:
            yield Piece("".join(before[i:j]), "del")
        if k < m:
            yield Piece("".join(after[k:m]), "ins")
