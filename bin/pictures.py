"""Take the pictures of the documentation from a running demonstration.

`PORT=8123 .venv/bin/python bin/pictures.py`, while `make demo` runs on that port (8000 if none is
given). Needs the development packages and a Chromium. Its pictures lie in docs/images/, committed.
"""

import os
import shutil

from environment import ROOT, stop
from playwright.sync_api import Error, sync_playwright

PORTAL = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
PAGES = {"plan": "/", "metric": "/metrics/311-calls-answered/"}
#: Width and height; the wide plan ends below its priorities, so that it fits a first screen.
WINDOWS = {"wide": (1240, 1030), "narrow": (360, 1400)}


def main() -> None:
    """Each page in each window."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        stop("No Chromium found. Install it, or name it: CHROMIUM=/path/to/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for page, path in PAGES.items():
            for window, (width, height) in WINDOWS.items():
                tab = browser.new_page(viewport={"width": width, "height": height})
                try:
                    tab.goto(PORTAL + path, wait_until="networkidle")
                except Error:
                    stop(f"Nothing answers at {PORTAL}. Start `make demo` first.")
                tab.screenshot(path=ROOT / "docs" / "images" / f"{page}-{window}.png")
                tab.close()
        browser.close()


if __name__ == "__main__":
    main()
