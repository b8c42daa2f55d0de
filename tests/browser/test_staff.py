"""Every page that staff can reach by links: no barrier, no noise, it fits."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from priorities.demo.loader import PASSWORD
from tests.browser.looking import NARROW, WIDE, Watch, barriers, sideways
from tests.portal import Portal

#: Where each of them begins, and what leads out of the pages of staff or ends the session.
STARTS = {
    "administrator@example.org": ("/manage/", "/updates/", "/updates/review/", "/accounts/"),
    "editor@example.org": ("/manage/", "/updates/", "/updates/review/"),
    "manager@example.org": (
        "/updates/",
        "/updates/values/",
        "/updates/mail/",
        "/follow/mail/add/?of=plan:ita-2022-2023",
    ),
    "reviewer@example.org": ("/review/", "/review/table/?q=zzzz", "/review/timeline/?stretch=all"),
}
ROOMS = ("/manage/", "/updates/", "/accounts/", "/follow/mail/")
#: The pages of review are the same for everyone who may open them: one person looks at them.
REVIEW = "/review/"
OUT = ("/accounts/logout/", "/manage/import/observations/template", "/accounts/reauthenticate/")
#: A template to download is no page.
FILES = re.compile(r"\.(csv|xlsx|json)$")


def pages_of(portal: Portal, page: Page, starts: tuple[str, ...]) -> dict[str, str]:
    """One address for each name that links lead to, by the name."""
    rooms = (*ROOMS, REVIEW) if REVIEW in starts else ROOMS
    found: dict[str, str] = {}
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        try:
            name = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if name in found or path.startswith(OUT) or FILES.search(urlsplit(path).path):
            continue
        answer = page.goto(portal.url + path)
        assert answer is not None
        if "text/html" not in (answer.headers.get("content-type") or ""):
            continue
        assert (path, answer.status) == (path, 200)
        found[name] = path
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        waiting.extend(link.partition("#")[0] for link in links if link.startswith(rooms))
    return found


@pytest.mark.parametrize("email", STARTS)
def test_no_page_of_staff_bars_anyone(portal: Portal, page: Page, email: str) -> None:
    watch = Watch.over(page)
    page.goto(portal.url + "/accounts/login/")
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    paths = pages_of(portal, page, STARTS[email])
    assert len(paths) >= 5
    watch.complaints.clear()
    wrong = {}
    for name, path in paths.items():
        page.goto(portal.url + path)
        for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if said := [*barriers(page), *sideways(page), *watch.csp_reports()]:
                wrong[f"{name} {path} {size['width']}"] = said
    assert wrong == {}
    assert watch.complaints == []
    assert watch.hosts() == {urlsplit(portal.url).netloc}
