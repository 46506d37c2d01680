"""What people see, in a real browser: readable, accessible, private, without scripts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import pytest

from tests.conftest import Server

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]

OPERATORS_TOKEN = "a-token-for-operators"
RECORD = "/doc/practice/integration-support-group"
PAGES = [
    "/",
    "/practices",
    "/practices?topic=refugees&q=lutsk",
    "/topics",
    "/places",
    "/organisations",
    RECORD,
    RECORD + "/history",
    "/doc/place/pl-lublin",
    "/doc/organisation/council-of-europe",
    "/doc/project/itaca",
    "/doc/partnership/lublin-neuchatel",
    "/doc/activity/study-visit-on-refugees-and-the-labour-market",
    "/doc/source/www-coe-int-integration-support-group-1348bcbe",
    "/sparql",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%205",
    "/sparql?query=SELECT",
    "/ns/",
    "/ns/Practice",
    "/scheme/topic",
    "/changes/1",
    "/agent/icgraph",
    "/nowhere",
]
#: Each language is seen on a phone and on a desk, in the light and in the dark.
SEEN: dict[str, tuple[tuple[int, Scheme], ...]] = {
    "en": ((390, "light"), (1280, "dark")),
    "fr": ((390, "dark"), (1280, "light")),
}
#: What a browser itself writes of an answer that is no success.
FAILING = ("/nowhere", "/sparql?query=SELECT")


@dataclass
class Visit:
    """What was found on one page in one language."""

    language: str = ""
    violations: list[str] = field(default_factory=list)
    too_wide: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def visit(server: Server, browser) -> Callable[[str, str], Visit]:
    """Opens a page once in each language, and looks at it in every way at once."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    @cache
    def visited(path: str, language: str) -> Visit:
        found = Visit()
        context = browser.new_context(locale={"en": "en-GB", "fr": "fr-FR"}[language])
        page = context.new_page()
        page.on("request", lambda request: found.asked.append(request.url))
        page.on("console", lambda message: found.messages.append(message.text))
        page.on("pageerror", lambda error: found.messages.append(str(error)))
        page.goto(server.address + path)
        found.language = page.get_attribute("html", "lang")
        for width, scheme in SEEN[language]:
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found.too_wide += [wide] if wide > width else []
            report = axe.run(page, options={"resultTypes": ["violations"]})
            if report.violations_count:
                found.violations.append(f"{width} {scheme}: {report.generate_report()}")
        context.close()
        return found

    return visited


@pytest.mark.parametrize("language", SEEN)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_accessibility_violations(visit, path: str, language: str) -> None:
    found = visit(path, language)
    assert not found.violations, "\n".join(found.violations)


@pytest.mark.parametrize("language", SEEN)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_phone_and_desk(visit, path: str, language: str) -> None:
    assert visit(path, language).too_wide == []


@pytest.mark.parametrize("language", SEEN)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_the_language_of_its_reader(visit, path: str, language: str) -> None:
    assert visit(path, language).language == language


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else_for_anything(visit, server: Server, path: str) -> None:
    asked = visit(path, "en").asked
    assert asked
    assert all(address.startswith(server.address) for address in asked)


@pytest.mark.parametrize("path", [path for path in PAGES if path not in FAILING])
def test_a_page_logs_no_errors(visit, path: str) -> None:
    assert visit(path, "en").messages == []


def test_someone_who_never_heard_of_rdf_can_read_a_record(server: Server, page) -> None:
    page.goto(server.address + RECORD.replace("/doc/", "/id/"))
    seen = page.inner_text("main")
    for words in (
        "Integration Support Group",
        "Lublin, Poland",
        "2012–2020",
        "Taking part is voluntary and unpaid",
        "at least 2 universities",
        "Succeeded by Lublin Civic Dialogue Committee",
    ):
        assert words in seen
    assert "http://www.w3.org/ns/org#" not in seen


def test_reading_needs_no_scripts(server: Server, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address + "/")
    page.fill("input[name=q]", "support group lublin")
    page.press("input[name=q]", "Enter")
    page.get_by_role("link", name="Integration Support Group", exact=True).first.click()
    assert page.inner_text("h1") == "Integration Support Group"
    context.close()


def test_a_question_is_asked_from_the_form(server: Server, page) -> None:
    page.goto(server.address + "/sparql")
    page.click("text=Partners of a grant")
    assert "13 rows" in page.inner_text("[role=status]")
    page.fill("textarea", "SELECT ?kept")
    page.click("button:has-text('Ask')")
    assert "line 1" in page.inner_text("[role=alert]")
    assert page.input_value("textarea") == "SELECT ?kept"


def test_the_keyboard_reaches_the_content_first(server: Server, page) -> None:
    page.goto(server.address + "/practices")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"


def test_the_language_is_switched_and_kept_while_reading(server: Server, page) -> None:
    page.goto(server.address + RECORD)
    page.click("text=Français")
    assert page.get_attribute("html", "lang") == "fr"
    page.click("nav >> text=Thèmes")
    assert page.get_attribute("html", "lang") == "fr"


def test_on_a_phone_the_menu_opens_without_scripts(server: Server, browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server.address + "/topics")
    assert not page.is_visible("nav >> text=Partnerships")
    page.click("button:has-text('Menu')")
    page.click("nav >> text=Partnerships")
    assert page.inner_text("h1") == "Partnerships"
    context.close()


def test_the_keyboard_alone_opens_the_menu_and_leaves_it(server: Server, page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server.address + "/topics")
    page.focus("button.menu")
    page.keyboard.press("Enter")
    assert page.is_visible("#menu >> text=Projects")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Practices"
    page.keyboard.press("Escape")
    assert not page.is_visible("#menu >> text=Projects")


def test_everything_that_takes_focus_shows_it(server: Server, page) -> None:
    page.goto(server.address + RECORD)
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const e = document.activeElement;"
            " return e === document.body ? null : getComputedStyle(e).outlineStyle })()"
        )
        if outline is None:
            break
        assert outline != "none"
        seen += 1
    assert seen > 30


def test_the_query_behind_a_record_opens_in_the_form(server: Server, page) -> None:
    page.goto(server.address + RECORD)
    page.click("text=The query behind this page")
    assert "rows" in page.inner_text("[role=status]")
    assert "integration-support-group" in page.input_value("textarea")


def test_a_print_holds_the_record_without_the_site_around_it(server: Server, page) -> None:
    page.goto(server.address + RECORD)
    page.emulate_media(media="print")
    assert page.is_visible("text=Succeeded by")
    assert not page.is_visible("header nav >> text=Practices")


@pytest.fixture
def operated(tmp_path) -> Iterator[Server]:
    environment = {"ICGRAPH_TOKEN": OPERATORS_TOKEN}
    started = Server(tmp_path / "home", ("--bare",), environment).start()
    yield started
    started.stop()


def test_an_operator_who_gives_the_token_sees_what_runs(operated: Server, browser) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(http_credentials={"username": "me", "password": OPERATORS_TOKEN})
    page = context.new_page()
    page.goto(f"{operated.address}/sparql/queries")
    assert page.inner_text("h1") == "Running queries"
    assert axe.run(page).violations_count == 0
    context.close()
