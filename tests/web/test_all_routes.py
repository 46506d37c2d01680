"""Every route: its headers, its methods, and what it answers to hostile addresses.

The lines are in `tests/web/routes.py`; a route that is added to the program needs one.
"""

import re
from urllib.parse import quote, urlencode

import pytest

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.conftest import Reply, Server
from tests.web.inert import MARKUP, dangers
from tests.web.routes import ROUTES, Route

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
READERS = {"a browser": {"Accept": BROWSER}, "a program": {"Accept": "*/*"}}
#: Every name a form or a program sends, and some that nobody does.
PARAMETERS = (
    *("q", "topic", "country", "page", "lang", "format", "query", "graph", "id", "timeout"),
    *("city", "year", "certainty", "project", "language", "programme", "kind", "after", "before"),
    *("default", "default-graph-uri", "using-graph-uri", "version", "from", "x", "context"),
    *("record", "find", "sort", "v"),
)
HOSTILE = (
    MARKUP,
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "\r\nX-Injected: 1\r\n\r\n",
    "\x00",
    "99999999999999999999999",
    "a" * 300,
)
each_route = pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES.keys())


def assert_safe(reply: Reply) -> None:
    """What holds for every answer, whatever it is."""
    headers = reply.headers
    assert headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert "Access-Control-Allow-Credentials" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers
    assert "X-Injected" not in headers
    kind = headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        assert_page_runs_nothing(reply)
    elif kind == "image/svg+xml":
        # Opened by its address, a picture is a document of this site, too.
        assert policy_of(reply)["default-src"] == "'none'"
        assert "sandbox" in policy_of(reply)
        assert dangers(reply.text) == []


def assert_page_runs_nothing(reply: Reply) -> None:
    policy = policy_of(reply)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert reply.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in reply.headers["Permissions-Policy"]
    assert dangers(reply.text) == []


def policy_of(reply: Reply) -> dict[str, str]:
    parts = reply.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)


@pytest.fixture(scope="module")
def rules() -> set[str]:
    app = build_app(Site(None, Base(DEFAULT_BASE), Settings()))  # type: ignore[arg-type]
    return {rule.rule for rule in app.url_map.iter_rules()}


def test_every_route_has_a_line(rules):
    assert rules == set(ROUTES)


@each_route
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_an_address_that_is_there_answers(server: Server, route: Route, reader):
    reply = server.get(route.path, **reader)
    assert reply.status == route.status
    assert_safe(reply)


@each_route
def test_head_is_get_without_a_body(server: Server, route: Route):
    got = server.get(route.path, Accept=BROWSER)
    reply = server.get(route.path, method="HEAD", Accept=BROWSER)
    assert (reply.status, reply.body) == (got.status, b"")
    for name in ("Content-Type", "ETag", "Location", "Vary"):
        assert reply.headers[name] == got.headers[name]
    assert_safe(reply)


@each_route
def test_other_sites_may_ask_what_is_allowed(server: Server, route: Route):
    reply = server.get(
        route.path,
        method="OPTIONS",
        Origin="https://a.example",
        Access_Control_Request_Method="GET",
    )
    assert reply.status in {200, 204}
    assert {"GET", "OPTIONS"} <= set(re.split(", *", reply.headers["Access-Control-Allow-Methods"]))
    assert_safe(reply)


@each_route
def test_a_method_that_is_not_taken_is_refused(server: Server, route: Route):
    reply = server.get(route.path, method="PATCH", data=b"")
    assert reply.status == 405
    assert "GET" in reply.headers["Allow"]
    assert reply.headers.get_content_type() == "application/problem+json"
    assert_safe(reply)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((route.unknown, 404) for route in ROUTES.values() if route.unknown),
        *((route.bad, 400) for route in ROUTES.values() if route.bad),
    ],
)
@pytest.mark.parametrize(
    ("accept", "media_type"), [(BROWSER, "text/html"), ("*/*", "application/problem+json")]
)
def test_what_is_not_there_or_cannot_be_is_explained(
    server: Server, path: str, status: int, accept: str, media_type: str
):
    reply = server.get(path, Accept=accept)
    assert reply.status == status
    assert reply.headers.get_content_type() == media_type
    assert_safe(reply)


@each_route
def test_hostile_parameters_stay_text(server: Server, route: Route):
    for hostile in HOSTILE:
        query = urlencode(dict.fromkeys(PARAMETERS, hostile))
        reply = server.get(f"{route.path.partition('?')[0]}?{query}", Accept=BROWSER)
        assert reply.status < 500, hostile
        assert_safe(reply)


@pytest.mark.parametrize("rule", [rule for rule in ROUTES if "<" in rule])
def test_hostile_paths_stay_text(server: Server, rule: str):
    for hostile in HOSTILE:
        path = re.sub(r"<(?!any)[^>]*>", lambda _: quote(hostile, safe="/"), rule)  # noqa: B023
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
        reply = server.get(path, Accept=BROWSER)
        assert reply.status < 500, hostile
        assert_safe(reply)


def test_hostile_headers_change_nothing_but_the_answer(server: Server):
    forged = {
        "X_Forwarded_For": "198.51.100.1",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Prefix": "/evil",
        "Forwarded": "for=198.51.100.1;host=evil.example",
    }
    for route in ROUTES.values():
        plain = server.get(route.path, Accept=BROWSER)
        reply = server.get(route.path, Accept=BROWSER, **forged)
        assert reply.status == plain.status
        assert reply.headers["Location"] == plain.headers["Location"]
        assert b"evil" not in reply.body
