"""What every test can ask for."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.portal import Portal, served
from tests.worker import forget

# Playwright keeps an event loop in the process; Django's database layer would take that for
# asynchronous code and refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Busy cores make deadlines fail at random. CI tries the same examples each time, so that what it
# refuses is what changed; everywhere else the search goes on.
settings.register_profile("portal", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("portal")

#: Headless, and silent towards the network: a test talks to this machine only.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test begins in the language of the sources."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _fresh_worker() -> None:
    """Each test begins with a worker that remembers nothing.

    What is remembered goes by the number of the newest event, and each test's history begins at
    one: the worker would take the rows of the test before for this one's.
    """
    forget()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a parallel run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Portal]:
    """The portal as it is served, with the demonstration plan; one a process."""
    with served(tmp_path_factory.mktemp("portal"), shared) as portal:
        yield portal


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed Chromium, one a process. Tests that use it carry the mark `browser`."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium found; install it or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh window: no cookies, nothing cached, 1280 × 900."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Page:
    """A tab in a fresh window."""
    return window.new_page()
