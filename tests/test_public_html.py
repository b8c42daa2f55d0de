"""Every public page, as its bytes say: valid HTML, well ordered, each link answered.

It starts the served portal, so it runs alone. No browser is needed.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from html5lib.constants import E as EXPLANATIONS

from dashboards.urls import urlpatterns
from tests.portal import Portal, Reply
from tests.public import PAST, PLAN, STATES, State, answering

pytestmark = pytest.mark.alone

SVG = "{http://www.w3.org/2000/svg}"
EVERY_STATE = pytest.mark.parametrize("state", STATES, ids=str)
#: More addresses than the demonstration has; a crawl that passes it goes in circles.
MOST_ADDRESSES = 1500


@dataclass(frozen=True)
class Html:
    """A page read as a browser reads it, with what is wrong in it."""

    root: Element
    faults: tuple[str, ...]

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """All elements in the order of the page."""
        return tuple(element for element in self.root.iter() if isinstance(element.tag, str))

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id occurs."""
        return Counter(element.attrib["id"] for element in self.elements if "id" in element.attrib)

    def named(self, *tags: str) -> Iterator[Element]:
        """The elements of these names."""
        return (element for element in self.elements if element.tag in tags)

    def links(self) -> Iterator[str]:
        """Where the page's links and forms lead."""
        for element in self.elements:
            for attribute in ("href", "action", "src"):
                if attribute in element.attrib and not str(element.tag).startswith(SVG):
                    yield element.attrib[attribute]


def read(text: str) -> Html:
    """Parse as the standard says, and list what it calls an error."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    faults = tuple(
        f"line {line}: {EXPLANATIONS.get(code, code) % variables}"
        for (line, _), code, variables in parser.errors
    )
    return Html(root, faults)


def words(element: Element) -> str:
    """The text of an element, in one line."""
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """Pages asked for so far."""
    return {}


@pytest.fixture
def reply(portal: Portal, kept: dict[str, Any], state: State) -> Reply:
    """The answer for a state."""
    if state.path not in kept:
        kept[state.path] = portal.get(state.path)
    return kept[state.path]


@pytest.fixture
def html(reply: Reply, kept: dict[str, Any], state: State) -> Html:
    """The page of a state."""
    key = f"html {state.path}"
    if key not in kept:
        kept[key] = read(reply.text)
    return kept[key]


def test_the_table_has_every_page() -> None:
    twins = ("-json", "-feed", "-pdf")
    names = {pattern.name for pattern in urlpatterns if not pattern.name.endswith(twins)}
    pages = names - {"events", "check-history"}  # files, not pages
    # Its address is the hash of its content: the pages that lead to it are crawled.
    pages -= {"frozen-brief"}
    assert pages == {state.name for state in answering(200)}


@EVERY_STATE
def test_the_page_answers_as_it_should(reply: Reply, state: State) -> None:
    assert (reply.status, reply.headers["Content-Type"]) == (
        state.status,
        "text/html; charset=utf-8",
    )


@EVERY_STATE
def test_the_page_is_valid_html(html: Html) -> None:
    assert html.faults == ()


@EVERY_STATE
def test_ids_are_unique_and_what_refers_to_one_finds_it(html: Html) -> None:
    assert [name for name, count in html.ids.items() if count > 1] == []
    wanted = []
    for element in html.elements:
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            wanted += element.attrib.get(attribute, "").split()
        href = element.attrib.get("href", "")
        if href.startswith("#"):
            wanted.append(href[1:])
    assert [name for name in wanted if name not in html.ids] == []


@EVERY_STATE
def test_language_title_and_headings_give_the_outline(html: Html) -> None:
    [page] = html.named("html")
    assert page.attrib["lang"] == "en"
    [title] = html.named("title")
    assert words(title)
    headings = [int(h.tag[1]) for h in html.named("h1", "h2", "h3", "h4", "h5", "h6")]
    assert headings.count(1) == 1
    assert headings[0] == 1
    gaps = [(above, below) for above, below in itertools.pairwise(headings) if below > above + 1]
    assert gaps == []
    assert all(words(h) for h in html.named("h1", "h2", "h3", "h4", "h5", "h6"))
    assert [main.attrib["id"] for main in html.named("main")] == ["main"]


@EVERY_STATE
def test_each_field_has_a_label_and_each_picture_a_name(html: Html) -> None:
    labelled = {label.attrib.get("for") for label in html.named("label") if words(label)}
    fields = [
        field
        for field in html.named("input", "select", "textarea")
        if field.attrib.get("type") not in ("hidden", "submit")
    ]
    assert [f.attrib for f in fields if f.attrib.get("id") not in labelled] == []
    assert [image.attrib for image in html.named("img") if "alt" not in image.attrib] == []
    for picture in html.named(f"{SVG}svg"):
        if picture.attrib.get("aria-hidden") == "true":
            continue
        assert picture.attrib.get("role") == "img"
        title = picture.find(f"{SVG}title")
        assert picture.attrib.get("aria-label") or (title is not None and words(title))


@EVERY_STATE
def test_nothing_is_inline(html: Html) -> None:
    inline = [
        name
        for element in html.elements
        for name in element.attrib
        if name == "style" or name.startswith("on")
    ]
    assert inline == []
    assert list(html.named("style", f"{SVG}style")) == []
    assert [script for script in html.named("script") if "src" not in script.attrib] == []
    assert [link for link in html.links() if link.startswith(("javascript:", "data:"))] == []


@EVERY_STATE
def test_nothing_comes_from_another_host(html: Html, state: State) -> None:
    """The canonical address is whole, and loads nothing."""
    loaded = [element.attrib["src"] for element in html.elements if "src" in element.attrib]
    loaded += [
        element.attrib["href"]
        for element in html.elements
        if element.tag in ("link", f"{SVG}use", f"{SVG}image")
        and "href" in element.attrib
        and element.attrib.get("rel") != "canonical"
    ]
    assert [address for address in loaded if re.match(r"(\w+:)?//", address)] == []


def test_pages_have_titles_and_descriptions_of_their_own(
    portal: Portal, kept: dict[str, Any]
) -> None:
    titles: Counter[str] = Counter()
    for state in answering(200):
        if state.what in ("", "by quarter", "off track"):
            found = read(portal.get(state.path).text)
            titles[words(next(found.named("title")))] += 1
            [description] = [
                meta.attrib["content"]
                for meta in found.named("meta")
                if meta.attrib.get("name") == "description"
            ] or [""]
            assert description.strip(), state.path
    # The front page shows the current plan, so these two are one.
    assert {title: count for title, count in titles.items() if count > 1} in (
        {},
        {"ITA 2022-2023 Strategic Plan · ITA Priorities": 2},
    )


def internal(html: Html, address: str) -> set[str]:
    """Where a page's links lead on this host, with the fragment."""
    found = {urljoin(f"http://portal{address}", link) for link in html.links()}
    return {
        link.removeprefix("http://portal") for link in found if link.startswith("http://portal")
    }


