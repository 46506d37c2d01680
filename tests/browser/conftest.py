"""A real browser: Debian's Chromium, driven by Playwright. Skipped, saying so, without them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.addresses import CURATOR, INSTEAD, MERGED, WINNER, WITHDRAWN
from tests.conftest import ICGRAPH, Server, clean_environment

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


@pytest.fixture(scope="session")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server over the packaged graph, less a record that was withdrawn and one merged."""
    home = tmp_path_factory.mktemp("seen") / "home"
    shutil.copytree(built_home, home)
    by = ["--home", str(home), "--agent", CURATOR]
    for command in (
        ["withdraw", WITHDRAWN, "--reason", "It was told twice.", "--replaced-by", INSTEAD, *by],
        ["merge", MERGED, WINNER, "--reason", "The one became the other.", *by],
    ):
        subprocess.run(
            [ICGRAPH, *command],
            env=clean_environment(),
            check=True,
            capture_output=True,
            timeout=120,
        )
    started = Server(home).start()
    yield started
    started.stop()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(locale="en-GB")
    yield context.new_page()
    context.close()
