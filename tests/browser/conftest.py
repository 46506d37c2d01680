"""A real browser: Debian's Chromium, driven by Playwright. Skipped, saying so, without them."""

import os
import shutil
from collections.abc import Iterator

import pytest

try:
    from playwright.sync_api import Browser, Page, sync_playwright
except ImportError:  # the group `browser` is optional
    sync_playwright = None

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    missing = "Playwright" if sync_playwright is None else "" if CHROMIUM else "Chromium"
    if missing:
        reason = f"{missing} is not installed: `make browser`, and `apt-get install chromium`"
        if os.environ.get("ICGRAPH_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(locale="en-GB")
    yield context.new_page()
    context.close()
