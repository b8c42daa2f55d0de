"""The ways through the portal: without JavaScript, by keyboard, on paper, in chosen colors."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import NARROW, follow
from tests.portal import Portal
from tests.public import PAST, PLAN, State, answering

PAGES = pytest.mark.parametrize("state", [s for s in answering(200) if not s.what], ids=str)
#: No page of the demonstration has more places to stop at.
MOST_STOPS = 400

_WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  // A drawn checkbox shows the focus on its label, the link of a card on the whole card.
  const parts = [at, at.labels && at.labels[0]].filter(Boolean);
  const marked = parts.some(part => [null, '::before', '::after'].some(drawn => {
    const style = getComputedStyle(part, drawn);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  }));
  const shown = parts.map(part => part.getBoundingClientRect()).some(box =>
    box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth);
  // Within a date field the further stops are the browser's own parts, marked by itself.
  const within = at.type === 'date' && at.dataset.visited;
  at.dataset.visited = '1';
  return {
    what: at.tagName + ' ' + (at.innerText || at.name || at.id || '').trim().slice(0, 40),
    href: at.getAttribute('href'),
    marked: Boolean(marked || within),
    shown: shown,
  };
}"""

_NOT_VISITED = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(part => part.checkVisibility({visibilityProperty: true}) && !part.dataset.visited
    && part.getClientRects().length)
  .map(part => part.outerHTML.slice(0, 120))"""


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A tab without JavaScript."""
    context = chromium.new_context(java_script_enabled=False, viewport=NARROW)
    yield context.new_page()
    context.close()


def test_the_portal_is_read_without_javascript(portal: Portal, plain: Page) -> None:
    plain.goto(portal.url + "/")
    main = plain.locator("main")
    main.get_by_role("link", name=re.compile("initiatives")).first.click()
    expect(plain.locator("h1")).to_have_text("Initiatives")
    plain.get_by_label("Status", exact=True).select_option("at_risk")
    main.get_by_role("button", name="Show").click()
    expect(plain).to_have_url(re.compile("status=at_risk"))
    main.get_by_role("link", name="MyLA311 Replacement").click()
    expect(plain.locator("h1")).to_contain_text("MyLA311 Replacement")
    follow(main.locator("a[href^='/metrics/']").first)
    metric = plain.locator("h1").inner_text()
    there = plain.url
    plain.locator("summary", has_text="See another date").click()
    plain.get_by_label("See another date").fill(PAST)
    plain.locator(".as-of").get_by_role("button", name="Show").click()
    expect(plain.locator("h1")).to_have_text(metric)
    expect(plain.get_by_text("As known on 30 Jun 2022.").first).to_be_visible()
    plain.get_by_role("link", name="Back to today").first.click()
    expect(plain).to_have_url(there)
    expect(plain.locator("h1")).to_have_text(metric)


def test_words_are_searched_without_javascript_at_a_past_date(portal: Portal, plain: Page) -> None:
    plain.set_viewport_size({"width": 1280, "height": 900})
    plain.goto(f"{portal.url}{PLAN}?as_of={PAST}")
    search = plain.get_by_role("search").first
    search.get_by_role("searchbox").fill("fiber")
    search.get_by_role("button").click()
    expect(plain).to_have_url(re.compile(f"as_of={PAST}"))
    expect(plain.locator("main")).to_contain_text("Fiber")


@PAGES
def test_the_keyboard_reaches_everything(portal: Portal, page: Page, state: State) -> None:
    page.goto(portal.url + state.path)
    page.keyboard.press("Tab")
    expect(page.locator(".usa-skipnav")).to_be_focused()
    expect(page.locator(".usa-skipnav")).to_be_in_viewport(ratio=1)
    assert page.evaluate(_WHERE)["marked"]
    unseen = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_WHERE)
        if stop is None:
            break
        if not (stop["marked"] and stop["shown"]):
            unseen.append(f"{stop['what']}: marked {stop['marked']}, shown {stop['shown']}")
    assert unseen == []
    assert page.evaluate(_NOT_VISITED) == []


def test_the_skip_link_leads_past_the_menu(portal: Portal, page: Page) -> None:
    page.goto(portal.url + PLAN)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


@PAGES
def test_the_page_is_printed_whole(portal: Portal, page: Page, state: State) -> None:
    page.goto(portal.url + state.path)
    heading = page.locator("h1").inner_text()
    page.emulate_media(media="print")
    assert page.locator("h1").inner_text() == heading
    assert page.locator("main").inner_text().count(" ") > 20
    expect(page.locator(".site-menu")).to_be_hidden()
    # Nothing of what is read is cut off at the side of a sheet (A4 within its margins).
    page.set_viewport_size({"width": 680, "height": 960})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 680
    sheets = page.pdf(format="A4")
    assert sheets.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", sheets)) <= 12


@PAGES
def test_marks_show_in_the_reader_s_own_colors(portal: Portal, page: Page, state: State) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.goto(portal.url + state.path)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    drawn = page.evaluate(
        """() => [...document.querySelectorAll(
          'svg.mark, svg.chart rect, svg.chart path, .chart-view path')]
          .filter(part => part.checkVisibility())
          .map(part => {
            const style = getComputedStyle(part);
            return {what: part.tagName + '.' + part.getAttribute('class'),
                    color: part.tagName === 'svg' ? style.color : style.fill,
                    stroke: style.stroke};
          })"""
    )
    # The wash under a curve is left away, and a check shows as the paper within its own shape.
    lost = {
        each["what"]
        for each in drawn
        if each["what"] not in ("path.chart-spark__area", "path.chart-check")
        and each["color"] in (paper, "none")
        and each["stroke"] in (paper, "none")
    }
    assert lost == set()
