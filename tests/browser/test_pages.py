"""What people see, in a real browser: readable, accessible, private, without scripts."""

from collections.abc import Iterator

import pytest

from tests.conftest import Server

pytestmark = pytest.mark.browser

OPERATORS_TOKEN = "a-token-for-operators"
RECORD = "/id/practice/integration-support-group"
PAGES = [
    "/",
    "/?lang=fr",
    "/practices",
    "/practices?topic=refugees&q=lutsk",
    "/topics",
    "/places",
    "/organisations",
    "/projects",
    "/partnerships",
    RECORD,
    RECORD.replace("/id/", "/doc/") + "?lang=fr",
    "/doc/place/pl-lublin",
    "/doc/organisation/council-of-europe",
    "/doc/project/itaca",
    "/doc/partnership/lublin-neuchatel",
    "/sparql",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%205",
    "/sparql?query=SELECT",
    "/ns/",
    "/ns/Practice",
    "/scheme/topic",
    "/shapes/",
    "/changes/1",
    "/agent/icgraph",
    "/nowhere",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_accessibility_violations(server: Server, page, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.goto(server.address + path)
    found = axe.run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(server: Server, page, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_pages_ask_nobody_else_for_anything(server: Server, page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(server.address + path)
    assert asked
    assert all(address.startswith(server.address) for address in asked)


def test_pages_log_no_errors(server: Server, page) -> None:
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    for path in (path for path in PAGES if "nowhere" not in path and not path.endswith("=SELECT")):
        page.goto(server.address + path)
    assert messages == []


def test_someone_who_never_heard_of_rdf_can_read_a_record(server: Server, page) -> None:
    page.goto(server.address + RECORD)
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
    page.fill("input[name=q]", "Lublin")
    page.press("input[name=q]", "Enter")
    page.click("text=Integration Support Group")
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
