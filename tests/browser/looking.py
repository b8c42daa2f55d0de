"""Looking at a page in the browser: what it loads, complains of, and bars people from."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, Request

#: The rules of WCAG 2.0, 2.1 and 2.2, levels A and AA.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
WIDE = {"width": 1280, "height": 900}
#: What remains of 1280 pixels at 200 % zoom, and at 400 %.
ZOOMED = {"width": 640, "height": 450}
TABLET = {"width": 768, "height": 1024}
NARROW = {"width": 320, "height": 640}

_RUN_AXE = """
async (tags) => (await axe.run(document, {
  runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], elementRef: false,
})).violations.flatMap(rule => rule.nodes.map(node =>
  rule.id + ' at ' + node.target.join(' ') + ': '
  + [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ')))
"""

_REPORT_CSP = """
window.cspReports = [];
document.addEventListener('securitypolicyviolation', event =>
  window.cspReports.push(event.violatedDirective + ' ' + event.blockedURI));
"""


@dataclass
class Watch:
    """What a tab asked for and complained of since the watch began."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, page: Page) -> Watch:
        """Begin to watch a tab that has opened nothing yet."""
        watch = cls(page)
        page.on("request", lambda request: watch.requests.append(request))
        page.on("pageerror", lambda error: watch.complaints.append(str(error)))
        page.on("requestfailed", watch.failed)
        page.on(
            "console",
            lambda said: said.type in ("error", "warning") and watch.complaints.append(said.text),
        )
        page.add_init_script(_REPORT_CSP)
        return watch

    def failed(self, request: Request) -> None:
        """Note what did not come, but for what was left behind with its page.

        What a policy or a missing file stops fails by another name.
        """
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed {request.url}")

    def hosts(self) -> set[str]:
        """With whom the tab spoke."""
        return {urlsplit(request.url).netloc for request in self.requests}

    def csp_reports(self) -> list[str]:
        """What the security policy stopped."""
        return list(self.page.evaluate("window.cspReports"))


def follow(what: Locator) -> None:
    """Click what leads to another page, and return when that is there.

    A click alone returns while the page is being left; what is looked at then may vanish midway.
    """
    with what.page.expect_navigation():
        what.click()


def dressed(page: Page) -> None:
    """Wait until a page has its style sheet: its words are there before that, its looks not."""
    page.wait_for_load_state("load")


def barriers(page: Page, *more: str) -> list[str]:
    """What axe-core finds against WCAG in the page as it stands; `more` are more sets of rules."""
    dressed(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(_RUN_AXE, [*WCAG, *more]))


def sideways(page: Page) -> list[str]:
    """The parts that make the page itself wider than the window; none when it fits."""
    dressed(page)
    return list(
        page.evaluate(
            """() => {
              const root = document.scrollingElement;
              if (root.scrollWidth <= window.innerWidth) return [];
              const parts = [...document.body.querySelectorAll('*')];
              return ['page is ' + root.scrollWidth + ' wide', ...parts
                .filter(part => part.getBoundingClientRect().right > window.innerWidth + 1)
                .slice(0, 8)
                .map(part => part.tagName + '.' + part.getAttribute('class') + ' '
                  + Math.round(part.getBoundingClientRect().right))];
            }"""
        )
    )


def small_print(page: Page, least: float) -> list[str]:
    """The texts in charts that show smaller than `least` pixels, or beyond the edge of theirs."""
    dressed(page)
    return list(
        page.evaluate(
            """least => [...document.querySelectorAll('svg text')].flatMap(text => {
              if (!text.checkVisibility()) return [];
              const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d;
              const box = text.getBoundingClientRect();
              const chart = text.ownerSVGElement.getBoundingClientRect();
              const beyond = box.left < chart.left - 1 || box.right > chart.right + 1;
              return size < least - 0.01 || beyond
                ? [text.textContent + ' ' + size.toFixed(1) + (beyond ? ' beyond the edge' : '')]
                : [];
            })""",
            least,
        )
    )
