"""Finding words in names, summaries and texts: every word must occur, the best place wins."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

#: Where a word is found, best first.
NAME_START, NAME, SUMMARY, TEXT = range(4)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found. ``place`` orders equals: its kind, then its own order."""

    kind: str
    plan: str
    code: str
    name: str
    summary: str
    text: str
    place: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; ``marked`` when it is one of the words searched for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """Entries with their folded texts, searched from the first to the last."""

    entries: tuple[Entry, ...]
    names: tuple[str, ...] = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)

    def search(self, words: Sequence[str], most: int) -> tuple[int, list[Entry]]:
        """How many entries hold every word, and the best of them.

        ``words`` are folded. No word finds nothing.
        """
        if not words:
            return 0, []
        hits = range(len(self.texts))
        for word in words:
            hits = [at for at in hits if word in self.texts[at]]  # type: ignore[assignment]
        best = nsmallest(most, hits, key=lambda at: self._rank(at, words))
        return len(hits), [self.entries[at] for at in best]

    def _rank(self, at: int, words: Sequence[str]) -> tuple[int, tuple[int, int], str]:
        """How far from the name the words are found; equals by kind, then by their own order."""
        name, entry = self.names[at], self.entries[at]
        score = 0
        for word in words:
            if f" {word}" in f" {name}":
                score += NAME_START
            elif word in name:
                score += NAME
            else:
                score += SUMMARY if word in fold(entry.summary) else TEXT
        return score, entry.place, name


def index_of(entries: Iterable[Entry]) -> Index:
    """Entries ready to be searched."""
    found = tuple(entries)
    return Index(
        found,
        tuple(fold(entry.name) for entry in found),
        tuple(
            fold(f"{entry.name}\n{entry.summary}\n{entry.text}\n{entry.code}") for entry in found
        ),
    )


def fold(text: str) -> str:
    """A text without case and accents.

    >>> fold("Señal de TRÁFICO")
    'senal de trafico'
    """
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()


def highlighted(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """A text in parts, each word that occurs marked; the letters stay as they were written.

    >>> [(part.text, part.marked) for part in highlighted("El Señal", ["senal"])]
    [('El ', False), ('Señal', True)]
    """
    folded, origins = _folded_with_origins(text)
    marks = bytearray(len(text))
    for word in words:
        at = folded.find(word)
        while word and at >= 0:
            first, last = origins[at], origins[at + len(word) - 1]
            marks[first : last + 1] = b"\x01" * (last + 1 - first)
            at = folded.find(word, at + len(word))
    parts: list[Part] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            parts.append(Part(text[start:at], bool(marks[start])))
            start = at
    return tuple(parts)


def excerpt(text: str, words: Sequence[str], most: int = 220) -> str:
    """A stretch of a text around the first of the words, cut at spaces.

    >>> excerpt("one two three four five six", ["four"], most=14)
    '… four five …'
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    folded, origins = _folded_with_origins(text)
    places = [folded.find(word) for word in words]
    first = min((origins[at] for at in places if at >= 0), default=0)
    start = max(0, min(first - most // 3, len(text) - most))
    stretch = text[start : start + most]
    before = start > 0
    after = start + most < len(text)
    if before:
        stretch = stretch.partition(" ")[2]
    if after:
        stretch = stretch.rpartition(" ")[0]
    return f"{'… ' if before else ''}{stretch}{' …' if after else ''}"


def _folded_with_origins(text: str) -> tuple[str, list[int]]:
    """A folded text, and for each of its letters the place of the letter it came from."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    letters: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        for each in fold(letter):
            letters.append(each)
            origins.append(at)
    return "".join(letters), origins
