"""What people see, in a real browser: readable, accessible, private, without scripts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from pyoxigraph import Store

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.browser.addresses import DATA_ONLY, FAILING, PAGES, RECORD
from tests.conftest import Server
from tests.web.conftest import InProcess
from tests.web.routes import ROUTES

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]

OPERATORS_TOKEN = "a-token-for-operators"
LOCALES = {"en": "en-GB", "fr": "fr-FR"}
#: The looks of a page in each language. In the dark nothing differs but the colours, which are the
#: same at every width and in every language.
LOOKS: dict[str, tuple[tuple[int, Scheme], ...]] = {
    "en": ((390, "light"), (1280, "light"), (1280, "dark")),
    "fr": ((390, "light"), (1280, "light")),
}
BROWSERS_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
#: What a browser itself writes of an answer that is no success.
STATUS_MESSAGE = "Failed to load resource: the server responded with a status of"


@dataclass
class Visit:
    """What was found amiss on one page in one language, and the language it speaks."""

    language: str
    violations: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@pytest.fixture
def visit(server: Server, browser) -> Iterator[Callable[[str, str], Visit]]:
    """Opens a page once, with all that can be unfolded, and looks at it in every way."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    contexts = []

    def visited(path: str, language: str) -> Visit:
        found = Visit(language="")
        context = browser.new_context(locale=LOCALES[language])
        contexts.append(context)
        page = context.new_page()
        if path in DATA_ONLY:
            page.route("**", _takes_pages_only)
        page.on("request", lambda request: _note_stranger(found, server, request.url))
        page.on("console", lambda message: found.messages.append(message.text))
        page.on("pageerror", lambda error: found.messages.append(str(error)))
        page.goto(server.address + path)
        found.language = page.get_attribute("html", "lang")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for width, scheme in LOOKS[language]:
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found.too_wide += [f"{wide} of {width}"] if wide > width else []
            report = axe.run(page, options={"resultTypes": ["violations"]})
            if report.violations_count:
                found.violations.append(f"{width} {scheme}: {report.generate_report()}")
        return found

    yield visited
    for context in contexts:
        context.close()


def _takes_pages_only(route) -> None:
    route.continue_(headers={**route.request.headers, "accept": "text/html"})


def _note_stranger(found: Visit, server: Server, address: str) -> None:
    if not address.startswith(server.address):
        found.strangers.append(address)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_suits_every_reader(visit, path: str, language: str) -> None:
    """No violation of axe's rules, no wider than the screen, in the reader's language, asking
    nobody else for anything, with nothing to complain of; on a phone and a desk, light and dark.
    """
    found = visit(path, language)
    if path in (*FAILING, *DATA_ONLY):
        found.messages = [text for text in found.messages if STATUS_MESSAGE not in text]
    assert found == Visit(language=language)


def test_every_type_of_page_is_looked_at(server: Server) -> None:
    application = build_app(Site(InProcess(Store()), Base(DEFAULT_BASE), Settings()))
    addresses = application.url_map.bind("localhost")
    looked_at = {
        addresses.match(path.partition("?")[0], return_rule=True)[0].rule
        for path in PAGES
        if path not in FAILING
    }
    pages = set()
    for rule, route in ROUTES.items():
        reply = server.get(route.path, Accept=BROWSERS_ACCEPT)
        if reply.status == 200 and reply.headers.get_content_type() == "text/html":
            pages.add(rule)
    assert len(pages) > 20
    assert pages - looked_at == set()


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


def test_a_print_of_a_list_holds_the_results_alone(server: Server, page) -> None:
    page.goto(server.address + "/practices?topic=refugees")
    page.emulate_media(media="print")
    assert page.locator("article.card:visible").count() == 25
    assert page.locator(":is(input, select, button):visible").count() == 0


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
