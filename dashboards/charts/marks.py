"""The few things a chart is drawn from; every field is a string ready to be placed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """A path: its classes and its path data."""

    css: str
    d: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A round mark."""

    css: str
    cx: str
    cy: str
    r: str


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; lengths may carry a percent sign."""

    css: str
    x: str
    y: str
    width: str
    height: str
    rx: str = "0"


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text at a point; ``anchor`` is start, middle or end."""

    css: str
    x: str
    y: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Badge:
    """The numbered mark of a note: a rounded box with a number in it."""

    box: Rect
    label: Label


@dataclass(frozen=True, slots=True)
class View:
    """One drawing of a chart. A chart has a wide and a narrow one; a stylesheet shows one.

    Painted in this order: shapes, circles, badges, labels.
    """

    css: str
    title_id: str
    desc_id: str
    view_box: str
    width: str
    height: str
    shapes: tuple[Shape, ...]
    circles: tuple[Circle, ...]
    badges: tuple[Badge, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One entry of the key under a chart; ``css`` names the mark it explains."""

    css: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteItem:
    """The text behind a numbered mark."""

    number: str
    text: str
