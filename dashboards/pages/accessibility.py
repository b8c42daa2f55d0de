"""The accessibility statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboards.charts.printable import Printable
from dashboards.pages.chrome import build_chrome
from dashboards.pages.elements import Link
from dashboards.pages.layout import Chrome
from dashboards.pages.portal import read_portal
from dashboards.visit import Visit
from priorities.saying import gettext as _

STANDARD = "WCAG 2.2 AA"


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the statement and what it says."""

    id: str
    title: str
    text: str
    points: tuple[str, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class StatementPage(Printable):
    """Every string of the statement."""

    chrome: Chrome
    title: str
    lede: str
    parts: tuple[Part, ...]
    data: dict[str, Any]

    def public_json(self) -> dict[str, Any]:
        """The statement in raw values."""
        return self.data


def build_accessibility_page(*, visit: Visit) -> StatementPage:
    """The statement, with the agency's address to write to. Queries: two beside the revision."""
    found = read_portal(visit)
    agency = next(iter(found["organization"].values()), None)
    email = agency["contact_email"] if agency else ""
    parts = (_aim(), _tested(), _gaps(), _contact(email))
    lede = _("Everybody should be able to read this portal, whatever they read it with.")
    return StatementPage(
        chrome=build_chrome(visit=visit, found=found, title=_("Accessibility"), description=lede),
        title=_("Accessibility"),
        lede=lede,
        parts=parts,
        data={
            "aim": STANDARD,
            "required": "WCAG 2.1 AA",
            "contact_email": email or None,
            "statement": [
                {"id": part.id, "title": part.title, "text": part.text, "points": list(part.points)}
                for part in parts
            ],
        },
    )


def _aim() -> Part:
    return Part(
        "aim",
        _("What we aim for"),
        _(
            "The portal aims to meet the Web Content Accessibility Guidelines 2.2 at level AA. "
            "The law asks for version 2.1 at the same level."
        ),
        (
            _("Every page works without JavaScript, by keyboard alone, and in print."),
            _("Pages fit a screen 320 pixels wide and a zoom of 400 percent without scrolling "
              "sideways; wide tables scroll within themselves."),
            _("A status is always a shape and a word, never a color alone."),
            _("Each chart has a sentence that says what it shows, and the same numbers in a table "
              "beside it."),
            _("The dark theme, larger text, less motion and forced colors follow your system."),
        ),
    )  # fmt: skip


def _tested() -> Part:
    return Part(
        "tested",
        _("How it is tested"),
        _("Each change of the portal is tested before it is published."),
        (
            _("A browser opens every public page and the checker axe looks for violations of "
              "WCAG 2.2 A and AA; one violation stops the change."),
            _("Pages are measured at a width of 320 pixels, in the light and the dark theme."),
            _("The contrast of every pair of colors is computed: 4.5 to 1 for text, 3 to 1 for "
              "shapes."),
            _("Pages are read as valid HTML, with headings in order."),
        ),
    )  # fmt: skip


def _gaps() -> Part:
    return Part(
        "gaps",
        _("Known gaps"),
        _("This is what we know does not meet the aim yet."),
        (
            _("Automatic checks find only a part of all barriers. The portal has not been tested "
              "with people who use screen readers, magnifiers or voice control every day."),
            _("The portal speaks English only. Spanish is planned."),
            _("Documents of the City that the portal links to, such as budgets in PDF, may not "
              "be accessible; their figures are repeated here as text."),
        ),
    )  # fmt: skip


def _contact(email: str) -> Part:
    said = _(
        "If something on this portal is hard or impossible for you to use, tell us the address of "
        "the page and what went wrong. We also send you any of it in another form."
    )
    if not email:
        return Part("contact", _("Tell us"), said)
    return Part("contact", _("Tell us"), said, link=Link(email, f"mailto:{email}"))
