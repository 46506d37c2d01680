"""The search field with its suggestions, in a real browser, by keyboard alone."""

import pytest

from tests.conftest import Server

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = "[role=listbox] [role=option]"


@pytest.fixture
def field(server: Server, page):
    page.goto(server.address + "/search")
    field = page.get_by_role("combobox")
    field.focus()
    return field


def test_a_suggestion_is_chosen_by_keyboard(page, field) -> None:
    page.keyboard.type("neuchatel")
    page.wait_for_selector(OPTIONS)
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    assert "Neuchâtel" in chosen.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/place/ch-neuchatel*")


def test_the_list_closes_and_what_was_typed_is_sought(page, field) -> None:
    page.keyboard.type("lublin")
    page.wait_for_selector(OPTIONS)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    assert page.locator(OPTIONS).count() == 0
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "lublin"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=lublin")
    assert "Lublin" in page.inner_text("ol h2 >> nth=0")


def test_the_open_list_is_accessible_and_fits_a_phone(page, field) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.set_viewport_size({"width": 360, "height": 740})
    page.keyboard.type("neuch")
    page.wait_for_selector(OPTIONS)
    found = axe.run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_results_are_accessible(server: Server, page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for address in ("/search?q=lublni&kind=practice", "/search?q=jeunes+xqqqz&lang=fr"):
        page.goto(server.address + address)
        found = axe.run(page, options={"runOnly": RULES})
        assert found.violations_count == 0, found.generate_report()


def test_searching_needs_no_scripts(server: Server, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address + "/search")
    page.fill("input[name=q]", "lodz")
    page.press("input[name=q]", "Enter")
    page.click("ol h2 a >> nth=0")
    assert page.inner_text("h1") == "Łódź"
    context.close()