def test_every_link_leads_somewhere(portal: Portal) -> None:
    """From every state, and from every page found on the way that has no question in it."""
    pages: dict[str, Html] = {}
    checked: dict[str, int] = {}
    fragments: set[tuple[str, str]] = set()
    todo = [state.path for state in answering(200)]
    while todo and len(checked) < MOST_ADDRESSES:
        address = todo.pop()
        if address in checked:
            continue
        reply = portal.get(address)
        checked[address] = reply.status
        if reply.status != 200 or "html" not in reply.headers["Content-Type"]:
            continue
        pages[address] = read(reply.text)
        # The sign-in leads on for staff; tests/browser/test_staff.py follows those ways.
        if address.startswith("/accounts/"):
            continue
        # A list's question leads to more questions without end; its answer is checked, not read on.
        if urlsplit(address).query and address not in {state.path for state in STATES}:
            continue
        for link in internal(pages[address], address):
            target, fragment = urldefrag(link)
            todo.append(target)
            if fragment:
                fragments.add((target, fragment))
    assert not todo, f"more than {MOST_ADDRESSES} addresses"
    wrong = {
        address: status
        for address, status in checked.items()
        if status != (302 if address.startswith("/admin/") else 200)
    }
    assert wrong == {}
    assert [
        f"{target}#{fragment}"
        for target, fragment in sorted(fragments)
        if target in pages and not pages[target].ids[fragment]
    ] == []
    assert len(pages) > 80


@pytest.mark.parametrize("state", [s for s in answering(200) if "past" in s.what], ids=str)
def test_a_page_at_a_past_date_leads_on_at_that_date(html: Html, state: State) -> None:
    kept_out = ("/static/", "/admin/", "/accounts/", "/follow/", "/data/check_history.py")
    page = urlsplit(state.path)
    leaving = []
    for link in internal(html, state.path):
        address = urlsplit(link)
        dates = parse_qs(address.query).get("as_of")
        # The steps to other periods of a plan name their own dates.
        # From the first page, the last of them is the plan today.
        is_step = address.path == PLAN and (page.path == "/" or (dates and page.path == PLAN))
        # Who follows is told of what is new; a feed has no past.
        is_feed = address.path.endswith("/feed.atom")
        if address.path.startswith(kept_out) or dates == [PAST] or is_step or is_feed:
            continue
        leaving.append(link)
    actions = {form.attrib["action"] for form in html.named("form")}
    backs = {link for link in leaving if urlsplit(link).path == page.path}
    assert backs, "a way back to today"
    assert set(leaving) - backs - actions == set()
    for form in html.named("form"):
        fields = {
            field.attrib["name"]: field.attrib.get("value")
            for field in form.iter("input")
            if "name" in field.attrib
        }
        assert fields.get("as_of") == PAST, form.attrib["action"]


def test_the_page_of_the_plan_says_so_at_a_past_date(portal: Portal) -> None:
    main = next(read(portal.get(f"{PLAN}?as_of={PAST}").text).named("body"))
    assert "As known on 30 Jun 2022." in words(main)
    assert "Back to today" in words(main)
