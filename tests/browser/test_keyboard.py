"""The site by keyboard alone: everything is reached, in order, and seen when it is reached."""

import pytest

from tests.browser.addresses import RECORD
from tests.conftest import Server

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/practices?topic=refugees",
    RECORD,
    "/search?q=jeunes",
    "/compare?record=place/pl-lublin&record=place/es-barcelona",
    "/sparql",
    "/pictures/years",
]
#: What can be used, as it stands in the page; what is folded away or hidden is not there.
USABLE = """
() => {
  const all = "a[href], button, input, select, textarea, summary, [tabindex]";
  window.usable = [...document.querySelectorAll(all)].filter((one) =>
    one.tabIndex >= 0 && !one.disabled && one.type !== "hidden"
    && one.checkVisibility({ visibilityProperty: true }));
  return window.usable.length;
}
"""
#: Where the focus is, in that order, and whether a reader sees it there.
FOCUSED = """
() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const [box] = one.getClientRects();
  const [x, y] = [box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 40) / 2];
  const above = document.elementFromPoint(x, y);
  const style = getComputedStyle(one);
  return {
    place: window.usable.indexOf(one),
    what: one.outerHTML.slice(0, 120),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    uncovered: above !== null && (one.contains(above) || above.contains(one)),
  };
}
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_tabs_reach_everything_in_order_and_show_where_they_are(
    server: Server, page, path: str, width: int
) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(server.address + path)
    usable = page.evaluate(USABLE)
    reached = []
    for _ in range(usable + 1):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break  # past the last: nothing holds the focus
        assert focused["outlined"], focused["what"]
        assert focused["uncovered"], focused["what"]
        reached.append(focused["place"])
    assert usable > 15
    assert reached == list(range(usable))


def test_the_content_is_one_step_away(server: Server, page) -> None:
    page.goto(server.address + "/practices")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menu_of_a_phone_is_opened_and_left(server: Server, page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server.address + "/topics")
    page.focus("button.menu")
    page.keyboard.press("Enter")
    assert page.is_visible("#menu >> text=Projects")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    report = axe.run(page, options={"resultTypes": ["violations"]})
    assert report.violations_count == 0, report.generate_report()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Practices"
    page.keyboard.press("Escape")
    assert not page.is_visible("#menu >> text=Projects")
