"""The header lines of `test_accept_matrix`, against what has other forms than a record has.

Each kind of resource names the clients that get something else there, and why.
"""

import pytest

from icgraph.web.feeds import ATOM
from icgraph.web.list_data import JSON
from icgraph.web.media import HTML, NTRIPLES, RDFXML, TURTLE
from tests.conftest import Server
from tests.web.test_accept_matrix import HEADERS

#: Who names XML is given XML where there is no page; all other readers of pages get Turtle.
_NO_PAGES = {
    name: RDFXML if accept and "application/xml" in accept else TURTLE
    for name, (accept, expected) in HEADERS.items()
    if expected is HTML
} | {"Lynx": NTRIPLES}  # it likes text/plain
#: Lists have plain JSON, which is what is meant by its own name, and comes before RDF.
_PLAIN_JSON = dict.fromkeys(
    (
        "axios",
        "jQuery, json",
        "fetch of JSON",
        "curl, any application type",
        "curl, anything but pages",
        "curl, no Turtle",
        "jsonld.js",  # likes both alike
    ),
    JSON,
)
#: The feed itself comes before its RDF.
_FEED = dict.fromkeys(
    ("curl, any application type", "curl, anything but pages", "curl, no Turtle"), ATOM
)
ELSEWHERE = {
    "/dataset": {},
    "/dataset/1": {},
    "/practices": _PLAIN_JSON,
    "/sources?page=2": _PLAIN_JSON,
    "/changes": _FEED,
    "/graph/provenance": _NO_PAGES,
}


@pytest.mark.parametrize("path", ELSEWHERE)
def test_each_client_gets_what_it_asks_for(path: str, server: Server) -> None:
    tags: dict[str, set[str]] = {}
    wrong = []
    for name, (accept, usual) in HEADERS.items():
        reply = server.get(path, **({} if accept is None else {"Accept": accept}))
        expected = ELSEWHERE[path].get(name, usual)
        assert "Accept" in reply.headers["Vary"]
        if expected is None:
            found, right = reply.status, 406
        else:
            found = (reply.status, reply.headers.get_content_type())
            right = (200, expected.media_type)
            tags.setdefault(expected.name, set()).add(reply.headers["ETag"])
        if found != right:
            wrong.append(f"{name}: {found} in place of {right}")
    assert not wrong, "\n".join(wrong)
    # One tag a form, and none of two forms; whole graphs come in no order, so theirs are weak.
    assert all(len(of_form) == 1 for of_form in tags.values()), tags
    assert len({tag for of_form in tags.values() for tag in of_form}) == len(tags)
    weak = path.startswith("/graph/")
    assert all(tag.startswith("W/") == weak for of_form in tags.values() for tag in of_form)
