"""The pictures in a real browser: accessible, on a phone, with their script and without."""

import pytest

from tests.conftest import Server

pytestmark = pytest.mark.browser

PATHS = [
    "/pictures",
    "/pictures/map",
    "/pictures/network?country=pl",
    "/pictures/years?lang=fr",
    "/pictures/topics",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_a_picture_has_no_accessibility_violations_and_fits(
    server: Server, page, path: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(server.address + path)
    for details in page.query_selector_all("details"):
        details.evaluate("element => element.open = true")
    found = axe.run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert messages == []


def test_a_picture_is_saved_as_png(server: Server, page, tmp_path) -> None:
    page.goto(f"{server.address}/pictures/years")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "years.png"
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 10_000


def test_the_map_is_seen_from_near_and_as_a_whole_again(server: Server, page) -> None:
    page.goto(f"{server.address}/pictures/map")
    drawing = page.locator("svg.drawing")
    whole = drawing.get_attribute("viewBox")
    page.get_by_role("button", name="Nearer").click()
    assert drawing.get_attribute("viewBox") != whole
    page.get_by_role("button", name="The whole picture").click()
    assert drawing.get_attribute("viewBox") == whole


def test_neighbours_of_a_mark_are_pointed_out(server: Server, page) -> None:
    page.goto(f"{server.address}/pictures/network?country=pl")
    page.locator("svg.drawing a.project").first.hover()
    assert page.locator(".tie.lit").count() > 1
    assert page.locator("[data-end].lit").count() == page.locator(".tie.lit").count() + 1


def test_without_scripts_there_is_the_picture_and_no_button_that_does_nothing(
    server: Server, browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.address}/pictures/map")
    assert page.locator("svg.drawing").is_visible()
    assert not page.get_by_role("button", name="Save as PNG").is_visible()
    assert page.get_by_role("link", name="Save as SVG").is_visible()
    context.close()
