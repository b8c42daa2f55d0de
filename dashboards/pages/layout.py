"""What stands around every page: whose site it is, the menu, the banners, the foot."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.charts.printable import Printable
from dashboards.pages.elements import AsOfControl, Hidden, Link, Notice


@dataclass(frozen=True, slots=True)
class Site(Printable):
    """Whose portal it is: "City of Los Angeles" · "ITA Priorities".

    `notice` is the banner of the place, e.g. that this is a demonstration and its clock's date.
    """

    owner: str
    name: str
    home_url: str = "/"
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Chrome(Printable):
    """The frame of one page.

    `menu` holds the main ways, the current one marked. `search_hidden` is what the search field
    carries along: the date looked at. `past` is the banner of a page seen as
    known on a past date, with the way back. `as_of` is the control in the foot; `machine` the
    JSON and CSV twins; `help` the method, accessibility and the like. `alternate_json`,
    `feed` (Atom) and `canonical` go into the head; an empty string leaves them out. `site` is whose
    frame it is.
    """

    title: str
    menu: tuple[Link, ...]
    search_url: str
    search_hidden: tuple[Hidden, ...] = ()
    description: str = ""
    canonical: str = ""
    alternate_json: str = ""
    feed: str = ""
    search_query: str = ""
    account: Link | None = None
    past: Notice | None = None
    breadcrumb: tuple[Link, ...] = ()
    as_of: AsOfControl | None = None
    machine: tuple[Link, ...] = ()
    help: tuple[Link, ...] = ()
    index: bool = True
    site: Site | None = None
